#!/usr/bin/env node
// Staff in the native app: a moderator locks a rectangle by dragging, others see it hatched and cannot draw there, it is
// lifted for all at once, and what is announced is on every screen. TESSERA_SHOTS=DIR keeps pictures to look at.
import { join } from 'node:path';
import { blockOf, missingForWindows, openDisplay, pointOf } from '../support/display.mjs';
import { JsonClient } from '../support/json_client.mjs';
import { until } from '../support/program.mjs';
import { check, guest, journal, run, startServer, temporaryDirectory } from '../support/server.mjs';

const missing = missingForWindows();
const needed = (test) => async () => missing ?? test();
const shot = (name) => (process.env.TESSERA_SHOTS ? join(process.env.TESSERA_SHOTS, `${name}.png`) : undefined);
const owner = 'o'.repeat(64);
const accent = '#FF6B3D', bad = '#FF5A67', info = '#5AA9FF', warn = '#FFC24B';

const asOwner = async (server, method, path, body) => {
  const headers = { 'Content-Type': 'application/json', 'If-Match': '*', Authorization: `Bearer ${owner}` };
  const answer = await fetch(server.url + path, { method, headers, body: JSON.stringify(body) });
  check(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
};

const open = () => startServer({ directory: temporaryDirectory(), args: ['--canvas', 'main:64x48'], env: { TESSERA_OWNER_TOKEN: owner } });

/** An app of its own screen, that has placed one cell at this point of it, and so is somebody. */
async function person(server, name, at, args = []) {
  const display = await openDisplay();
  await display.openApp([server.url, '--name', name, ...args]);
  await display.lookUntil('the canvas is on the screen', (picture) => /^#([C-F].){3}$/.test(picture.at(...at)), { path: shot(`staff-${name}`) });
  await display.click(...at);
  const drawn = await until(`${name} has drawn`, async () => (await journal(server)).find((item) => item.name === name));
  return { display, drawn };
}

function isPaper(color) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return Math.min(red, green, blue) > 0xa8 && red - blue < 24;
}
/** How much of a box is darker, or more colorful, than an empty canvas and the lines of its cells. */
function changedIn(picture, { left, top, right, bottom }) {
  let changed = 0;
  for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) changed += isPaper(picture.at(x, y)) ? 0 : 1;
  return changed / ((right - left) * (bottom - top));
}

// Of the 1280 × 800 window: a box of the canvas that no panel covers.
const area = { left: 420, top: 260, right: 620, bottom: 460 }, inside = [520, 360], aside = [700, 560];
const drawer = { left: 900, top: 240, right: 1240 }, within_area = { left: 440, top: 280, right: 600, bottom: 440 };

await run({
  'a moderator locks by dragging: it is hatched for others, who cannot draw there, until it is lifted': needed(async () => {
    const server = await open();
    const julie = await person(server, 'julie', [760, 600]), ann = await person(server, 'ann', aside);
    const { account } = julie.drawn;
    const plain = changedIn(await ann.display.look(), within_area);
    await asOwner(server, 'PATCH', `/api/v1/accounts/${account}`, { role: 'moderator' });
    // The tool is there as soon as the role is.
    await until('the tool is taken up', async () => {
      await julie.display.key('l');
      const chosen = blockOf(await julie.display.look(), [accent], { width: 24, height: 6 });
      return chosen && chosen.x < 80 && chosen.y > 220;
    });
    await julie.display.tool('mousemove', area.left, area.top);
    await julie.display.tool('mousedown', 1);
    await julie.display.tool('mousemove', area.left + 60, area.top + 40);
    await julie.display.tool('mousemove', area.right, area.bottom);
    await julie.display.lookUntil('the rectangle is drawn', (picture) => changedIn(picture, within_area) > plain + 0.5, { path: shot('staff-drawing') });
    await julie.display.tool('mouseup', 1);
    const save = await julie.display.lookUntil('its drawer opens', (picture) => pointOf(picture, accent, drawer), { path: shot('staff-new-lock') });
    await julie.display.click(save.x, save.y - 10);

    const lock = await until('it is locked', async () => (await (await fetch(`${server.url}/api/v1/canvases/main/locks`)).json()).items[0]);
    check(lock.created_by.name === 'julie', JSON.stringify(lock));
    await ann.display.lookUntil('it is hatched', (picture) => changedIn(picture, within_area) > plain + 0.25, { path: shot('staff-hatched') });
    await ann.display.click(...inside);
    await ann.display.lookUntil('the reason is at the top', (picture) => pointOf(picture, warn, { left: 320, right: 960, bottom: 64 }), { path: shot('staff-refused') });
    const zoe = await guest(server, 'zoe');
    const bot = await JsonClient.open(server, { token: zoe.token });
    bot.place(lock.x, lock.y, '#FF4500');
    await bot.when('it is refused', () => JSON.stringify(bot.messages).includes('locked'), 30);

    await julie.display.click(...inside);
    const lift = await julie.display.lookUntil('its drawer opens again', (picture) => pointOf(picture, bad, drawer), { path: shot('staff-lock') });
    await julie.display.click(lift.x, lift.y - 4);
    await ann.display.lookUntil('it is open again', (picture) => changedIn(picture, within_area) < plain + 0.1, { path: shot('staff-lifted') });
    await ann.display.click(...inside);
    const items = await until('ann draws there', async () => {
      const all = await journal(server);
      return all.length > 2 && all;
    });
    check(items.length === 3 && items[2].name === 'ann', JSON.stringify(items));
    check(items[2].x >= lock.x && items[2].x < lock.x + lock.width && items[2].y >= lock.y && items[2].y < lock.y + lock.height, JSON.stringify([items[2], lock]));
  }),

  'what is announced is on the screen at once, and gone when it is withdrawn': needed(async () => {
    const server = await open();
    const ann = await person(server, 'ann', aside);
    const top = { left: 320, right: 960, bottom: 64 };
    check(!pointOf(await ann.display.look(), info, top), 'something is there already');
    const said = await asOwner(server, 'POST', '/api/v1/announcements', { text: 'We begin at eight' });
    await ann.display.lookUntil('it is at the top', (picture) => pointOf(picture, info, top), { path: shot('staff-announced') });
    const answer = await fetch(`${server.url}/api/v1/announcements/${said.id}`, { method: 'DELETE', headers: { 'If-Match': '*', Authorization: `Bearer ${owner}` } });
    check(answer.status === 204, `withdrawn with ${answer.status}`);
    await ann.display.lookUntil('it is gone', (picture) => !pointOf(picture, info, top), { path: shot('staff-withdrawn') });
  }),
});
