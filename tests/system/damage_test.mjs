#!/usr/bin/env node
// Whatever byte of a stored key or value is damaged, `verify` finds it and exits with 1. The database holds rows of every
// table; every byte of short rows and sampled ones of long rows are flipped, one at a time.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryClient, newRequest, place, tags } from '../support/binary_client.mjs';
import { writePng } from '../support/png.mjs';
import { inLanes, runProgram } from '../support/program.mjs';
import { check, guest, run, seeded, startServer, temporaryDirectory } from '../support/server.mjs';
import { logPages, pageSize, storedRanges, withLog } from '../support/sqlite_file.mjs';

const flipsPerTable = Number(process.env.TESSERA_FLIPS ?? 60);
const tables = ['accounts', 'canvases', 'charges', 'checkpoints', 'events', 'heads', 'journal', 'meta', 'outcomes', 'sessions', 'sqlite_schema'];
const width = 300, height = 260;

/** A data directory with an import, players and their sessions, placements of both APIs, charges and outcomes. */
async function makeDirectory(random, end) {
  const directory = temporaryDirectory();
  const colors = ['#000000', '#FFFFFF', '#FF4500', '#3690EA'];
  const base = join(directory, 'base.png');
  writeFileSync(base, writePng(width, height, colors, Array.from({ length: width * height }, () => random.below(4))));
  const lines = Array.from({ length: 900 }, (_, i) =>
    `${new Date(1.65e12 + i * 900).toISOString()},player${i % 9},${colors[i % 4]},"${random.below(width)},${random.below(height)}"`);
  const imported = await runProgram(
    ['import', '--data', directory, '--canvas', 'main', '--format', 'reddit-csv', '--base', base, '-'],
    { input: ['timestamp,user_id,pixel_color,coordinate', ...lines, ''].join('\n') });
  check(imported.code === 0, imported.err);
  // Charges that take long to come back are stored; the imported canvas has such as come back within a minute.
  const server = await startServer({ directory, args: ['--canvas', `main:${width}x${height}`, `slow:${width}x${height}`, '--limit', '0.02:10'] });
  for (const name of ['ann', 'bob', 'cyd']) {
    const { token } = await guest(server, name);
    for (const canvas of ['main', 'slow']) {
      const client = await BinaryClient.on(server, { token, canvas });
      for (let i = 0; i < 4; i += 1) {
        client.send(place(newRequest(), [{ x: random.below(width), y: random.below(height), color: random.below(4) }]));
        await client.next(tags.result);
      }
      client.socket.terminate();
    }
  }
  await (end === 'orderly' ? server.stop() : server.kill());
  return directory;
}

const read = (path) => {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
};

/** Flips one byte at each place in a copy of the directory and calls `escaped` for those that `verify` does not mind. */
async function flipEach(directory, places, escaped) {
  const files = { 'tessera.db': read(join(directory, 'tessera.db')), 'tessera.db-wal': read(join(directory, 'tessera.db-wal')) };
  const lanes = [0, 1].map(() => temporaryDirectory());
  await inLanes(2, places, async ({ file, at, table, bit }, lane) => {
    for (const name of ['tessera.db-shm', 'tessera.db-wal', 'tessera.db'])
      writeFileSync(join(lanes[lane], name), name.endsWith('shm') ? '' : name === file ? flipped(files[name], at, bit) : files[name]);
    const ended = await runProgram(['verify', '--data', lanes[lane]], { seconds: 30 });
    if (ended.code === 1 && (ended.out + ended.err).trim() !== '') return;
    escaped.push(`${table}, byte ${at} of ${file}: exit code ${ended.code}: ${ended.out}${ended.err}`);
  });
}

function flipped(bytes, at, bit) {
  const copy = Buffer.from(bytes);
  copy[at] ^= bit;
  return copy;
}

/** Bytes of these ranges: all where they are few, else the first of each range and random ones. */
function sampled(ranges, random) {
  const all = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  const places = new Set();
  if (all <= flipsPerTable) for (const { start, end } of ranges) for (let at = start; at < end; at += 1) places.add(at);
  while (all > flipsPerTable && places.size < flipsPerTable) {
    const { start, end } = ranges[random.below(ranges.length)];
    // Keys and headers are short and stand in front: they get half of the flips.
    places.add(random.below(2) ? start + random.below(Math.min(24, end - start)) : start + random.below(end - start));
  }
  return [...places];
}

function report(escaped, tried) {
  console.log(`${tried} flips, ${escaped.length} escaped`);
  for (const line of escaped.slice(0, 20)) console.log(`  ${line.trim()}`);
  check(escaped.length === 0, `${escaped.length} of ${tried} damaged bytes were not noticed`);
}

await run({
  'a flipped byte in any stored key or value makes verify exit with 1': async () => {
    const random = seeded();
    console.log(`TESSERA_SEED=${random.seed}`);
    const directory = await makeDirectory(random, 'orderly');
    check(read(join(directory, 'tessera.db-wal')).length === 0, 'an orderly stop leaves a log behind');
    const whole = await runProgram(['verify', '--data', directory]);
    check(whole.code === 0, `verify of the whole database: ${whole.code} ${whole.out}${whole.err}`);
    const ranges = storedRanges(read(join(directory, 'tessera.db')));
    const escaped = [];
    let tried = 0;
    for (const table of tables) {
      const own = ranges.filter((range) => range.table === table);
      check(own.length > 0, `the table ${table} has no rows: the test does not test it`);
      const places = sampled(own, random).map((at) => ({ file: 'tessera.db', at, table, bit: 1 << random.below(8) }));
      tried += places.length;
      await flipEach(directory, places, escaped);
    }
    report(escaped, tried);
  },

  'after a kill, a flipped byte in the log is found where whole transactions follow it': async () => {
    const random = seeded();
    console.log(`TESSERA_SEED=${random.seed}`);
    const directory = await makeDirectory(random, 'killed');
    const log = read(join(directory, 'tessera.db-wal'));
    check(log.length > 0, 'there is no log to damage');
    check((await runProgram(['verify', '--data', directory])).code === 0, 'verify of what the kill left');
    const commits = [];
    for (let at = 32; at + pageSize + 24 <= log.length; at += pageSize + 24) if (log.readUInt32BE(at + 4) !== 0) commits.push(at + pageSize + 24);
    const provable = commits[commits.length - 3];
    const pages = new Map(logPages(log).map((page) => [page.page, page]));
    const places = storedRanges(withLog(read(join(directory, 'tessera.db')), log)).flatMap(({ table, start, end }) => {
      const at = start + random.below(end - start);
      const page = pages.get(Math.floor(at / pageSize) + 1);
      return page && page.end <= provable ? [{ file: 'tessera.db-wal', at: page.start + (at % pageSize), table, bit: 1 << random.below(8) }] : [];
    });
    check(places.length > 5, `only ${places.length} rows lie in the log`);
    const escaped = [];
    await flipEach(directory, places.slice(0, 40), escaped);
    report(escaped, Math.min(40, places.length));
  },
});
