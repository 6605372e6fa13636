#!/usr/bin/env node
// JSON placements with many readers: the server's CPU for each frame it delivers, beside the reference server's.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { guest, root, run, startServer, temporaryDirectory, testPackage } from '../support/server.mjs';

const WebSocket = testPackage('ws');
const readers = 200, senders = 8, perSecond = 8_000, seconds = 8, tick = 10;
const figure = (what, measured, wanted, good) =>
  console.log(['figure', what, measured, wanted, wanted === '' ? '-' : good ? 'ok' : 'short'].join('\t'));
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** User and system time of a process so far, in seconds. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A reader that only counts what comes: the load must not be the bottleneck. */
function reader(port, token) {
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${token ? `Authorization: Bearer ${token}\r\n` : ''}\r\n`);
  const counted = { socket, bytes: 0 };
  socket.on('data', (bytes) => (counted.bytes += bytes.length));
  return new Promise((resolve) => socket.once('data', () => resolve(counted)));
}

async function measure(port, pid, tokens) {
  const watched = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  await new Promise((resolve) => watched.on('open', resolve));
  let frames = 0, placed = 0;
  watched.on('message', (text) => {
    const { type, data } = JSON.parse(text);
    if (type !== 'pixel:bulk_update') return;
    frames += 1;
    placed += data.pixels.length;
  });
  const quiet = await Promise.all(Array.from({ length: readers - 1 }, () => reader(port)));
  const writing = await Promise.all(tokens.map(async (token) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, token ? { headers: { Authorization: `Bearer ${token}` } } : {});
    socket.on('message', () => {});
    await new Promise((resolve) => socket.on('open', resolve));
    return socket;
  }));
  let sent = 0;
  const begun = performance.now();
  const send = setInterval(() => {
    for (const due = ((performance.now() - begun) / 1000) * perSecond; sent < due; sent += 1)
      writing[sent % senders].send(`{"type":"pixel:update","data":{"x":${(sent * 7) % 1000},"y":${Math.floor(sent / 143) % 1000},"color":"#FF4500","tool":"brush","clientTimestamp":"2022-04-04T12:00:00.000Z","userId":"bench"}}`);
  }, tick);
  await wait(2_000);
  const before = { cpu: cpu(pid), frames, placed, at: performance.now() };
  await wait(seconds * 1000);
  const after = { cpu: cpu(pid), frames, placed, at: performance.now() };
  clearInterval(send);
  const took = (after.at - before.at) / 1000;
  for (const socket of [...writing, watched]) socket.terminate();
  for (const { socket } of quiet) socket.destroy();
  const delivered = (after.frames - before.frames) * readers;
  console.log(`${((after.placed - before.placed) / took).toFixed(0)} placements/s, ${(delivered / took).toFixed(0)} frames/s, ${((after.cpu - before.cpu) / took).toFixed(2)} cores`);
  return (after.cpu - before.cpu) / delivered;
}

async function reference() {
  const child = spawn(process.execPath, [`${root}/tests/bench/reference_json_server.mjs`], { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = await new Promise((resolve) => child.stdout.once('data', (text) => resolve(Number(text))));
  const used = await measure(port, child.pid, Array.from({ length: senders }, () => undefined));
  child.kill();
  return used;
}

async function ours() {
  const site = temporaryDirectory();  // in place of the web client, whose files it would compress meanwhile
  writeFileSync(`${site}/index.html`, '');
  const server = await startServer({ directory: temporaryDirectory(), args: ['--limit', 'off', '--canvas', 'main:1000x1000', '--web', site] });
  const tokens = [];
  for (let i = 0; i < senders; i += 1) tokens.push((await guest(server, `bench ${i}`)).token);
  const used = await measure(server.port, server.child.pid, tokens);
  await server.stop();
  return used;
}

await run({
  'JSON at 8,000 placements a second with 200 readers': async () => {
    const ratios = [];
    for (let round = 0; round < 3; round += 1) {
      const own = await ours();
      ratios.push(own / (await reference()));
    }
    ratios.sort((a, b) => a - b);
    figure('JSON, 8,000 placements/s to 200 readers: server CPU a frame, beside node ws (median of 3)', ratios[1].toFixed(2), '0.5', ratios[1] <= 0.5);
  },
});
