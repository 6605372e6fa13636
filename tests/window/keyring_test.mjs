#!/usr/bin/env node
// Where the native app keeps its tokens: in the desktop's keyring, a real one, and in its own file where none answers.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingForWindows, openDisplay } from '../support/display.mjs';
import { missingForKeyring, openKeyring } from '../support/keyring.mjs';
import { until, whenDirectory, within } from '../support/program.mjs';
import { check, guest, journal, run, startServer, temporaryDirectory } from '../support/server.mjs';

const missing = missingForWindows();
const open = () => startServer({ directory: temporaryDirectory(), args: ['--canvas', 'main:64x48'] });
const fileIn = (home) => join(home, 'config', 'tessera', 'tokens.json');

/** Draws one cell with the app, and gives what the server has of it. */
async function draw(display, server, column) {
  const before = (await journal(server)).length;
  await display.lookUntil('the canvas is on the screen', (picture) => /^#([C-F].){3}$/.test(picture.at(display.width - 240, 300)));
  await display.click(display.width / 2 + 36 + 60 * column, display.height / 2 - 24);
  return until('the cell is drawn', async () => (await journal(server))[before]);
}

async function end(app) {
  app.child.kill('SIGTERM');
  const { code, signal } = await within(60, 'the app ends', app.gone);
  check(code === 0, `it ended with ${code ?? signal}: ${app.log}`);
}

await run({
  'a token in the file moves to the keyring, where the next start finds it; the bus may end, and the app does not': async () => {
    if (missing ?? missingForKeyring()) return missing ?? missingForKeyring();
    const server = await open(), keyring = await openKeyring(), display = await openDisplay();
    const home = temporaryDirectory(), ann = await guest(server, 'ann');
    mkdirSync(join(home, 'config', 'tessera'), { recursive: true });
    writeFileSync(fileIn(home), JSON.stringify([{ server: server.url, token: ann.token }]), { mode: 0o600 });
    check(keyring.secrets() === 0, 'the keyring has something already');

    const first = await display.openApp([server.url], { home, env: keyring.env });
    await whenDirectory(join(home, 'config', 'tessera'), () => !existsSync(fileIn(home)));
    check(keyring.secrets() === 1, `the keyring has ${keyring.secrets()}`);
    check((await draw(display, server, 0)).account === ann.account.id, 'drawn by somebody else');
    await end(first);

    const second = await display.openApp([server.url], { home, env: keyring.env });
    check((await draw(display, server, 1)).account === ann.account.id, 'drawn by somebody else after the second start');
    for (const folder of [home, keyring.folder]) check(spawnSync('grep', ['-rqF', ann.token, folder]).status === 1, `the token can be read in ${folder}`);
    await keyring.stopBus();
    check((await draw(display, server, 2)).account === ann.account.id, 'drawn by somebody else without a bus');
    await end(second);
  },

  'where the keyring never answers, the app opens, signs in and ends, and its token is in its file': async () => {
    if (missing ?? missingForKeyring()) return missing ?? missingForKeyring();
    const server = await open(), keyring = await openKeyring(), display = await openDisplay();
    keyring.freeze();
    const app = await display.openApp([server.url, '--name', 'ann'], { env: keyring.env });
    const drawn = await draw(display, server, 0);
    await end(app);
    const [{ token }] = JSON.parse(readFileSync(fileIn(app.home), 'utf8'));
    const me = await (await fetch(`${server.url}/auth/me`, { headers: { Authorization: `Bearer ${token}` } })).json();
    check(me.id === drawn.account, `${JSON.stringify(me)}, not ${drawn.account}`);
  },
});
