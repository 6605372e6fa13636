#!/usr/bin/env node
// The native app and Discord, end to end: it asks for a code and opens the page, somebody signs in and confirms in a real
// browser at a real OAuth provider, the app is signed in, draws, signs out, and its token is dead. TESSERA_SHOTS=DIR keeps
// pictures to look at.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, shot } from '../support/browser.mjs';
import { openWithDiscord, withToken } from '../support/discord_sign_in.mjs';
import { blocksOf, keptToken, missingForWindows, openDisplay } from '../support/display.mjs';
import { until, whenDirectory } from '../support/program.mjs';
import { check, journal, run, temporaryDirectory } from '../support/server.mjs';

const missing = missingForWindows();
const needed = (test) => async () => missing ?? test();
const raised = ['#20242B'];

/** Stands in for the desktop's way to open a page: whoever starts it leaves the address in a file. */
function desktop() {
  const folder = temporaryDirectory(), programs = join(folder, 'bin'), opened = join(folder, 'opened');
  mkdirSync(programs);
  writeFileSync(join(programs, 'xdg-open'), `#!/bin/sh\nprintf '%s' "$1" > '${opened}.new' && mv '${opened}.new' '${opened}'\n`);
  chmodSync(join(programs, 'xdg-open'), 0o755);
  return {
    env: { PATH: `${programs}:${process.env.PATH}` },
    /** The address that was opened. */
    async opened() {
      await whenDirectory(folder, () => existsSync(opened));
      return readFileSync(opened, 'utf8');
    },
  };
}

/** Clicks on a cell, beside where the panel will be, and in that panel on Discord: the first of its two fields. */
async function askForDiscord(display) {
  await display.lookUntil('the canvas is on the screen', (picture) => /^#([C-F].){3}$/.test(picture.at(display.width - 240, 300)), { path: shot('app-discord-canvas') });
  await display.click(284, 134);
  const [button] = await display.lookUntil('the app asks who one is', (picture) => {
    const found = blocksOf(picture, raised, { width: 300, height: 30 });
    return found.length === 2 && found;
  }, { path: shot('app-discord-asked') });
  await display.click(button.x, button.y);
}

async function confirmInBrowser(address, account) {
  const page = await (await (await openBrowser()).newContext({ locale: 'en-GB' })).newPage();
  await page.goto(address);
  await page.getByRole('link', { name: 'Sign in with Discord' }).click();
  await page.getByRole('button', { name: 'Authorize' }).click();
  await page.locator('main').getByText(account).first().waitFor();
  await page.locator('main').getByText(new URL(address).searchParams.get('user_code')).first().waitFor();
  return page;
}

await run({
  'the app opens the page for its code, is signed in once that is confirmed there, draws, signs out, and its token is dead': needed(async () => {
    const { server } = await openWithDiscord({ provider: { page: true } });
    const display = await openDisplay(), there = desktop();
    const app = await display.openApp([server.url], { env: there.env });
    await askForDiscord(display);
    const address = await there.opened();
    check(new RegExp(`^${server.url}/auth/device/verify\\?user_code=[A-Z]{4}-[A-Z]{4}$`).test(address), `it opened ${address}`);
    const page = await confirmInBrowser(address, 'Ann of Gables');
    await display.look(shot('app-discord-code'));
    check((await journal(server)).length === 0, 'it drew before anybody confirmed');
    await page.getByRole('button', { name: 'Connect the app' }).click();
    await page.locator('main').getByText('The app is connected').waitFor();
    const token = await keptToken(app);
    const me = (await withToken(server, token, '/auth/me')).json;
    check(me.kind === 'discord' && me.name === 'Ann of Gables', JSON.stringify(me));
    const [drawn] = await until('what was meant before is drawn', async () => {
      const items = await journal(server);
      return items.length > 0 && items;
    });
    check(drawn.account === me.id, `${JSON.stringify(drawn)} is not by ${me.id}`);
    await display.click(display.width - 40, 40);
    // Its reports, its devices to sign out, itself, and to leave. The devices, the browser's session among them, come a moment later and
    // move what is beneath them.
    const [, , signOut] = await display.lookUntil('the account is open, with its devices', (picture) => {
      const found = blocksOf(picture, raised, { width: 200, height: 24 });
      return found.length === 4 && found;
    }, { path: shot('app-discord-account') });
    await display.click(signOut.x, signOut.y);
    await until('the token is dead', async () => (await withToken(server, token, '/auth/me')).status === 401);
    const kept = join(app.home, 'config', 'tessera');
    await whenDirectory(kept, () => readFileSync(join(kept, 'tokens.json'), 'utf8').trim() === '[]');
    check(!app.log.includes(token), 'the app said its token');
    await display.look(shot('app-discord-out'));
  }),
});
