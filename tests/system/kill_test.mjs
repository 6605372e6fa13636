#!/usr/bin/env node
// Promise 1: acknowledged means stored. The real server is killed without warning at random instants while players place
// over HTTP and over WebSocket; after each start every placement that anyone was told is stored is found again. Every other
// round its disk is slow, so that an answer which comes before the write is caught.
import { join } from 'node:path';
import { bitmap, build, check, guest, journal, run, seeded, startServer, temporaryDirectory, testPackage } from '../support/server.mjs';

const WebSocket = testPackage('ws');
const rounds = Number(process.env.TESSERA_KILL_ROUNDS ?? 20);
const side = 300;
const slowDisk = { LD_PRELOAD: join(build, 'tests/bin/slow_disk.so') };
const limits = ['--limit', 'off', '--canvas', `main:${side}x${side}`];

/** Places over HTTP, one request after the other, until the server is gone. */
async function placeByHttp(server, token, random, acknowledge) {
  for (;;) {
    const cells = Array.from({ length: 1 + random.below(40) }, () => ({
      x: random.below(side),
      y: random.below(side),
      color: random.below(32),
    }));
    let answer;
    try {
      const response = await fetch(`${server.url}/api/v1/canvases/main/placements`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify({ cells }),
      });
      answer = await response.json();
    } catch {
      return;
    }
    if (!answer.accepted) continue;
    const refused = new Set(answer.rejected.map(({ x, y }) => `${x},${y}`));
    const stored = cells.filter(({ x, y }) => !refused.has(`${x},${y}`));
    stored.forEach((cell, index) => acknowledge({ seq: answer.first_seq + index, ...cell }));
  }
}

/** Places over WebSocket, several in flight, until the connection is cut. */
function placeByWebSocket(server, token, colors, random, acknowledge) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { headers: { Authorization: `Bearer ${token}` } });
    const sent = new Map();
    const place = () => {
      const [x, y, color] = [random.below(side), random.below(side), random.below(32)];
      if (sent.has(`${x},${y}`)) return;
      sent.set(`${x},${y}`, color);
      socket.send(JSON.stringify({ type: 'pixel:update', data: { x, y, color: colors[color], tool: 'brush', userId: 'me' } }));
    };
    socket.on('open', () => {
      for (let i = 0; i < 20; i += 1) place();
    });
    socket.on('message', (text) => {
      const { type, data } = JSON.parse(text);
      if (type !== 'pixel:accepted') return;
      const key = `${data.x},${data.y}`;
      acknowledge({ seq: data.seq, x: data.x, y: data.y, color: sent.get(key) });
      sent.delete(key);
      place();
    });
    socket.on('error', () => {});
    socket.on('close', resolve);
  });
}

function checkJournal(items, acknowledged) {
  items.forEach((item, index) => check(item.seq === index + 1, `seq ${index + 1} is missing from the journal`));
  for (const told of acknowledged.values()) {
    const stored = items[told.seq - 1];
    check(stored !== undefined, `seq ${told.seq} was acknowledged and is gone`);
    check(
      stored.x === told.x && stored.y === told.y && stored.color === told.color,
      `seq ${told.seq} was acknowledged as ${JSON.stringify(told)} and is ${JSON.stringify(stored)}`,
    );
  }
}

await run({
  'kill -9 at random instants loses no acknowledged placement': async () => {
    const random = seeded();
    console.log(`TESSERA_SEED=${random.seed}`);
    const directory = temporaryDirectory();
    const acknowledged = new Map();
    let server = await startServer({ directory, args: limits });
    const { colors } = await (await fetch(`${server.url}/palette`)).json();
    const players = await Promise.all(['ann', 'bob', 'cyd', 'dee'].map((name) => guest(server, name)));
    for (let round = 0; round < rounds; round += 1) {
      const dying = server;
      let left = 1 + random.below(400);
      const acknowledge = (told) => {
        const before = acknowledged.get(told.seq);
        check(before === undefined, `seq ${told.seq} was acknowledged twice`);
        acknowledged.set(told.seq, told);
        left -= 1;
        if (left === 0) dying.kill();
      };
      await Promise.all([
        placeByHttp(dying, players[0].token, random, acknowledge),
        placeByHttp(dying, players[1].token, random, acknowledge),
        placeByWebSocket(dying, players[2].token, colors, random, acknowledge),
        placeByWebSocket(dying, players[3].token, colors, random, acknowledge),
        dying.gone,
      ]);
      server = await startServer({ directory, args: limits, env: round % 2 ? {} : slowDisk });
      checkJournal(await journal(server), acknowledged);
    }
    const items = await journal(server);
    const { seq, cells } = await bitmap(server);
    check(seq === items.length, `the bitmap is of seq ${seq}, the journal ends at ${items.length}`);
    const replayed = new Uint8Array(side * side).fill(255);
    for (const { x, y, color } of items) replayed[y * side + x] = color;
    check(Buffer.compare(Buffer.from(replayed), Buffer.from(cells)) === 0, 'the bitmap is not what the journal draws');
    check(acknowledged.size > rounds, 'hardly anything was acknowledged: the test did not test');
    console.log(`${rounds} rounds, ${acknowledged.size} placements acknowledged, ${items.length} stored`);
    check((await server.stop()).code === 0, 'an orderly stop ends with 0');
  },
});
