#!/usr/bin/env node
// A data directory that cannot be used: the server says what is wrong and what to do, exits with 1, and leaves every byte.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../support/program.mjs';
import { check, guest, journal, run, startServer, temporaryDirectory } from '../support/server.mjs';

const isRoot = process.getuid() === 0;
const canMount = isRoot && mayMount();
function mayMount() {
  const directory = temporaryDirectory();
  const may = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory]).status === 0;
  if (may) spawnSync('umount', [directory]);
  return may;
}

const serve = (directory, ...more) => runProgram(['serve', '--listen', '127.0.0.1:0', '--data', directory, ...more], { seconds: 30 });

/** The names and bytes of what a directory holds; who holds it (the lock) and the shared memory of an empty log aside. */
function contents(directory) {
  const holds = (name) => !/\.lock$|-shm$/.test(name) && !(name.endsWith('-wal') && statSync(join(directory, name)).size === 0);
  return readdirSync(directory).filter(holds).sort()
    .map((name) => `${name} ${statSync(join(directory, name)).size} ${readFileSync(join(directory, name)).toString('latin1')}`).join('\n');
}

/** A directory with a canvas, an account and some placements, orderly closed. */
async function filled() {
  const directory = temporaryDirectory();
  const server = await startServer({ directory, args: ['--canvas', 'main:64x64'] });
  const { token } = await guest(server, 'ann');
  const answer = await fetch(`${server.url}/api/v1/canvases/main/placements`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ cells: [1, 2, 3, 4, 5].map((x) => ({ x, y: x, color: x })) }),
  });
  check((await answer.json()).accepted === 5, 'the placements were not accepted');
  check((await server.stop()).code === 0, 'the server did not end orderly');
  return directory;
}

/** Starting here is refused with these words; nothing is written to standard output, nothing changes. */
async function refused(directory, words, what) {
  const before = existsSync(directory) && statSync(directory).isDirectory() ? contents(directory) : undefined;
  const ended = await serve(directory);
  check(ended.code === 1, `${what}: exit code ${ended.code} ${ended.signal}\n${ended.err}`);
  check(ended.out === '', `${what}: it printed ${ended.out}`);
  for (const word of [words].flat()) check(word.test(ended.err), `${what}: it says ${ended.err.trim()}, which lacks ${word}`);
  if (before !== undefined) check(contents(directory) === before, `${what}: the directory was changed`);
}

/** Mounts a small file system of its own, and calls `work` with its directory. */
async function onMount(options, work) {
  const directory = temporaryDirectory();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory]);
  check(mounted.status === 0, `mount: ${mounted.stderr}`);
  try {
    await work(directory);
  } finally {
    spawnSync('umount', ['-l', directory]);
  }
}

const headerNumber = (directory, at, value) => {
  const path = join(directory, 'tessera.db');
  const bytes = readFileSync(path);
  bytes.writeUInt32BE(value, at);
  writeFileSync(path, bytes);
};

await run({
  'a data directory in use is refused, naming the process and its address': async () => {
    const directory = temporaryDirectory();
    const first = await startServer({ directory });
    const second = await serve(directory);
    check(second.code === 1 && second.out === '', `exit code ${second.code}: ${second.out}`);
    check(second.err.includes(`process ${first.child.pid}`), `the pid ${first.child.pid} is not in: ${second.err}`);
    check(second.err.includes(first.url), `${first.url} is not in: ${second.err}`);
    check((await fetch(`${first.url}/readyz`)).status === 200, 'the first server was disturbed');
    const importing = await runProgram(['import', '--data', directory, '--canvas', 'x', '--format', 'ndjson', '-'], { input: '{"seq":1,"time":"2024-01-01T00:00:00.000Z","x":1,"y":1,"color":1,"account":1,"name":"a"}\n' });
    check(importing.code === 1 && importing.err.includes(`process ${first.child.pid}`), `import beside it: ${importing.code} ${importing.err}`);
    await first.kill();
    const third = await startServer({ directory });
    check((await third.stop()).code === 0, 'after a kill the directory is free again');
  },

  'a file in place of the directory, and a directory beneath a file, are refused': async () => {
    const path = join(temporaryDirectory(), 'file');
    writeFileSync(path, 'precious');
    await refused(path, [/file/, /another data directory|not a database/], 'a file');
    await refused(join(path, 'below'), [/file/, /not a directory|beneath a file/], 'beneath a file');
    check(readFileSync(path, 'utf8') === 'precious', 'the file was changed');
  },

  'what is not a database of Tessera is refused and left as it is': async () => {
    for (const [name, bytes] of [
      ['text', Buffer.from('my diary, page 1\n'.repeat(300))],
      ['another program\'s database', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4080, 1)])],
    ]) {
      const directory = temporaryDirectory();
      writeFileSync(join(directory, 'tessera.db'), bytes);
      await refused(directory, [/tessera\.db/, /not a database of Tessera/, /nothing was changed/], name);
    }
  },

  'a newer schema is refused and left as it is': async () => {
    const directory = await filled();
    headerNumber(directory, 60, 999);
    await refused(directory, [/newer version/, /999/, /nothing was changed/], 'schema 999');
  },

  'a damaged database is refused or reported, and left as it is': async () => {
    const directory = await filled();
    const whole = readFileSync(join(directory, 'tessera.db'));
    const damage = async (what, change, words) => {
      const copy = temporaryDirectory();
      cpSync(directory, copy, { recursive: true });
      writeFileSync(join(copy, 'tessera.db'), change(Buffer.from(whole)));
      await refused(copy, words, what);
    };
    await damage('cut short', (bytes) => bytes.subarray(0, bytes.length / 2), [/damaged/, /put a backup back/, /nothing was changed/]);
    await damage('a wrong page size', (bytes) => { bytes.writeUInt16BE(1024, 16); return bytes; }, [/damaged/, /nothing was changed/]);
    await damage('pages overwritten', (bytes) => bytes.fill(0x5a, 4096), [/damaged|malformed/, /tessera\.db|database/]);
    await damage('the schema overwritten', (bytes) => bytes.fill(0x5a, 2000, 4096), [/damaged|malformed/]);
  },

  'a directory that may only be read is refused with what to do': async () => {
    if (isRoot && !canMount) return 'root writes everywhere, and this machine lets nobody mount';
    if (!isRoot) {
      const directory = temporaryDirectory();
      chmodSync(directory, 0o500);
      await refused(directory, [/cannot be written/, /another data directory/], 'read-only');
      chmodSync(directory, 0o700);
      return undefined;
    }
    const source = await filled();
    await onMount('size=8m', async (directory) => {
      cpSync(source, directory, { recursive: true });
      check(spawnSync('mount', ['-o', 'remount,ro', directory]).status === 0, 'remount');
      await refused(directory, [/cannot be written/, /another data directory/], 'read-only, with a database');
      await refused(join(directory, 'new'), [/cannot be written/, /another data directory/], 'a new one in a read-only one');
    });
    return undefined;
  },

  'a full disk is refused at the start; while running, placements are refused and nothing acknowledged is lost': async () => {
    if (!canMount) return 'this machine lets nobody mount a small file system';
    await onMount('size=1m', async (directory) => {
      writeFileSync(join(directory, 'ballast'), Buffer.alloc(1 << 20).subarray(0, (1 << 20) - 4096));
      const ended = await serve(join(directory, 'data'));
      check(ended.code === 1 && /full/.test(ended.err), `start on a full disk: ${ended.code} ${ended.err}`);
    });
    await onMount('size=3m', async (directory) => {
      const server = await startServer({ directory, args: ['--limit', 'off', '--canvas', 'main:1000x1000'] });
      const { token } = await guest(server, 'ann');
      const acknowledged = [];
      let refusal;
      for (let round = 0; round < 2000 && !refusal; round += 1) {
        const cells = Array.from({ length: 400 }, (_, i) => ({ x: (round * 7 + i * 131) % 1000, y: (round * 13 + i * 57) % 1000, color: (round + i) % 32 }));
        const answer = await fetch(`${server.url}/api/v1/canvases/main/placements`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
          body: JSON.stringify({ cells }),
        });
        const body = await answer.json();
        if (answer.status === 200) cells.forEach((cell, i) => acknowledged.push({ seq: body.first_seq + i, ...cell }));
        else refusal = { status: answer.status, body, retry: answer.headers.get('retry-after') };
      }
      check(refusal, `${acknowledged.length} placements fitted: the disk never was full`);
      check(refusal.status === 503 && refusal.body.code === 'busy' && refusal.retry, `refused with ${JSON.stringify(refusal)}`);
      check(/full/.test(server.log), `the log does not say that the disk is full: ${server.log.slice(-600)}`);
      const items = await journal(server);
      for (const told of acknowledged) {
        const stored = items[told.seq - 1];
        check(stored && stored.x === told.x && stored.y === told.y && stored.color === told.color, `seq ${told.seq} is lost`);
      }
      await server.stop();
      const verified = await runProgram(['verify', '--data', directory]);
      check(verified.code === 0, `verify afterwards: ${verified.code} ${verified.out}${verified.err}`);
      console.log(`${acknowledged.length} placements until the disk was full`);
    });
    return undefined;
  },
});
