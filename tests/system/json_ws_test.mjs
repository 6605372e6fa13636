#!/usr/bin/env node
// The JSON WebSocket of interfaces.md, as bots use it.
import { hashOfPixels, JsonClient } from '../support/json_client.mjs';
import { within } from '../support/program.mjs';
import { bitmap, check, guest, journal, run, startServer, temporaryDirectory } from '../support/server.mjs';
import { opcodes, RawWebSocket } from '../support/ws_frames.mjs';

const width = 300, height = 200;
async function open(args = ['--limit', 'off']) {
  const server = await startServer({ directory: temporaryDirectory(), args: ['--canvas', `main:${width}x${height}`, ...args] });
  const { colors } = await (await fetch(`${server.url}/palette`)).json();
  return { server, colors };
}

const error = (client, code) => client.when(`an error '${code}'`, () => client.of('error').find(({ data }) => data.code === code));

async function refusedUpgrade(server, headers, status, code) {
  const client = new JsonClient(server, { headers });
  const refusal = await client.opened.then(() => undefined, (error) => error);
  check(refusal?.status === status, `${JSON.stringify(headers)}: ${refusal?.message ?? 'opened'}`);
  check(JSON.parse(refusal.body).code === code, `${JSON.stringify(headers)}: ${refusal.body}`);
  return refusal;
}

await run({
  'two bots see every placement in order, each update hashed, at most one per 50 ms': async () => {
    const { server, colors } = await open();
    const [ann, bob] = await Promise.all(['ann', 'bob'].map(async (name) => JsonClient.open(server, { token: (await guest(server, name)).token })));
    const each = 401;
    const draw = async (client, top, shift) => {
      for (let i = 0; i < each; i += 1) {
        // Twenty under way; the last of them draws the first cell again, and a cell drawn twice is there twice.
        await client.when('the answers', () => client.of('pixel:accepted').length > i - 20);
        const at = i === each - 1 ? 0 : i;
        const color = colors[(i + shift) % 32];
        client.place(at % width, top + Math.floor(at / width), shift ? color.toLowerCase() : color);
      }
    };
    await Promise.all([draw(ann, 0, 0), draw(bob, 100, 7)]);
    for (const client of [ann, bob]) {
      await client.when('all placements', () => client.of('pixel:bulk_update').at(-1)?.data.last_seq === 2 * each, 60);
      const updates = client.of('pixel:bulk_update');
      const { epoch } = await (await fetch(`${server.url}/api/v1/canvases/main`)).json();
      let seq = 0;
      updates.forEach(({ data, timestamp, raw }, index) => {
        check(data.first_seq === seq + 1 && data.last_seq === seq + data.pixels.length, `after seq ${seq}: ${data.first_seq} to ${data.last_seq}, ${data.pixels.length} pixels`);
        seq = data.last_seq;
        check(data.hash === hashOfPixels(raw), `the hash of ${data.first_seq} to ${data.last_seq}`);
        check(data.epoch === epoch, 'the epoch');
        check(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(timestamp) && Math.abs(Date.parse(timestamp) - Date.now()) < 120_000, `the time ${timestamp}`);
        check(data.pixels.every(({ x, y, color, ...more }) => Number.isInteger(x) && Number.isInteger(y) && /^#[0-9A-F]{6}$/.test(color) && Object.keys(more).length === 0), raw.slice(0, 200));
        if (index > 0) check(Date.parse(timestamp) >= Date.parse(updates[index - 1].timestamp), 'time runs backwards');
      });
      const seconds = (updates.at(-1).at - updates[0].at) / 1000;
      // A busy machine may hand over one late and the next in time: an interval or two of slack in some twenty.
      check(updates.length <= 3 + seconds / 0.05, `${updates.length} updates in ${seconds.toFixed(2)} s are more than one per 50 ms`);
    }
    const pixels = ann.of('pixel:bulk_update').flatMap(({ data }) => data.pixels);
    const stored = await journal(server);
    stored.forEach(({ x, y, color }, i) => check(pixels[i].x === x && pixels[i].y === y && pixels[i].color === colors[color], `seq ${i + 1}`));
    const { cells } = await bitmap(server);
    const drawn = new Uint8Array(width * height).fill(255);
    for (const { x, y, color } of pixels) drawn[y * width + x] = colors.indexOf(color);
    check(Buffer.compare(Buffer.from(cells), Buffer.from(drawn)) === 0, 'the updates do not draw the bitmap');
  },

  'the first update after a pause comes at once': async () => {
    const { server, colors } = await open();
    const ann = await JsonClient.open(server, { token: (await guest(server, 'ann')).token });
    const times = [];
    for (let i = 0; i < 15; i += 1) {
      const began = performance.now();
      ann.place(i, 0, colors[1]);
      await ann.when('the update', () => ann.of('pixel:bulk_update').length === i + 1);
      times.push(ann.of('pixel:bulk_update')[i].at - began);
      await new Promise((resolve) => setTimeout(resolve, 60));  // the pause that this is about
    }
    times.sort((a, b) => a - b);
    check(times[7] < 40, `the median is ${times[7].toFixed(1)} ms`);
  },

  'the author is told what is stored, once each, after the update that shows it': async () => {
    const { server, colors } = await open(['--limit', '50:100:1000']);
    const [ann, bob] = await Promise.all(['ann', 'bob'].map(async (name) => JsonClient.open(server, { token: (await guest(server, name)).token })));
    const count = 60;
    for (let i = 0; i < count; i += 1) ann.place(i, 5, colors[i % 32]);
    await ann.when('the answers', () => ann.of('pixel:accepted').length === count);
    const accepted = ann.of('pixel:accepted');
    accepted.forEach(({ data }) => {
      const at = ann.messages.findIndex((message) => message.type === 'pixel:accepted' && message.data.seq === data.seq);
      const shown = ann.messages.findIndex((message) => message.type === 'pixel:bulk_update' && message.data.first_seq <= data.seq && data.seq <= message.data.last_seq);
      check(shown >= 0 && shown < at, `seq ${data.seq} is accepted before it is shown`);
      check(data.x === data.seq - 1 && data.y === 5 && Number.isInteger(data.charges) && Number.isInteger(data.next_charge_ms), JSON.stringify(data));
    });
    check(accepted.at(-1).data.charges < 80, `charges do not go down: ${accepted.map(({ data }) => data.charges)}`);
    check(new Set(accepted.map(({ data }) => data.seq)).size === count, 'each seq once');
    await bob.when('the update', () => bob.of('pixel:bulk_update').at(-1)?.data.last_seq === count);
    check(bob.of('pixel:accepted').length === 0, 'others are not told');
  },

  'what is refused is an error with a code and the cell, and changes nothing': async () => {
    const { server, colors } = await open(['--limit', '0.01:3']);
    const ann = await JsonClient.open(server, { token: (await guest(server, 'ann')).token });
    for (const [x, y, color, code] of [[width, 0, colors[0], 'out_of_bounds'], [0, height, colors[0], 'out_of_bounds'], [-1, 0, colors[0], 'out_of_bounds'], [70_000, 4_000_000_000, colors[0], 'out_of_bounds'], [1, 1, '#123457', 'bad_color'], [1, 2, 'red', 'bad_color'], [1, 3, '', 'bad_color']]) {
      const before = ann.of('error').length;
      ann.place(x, y, color);
      const { data } = await ann.when(`an error for (${x}, ${y}) ${color}`, () => ann.of('error')[before]);
      check(data.code === code && data.detail && data.x === x && data.y === y, `(${x}, ${y}) ${color}: ${JSON.stringify(data)}`);
    }
    for (let i = 0; i < 4; i += 1) ann.place(i, 9, colors[2]);
    const { data } = await error(ann, 'too_soon');
    check(data.x === 3 && data.y === 9, JSON.stringify(data));
    await ann.when('three accepted', () => ann.of('pixel:accepted').length === 3);
    check((await journal(server)).length === 3, 'the journal');
  },

  'what is not understood is an error or a close with a reason, and the connection or the server goes on': async () => {
    const { server, colors } = await open();
    const { token } = await guest(server, 'ann');
    const ann = await JsonClient.open(server, { token });
    const bad = ['', 'hello', '{', '[]', 'null', '7', '"text"', '{}', '{"type":7}', '{"type":"pixel:erase"}', '{"type":"pixel:update"}', '{"type":"pixel:update","data":[]}', '{"type":"pixel:update","data":{}}', '{"type":"pixel:update","data":{"x":1,"y":2}}',
      '{"type":"pixel:update","data":{"x":"1","y":2,"color":"#FF4500"}}', '{"type":"pixel:update","data":{"x":1.5,"y":2,"color":"#FF4500"}}', '{"type":"pixel:update","data":{"x":1e999,"y":2,"color":"#FF4500"}}',
      '{"type":"pixel:update","data":{"x":1,"y":2,"color":7}}', '{"type":"pixel:update","data":{"x":null,"y":2,"color":"#FF4500"}}', '['.repeat(60_000), `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`];
    for (const text of bad) {
      const before = ann.of('error').length;
      ann.send(text);
      const { data } = await ann.when(`an error for ${text.slice(0, 60)}`, () => ann.of('error')[before]);
      check(['invalid', 'bad_color'].includes(data.code) && data.detail, `${text.slice(0, 60)}: ${JSON.stringify(data)}`);
    }
    ann.place(1, 1, colors[1]);
    await ann.when('it goes on', () => ann.of('pixel:accepted').length === 1);
    ann.send(Buffer.from([1, 2, 3]));
    const binary = await within(10, 'a binary message closes', ann.closed);
    check(binary.code === 1003 && binary.reason, JSON.stringify(binary));
    const large = await JsonClient.open(server, { token });
    large.send(JSON.stringify({ type: 'pixel:update', data: { x: 1, y: 1, color: colors[1], pad: 'x'.repeat(70_000) } }));
    const over = await within(10, 'a message over 64 KiB closes', large.closed);
    check(over.code === 1009 && over.reason, JSON.stringify(over));
    check((await journal(server)).length === 1, 'the journal');
  },

  'without a session one only watches; a forged token is 401; a foreign origin is 403': async () => {
    const { server, colors } = await open();
    const { token } = await guest(server, 'ann');
    const watcher = await JsonClient.open(server);
    watcher.place(1, 1, colors[1]);
    const { data } = await error(watcher, 'not_signed_in');
    check(data.x === 1 && data.y === 1, JSON.stringify(data));
    const ann = await JsonClient.open(server, { token });
    ann.place(2, 2, colors[2]);
    await watcher.when('what others draw', () => watcher.of('pixel:bulk_update').length === 1);

    await refusedUpgrade(server, { Authorization: 'Bearer forged' }, 401, 'bad_token');
    const stale = await refusedUpgrade(server, { Cookie: 'tessera_session=stale', Origin: server.url }, 401, 'bad_token');
    check(/^tessera_session=;/.test(stale.headers['set-cookie']?.[0] ?? ''), 'a stale cookie is cleared');
    const cookie = { Cookie: `tessera_session=${token}` };
    await refusedUpgrade(server, { ...cookie, Origin: 'https://evil.example' }, 403, 'bad_origin');
    await refusedUpgrade(server, { ...cookie, Origin: 'null' }, 403, 'bad_origin');
    await refusedUpgrade(server, cookie, 403, 'bad_origin');
    const own = await JsonClient.open(server, { headers: { ...cookie, Origin: server.url } });
    own.place(3, 3, colors[3]);
    await own.when('placing by cookie from the own origin', () => own.of('pixel:accepted').length === 1);
    await refusedUpgrade(server, { Host: 'evil.example' }, 403, 'bad_host');
    const [last] = (await journal(server)).slice(-1);
    check(last.name === 'ann', `userId is only a label: it was placed by ${last.name}`);
  },

  'readers hear that the canvas grew, of a new colour, and of an archive, which ends the connection': async () => {
    const secret = 'an owner token for tests only';
    const server = await startServer({ directory: temporaryDirectory(), env: { TESSERA_OWNER_TOKEN: secret }, args: ['--canvas', 'main:64x64', '--canvas', 'spare:32x32'] });
    const patch = async (body) => {
      const answer = await fetch(`${server.url}/api/v1/canvases/main`, { method: 'PATCH', headers: { 'Content-Type': 'application/json', 'If-Match': '*', Authorization: `Bearer ${secret}` }, body: JSON.stringify(body) });
      check(answer.status === 200, `${JSON.stringify(body)}: ${answer.status} ${await answer.text()}`);
    };
    const reader = await JsonClient.open(server);
    const canvas = async () => (await fetch(`${server.url}/api/v1/canvases/main`)).json();
    const told = (what, holds) => reader.when(what, () => reader.of('canvas:changed').find(({ data }) => holds(data)));
    await reader.when('being there', () => reader.of('users:count').length > 0);
    await patch({ width: 100 });
    await told('the width', ({ width, height }) => width === 100 && height === 64);
    await patch({ palette: [...(await canvas()).palette, { color: '#123456', name: 'new' }] });
    const { data } = await told('the colour', ({ palette }) => palette.at(-1).color === '#123456');
    const { palette, version, access } = await canvas();
    check(JSON.stringify(data.palette.map(({ color, name, retired }) => ({ color, name, retired }))) === JSON.stringify(palette) && data.version === version && data.access === access, JSON.stringify(data));
    await patch({ archived: true });
    await error(reader, 'archived');
    const closed = await within(10, 'the connection ends', reader.closed);
    check(closed.code === 1013 && /archived/.test(closed.reason), JSON.stringify(closed));
    const again = await JsonClient.open(server);
    again.place(40, 5, palette[0].color);
    check((await error(again, 'not_signed_in')).data.x === 40, 'a place');
    await server.stop();
  },

  'users:count tells how many are there': async () => {
    const { server } = await open();
    const first = await JsonClient.open(server);
    await first.when('one', () => first.of('users:count').at(-1)?.data.count === 1);
    const others = await Promise.all(Array.from({ length: 4 }, () => JsonClient.open(server)));
    await first.when('five', () => first.of('users:count').at(-1)?.data.count === 5);
    for (const other of others) other.socket.terminate();
    await first.when('one again', () => first.of('users:count').at(-1)?.data.count === 1);
    const counts = first.of('users:count');
    counts.slice(1).forEach(({ at }, i) => check(at - counts[i].at > 900, `${(at - counts[i].at).toFixed(0)} ms between two`));
  },

  'a reader more than 1 MB behind is closed with 1013, and others do not notice': async () => {
    const { server, colors } = await open();
    const { token } = await guest(server, 'ann');
    const bob = await JsonClient.open(server, { token });
    const slow = await new RawWebSocket(server.port).opened;
    let sent = 0;
    const send = async () => {
      const cells = Array.from({ length: 4000 }, (_, i) => ({ x: (sent + i) % width, y: (i * 7) % height, color: (sent + i) % colors.length }));
      const answer = await fetch(`${server.url}/api/v1/canvases/main/placements`, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body: JSON.stringify({ cells }) });
      sent += (await answer.json()).accepted ?? 0;
    };
    const seen = () => slow.frames.some(({ opcode, payload }) => opcode === opcodes.text && payload.includes(`"last_seq":${sent},`));
    // How much the sockets hold is the system's affair: the reader sleeps a little longer each time, until it is too long.
    for (let batches = 20; !slow.close && batches <= 200; batches += 20) {
      slow.socket.pause();
      for (let i = 0; i < batches; i += 1) await send();
      slow.socket.resume();
      await within(30, 'the slow reader catches up or is closed', slow.until(() => seen() || slow.close));
    }
    check(slow.close?.code === 1013 && /behind/.test(slow.close.reason), `after ${sent} placements it got ${JSON.stringify(slow.close)}`);
    await bob.when('everything', () => bob.of('pixel:bulk_update').at(-1)?.data.last_seq === sent, 60);
    check(bob.of('pixel:bulk_update').reduce((sum, { data }) => sum + data.pixels.length, 0) === sent, 'the other reader has it all');
    console.log(`${sent} placements until it was closed`);
  },
});
