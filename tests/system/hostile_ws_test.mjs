#!/usr/bin/env node
// WebSocket frames and binary messages that break the rules: each connection is closed with a code and a reason, nothing is
// placed, and everyone else goes on.
import { BinaryClient, enter, hello, newRequest, place, protocolVersion, tags, varint, watch } from '../support/binary_client.mjs';
import { request } from '../support/raw_http.mjs';
import { within } from '../support/program.mjs';
import { check, guest, journal, run, seeded, startServer, temporaryDirectory } from '../support/server.mjs';
import { frame, opcodes, RawWebSocket } from '../support/ws_frames.mjs';

const protocol = 'tessera.v1';
async function open() {
  const server = await startServer({ directory: temporaryDirectory(), args: ['--canvas', 'main:300x300', '--limit', 'off'] });
  const { token } = await guest(server, 'ann');
  return { server, token };
}

/** Whoever played by the rules before still can, and nothing was placed by others. */
async function goesOn(server, token, stored = 0) {
  const client = await BinaryClient.on(server, { token });
  client.send(place(newRequest(), [{ x: 1, y: 1, color: 1 }]));
  await within(20, 'a placement is answered', client.next(tags.result));
  client.socket.terminate();
  check((await journal(server)).length === stored + 1, 'something else was placed');
}

/** These bytes close the connection with this code and a reason, within ten seconds. */
async function closes(server, bytes, codes, what, { binary = true, greet = false } = {}) {
  const socket = await new RawWebSocket(server.port, binary ? { protocol } : {}).opened;
  check(/ 101 /.test(socket.head), `${what}: no WebSocket: ${socket.head}`);
  if (greet) socket.socket.write(frame(opcodes.binary, hello()));
  for (const part of [bytes].flat()) socket.socket.write(part);
  await within(10, `${what} ends the connection`, socket.until(() => socket.close));
  check(socket.close && [codes].flat().includes(socket.close.code) && socket.close.reason, `${what}: ${JSON.stringify(socket.close)}`);
  socket.socket.write(frame(opcodes.close, Buffer.from([3, 232])));
  await within(10, `${what}: the socket closes`, socket.ended);
}

const u64 = (value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};

await run({
  'frames that break RFC 6455 close with 1002, 1007 or 1009': async () => {
    const { server, token } = await open();
    const good = hello();
    for (const [bytes, codes, what] of [
      [frame(opcodes.binary, good, { masked: false }), 1002, 'an unmasked frame'],
      [frame(opcodes.binary, good, { rsv: 4 }), 1002, 'a reserved bit'],
      [frame(3, good), 1002, 'a reserved opcode'],
      [frame(11, good), 1002, 'a reserved control opcode'],
      [frame(opcodes.ping, Buffer.alloc(126)), 1002, 'a long ping'],
      [frame(opcodes.ping, Buffer.alloc(5), { fin: false }), 1002, 'a fragmented ping'],
      [frame(opcodes.continuation, good), 1002, 'a continuation of nothing'],
      [[frame(opcodes.binary, good.subarray(0, 4), { fin: false }), frame(opcodes.binary, good)], 1002, 'a message within another'],
      [frame(opcodes.close, Buffer.from([3])), 1002, 'a close of one byte'],
      [frame(opcodes.close, Buffer.from([0x03, 0xed])), 1002, 'a close code that is never sent'],
      [frame(opcodes.close, Buffer.concat([Buffer.from([3, 232]), Buffer.from([0xff, 0xfe])])), [1002, 1007], 'a close reason that is not UTF-8'],
      [frame(opcodes.binary, good, { length: 70_000 }), 1009, 'a large message announced'],
      [frame(opcodes.binary, good, { length: 2n ** 62n }), 1009, 'a message of 2^62 bytes announced'],
      [frame(opcodes.binary, good, { length: 2n ** 63n }), [1002, 1009], 'a length with its highest bit set'],
      [[frame(opcodes.binary, Buffer.alloc(1000), { fin: false }), ...Array.from({ length: 100 }, () => frame(opcodes.continuation, Buffer.alloc(1000), { fin: false }))], 1009, 'fragments without end'],
      [[frame(opcodes.binary, Buffer.alloc(1), { fin: false }), ...Array.from({ length: 70_000 }, () => frame(opcodes.continuation, Buffer.alloc(0), { fin: false }))], [1002, 1008, 1009], 'empty fragments without end'],
      [frame(opcodes.text, Buffer.from('hello')), 1003, 'text where binary was agreed'],
    ]) await closes(server, bytes, codes, what);
    await closes(server, frame(opcodes.text, Buffer.from([0xff, 0xc0])), 1007, 'text that is not UTF-8', { binary: false });
    await closes(server, [frame(opcodes.text, Buffer.from([0xe2, 0x82]), { fin: false }), frame(opcodes.continuation, Buffer.from('x'))], 1007, 'half a character', { binary: false });
    await goesOn(server, token);
  },

  'messages that break PROTOCOL.md close with a reason and change nothing': async () => {
    const { server, token } = await open();
    const signed = hello({ token });
    const one = (...parts) => frame(opcodes.binary, Buffer.concat(parts.map((part) => Buffer.from(part))));
    const placing = place(7n, [{ x: 5, y: 5, color: 5 }]);
    const cases = [
      [one([]), 1007, 'an empty message'],
      [one([0]), 1007, 'tag 0'], [one([200, 1, 2]), 1007, 'an unknown tag'], [one([65, 1, 0]), 1007, 'a server\'s tag'],
      [one(signed, [0]), 1007, 'a byte too many'],
      [one([1, 1, 0], u64(1n), [0xff, 0xff, 0xff, 0xff, 0x0f]), 1007, 'a token of 4 GB'],
      [one([1, 1, 0], u64(1n), varint(200), Buffer.alloc(200, 65)), 1007, 'a token of 200 bytes'],
      [one([1, 1, 0], u64(1n), [0x80, 0x00]), 1007, 'a varint not in its shortest form'],
      [one([1, 1, 0], u64(1n), Buffer.alloc(11, 0xff)), 1007, 'a varint without end'],
      [one(placing), [1008, 1007], 'Place before Hello'],
      [[one(signed), one(signed)], 1008, 'a second Hello'],
      [[one(signed), one(placing)], 1008, 'Place before Enter'],
      [[one(signed), one(watch([[0, 0]]))], 1008, 'Watch before Enter'],
      [[one(signed), one(enter()), one([5], u64(9n), varint(4097), Buffer.alloc(5))], 1007, 'a list of 4,097 cells announced'],
      [[one(signed), one(enter()), one([5], u64(9n), varint(2), Buffer.alloc(5))], 1007, 'a cell too few'],
      [[one(signed), one(enter()), one([4], varint(2 ** 31), Buffer.alloc(10))], 1007, 'two billion tiles announced'],
      [[one(signed), one([3], varint(64), Buffer.alloc(64, 0xff), u64(0n), varint(0), varint(0))], 1007, 'a name that is not UTF-8'],
    ];
    for (let length = 0; length < signed.length; length += 3) cases.push([one(signed.subarray(0, length)), 1007, `Hello cut after ${length} bytes`]);
    for (let length = 1; length < placing.length; length += 1) cases.push([[one(signed), one(enter()), one(placing.subarray(0, length))], 1007, `Place cut after ${length} bytes`]);
    for (const [bytes, codes, what] of cases) await closes(server, bytes, codes, what);
    await goesOn(server, token);
  },

  'another version, a forged token and an unknown canvas are refused in words': async () => {
    const { server, token } = await open();
    const other = new BinaryClient(server);
    await other.opened;
    other.send(hello({ version: 1 }));
    const refused = await within(10, 'Refused', other.next(tags.refused));
    check(refused.readUInt16LE(refused.length - 2) === protocolVersion, 'Refused names the server\'s version');
    check((await within(10, 'closed', other.closed)).reason.includes('version'), 'closed with a reason');
    const forged = new BinaryClient(server);
    await forged.opened;
    forged.send(hello({ token: 'forged' }));
    await within(10, 'Refused', forged.next(tags.refused));
    check((await within(10, 'closed', forged.closed)).reason, 'closed with a reason');
    const lost = new BinaryClient(server);
    await lost.opened;
    lost.send(hello({ token }));
    await lost.next(tags.welcome);
    lost.send(enter('nowhere'));
    await within(10, 'Refused', lost.next(tags.refused));
    lost.send(enter('main'));
    await within(10, 'the connection goes on', lost.next(tags.entered));
    lost.socket.terminate();
    const answer = await request(server.port, '/ws', { headers: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Protocol': 'tessera.v9' } });
    check(answer.status === 400 && answer.json.code === 'unsupported' && answer.json.detail.includes('tessera.v1'), `tessera.v9: ${answer.status} ${answer.text}`);
  },

  'a handshake that breaks the rules is an HTTP error': async () => {
    const { server } = await open();
    const good = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' };
    for (const [headers, status] of [[{}, 426], [{ ...good, 'Sec-WebSocket-Version': '8' }, 426], [{ ...good, 'Sec-WebSocket-Key': 'short' }, 400], [{ ...good, 'Sec-WebSocket-Key': undefined }, 400], [{ ...good, Upgrade: 'h2c' }, 426], [{ ...good, Host: 'evil.example' }, 403]]) {
      const answer = await request(server.port, '/ws', { headers });
      check(answer.status === status && answer.json?.code, `${JSON.stringify(headers)}: ${answer.status} ${answer.text}`);
    }
    const post = await request(server.port, '/ws', { method: 'POST', headers: good });
    check(post.status === 405, `POST: ${post.status}`);
  },

  'cells outside and colours outside are rejected one by one; the rest is drawn': async () => {
    const { server, token } = await open();
    const client = await BinaryClient.on(server, { token });
    client.send(place(newRequest(), [{ x: 300, y: 0, color: 1 }, { x: 9, y: 9, color: 3 }, { x: 65535, y: 65535, color: 1 }, { x: 1, y: 1, color: 32 }, { x: 1, y: 1, color: 255 }]));
    const result = await within(10, 'the result', client.next(tags.result));
    check(result[10] === 1 && result[11] === 1 && result[12] === 4, `first seq 1, 1 accepted, 4 rejected: ${result.toString('hex')}`);
    const items = await journal(server);
    check(items.length === 1 && items[0].x === 9, JSON.stringify(items));
    client.socket.terminate();
  },

  'random bytes in frames, and random changes of good messages, never stop the server': async () => {
    const { server, token } = await open();
    const random = seeded();
    console.log(`TESSERA_SEED=${random.seed}`);
    const good = [hello({ token }), enter(), watch([[0, 0], [1, 1]]), place(newRequest(), [{ x: 400, y: 1, color: 1 }])];
    for (let round = 0; round < 150; round += 1) {
      const socket = await new RawWebSocket(server.port, { protocol }).opened;
      for (const message of good) {
        const bytes = Buffer.from(message);
        // Requests stay outside the canvas, so that whatever is placed must have come from elsewhere.
        if (random.below(3) === 0) bytes[random.below(bytes.length)] ^= 1 << random.below(8);
        const wrapped = frame(opcodes.binary, random.below(8) ? bytes : Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256))));
        if (random.below(10) === 0) wrapped[random.below(2)] ^= 1 << random.below(8);
        socket.socket.write(wrapped);
      }
      socket.socket.end();
      socket.socket.resume();
      await within(20, 'the connection ends', socket.ended);
    }
    check((await fetch(`${server.url}/readyz`)).ok, `the server is gone: ${server.log.slice(-500)}`);
    const client = await BinaryClient.on(server, { token });
    client.socket.terminate();
    check((await server.stop()).code === 0, 'an orderly stop');
  },
});
