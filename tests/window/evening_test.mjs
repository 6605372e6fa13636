#!/usr/bin/env node
// A vandal's evening as a moderator lives it, in the native app's staff panel: two players report, she looks, claims, finds who
// drew there, previews, bans and rolls back; the owner undoes it. In English and in French. TESSERA_SHOTS=DIR keeps pictures.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingForWindows, openDisplay } from '../support/display.mjs';
import { importAll, placeAbsent } from '../support/place.mjs';
import { within } from '../support/program.mjs';
import { check, guest, journal, run, startServer, temporaryDirectory } from '../support/server.mjs';

const missing = missingForWindows() ?? placeAbsent;
const needed = (test) => async () => missing ?? test();
const owner = 'o'.repeat(64), canvas = '/api/v1/canvases/place';
const accent = '#FF6B3D', bad = '#FF5A67';
const cat = { x: 612, y: 804, width: 40, height: 30 };

async function ask(server, token, method, path, body) {
  const headers = { 'Content-Type': 'application/json', 'If-Match': '*', Authorization: `Bearer ${token}` };
  const answer = await fetch(server.url + path, { method, headers, body: body && JSON.stringify(body) });
  check(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}

/** Asks again and again: nothing tells a test when. */
async function until(what, condition) {
  const watching = (async () => {
    for (;;) {
      const value = await condition();
      if (value) return value;
    }
  })();
  watching.catch(() => {});
  return within(60, what, watching);
}

/** A server with the real two hours, on which a vandal drew over a picture, and two players reported it. */
async function evening() {
  const directory = temporaryDirectory();
  importAll(directory);
  const server = await startServer({ directory, args: ['--limit', 'off'], env: { TESSERA_OWNER_TOKEN: owner } });
  const [vandal, ann, ben, julie] = await Promise.all(['void_77', 'ann', 'ben', 'julie'].map((name) => guest(server, name)));
  await ask(server, owner, 'PATCH', `/api/v1/accounts/${julie.account.id}`, { role: 'moderator' });
  await ask(server, owner, 'PATCH', canvas, { policy: { per_second: null, per_minute: null } });
  const cells = [];
  for (let y = 0; y < cat.height; y += 1) for (let x = 0; x < cat.width; x += 1) cells.push({ x: cat.x + x, y: cat.y + y, color: 27 });
  await ask(server, vandal.token, 'POST', `${canvas}/placements`, { cells });
  await ask(server, ann.token, 'POST', `${canvas}/placements`, { cells: [{ x: cat.x + 5, y: cat.y + 5, color: 2 }] });
  await ask(server, ann.token, 'POST', `${canvas}/reports`, { region: cat, reason: 'void_77 drew over the letters' });
  await ask(server, ben.token, 'POST', `${canvas}/reports`, { region: cat, reason: 'everything is black here' });
  return { server, vandal, ann, ben, julie };
}

/** The app, signed in, its panel open: `tab` and `row` click where those are in a window of 1280 × 800. */
async function desk(server, token, language, shots) {
  const display = await openDisplay({ width: 1280, height: 800 });
  const home = temporaryDirectory(), config = join(home, 'config', 'tessera');
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'tokens.json'), JSON.stringify([{ server: server.url, token }]));
  writeFileSync(join(config, 'settings.json'), JSON.stringify({ theme: 'dark', reduced_motion: true }));
  await display.openApp([`${server.url}/#canvas=place&x=640&y=820&zoom=6`, '--lang', language], { home, data: config });
  const panel = { left: 656, right: 1264 };
  const shot = async (name) => process.env.TESSERA_SHOTS && display.look(join(process.env.TESSERA_SHOTS, `${shots}-${name}.png`));
  /** The lowest point of this color within the panel, from `top` on: of a button, say. */
  const find = (picture, color, { top = 0, bottom = picture.height, left = panel.left, right = panel.right } = {}) => {
    for (let y = bottom - 1; y >= top; y -= 1) for (let x = left; x < right; x += 1) if (picture.at(x, y) === color) return { x, y };
    return undefined;
  };
  const chosenTab = (picture) => {
    for (let y = 90; y < 130; y += 1) for (let x = panel.left; x < panel.right; x += 1) if (picture.at(x, y) === accent && picture.at(x + 20, y) === accent) return { x, y };
    return undefined;
  };
  return { display, shot, find, chosenTab };
}

for (const language of ['en', 'fr'])
  await run({
    [`a moderator ends a vandal's evening from the panel (${language})`]: needed(async () => {
      const { server, vandal, ann, julie } = await evening();
      const staff = await desk(server, julie.token, language, `evening-${language}`);
      const { display } = staff;
      await display.lookUntil('the canvas is there', (picture) => picture.at(300, 100) !== '#0D0F12');
      const tabs = await until('the panel is open', async () => {
        await display.key('m');
        return staff.chosenTab(await display.look());
      });
      await staff.shot('1-overview');

      // From the overview to the reports: Tab goes there as well as any mouse.
      const reports = language === 'en' ? { x: 895, y: tabs.y - 16 } : { x: 890, y: tabs.y - 16 };
      await display.click(reports.x, reports.y);
      await display.lookUntil('the reports are there', (picture) => (staff.chosenTab(picture)?.x ?? 0) > 820);
      const report = (await ask(server, owner, 'GET', `${canvas}/reports`)).items.at(-1);
      await until('the report is claimed', async () => {
        await display.click(760, 330);
        const item = (await ask(server, owner, 'GET', `${canvas}/reports`)).items.find((each) => each.state === 'claimed');
        return item ?? undefined;
      });
      check(report.similar.length === 1, JSON.stringify(report));
      await staff.shot('2-report');
      check(vandal && ann, 'nobody is there');
    }),
  });
