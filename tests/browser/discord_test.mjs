#!/usr/bin/env node
// Sign-in with Discord and the device flow in a real browser, against a real OAuth provider on loopback. TESSERA_SHOTS=DIR keeps
// pictures of every page, to be looked at.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lookUntil, openBrowser, shot } from '../support/browser.mjs';
import { startDiscord } from '../support/discord_provider.mjs';
import { withToken } from '../support/discord_sign_in.mjs';
import { blocksOf } from '../support/display.mjs';
import { until, within } from '../support/program.mjs';
import { check, journal, run, startServer, temporaryDirectory, web } from '../support/server.mjs';

const site = existsSync(join(web, 'index.html')) ? ['--web', web] : [];

async function open({ provider = {}, args = [], environment = {} } = {}) {
  const discord = await startDiscord({ page: true, ...provider });
  const server = await startServer({ directory: temporaryDirectory(), args: ['--canvas', 'main:100x80', ...site, ...args], env: { ...discord.environment, ...environment } });
  return { discord, server };
}

/** A browser of its own; `complaints` gathers what its console, its pages and their security policies say. */
async function visitor(browser, { locale = 'en-GB', dark = false, width = 1000, height = 720, touch = false } = {}) {
  const context = await browser.newContext({ locale, colorScheme: dark ? 'dark' : 'light', viewport: { width, height }, hasTouch: touch, isMobile: touch });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints = [];
  // A page with an error's status is told to the console too; that is what the page itself is about.
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && !/status of [45]/.test(message.text()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  const session = async () => (await context.cookies()).find(({ name }) => name === 'tessera_session');
  return { page, context, complaints, session };
}

const inPage = (page, target, options) => page.evaluate(async ([to, how]) => {
  const answer = await fetch(to, how);
  return { status: answer.status, json: await answer.json().catch(() => undefined) };
}, [target, options]);

const jsonBody = (value) => ({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) });
const says = (page, text) => within(20, `the page says ${text}`, page.locator('main').getByText(text).first().waitFor());

async function deviceCodes(server, client) {
  return (await fetch(`${server.url}/auth/device`, jsonBody({ client }))).json();
}

/** Polls as the app would, one interval after the other, until there is an answer. */
async function pollAsTheApp(server, { device_code, interval }) {
  let wait = interval;
  for (;;) {
    const answer = await (await fetch(`${server.url}/auth/device/token`, jsonBody({ device_code }))).json();
    if (answer.error === 'slow_down') wait += 5;
    else if (answer.error !== 'authorization_pending') return answer;
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  }
}

/** Through Discord's page, from wherever the button is. */
async function agree(page) {
  await page.getByRole('button', { name: 'Authorize' }).click();
}

await run({
  'one signs in with Discord, is back where one was, places, signs out, and the token is dead': async () => {
    const { server } = await open();
    const { page, complaints, session } = await visitor(await openBrowser());
    const place = '#canvas=main&x=12&y=34&zoom=8';
    await page.goto(`${server.url}/auth/discord/login?return=${encodeURIComponent(place)}`);
    check(page.url().includes('/oauth2/authorize'), `it went to ${page.url()}`);
    await agree(page);
    await page.waitForURL(`${server.url}/**`);
    check(page.url().startsWith(`${server.url}/${place.slice(0, 13)}`), `it came back to ${page.url()}`);
    const cookie = await session();
    check(cookie?.httpOnly && cookie.sameSite === 'Lax', `the cookie: ${JSON.stringify(cookie)}`);
    const me = (await inPage(page, '/auth/me')).json;
    check(me.kind === 'discord' && me.name === 'Ann of Gables', JSON.stringify(me));
    const placed = await inPage(page, '/api/v1/canvases/main/placements', jsonBody({ cells: [{ x: 12, y: 34, color: 5 }] }));
    check(placed.status === 200 && placed.json.accepted === 1, JSON.stringify(placed));
    check((await journal(server))[0].account === me.id, 'the placement is hers');
    check((await inPage(page, '/auth/logout', { method: 'POST' })).status === 204, 'signing out');
    check((await session()) === undefined, 'the cookie is gone');
    check((await withToken(server, cookie.value, '/auth/me')).status === 401, 'the token lives on');
    check(complaints.length === 0, complaints.join('; '));
  },

  'what a link gives is not lost on the way through Discord, and stands in no address but the link itself': async () => {
    if (site.length === 0) return `there is no ${web}`;
    const { server, discord } = await open();
    const secret = server.log.match(/#owner=([\w.~-]+)/)?.[1];
    check(secret, `no link was printed: ${server.log}`);
    const { page, complaints } = await visitor(await openBrowser());
    const addresses = [];
    page.on('request', (request) => addresses.push(request.url(), request.headers().referer ?? ''));
    await page.goto(`${server.url}/#canvas=main&x=12&y=34&zoom=8&owner=${secret}`);
    const [button] = await lookUntil({ page }, 'the app asks who one is', (picture) => {
      const found = blocksOf(picture, ['#F1F3F6'], { width: 300, height: 30 });
      return found.length === 2 && found;
    }, { path: shot('discord-owner-asked') });
    await page.mouse.click(button.x, button.y);
    await agree(page);
    await page.waitForURL(`${server.url}/#canvas=main*`);
    await until('she owns the server', async () => (await inPage(page, '/auth/me')).json?.role === 'owner');
    const left = await page.evaluate(() => JSON.stringify([location.href, { ...sessionStorage }, { ...localStorage }]));
    check(!left.includes(secret) && !left.includes('kept'), left);
    const told = [...addresses.slice(1), ...discord.asked.map((call) => JSON.stringify(call))];
    check(!told.some((text) => text.includes(secret)), told.find((text) => text.includes(secret)));
    check(complaints.length === 0, complaints.join('; '));
  },

  'cancelling at Discord leads to a page that says so, and from there back or to another try': async () => {
    const { server } = await open();
    const { page, session, complaints } = await visitor(await openBrowser());
    await page.goto(`${server.url}/auth/discord/login?return=%23canvas%3Dmain`);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await says(page, 'Sign-in cancelled');
    check((await session()) === undefined, 'somebody was signed in');
    await page.getByRole('link', { name: 'Try again' }).click();
    await agree(page);
    await page.waitForURL(`${server.url}/#canvas=main*`);
    check(await session(), 'nobody was signed in');
    check(complaints.length === 0, complaints.join('; '));
  },

  'the app\'s code is confirmed with Discord on the page, and the app that polls is signed in': async () => {
    const { server } = await open();
    const { page, complaints } = await visitor(await openBrowser(), { locale: 'fr-FR' });
    const codes = await deviceCodes(server, 'Tessera on Linux');
    const app = pollAsTheApp(server, codes);
    await page.goto(codes.verification_uri);
    await page.getByRole('link', { name: 'Se connecter avec Discord' }).click();
    await agree(page);
    await page.getByLabel('Code affiché par l’application').fill(codes.user_code.toLowerCase().replace('-', ''));
    await page.getByRole('button', { name: 'Continuer' }).click();
    await says(page, 'Tessera on Linux');
    await says(page, codes.user_code);
    await page.getByRole('button', { name: 'Connecter l’application' }).click();
    await says(page, 'L’application est connectée');
    const answer = await app;
    check(answer.account?.name === 'Ann of Gables', JSON.stringify(answer));
    check((await withToken(server, answer.token, '/auth/me')).status === 200, 'the app\'s token');
    check(complaints.length === 0, complaints.join('; '));
  },

  'without Discord a nickname on the page does, also on a phone; refused, the app hears it': async () => {
    const server = await startServer({ directory: temporaryDirectory(), args: ['--canvas', 'main:100x80'] });
    const { page, complaints } = await visitor(await openBrowser(), { width: 390, height: 844, touch: true });
    const codes = await deviceCodes(server, 'Tessera on Linux');
    await page.goto(codes.verification_uri_complete);
    check((await page.getByRole('link').count()) === 0, 'Discord is offered');
    await page.getByLabel('Nickname').fill('ann');
    await page.getByRole('button', { name: 'Use this nickname' }).tap();
    await says(page, codes.user_code);
    await page.getByRole('button', { name: 'Refuse' }).tap();
    await says(page, 'The app was refused');
    check((await pollAsTheApp(server, codes)).error === 'access_denied', 'the app');
    check(complaints.length === 0, complaints.join('; '));
  },

  'every page, in both languages, dark and light, on a desk and on a phone, fits its window': async () => {
    const long = 'Maximiliane-Ännchen_von_der_Wiese';
    const { server, discord } = await open({ provider: { page: false, person: { id: '5', username: 'maxi', global_name: long.slice(0, 32) } }, args: ['--limit', 'off', '--name', 'The Long Summer Canvas of the Northern Towns'] });
    const browser = await openBrowser();
    const login = `${server.url}/auth/discord/login`;
    const fail = async (page, mood, to = login) => {
      discord.mood = mood;
      await page.goto(to);
      discord.mood = {};
    };
    const states = {
      'sign-in': async (page) => page.goto((await deviceCodes(server, 'Tessera on Linux')).verification_uri_complete),
      denied: (page) => fail(page, { deny: true }),
      down: (page) => fail(page, { at: '/users/@me', status: 500 }),
      'rate-limited': (page) => fail(page, { at: '/oauth2/token', status: 429, headers: { 'Retry-After': '30' } }),
      'other-browser': (page) => page.goto(`${server.url}/auth/discord/callback?state=x&code=y`),
      'wrong-return': (page) => page.goto(`${login}?return=https://evil.example`),
      code: async (page) => {
        await page.goto(`${login}?device=`);
        check(page.url().endsWith('/auth/device/verify'), page.url());
      },
      'wrong-code': (page) => page.goto(`${server.url}/auth/device/verify?user_code=BCDF-GHJK`),
      confirm: async (page) => page.goto((await deviceCodes(server, 'Tessera-with-a-name-that-has-no-end on the big screen in the hall')).verification_uri_complete),
      connected: (page) => page.getByRole('button').first().click(),
    };
    for (const [device, look] of [['desk-en', { locale: 'en-GB' }], ['desk-fr-dark', { locale: 'fr-FR', dark: true }], ['phone-fr', { locale: 'fr-FR', width: 360, height: 740, touch: true }], ['phone-en-dark', { locale: 'en-GB', dark: true, width: 360, height: 740, touch: true }]]) {
      const { page, complaints } = await visitor(browser, look);
      for (const [name, go] of Object.entries(states)) {
        await go(page);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        check(overflow <= 0, `${name} on ${device} is ${overflow} too wide`);
        const targets = await page.evaluate(() => [...document.querySelectorAll('.button, input:not([type=hidden])')].map((each) => each.getBoundingClientRect().height));
        check(targets.every((height) => height >= 40), `${name} on ${device}: heights ${targets}`);
        check((await page.evaluate(() => document.documentElement.lang)) === look.locale.slice(0, 2), `${name} on ${device}: the language`);
        const path = shot(`discord-${device}-${name}`);
        if (path) await page.screenshot({ path });
      }
      check(complaints.length === 0, complaints.join('; '));
    }
  },
});
