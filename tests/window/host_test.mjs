#!/usr/bin/env node
// The native app on a screen of its own, used by mouse and keyboard: it hosts, one draws in it, and its server ends with it,
// however it ends. TESSERA_SHOTS=DIR keeps pictures to look at.
import { join } from 'node:path';
import { blockOf, missingForWindows, openDisplay, whenServing } from '../support/display.mjs';
import { JsonClient } from '../support/json_client.mjs';
import { within } from '../support/program.mjs';
import { check, journal, run } from '../support/server.mjs';

const missing = missingForWindows();
const needed = (test) => async () => missing ?? test();
const shot = (name) => (process.env.TESSERA_SHOTS ? join(process.env.TESSERA_SHOTS, `${name}.png`) : undefined);
const accents = ['#FF6B3D', '#D9481C'];

/** A bot that watches the server the app hosts; its connection ends when that server does. */
async function watcher(server) {
  const client = await JsonClient.open(server);
  client.drawn = (count) => client.when(`${count} placements`, () => {
    const pixels = client.of('pixel:bulk_update').flatMap(({ data }) => data.pixels);
    return pixels.length >= count && pixels;
  }, 60);
  return client;
}

/** Until the canvas's paper, which is light, is on the screen there. */
const whenCanvas = (display, x, y) => display.lookUntil('the canvas is on the screen', (picture) => /^#([C-F].){3}$/.test(picture.at(x, y)), { path: shot('native-canvas') });

/** Whoever hosts is asked who they are, as the server is to be theirs, and what is behind the dialog is dark; then clicks on the canvas. */
async function startDrawing(display, x, y, name) {
  const corner = [display.width - 170, 300];
  await display.lookUntil('the app asks for a name', (picture) => /^#([0-9A].){3}$/.test(picture.at(...corner)) && picture.at(...corner) !== '#0D0F12', { path: shot('native-name') });
  await display.type(name);
  await display.key('Return');
  await whenCanvas(display, ...corner);
  await display.click(x, y);
}

const serves = (url) => fetch(`${url}/healthz`).then(() => true, () => false);

await run({
  'hosting from the command line, one draws by mouse and keyboard, and the server stores it': needed(async () => {
    const display = await openDisplay();
    const app = await display.openApp(['--host', '--port', '0', '--canvas', 'main:64x48']);
    const server = await whenServing(app.data);
    const bot = await watcher(server);
    await bot.when('the app has joined', () => bot.of('users:count').at(-1)?.data.count === 2, 60);
    const [x, y] = [display.width / 2 + 36, display.height / 2 - 24];  // within a cell, off the grid's lines
    await startDrawing(display, x, y, 'ann');
    const [first] = await bot.drawn(1);
    await whenCanvas(display, display.width - 170, 300);
    await display.key('Right', 'Right', 'Down', 'bracketright', 'Return');
    const [, second] = await bot.drawn(2);
    check(second.x === first.x + 2 && second.y === first.y + 1 && second.color !== first.color, `keys drew ${JSON.stringify(second)} after ${JSON.stringify(first)}`);
    await display.tool('mousemove', 2, display.height / 2);
    await display.lookUntil('the cell is on the screen', (picture) => picture.at(x, y) === first.color, { path: shot('native-drawn') });
    const items = await journal(server);
    check(items.length === 2 && items.every(({ name }) => name === 'ann'), JSON.stringify(items));

    await display.tool('windowclose', app.window).catch(() => {});
    app.child.kill('SIGTERM');
    await within(30, 'the app ends', app.gone);
    await within(30, 'its server ends with it', bot.closed);
    check(!(await serves(server.url)), 'the server goes on without the app');
  }),

  'killed without warning, the app takes its server with it, and nothing is lost': needed(async () => {
    const display = await openDisplay();
    const app = await display.openApp(['--host', '--port', '0', '--canvas', 'main:64x48', '--name', 'ann']);
    const server = await whenServing(app.data);
    const bot = await watcher(server);
    await bot.when('the app has joined', () => bot.of('users:count').at(-1)?.data.count === 2, 60);
    await whenCanvas(display, 600, 300);
    await display.click(600, 300);
    const [drawn] = await bot.drawn(1);
    app.child.kill('SIGKILL');
    await within(30, 'its server ends with it', bot.closed);
    check(!(await serves(server.url)), 'the server goes on without the app');
    const again = await display.openApp(['--host', '--port', '0'], { data: app.data });
    const back = await whenServing(again.data, server.pid);
    const [item] = await journal(back);
    check(item.x === drawn.x && item.y === drawn.y, JSON.stringify(item));
  }),

  'on the start screen, a click on Host a canvas hosts one': needed(async () => {
    const display = await openDisplay();
    const app = await display.openApp([]);
    const button = await display.lookUntil('the start screen has a main button', (picture) => blockOf(picture, accents, { width: 150, height: 30 }), { path: shot('native-start') });
    await display.click(button.x, button.y);
    const server = await whenServing(app.data);
    const bot = await watcher(server);
    await bot.when('the app has joined', () => bot.of('users:count').at(-1)?.data.count === 2, 60);
    await display.look(shot('native-hosting'));
    check(server.url.startsWith('http://127.0.0.1:'), `it listens on ${server.url}`);
  }),
});
