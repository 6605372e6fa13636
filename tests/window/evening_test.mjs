#!/usr/bin/env node
// A vandal's evening as a moderator lives it, in the native app's staff panel: two players report, she looks, claims, finds who
// drew there, previews, bans and rolls back; the owner undoes it. In English and in French. TESSERA_SHOTS=DIR keeps pictures.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingForWindows, openDisplay } from '../support/display.mjs';
import { importAll, placeAbsent } from '../support/place.mjs';
import { within } from '../support/program.mjs';
import { check, guest, run, startServer, temporaryDirectory } from '../support/server.mjs';

const missing = missingForWindows() ?? placeAbsent;
const needed = (test) => async () => missing ?? test();
const owner = 'o'.repeat(64), canvas = '/api/v1/canvases/place';
const accent = '#FF6B3D', bad = '#FF5A67', info = '#5AA9FF';
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

/** In a window of 1280 × 800, with words of either language. */
const places = { en: { reports: 923 }, fr: { reports: 940 } };
const rows = { second: 293, vandal: 523, reason: 363 };

async function fromReportToProfile(staff, server, language) {
  const { display } = staff;
  await display.click(places[language].reports, 104);
  await display.lookUntil('the reports are there', (picture) => (staff.chosenTab(picture)?.x ?? 0) > 860);
  await staff.shot('2-reports');
  // The older of the two; claimed as soon as it is there.
  const claimed = await until('the report is claimed', async () => {
    await display.click(800, rows.second);
    await display.click(735, 722);
    return (await ask(server, owner, 'GET', `${canvas}/reports?state=claimed`)).items[0];
  });
  check(claimed.reporter.name === 'ann' && claimed.handler.name === 'julie' && claimed.similar.length === 1, JSON.stringify(claimed));
  await staff.shot('3-claimed');
  // Who drew there most is the first of those who did.
  const ban = await until('the profile shows what may be done', async () => {
    const inReports = (staff.chosenTab(await display.look())?.x ?? 0) > 860;
    if (inReports) await display.click(760, rows.vandal);
    await display.tool('mousemove', 900, 600);
    for (let i = 0; i < 6; i += 1) await display.tool('click', 5);
    return !inReports && staff.find(await display.look(), bad, { top: 200 });
  });
  await staff.shot('4-profile');
  return ban;
}

async function previewAndBan(staff, server, ban) {
  const { display } = staff;
  // Beside what bans: what takes back.
  await display.click(700, ban.y - 4);
  const apply = await display.lookUntil('what it would change is there', (picture) => staff.find(picture, accent, { top: 520, bottom: 700 }));
  await staff.shot('5-preview');
  check(!(await ask(server, owner, 'GET', `${canvas}/rollbacks`)).items.length, 'it was applied before anybody said so');
  await display.click(900, rows.reason);
  await display.lookUntil('one may write there', (picture) => staff.find(picture, info, { top: rows.reason - 24, bottom: rows.reason + 24 }));
  await display.type('drew over the letters');
  const both = await display.lookUntil('banning is offered', (picture) => staff.find(picture, bad, { top: apply.y - 40, bottom: apply.y + 20 }));
  await display.click(both.x, both.y - 4);
  await until('it is rolled back', async () => (await ask(server, owner, 'GET', `${canvas}/rollbacks`)).items.find((each) => each.state === 'applied'));
  await staff.shot('6-applied');
}

const endsIt = (language) =>
  needed(async () => {
    const { server, vandal, julie } = await evening();
    const staff = await desk(server, julie.token, language, `evening-${language}`);
    await until('the panel is open', async () => {
      await staff.display.key('m');
      return staff.chosenTab(await staff.display.look());
    });
    await staff.shot('1-overview');
    await previewAndBan(staff, server, await fromReportToProfile(staff, server, language));
    const profile = await ask(server, owner, 'GET', `/api/v1/accounts/${vandal.account.id}`);
    check(profile.banned_until && profile.reason.startsWith('drew over the letters'), JSON.stringify(profile));
    const own = await ask(server, owner, 'GET', `${canvas}/cells/${cat.x + 5}/${cat.y + 5}`);
    check(own.name === 'ann' && own.color === 2, `what others drew over it stays: ${JSON.stringify(own)}`);
    const back = await ask(server, owner, 'GET', `${canvas}/cells/${cat.x + 1}/${cat.y + 1}`);
    check(back.account !== vandal.account.id, JSON.stringify(back));
    const undone = await ask(server, owner, 'POST', `${canvas}/rollbacks/${(await ask(server, owner, 'GET', `${canvas}/rollbacks`)).items[0].id}/undo`);
    check(undone.state === 'undone', JSON.stringify(undone));
    check((await ask(server, owner, 'GET', '/api/v1/audit/verify')).ok, 'the log is not whole');
  });

await run({
  "a moderator ends a vandal's evening from the panel": endsIt('en'),
  'and the same in French': endsIt('fr'),
});
