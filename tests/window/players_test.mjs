#!/usr/bin/env node
// What staff do, as a player meets it in the native app: a report and its outcome, a countdown that ends, a warning that
// has to be read, a ban that comes while one draws. TESSERA_SHOTS=DIR keeps pictures to look at.
import { join } from 'node:path';
import { api, promote } from '../support/api.mjs';
import { blockOf, blocksOf, missingForWindows, openDisplay, pointOf } from '../support/display.mjs';
import { until } from '../support/program.mjs';
import { check, guest, journal, run, startServer, temporaryDirectory } from '../support/server.mjs';

const missing = missingForWindows();
const needed = (test) => async () => missing ?? test();
const shot = (name) => (process.env.TESSERA_SHOTS ? join(process.env.TESSERA_SHOTS, `players-${name}.png`) : undefined);
const owner = 'o'.repeat(64);
const accent = '#FF6B3D', lit = '#FF8058', bad = '#FF5A67', good = '#3DDC97', info = '#5AA9FF', raised = '#20242B', soft = '#A8B0BC', warn = '#FFC24B';

/** Of the 1280 × 800 window. */
const drawer = { left: 840, top: 72, right: 1264, bottom: 784 }, middle = { left: 420, top: 200, right: 860, bottom: 600 };
const aside = [80, 700];
const top = { left: 340, top: 16, right: 940, bottom: 64 }, canvas = { left: 360, top: 120, right: 800, bottom: 680 };

const within = (box) => ({ x, y }) => x >= box.left && x < box.right && y >= box.top && y < box.bottom;
const buttonIn = (picture, color, box, width) => blocksOf(picture, [color], { width, height: 6 }).find(within(box));

/** An app whose person has placed one cell, and so is somebody. */
async function playing() {
  const server = await startServer({ directory: temporaryDirectory(), args: ['--canvas', 'main:64x48'], env: { TESSERA_OWNER_TOKEN: owner } });
  const display = await openDisplay();
  await display.openApp([server.url, '--name', 'ann']);
  await display.lookUntil('the canvas is on the screen', (picture) => /^#([C-F].){3}$/.test(picture.at(700, 560)));
  await display.click(700, 560);
  const drawn = await until('ann has drawn', async () => (await journal(server))[0]);
  return { server, display, drawn };
}

async function asOwner(server, method, path, body) {
  const answer = await api(server, method, path, { token: owner, body, headers: { 'If-Match': '*' } });
  check(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.json;
}

/** Reads the notice and puts it away. */
async function understand(display, name) {
  await display.tool('mousemove', ...aside);
  const button = await display.lookUntil('it may be put away', (picture) => blockOf(picture, [accent, lit], { width: 300, height: 6 }), { path: shot(name) });
  check(within(middle)(button), `the button is at ${JSON.stringify(button)}`);
  await display.click(button.x, button.y);
  await display.lookUntil('it is gone', (picture) => !blockOf(picture, [accent, lit], { width: 300, height: 6 }), { path: shot(`${name}-read`) });
}

await run({
  'a player reports a cell, and hears what a moderator did about it': needed(async () => {
    const { server, display, drawn } = await playing();
    await display.tool('mousemove', 500, 400);
    await display.tool('click', 3);
    const report = await display.lookUntil('its drawer offers to report it', (picture) => buttonIn(picture, raised, drawer, 200), { path: shot('cell') });
    await display.click(report.x, report.y);
    await display.lookUntil('the form is open, and its area framed', (picture) => buttonIn(picture, accent, drawer, 300) && pointOf(picture, accent, canvas), { path: shot('report') });
    await display.tool('mousemove', ...aside);
    const reasons = await display.lookUntil('all reasons are there', (picture) => {
      const found = blocksOf(picture, [raised], { width: 150, height: 6 }).filter(within(drawer));
      return found.length >= 3 && found;
    });
    await display.click(reasons[0].x, reasons[0].y);
    const send = await display.lookUntil('one reason is chosen', (picture) => buttonIn(picture, accent, drawer, 300), { path: shot('report-reason') });
    await display.click(send.x, send.y);
    const made = await until('it is reported', async () => (await asOwner(server, 'GET', '/canvases/main/reports')).items[0]);
    check(made.reporter.id === drawn.account && made.reason === 'Vandalism', JSON.stringify(made));
    check(made.region.width === 16 && made.region.height === 16, JSON.stringify(made.region));
    await display.lookUntil('it says so', (picture) => pointOf(picture, good, drawer), { path: shot('report-sent') });
    await display.key('Escape');

    const mo = await guest(server, 'mo');
    await promote(server, owner, mo.account, 'moderator');
    const decided = await api(server, 'PATCH', `/canvases/main/reports/${made.id}`, { token: mo.token, body: { state: 'resolved', outcome: 'Thank you: it was taken back.' }, headers: { 'If-Match': '*' } });
    check(decided.status === 200, decided.text);
    const look = await display.lookUntil('what became of it is told', (picture) => pointOf(picture, good, drawer) && buttonIn(picture, raised, drawer, 80), { path: shot('outcome') });
    await display.click(look.x, look.y);
    await display.lookUntil('one is led there', (picture) => pointOf(picture, accent, canvas), { path: shot('outcome-place') });
  }),

  'a countdown tells of a pause that is to come, and ends in it': needed(async () => {
    const { server, display } = await playing();
    check(!pointOf(await display.look(), soft, top), 'something is there already');
    await asOwner(server, 'POST', '/canvases/main/schedule', { at: new Date(Date.now() + 20_000).toISOString(), action: 'pause', params: { message: 'judging' } });
    await display.lookUntil('it counts', (picture) => pointOf(picture, soft, top), { path: shot('countdown') });
    const first = await display.look();
    await display.lookUntil('each second', (picture) => pointOf(picture, soft, top) && Buffer.compare(Buffer.from(picture.rgba.buffer), Buffer.from(first.rgba.buffer)) !== 0);
    await display.lookUntil('it is paused', (picture) => pointOf(picture, info, top) && !pointOf(picture, soft, top), { path: shot('countdown-over'), seconds: 90 });
  }),

  'a warning has to be read, and a ban is told at once, with its reason': needed(async () => {
    const { server, display, drawn } = await playing();
    await asOwner(server, 'POST', `/accounts/${drawn.account}/warn`, { text: 'Please leave the cat alone' });
    await display.lookUntil('the warning is there', (picture) => pointOf(picture, warn, middle));
    await display.key('Escape', 'Return');
    await understand(display, 'warning');
    check((await journal(server)).length === 1, 'a key went to the canvas');
    await asOwner(server, 'POST', `/accounts/${drawn.account}/ban`, { until: new Date(Date.now() + 30 * 86_400_000).toISOString(), reason: 'drew over the cat', appeal: 'write to staff@canvas.test' });
    await display.lookUntil('the ban is there', (picture) => pointOf(picture, bad, middle));
    await understand(display, 'ban');
  }),
});
