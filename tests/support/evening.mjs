// A vandal's evening: the real canvas, somebody who draws over it, two who report it, and a moderator at her panel.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDisplay, pointOf } from './display.mjs';
import { importAll } from './place.mjs';
import { check, guest, startServer, temporaryDirectory } from './server.mjs';

export const owner = 'o'.repeat(64), canvas = '/api/v1/canvases/place';
export const accent = '#FF6B3D', bad = '#FF5A67', info = '#5AA9FF', warn = '#FFC24B';
export const cat = { x: 612, y: 804, width: 40, height: 30 };

/** Asks the server's API as whoever holds this token; what it answers. */
export async function ask(server, token, method, path, body) {
  const headers = { 'Content-Type': 'application/json', 'If-Match': '*', Authorization: `Bearer ${token}` };
  const answer = await fetch(server.url + path, { method, headers, body: body && JSON.stringify(body) });
  check(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}

/** A server with the real two hours, on which a vandal drew over a picture, and two players reported it. */
export async function evening(args = []) {
  const directory = temporaryDirectory();
  importAll(directory);
  const server = await startServer({ directory, args: ['--limit', 'off', ...args], env: { TESSERA_OWNER_TOKEN: owner } });
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

/** Where the line beneath the chosen tab begins, within a box around the names of the tabs. */
export function chosenTab(picture, { left, top, right, bottom }) {
  for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) if (picture.at(x, y) === accent && picture.at(x + 20, y) === accent) return { x, y };
  return undefined;
}

/** The app, signed in, on a screen of its own. */
export async function desk(server, token, language, shots, { width = 1280, height = 800, theme = 'dark' } = {}) {
  const display = await openDisplay({ width, height });
  const home = temporaryDirectory(), config = join(home, 'config', 'tessera');
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'tokens.json'), JSON.stringify([{ server: server.url, token }]));
  writeFileSync(join(config, 'settings.json'), JSON.stringify({ theme, reduced_motion: true }));
  await display.openApp([`${server.url}/#canvas=place&x=640&y=820&zoom=6`, '--lang', language], { home, data: config });
  const panel = { left: width - 624, right: width - 16 };
  const shot = async (name) => process.env.TESSERA_SHOTS && display.look(join(process.env.TESSERA_SHOTS, `${shots}-${name}.png`));
  /** The lowest point of this color within the panel, from `top` on: of a button, say. */
  const find = (picture, color, box = {}) => pointOf(picture, color, { ...panel, ...box });
  return { display, shot, find, chosenTab: (picture) => chosenTab(picture, { ...panel, top: 90, bottom: 130 }) };
}
