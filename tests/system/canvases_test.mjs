#!/usr/bin/env node
// Canvases made and changed while people draw, undo, and settings reloaded: on the real server, across restarts.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { api } from '../support/api.mjs';
import { JsonClient } from '../support/json_client.mjs';
import { until } from '../support/program.mjs';
import { bitmap, check, guest, journal, run, startServer, temporaryDirectory } from '../support/server.mjs';

const owner = 'an owner token for tests only';
const env = { TESSERA_OWNER_TOKEN: owner };

/** The log comes by a pipe of its own, perhaps after the answer. */
const logged = (server, text) => until(`the log says ${text}`, async () => server.log.includes(text));

await run({
  'a canvas changes under the hands of those who draw: event by event, and the past stays as it was': async () => {
    const directory = temporaryDirectory();
    let server = await startServer({ directory, env, args: ['--limit', 'off', '--canvas', 'main:300x200'] });
    const { token } = await guest(server, 'ann');
    const bot = await JsonClient.open(server, { token });
    const place = (x, y, color) => api(server, 'POST', '/canvases/main/placements', { token, body: { cells: [{ x, y, color }] } });
    await place(299, 199, 4);
    const change = async (body) => {
      const { json } = await api(server, 'GET', '/canvases/main');
      const changed = await api(server, 'PATCH', '/canvases/main', { token: owner, body, headers: { 'If-Match': `"${json.version}"` } });
      check(changed.status === 200, `${JSON.stringify(body)}: ${changed.status} ${JSON.stringify(changed.json)}`);
      return changed.json;
    };
    check((await change({ width: 100 })).hidden_cells === 1, 'one cell is hidden');
    check((await place(299, 199, 5)).json.code === 'out_of_bounds', 'a hidden cell cannot be drawn');
    const { palette } = await change({ palette: [...(await api(server, 'GET', '/canvases/main')).json.palette, { color: '#010203', name: 'Night' }] });
    check(palette.length === 33, 'a colour more');
    bot.place(5, 5, '#010203');
    await bot.when('the new colour', () => bot.of('pixel:bulk_update').some(({ data }) => data.pixels.some(({ color }) => color === '#010203')));
    await api(server, 'PATCH', '/canvases/main', { token: owner, body: { paused: true, message: 'tea' } });
    await bot.when('the pause', () => bot.of('session:paused').some(({ data }) => data.message === 'tea'));
    bot.place(6, 6, '#010203');
    await bot.when('the refusal', () => bot.of('error').some(({ data }) => data.code === 'paused'));
    await server.kill();
    server = await startServer({ directory, env, args: ['--limit', 'off'] });
    const after = (await api(server, 'GET', '/canvases/main')).json;
    check(after.paused && after.message === 'tea' && after.width === 100 && after.version === 4, JSON.stringify(after));
    check((await api(server, 'PATCH', '/canvases/main', { token: owner, body: { paused: false } })).status === 200, 'resumed');
    const size = async (at) => {
      const png = Buffer.from(await (await fetch(`${server.url}/api/v1/canvases/main/image.png${at}`)).arrayBuffer());
      return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
    };
    check((await size('')) === '100x200' && (await size('?at=1')) === '300x200', `${await size('')} now, ${await size('?at=1')} then`);
    const { json } = await api(server, 'GET', '/canvases/main');
    await api(server, 'PATCH', '/canvases/main', { token: owner, body: { width: 300 }, headers: { 'If-Match': `"${json.version}"` } });
    check((await bitmap(server)).cells[199 * 300 + 299] === 4, 'growing back shows what was hidden');
  },

  'undo and redo are placements of their own, whose cell is whose it was; a JSON reader sees an emptied cell': async () => {
    const directory = temporaryDirectory();
    let server = await startServer({ directory, args: ['--canvas', 'main:20x20'] });
    const [ann, ben] = [await guest(server, 'ann'), await guest(server, 'ben')];
    const bot = await JsonClient.open(server, {});
    const draw = (who, color) => api(server, 'POST', '/canvases/main/placements', { token: who.token, body: { cells: [{ x: 3, y: 4, color }] } });
    const take = (who, what) => api(server, 'POST', `/canvases/main/${what}`, { token: who.token, body: { count: 1 } });
    await draw(ann, 1);
    await draw(ben, 2);
    check((await take(ann, 'undo')).json.skipped[0].code === 'drawn_over', 'drawn over');
    check((await take(ben, 'undo')).json.undone[0].color === 1, 'back to what ann drew');
    const cell = (await api(server, 'GET', '/canvases/main/cells/3/4')).json;
    check(cell.name === 'ann' && cell.seq === 1, JSON.stringify(cell));
    check((await take(ben, 'redo')).json.redone[0].color === 2, 'drawn again');
    check((await take(ben, 'undo')).status === 200 && (await take(ben, 'undo')).json.code === 'nothing_to_undo', 'and taken back');
    await draw(ann, 7);
    const emptied = await take(ann, 'undo');
    check(emptied.json.charges === 20, `${emptied.json.charges} charges`);
    const kinds = (await journal(server)).map(({ kind }) => kind ?? 'place').join(' ');
    check(kinds === 'place place undo redo undo place undo', kinds);
    await server.kill();
    server = await startServer({ directory });
    check((await journal(server)).length === 7, 'all of it is stored');
    check((await api(server, 'GET', '/canvases/main/cells/3/4')).json.name === 'ann', 'and whose it is');
    bot.socket.terminate();
  },

  'settings are reloaded on SIGHUP without dropping anyone; what cannot change is named': async () => {
    const directory = temporaryDirectory();
    const config = join(directory, 'tessera.toml');
    const write = (lines) => writeFileSync(config, lines.join('\n'));
    write(['read-limit = "2"', 'guests = "on"']);
    const server = await startServer({ directory: join(directory, 'data'), args: ['--config', config] });
    const { token } = await guest(server, 'ann');
    const bot = await JsonClient.open(server, { token });
    const reads = async (count) => {
      for (let i = 0; i < count; i += 1) check((await fetch(`${server.url}/canvas`)).status === 200, `read ${i}`);
      return (await fetch(`${server.url}/canvas`)).status;
    };
    check((await reads(2)) === 429, 'two reads a minute');
    write(['read-limit = "5"', 'guests = "off"', 'name = "Other"']);
    server.child.kill('SIGHUP');
    await logged(server, 'need a restart');
    check(/"settings":"name"/.test(server.log), server.log);
    check((await reads(3)) === 429, 'three more');
    check((await api(server, 'POST', '/auth/guest', { body: { name: 'ben' } })).status === 403, 'no guests any more');
    write(['read-limt = "9"']);
    server.child.kill('SIGHUP');
    await logged(server, 'the settings were not reloaded');
    check(server.log.includes("the nearest is 'read-limit'"), 'the nearest word');
    bot.place(1, 1, '#FF4500');
    await bot.when('a placement by who was there before', () => bot.of('pixel:accepted').length === 1);
  },

  'every answer has a number, and tells browsers to keep to themselves': async () => {
    const server = await startServer({ directory: temporaryDirectory(), args: ['--log-level', 'debug'] });
    const answer = await fetch(`${server.url}/api/v1/server`);
    const id = answer.headers.get('x-request-id');
    check(/^[0-9a-f]{16}$/.test(id), `the number ${id}`);
    await logged(server, id);
    for (const path of ['/', '/api/v1/server', '/nothing']) {
      const { headers } = await fetch(server.url + path);
      check(headers.get('x-content-type-options') === 'nosniff' && headers.get('x-frame-options') === 'DENY' && headers.get('referrer-policy') === 'no-referrer', `${path}: ${JSON.stringify([...headers])}`);
      const policy = headers.get('content-security-policy');
      check(policy.includes("frame-ancestors 'none'") && !policy.includes('unsafe-inline'), `${path}: ${policy}`);
      check(!headers.has('strict-transport-security'), 'no https without TLS');
    }
  },
});
