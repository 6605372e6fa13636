#!/usr/bin/env node
// The native app among people: who hosts owns, links that give something are used and kept nowhere, a canvas asks for its
// code, and what one drew can be taken back. Judged by the server. TESSERA_SHOTS=DIR keeps pictures to look at.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { blockOf, keptToken, missingForWindows, openDisplay, whenServing } from '../support/display.mjs';
import { JsonClient } from '../support/json_client.mjs';
import { until, within } from '../support/program.mjs';
import { check, journal, run, startServer, temporaryDirectory } from '../support/server.mjs';

const missing = missingForWindows();
const needed = (test) => async () => missing ?? test();
const shot = (name) => (process.env.TESSERA_SHOTS ? join(process.env.TESSERA_SHOTS, `${name}.png`) : undefined);

const whenCanvas = (display) => display.lookUntil('the canvas is on the screen', (picture) => /^#([C-F].){3}$/.test(picture.at(display.width - 170, 300)), { path: shot('native-people') });
const whenAsked = (display) => display.lookUntil('the app asks for something', (picture) => /^#([0-9A].){3}$/.test(picture.at(display.width - 170, 300)), { path: shot('native-asked') });

const wrong = ['#FF5A67', '#D02A3A'];
const me = async (server, token) => (await fetch(`${server.url}/auth/me`, { headers: { Authorization: `Bearer ${token}` } })).json();
/** A bot that sees what is placed. */
async function watcher(server) {
  const client = await JsonClient.open(server);
  client.drawn = (count) => client.when(`${count} placements`, () => {
    const pixels = client.of('pixel:bulk_update').flatMap(({ data }) => data.pixels);
    return pixels.length >= count && pixels;
  }, 60);
  return client;
}

await run({
  'whoever hosts owns the server, and takes back and draws again what they drew': needed(async () => {
    const display = await openDisplay();
    const app = await display.openApp(['--host', '--port', '0', '--canvas', 'main:64x48', '--name', 'ann']);
    const server = await whenServing(app.data);
    const bot = await watcher(server);
    await whenCanvas(display);
    await display.click(display.width / 2 + 36, display.height / 2 - 24);
    const [drawn] = await bot.drawn(1);
    const token = await keptToken(app);
    await until('the host owns the server', async () => (await me(server, token)).role === 'owner');
    await display.key('ctrl+z');
    const [, undone] = await bot.drawn(2);
    check(undone.x === drawn.x && undone.y === drawn.y && undone.color === null, `${JSON.stringify(undone)} after ${JSON.stringify(drawn)}`);
    await display.key('ctrl+shift+z');
    const [, , redone] = await bot.drawn(3);
    check(redone.x === drawn.x && redone.color === drawn.color, `${JSON.stringify(redone)} after ${JSON.stringify(drawn)}`);
    check((await journal(server)).length === 3, 'the journal holds something else');
    await display.look(shot('native-owner'));
  }),

  'a link that makes its visitor the owner does, once, and the app keeps its secret nowhere': needed(async () => {
    const server = await startServer({ directory: temporaryDirectory(), args: ['--canvas', 'main:64x48'] });
    const secret = server.log.match(/#owner=([\w.~-]+)/)?.[1];
    check(secret, `no link was printed: ${server.log}`);
    const display = await openDisplay();
    const app = await display.openApp([`${server.url}/#canvas=main&owner=${secret}`, '--name', 'zoe']);
    const token = await keptToken(app);
    await until('its visitor is the owner', async () => (await me(server, token)).role === 'owner');
    app.child.kill('SIGTERM');
    await within(30, 'the app ends', app.gone);
    const folder = join(app.home, 'config', 'tessera');
    for (const file of readdirSync(folder)) check(!readFileSync(join(folder, file), 'utf8').includes(secret), `${file} holds the secret`);
    check(!app.log.includes(secret), 'the app said the secret');
  }),

  'a canvas by code asks for the name and the code, and then places what was meant': needed(async () => {
    const ownerToken = 'k'.repeat(64);
    const server = await startServer({ directory: temporaryDirectory(), args: ['--canvas', 'main:64x48'], env: { TESSERA_OWNER_TOKEN: ownerToken } });
    const answer = await fetch(`${server.url}/api/v1/canvases/main`, { method: 'PATCH', headers: { 'Content-Type': 'application/json', 'If-Match': '*', Authorization: `Bearer ${ownerToken}` }, body: JSON.stringify({ access: 'code', code: 'plumes' }) });
    check(answer.status === 200, `the canvas was not closed: ${answer.status}`);
    const bot = await watcher(server);
    const display = await openDisplay();
    const app = await display.openApp([server.url, '--name', 'ann']);
    await whenCanvas(display);
    await display.click(display.width / 2 + 36, display.height / 2 - 24);
    await whenAsked(display);
    await display.look(shot('native-code'));
    await display.type('wrong1');
    await display.key('Return');
    await display.lookUntil('the wrong code is refused', (picture) => blockOf(picture, wrong, { width: 100, height: 1 }), { path: shot('native-wrong-code') });
    await display.key('ctrl+a');
    await display.type('Plumes');
    await display.key('Return');
    await bot.drawn(1);
    const items = await journal(server);
    check(items.length === 1 && items[0].name === 'ann', JSON.stringify(items));
    check((await keptToken(app)).length > 20, 'no session was kept');
  }),
});
