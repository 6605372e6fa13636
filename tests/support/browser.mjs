// The packaged Chromium, with a software GL, driving the real page; what a page complains about is kept.
import { join } from 'node:path';
import { within } from './program.mjs';
import { readPng } from './png.mjs';
import { onEnd, testPackage } from './server.mjs';

const { chromium } = testPackage('playwright-core');
const flags = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/** A browser that ends with the test. */
export async function openBrowser({ args = [] } = {}) {
  const browser = await chromium.launch({ executablePath: process.env.TESSERA_CHROMIUM ?? '/usr/bin/chromium', args: [...flags, ...args] });
  onEnd(() => browser.close());
  return browser;
}

/**
 * A page in a profile of its own, at the canvas's link. `complaints` gathers what the console, the page and its security
 * policy reported; `session` is the token of somebody who is signed in; `started` resolves when the app has put the loading screen away.
 */
export async function openPage(browser, url, { width = 900, height = 640, scale = 1, touch = false, dark = false, locale = 'en-GB', session, before, storage } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale, hasTouch: touch, isMobile: touch, storageState: storage, reducedMotion: 'reduce', colorScheme: dark ? 'dark' : 'light', locale });
  if (session) await context.addCookies([{ name: 'tessera_session', value: session, url: new URL(url).origin }]);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('requestfailed', (request) => complaints.push(`request: ${request.url()} ${request.failure()?.errorText}`));
  await page.addInitScript(() => {
    window.violations = [];
    addEventListener('securitypolicyviolation', (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  if (before) await page.addInitScript(before);
  await page.goto(url, { waitUntil: 'commit' });
  const open = { page, context, complaints, width, height, scale };
  open.started = page.waitForFunction(() => document.getElementById('shell')?.hidden, undefined, { timeout: 60_000 });
  open.started.catch(() => {});
  return open;
}

/** A screenshot as cells of the screen: `at(x, y)` is '#RRGGBB' at that point in the page's own units. */
export async function look(open, path) {
  const bytes = await open.page.screenshot({ path, animations: 'allow' });
  const picture = readPng(bytes);
  const ratio = picture.width / (await open.page.evaluate(() => innerWidth));
  const at = (x, y) => `#${(picture.rgba[Math.floor(y * ratio) * picture.width + Math.floor(x * ratio)] >>> 8).toString(16).padStart(6, '0').toUpperCase()}`;
  return { ...picture, at };
}

/** Looks again and again until the picture is as wanted; a failure leaves the last one at `path`. */
export async function lookUntil(open, what, condition, { path, seconds = 45 } = {}) {
  let last;
  const watching = (async () => {
    for (;;) {
      last = await look(open, path);
      const value = condition(last);
      if (value) return value;
      await open.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    }
  })();
  watching.catch(() => {});
  return within(seconds, what, watching);
}

/** Where a picture goes that people may want to look at; nowhere unless TESSERA_SHOTS names a folder. */
export const shot = (name) => (process.env.TESSERA_SHOTS ? join(process.env.TESSERA_SHOTS, `${name}.png`) : undefined);
