#!/usr/bin/env node
// The HTTP of interfaces.md, asked rightly and wrongly: statuses, codes, headers, caching, sessions, limits.
import { gunzipSync, inflateSync } from 'node:zlib';
import { readPng } from '../support/png.mjs';
import { request } from '../support/raw_http.mjs';
import { check, guest, run, startServer, temporaryDirectory } from '../support/server.mjs';

const api = '/api/v1';
const canvas = `${api}/canvases/main`;
const width = 300, height = 260;
const json = (value, headers = {}) => ({ method: 'POST', body: typeof value === 'string' ? value : JSON.stringify(value), headers: { 'Content-Type': 'application/json', ...headers } });
const bearer = (token) => ({ Authorization: `Bearer ${token}` });

/** A server, an account, and a way to ask it. */
async function open(args = ['--limit', 'off']) {
  const server = await startServer({ directory: temporaryDirectory(), args: ['--canvas', `main:${width}x${height}`, ...args] });
  const { token, account } = await guest(server, 'ann');
  const ask = (target, options) => request(server.port, target, options);
  const place = async (cells, as = token) => ask(`${canvas}/placements`, json({ cells }, bearer(as)));
  return { server, token, account, ask, place };
}

function problem(answer, status, code, what) {
  const told = `${what}: ${answer.status} ${answer.text.slice(0, 300)}`;
  check(answer.status === status, told);
  check(answer.headers['content-type']?.startsWith('application/problem+json'), `${told} is of type ${answer.headers['content-type']}`);
  const { type, title, status: own, detail, code: word } = answer.json;
  check(type && title && detail && own === status, `${told}: a problem has type, title, status and detail`);
  check([code].flat().includes(word), `${told}: the code is not ${code}`);
}

function equal(found, wanted, what) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  check(a === b, `${what}: ${a}, not ${b}`);
}

await run({
  'health, server, canvases and palette tell what interfaces.md says': async () => {
    const { server, ask } = await open(['--canvas', 'other:40x30', '--limit', '5:7:50']);
    for (const path of ['/healthz', '/readyz', '/health']) equal((await ask(path)).status, 200, path);
    const info = (await ask(`${api}/server`)).json;
    equal([info.version, info.sign_in, info.default_canvas], [server.version, ['guest'], 'main'], 'server');
    check(info.name && info.limits && info.canvases.length === 2, JSON.stringify(info));
    const list = (await ask(`${api}/canvases`)).json;
    equal([list.items.map(({ name }) => name), list.next], [['main', 'other'], null], 'canvases');
    const page = (await ask(`${api}/canvases?limit=1`)).json;
    equal([page.items.length, page.next], [1, 'main'], 'a page of one');
    equal((await ask(`${api}/canvases?limit=1&after=main`)).json.items[0].name, 'other', 'the page after');
    const answer = await ask(canvas);
    const { palette, policy, ...rest } = answer.json;
    equal({ ...rest, epoch: rest.epoch.length }, { name: 'main', width, height, access: 'open', paused: false, epoch: 16, seq: 0, online: 0, version: 1 }, 'canvas');
    equal(policy, { per_second: 5, burst: 7, per_minute: 50, cooldown_ms: 0, guests: true, roles: {} }, 'policy');
    check(palette.length === 32 && palette.every(({ color, name, retired }) => /^#[0-9A-F]{6}$/.test(color) && name && retired === false), 'palette');
    equal(answer.headers.etag, '"1"', 'its ETag');
    equal((await ask(canvas, { headers: { 'If-None-Match': '"1"' } })).status, 200, 'what staff edit is always 200');
    equal((await ask('/palette')).json, { colors: palette.map(({ color }) => color) }, 'plain palette');
    equal((await ask('/health')).status, 200, 'health');
  },

  'what is not there, not allowed or malformed is a problem with a code': async () => {
    const { ask } = await open();
    problem(await ask(`${api}/nothing`), 404, 'not_found', 'no route');
    problem(await ask('/auth/nothing'), 404, 'not_found', 'no route under /auth');
    problem(await ask(`${api}/canvases/absent`), 404, 'not_found', 'no canvas');
    problem(await ask(`${api}/canvases/ABSENT%20!`), 404, 'not_found', 'no name of a canvas');
    for (const [target, method, allowed] of [[canvas, 'POST', 'GET, HEAD, PATCH, DELETE'], [`${canvas}/placements`, 'DELETE', 'GET, HEAD, POST'], ['/auth/guest', 'GET', 'POST'], ['/health', 'POST', 'GET, HEAD'], [canvas, 'BREW', 'GET, HEAD, PATCH, DELETE']]) {
      const answer = await ask(target, { method });
      problem(answer, 405, 'method', `${method} ${target}`);
      equal(answer.headers.allow, allowed, `${method} ${target}: Allow`);
    }
    for (const query of ['scale=0', 'scale=x', 'scale=-1', 'scale=1&scale=2', 'region=1,2,3', 'region=0,0,0,1', 'region=a,b,c,d', 'region=0,0,65536,1', 'at=yesterday', 'at=-1', 'at=', 'unknown=1', 'scale=99999999999999999999'])
      problem(await ask(`${canvas}/image.png?${query}`), 400, 'invalid', query);
    problem(await ask(`${canvas}/image.png?region=299,0,2,1`), 400, 'out_of_bounds', 'a region beyond the edge');
    problem(await ask(`${canvas}/image.png?at=5`), 404, 'not_found', 'a seq not reached');
    problem(await ask(`${canvas}/image.png?at=2001-01-01T00:00:00Z`), 404, 'not_found', 'before the canvas');
    for (const query of ['since=x', 'since=-1', 'limit=0', 'limit=10001', 'limit=1e3']) problem(await ask(`${canvas}/placements?${query}`), 400, 'invalid', query);
    for (const [cell, status] of [['300/0', 404], ['0/260', 404], ['65535/65535', 404]]) problem(await ask(`${canvas}/cells/${cell}`), status, 'out_of_bounds', cell);
    for (const cell of ['x/0', '-1/0', '0/99999', '1.5/0', '0x1/0']) problem(await ask(`${canvas}/cells/${cell}`), 400, 'invalid', cell);
    problem(await ask(`${canvas}/cells/1/1/history?limit=0`), 400, 'invalid', 'history');
    problem(await ask('/%zz'), 400, 'invalid', 'a bad escape');
  },

  'placements are answered as the contract says, in order, with seqs that follow': async () => {
    const { ask, place, account } = await open();
    const first = await place([{ x: 1, y: 2, color: 5 }, { x: 1, y: 2, color: 6 }, { x: 299, y: 259, color: 31 }]);
    equal([first.status, first.json.first_seq, first.json.accepted, first.json.rejected], [200, 1, 3, []], 'three cells');
    const mixed = await place([{ x: 300, y: 0, color: 1 }, { x: 2, y: 2, color: 1 }, { x: 3, y: 3, color: 32 }, { x: -1, y: 70000, color: 1 }, { x: 1, y: 2, color: 6 }, { x: 0, y: 0, color: 255 }]);
    equal([mixed.json.first_seq, mixed.json.accepted], [4, 2], 'a cell\'s own colour counts like any other');
    equal(mixed.json.rejected.map(({ x, y, code }) => [x, y, code]), [[300, 0, 'out_of_bounds'], [3, 3, 'bad_color'], [-1, 70000, 'out_of_bounds'], [0, 0, 'bad_color']], 'rejected');
    problem(await place([{ x: 300, y: 0, color: 1 }]), 403, 'out_of_bounds', 'none accepted');
    problem(await place([{ x: 0, y: 0, color: 77 }]), 403, 'bad_color', 'none accepted');

    const cell = (await ask(`${canvas}/cells/1/2`)).json;
    check(Math.abs(Date.parse(cell.time) - Date.now()) < 60_000 && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(cell.time), `its time is ${cell.time}`);
    equal({ ...cell, time: 0 }, { x: 1, y: 2, color: 6, seq: 5, time: 0, account: account.id, name: 'ann' }, 'cell');
    equal((await ask(`${canvas}/cells/7/7`)).json, { x: 7, y: 7, color: null, seq: null, time: null, account: null, name: null }, 'a cell never drawn');
    const history = (await ask(`${canvas}/cells/1/2/history`)).json;
    equal([history.items.map(({ seq, color }) => [seq, color]), history.next], [[[5, 6], [2, 6], [1, 5]], null], 'history, newest first');
    const page = (await ask(`${canvas}/cells/1/2/history?limit=2`)).json;
    const after = (await ask(`${canvas}/cells/1/2/history?limit=2&after=${page.next}`)).json;
    equal([page.items.map(({ seq }) => seq), after.items.map(({ seq }) => seq), after.next], [[5, 2], [1], null], 'history in pages');

    const lines = await ask(`${canvas}/placements?since=1&limit=3`);
    equal(lines.headers['content-type'], 'application/x-ndjson', 'journal');
    const items = lines.text.trimEnd().split('\n').map((line) => JSON.parse(line));
    equal(items.map(({ seq, x, y, color, name }) => [seq, x, y, color, name]), [[2, 1, 2, 6, 'ann'], [3, 299, 259, 31, 'ann'], [4, 2, 2, 1, 'ann']], 'journal');
    equal((await ask(`${canvas}/placements?since=5`)).text, '', 'nothing after the last');
  },

  'malformed placements are 400, unsigned ones 401, and none of them changes anything': async () => {
    const { ask, token, place } = await open();
    const to = `${canvas}/placements`;
    const deep = `${'['.repeat(100_000)}`;
    for (const body of ['', '{', 'null', '[]', '{}', '{"cells":1}', '{"cells":[]}', '{"cells":[1]}', '{"cells":[{}]}', '{"cells":[{"x":1,"y":2}]}', '{"cells":[{"x":"1","y":2,"color":3}]}', '{"cells":[{"x":1.5,"y":2,"color":3}]}',
      '{"cells":[{"x":1e99999,"y":2,"color":3}]}', '{"cells":[{"x":1,"y":2,"color":3,"z":4}]}', '{"cells":[{"x":1,"y":2,"color":3}],"more":1}', '{"cells":[{"x":1,"x":1,"y":2,"color":3}]}', '{"cells":[{"x":1,"y":2,"color":3}]} extra',
      '{"cells":[{"x":1,"y":2,"color":null}]}', deep, `{"cells":${'{"a":'.repeat(5000)}`, '{"cells":[{"x":1,"y":2,"color":true}]}', Buffer.from('{"cells":"\xff\xfe"}', 'latin1')])
      problem(await ask(to, { ...json('x', bearer(token)), body }), 400, 'invalid', String(body).slice(0, 60));
    problem(await place(Array.from({ length: 4097 }, () => ({ x: 1, y: 1, color: 1 }))), 400, 'invalid', '4,097 cells');
    problem(await ask(to, json({ cells: [] }, { ...bearer(token), 'Content-Type': 'text/plain' })), 415, 'unsupported', 'not JSON by its type');
    problem(await ask(to, json({ cells: [{ x: 1, y: 1, color: 1 }], pad: 'x'.repeat(300_000) }, bearer(token))), 413, 'too_large', 'a large body');
    const unsigned = await ask(to, json({ cells: [{ x: 1, y: 1, color: 1 }] }));
    problem(unsigned, 401, 'not_signed_in', 'nobody');
    check(unsigned.headers['www-authenticate'], 'a 401 names the way to sign in');
    for (const header of ['Bearer forged', 'Bearer ', 'Basic YTpi', `Bearer ${'x'.repeat(5000)}`, 'nonsense']) problem(await ask(to, json({ cells: [{ x: 1, y: 1, color: 1 }] }, { Authorization: header })), 401, 'bad_token', header.slice(0, 30));
    problem(await ask(`${api}/canvases/absent/placements`, json({ cells: [{ x: 1, y: 1, color: 1 }] }, bearer(token))), 404, 'not_found', 'no canvas');
    equal((await ask(canvas)).json.seq, 0, 'the seq afterwards');
  },

  'charges run out with 429 and Retry-After, and come back': async () => {
    const { ask, place } = await open(['--limit', '2:5:6']);
    const some = await place(Array.from({ length: 8 }, (_, i) => ({ x: i, y: 0, color: 1 })));
    equal([some.status, some.json.accepted, some.json.rejected.length], [200, 5, 3], 'as far as charges go');
    check(some.json.rejected.every(({ code, retry_after_ms }) => code === 'too_soon' && retry_after_ms > 0), JSON.stringify(some.json));
    check(some.json.charges === 0 && some.json.next_charge_ms > 0 && some.json.next_charge_ms <= 500, JSON.stringify(some.json));
    let answer = await place([{ x: 0, y: 1, color: 1 }]);
    problem(answer, 429, 'too_soon', 'no charge');
    check(Number(answer.headers['retry-after']) >= 1, `Retry-After: ${answer.headers['retry-after']}`);
    const patience = Date.now() + 10_000;
    while (answer.status === 429 && Date.now() < patience) {
      // As long as the server says, and no longer.
      await new Promise((resolve) => setTimeout(resolve, answer.json.next_charge_ms));
      answer = await place([{ x: 0, y: 1, color: 1 }]);
    }
    equal(answer.json.accepted, 1, 'a charge came back');
    const minute = await place([{ x: 0, y: 2, color: 1 }]);
    problem(minute, 429, 'too_soon', 'the cap of a minute');
    check(Number(minute.headers['retry-after']) > 20, `within the minute there is no other: Retry-After ${minute.headers['retry-after']}`);
    equal((await ask(canvas)).json.seq, 6, 'the seq');
  },

  'pictures, bitmaps and tiles show what was drawn, now and then, and are cached by their version': async () => {
    const { ask, place } = await open();
    await place([{ x: 1, y: 2, color: 5 }]);
    await place([{ x: 257, y: 2, color: 6 }, { x: 1, y: 2, color: 7 }]);
    const { palette, epoch } = (await ask(canvas)).json;
    const rgba = (index) => ((parseInt(palette[index].color.slice(1), 16) << 8) | 255) >>> 0;
    const picture = await ask(`${canvas}/image.png`);
    equal([picture.headers['content-type'], picture.headers['cache-control']], ['image/png', 'no-cache'], 'picture');
    const cells = readPng(picture.body);
    equal([cells.width, cells.height, cells.rgba[2 * width + 1], cells.rgba[2 * width + 257], cells.rgba[0]], [width, height, rgba(7), rgba(6), 0], 'its cells');
    const part = readPng((await ask(`${canvas}/image.png?region=256,1,3,2&scale=4&at=3`)).body);
    equal([part.width, part.height, part.rgba[4 * 12 + 4], part.rgba[7 * 12 + 7], part.rgba[7 * 12 + 8]], [12, 8, rgba(6), rgba(6), 0], 'a part, larger');
    equal(readPng((await ask(`${canvas}/image.png?at=1`)).body).rgba[2 * width + 1], rgba(5), 'at seq 1');
    equal(readPng((await ask(`${canvas}/image.png?at=0`)).body).rgba[2 * width + 1], 0, 'at seq 0');
    equal(readPng((await ask(`${canvas}/image.png?at=${new Date(Date.now() + 1000).toISOString()}`)).body).rgba[2 * width + 1], rgba(7), 'at a time');
    problem(await ask(`${canvas}/image.png?scale=1000`), 400, 'invalid', 'a scale beyond all');

    const bitmap = await ask(`${canvas}/bitmap`);
    equal([bitmap.headers['content-encoding'], bitmap.headers['x-tessera-seq'], bitmap.headers['x-tessera-epoch']], ['gzip', '3', epoch], 'bitmap');
    const indices = gunzipSync(bitmap.body);
    equal([indices.length, indices[2 * width + 1], indices[2 * width + 257], indices[0]], [width * height, 7, 6, 255], 'its cells');
    equal(gunzipSync((await ask('/canvas')).body).equals(indices), true, 'the plain route');
    equal(readPng((await ask('/canvas/image')).body).rgba[2 * width + 1], rgba(7), 'the plain picture');

    for (const path of [`${canvas}/image.png`, `${canvas}/bitmap`, `${canvas}/image.png?at=1`]) {
      const { headers, body } = await ask(path);
      check(headers.etag, `${path} has an ETag`);
      for (const tag of [headers.etag, `W/${headers.etag}`, `"x", ${headers.etag}`, '*']) {
        const again = await ask(path, { headers: { 'If-None-Match': tag } });
        equal([again.status, again.body.length, again.headers.etag], [304, 0, headers.etag], `${path} with ${tag}`);
      }
      equal((await ask(path, { headers: { 'If-None-Match': '"other"' } })).status, 200, `${path} with another tag`);
      const head = await ask(path, { method: 'HEAD' });
      equal([head.status, head.body.length, head.headers['content-length']], [200, 0, String(body.length)], `HEAD ${path}`);
    }
    const before = (await ask(`${canvas}/image.png`)).headers.etag;
    await place([{ x: 9, y: 9, color: 1 }]);
    const changed = await ask(`${canvas}/image.png`, { headers: { 'If-None-Match': before } });
    equal([changed.status, changed.headers.etag !== before], [200, true], 'a placement makes the tag another');

    const tile = await ask(`${canvas}/tiles/1/0/3?epoch=${epoch}`);
    equal([tile.status, tile.headers['cache-control']], [200, 'public, max-age=31536000, immutable'], 'tile');
    const inflated = inflateSync(tile.body);
    equal([inflated.length, inflated[2 * 256 + 1], inflated[0]], [65_536, 6, 255], 'its cells');
    equal((await ask(`${canvas}/tiles/1/0/3`)).headers['cache-control'], 'no-cache', 'without epoch');
    equal(inflateSync((await ask(`${canvas}/tiles/0/0/1?epoch=${epoch}`)).body)[513], 5, 'at seq 1');
    problem(await ask(`${canvas}/tiles/0/0/5?epoch=${epoch}`), 404, 'not_found', 'a seq not reached');
    problem(await ask(`${canvas}/tiles/0/0/1?epoch=${'0'.repeat(16)}`), 410, 'gone', 'another epoch');
    problem(await ask(`${canvas}/tiles/0/0/1?epoch=xyz`), 400, 'invalid', 'no epoch');
    problem(await ask(`${canvas}/tiles/2/0/1`), 404, 'out_of_bounds', 'no such tile');
    problem(await ask(`${canvas}/tiles/0/256/1`), 400, 'invalid', 'no tile of any canvas');
  },

  'a guest signs in, is known by token and cookie, and signs out': async () => {
    const { ask, server } = await open();
    const answer = await ask('/auth/guest', json({ name: '  Zoë  ' }));
    equal([answer.status, answer.json.account.name, answer.json.account.kind, answer.json.account.role], [201, 'Zoë', 'guest', 'guest'], 'guest');
    const ttl = Date.parse(answer.json.expires_at) - Date.now();
    check(ttl > 29 * 86_400_000 && ttl <= 31 * 86_400_000, `it expires at ${answer.json.expires_at}`);
    const { token } = answer.json;
    const cookie = answer.headers['set-cookie'];
    check(new RegExp(`^tessera_session=${token};`).test(cookie) && /HttpOnly/i.test(cookie) && /SameSite=Lax/i.test(cookie) && !/Secure/i.test(cookie) && /Path=\//.test(cookie), `the cookie is ${cookie}`);
    const session = { Cookie: `other=1; tessera_session=${token}` };
    const origin = { Origin: server.url };
    equal((await ask('/auth/me', { headers: bearer(token) })).json.name, 'Zoë', 'by token');
    equal((await ask('/auth/me', { headers: session })).json.name, 'Zoë', 'by cookie');
    problem(await ask('/auth/me'), 401, 'not_signed_in', 'nobody');
    const cells = { cells: [{ x: 1, y: 1, color: 1 }] };
    equal((await ask(`${canvas}/placements`, json(cells, { ...session, ...origin }))).status, 200, 'a change by cookie, from the own origin');
    problem(await ask(`${canvas}/placements`, json(cells, session)), 403, 'bad_origin', 'a change by cookie without Origin');
    for (const foreign of ['https://evil.example', 'null', 'http://127.0.0.1:1', `https://127.0.0.1:${server.port}`, `${server.url}.evil.example`, ''])
      problem(await ask(`${canvas}/placements`, json(cells, { ...session, Origin: foreign })), 403, 'bad_origin', `from '${foreign}'`);
    problem(await ask('/auth/guest', json({ name: 'eve' }, { Origin: 'https://evil.example' })), 403, 'bad_origin', 'a sign-in by another site\'s page');
    equal((await ask(`${canvas}/placements`, json(cells, { ...bearer(token), Origin: 'https://evil.example' }))).status, 200, 'a token needs no origin');
    equal((await ask(canvas)).json.seq, 2, 'the seq');
    const out = await ask('/auth/logout', { method: 'POST', headers: { ...session, ...origin } });
    check(out.status === 204 && /tessera_session=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/i.test(out.headers['set-cookie']), `logout: ${out.status} ${out.headers['set-cookie']}`);
    problem(await ask('/auth/me', { headers: bearer(token) }), 401, 'bad_token', 'the session has ended');
  },

  'a stale cookie is 401 and cleared by that answer, and never locks anyone out': async () => {
    const { ask, server } = await open();
    const stale = { Cookie: 'tessera_session=stale-and-forgotten' };
    for (const [target, options] of [['/auth/me', {}], [canvas, {}], [`${canvas}/image.png`, {}], [`${canvas}/placements`, json({ cells: [{ x: 1, y: 1, color: 1 }] }, { Origin: server.url })]]) {
      const answer = await ask(target, { ...options, headers: { ...options.headers, ...stale } });
      problem(answer, 401, 'bad_token', target);
      check(/^tessera_session=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/i.test(answer.headers['set-cookie'] ?? ''), `${target}: the cookie is not cleared: ${answer.headers['set-cookie']}`);
    }
    equal((await ask('/', { headers: stale })).status, 200, 'the page itself');
    equal((await ask('/healthz', { headers: stale })).status, 200, 'health');
    equal((await ask('/auth/guest', json({ name: 'back' }, { ...stale, Origin: server.url }))).status, 201, 'signing in with a stale cookie');
  },

  'names: what can be seen, up to 32 characters; nothing that deceives': async () => {
    const { ask } = await open();
    const sign = (name) => ask('/auth/guest', json({ name }));
    for (const [given, shown] of [['a', 'a'], ['x'.repeat(32), 'x'.repeat(32)], ['名前'.repeat(8), '名前'.repeat(8)], ['مرحبا', 'مرحبا'], ['a  b', undefined], ['👩‍🎨', undefined]]) {
      const answer = await sign(given);
      equal(answer.status, 201, `'${given}'`);
      if (shown) equal(answer.json.account.name, shown, `'${given}'`);
    }
    for (const given of ['', '   ', 'x'.repeat(33), 'x'.repeat(10_000), '\u200b\u200b', '\u202e', '\u0000', '\n\n', '\u00a0'])
      problem(await sign(given), 400, 'invalid', JSON.stringify(given.slice(0, 20)));
    for (const given of ['a\u0000b', 'a\nb', 'a\u001b[31mb', 'adm\u202enimda', 'a\u200bb', '\ufeffann', 'a\u2066b\u2069']) {
      const answer = await sign(given);
      if (answer.status === 400) problem(answer, 400, 'invalid', JSON.stringify(given));
      else check(answer.status === 201 && !/[\u0000-\u001f\u007f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/.test(answer.json.account.name), `${JSON.stringify(given)} became ${JSON.stringify(answer.json.account?.name)}`);
    }
    for (const body of ['{"name":7}', '{"name":null}', '{}', '{"name":"a","role":"owner"}', '{"name":"\\ud800"}', '"ann"', '{"name":["ann"]}']) problem(await ask('/auth/guest', json(body)), 400, 'invalid', body);
    problem(await ask('/auth/guest', json({ name: 'x'.repeat(2_000_000) })), 413, 'too_large', 'two megabytes');
  },

  'reads over their limit are 429 with Retry-After; the wider ones go on': async () => {
    const { ask } = await open(['--read-limit', '3']);
    const statuses = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await ask(i % 2 ? '/canvas' : '/canvas/image')).status);
    equal(statuses, [200, 200, 200, 429, 429], 'plain reads');
    const refused = await ask('/canvas');
    problem(refused, 429, 'too_soon', 'a plain read too many');
    check(Number(refused.headers['retry-after']) > 20, `Retry-After: ${refused.headers['retry-after']}`);
    equal((await ask(`${canvas}/image.png`)).status, 200, 'the API has its own limit');
  },

  'forwarding headers make nobody local, and nobody else, unless the proxy is trusted': async () => {
    const { ask } = await open(['--read-limit', '2']);
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await ask('/canvas', { headers: { 'X-Forwarded-For': `10.0.0.${i}` } })).status);
    equal(statuses, [200, 200, 429, 429], 'an untrusted X-Forwarded-For');
    const trusting = await open(['--read-limit', '2', '--trusted-proxy', '127.0.0.0/8']);
    const other = [];
    for (let i = 0; i < 4; i += 1) other.push((await trusting.ask('/canvas', { headers: { 'X-Forwarded-For': `10.0.0.${i}` } })).status);
    equal(other, [200, 200, 200, 200], 'a trusted one');
  },

  'with a public URL of https, what comes for its name is secure, and what comes to the server itself as ever': async () => {
    const { port } = await startServer({ directory: temporaryDirectory(), args: ['--public-url', 'https://canvas.example.org'] });
    const ask = (target, options) => request(port, target, options);
    for (const [host, secure] of [['canvas.example.org', true], ['localhost', false]]) {
      const answer = await ask('/auth/guest', { method: 'POST', body: '{"name":"ann"}', headers: { 'Content-Type': 'application/json', Host: host } });
      equal(answer.status, 201, host);
      equal(/; Secure/.test(answer.headers['set-cookie']), secure, `${host}: ${answer.headers['set-cookie']}`);
      equal(answer.headers['strict-transport-security'] !== undefined, secure, `${host}: Strict-Transport-Security`);
    }
  },
});
