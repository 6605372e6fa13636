// Starts the real server for tests written in JavaScript, and reports tests the way packaging/test counts them.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = new URL('../..', import.meta.url).pathname;
export const build = process.env.TESSERA_BUILD ?? join(root, 'build/release');
export const web = process.env.TESSERA_WEB ?? join(root, 'build/web');
export const data = process.env.TESSERA_DATA ?? join(root, '../shared/data');
export const serverProgram = join(build, 'tessera-server');

/** The packages that packaging/setup installs for tests. */
export const testPackage = (name) => createRequire(join(root, 'tests/browser/package.json'))(name);

/** Without what packaging/test tells its scripts: TESSERA_WEB and TESSERA_DATA are settings of the server as well. */
export const plainEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TESSERA_')));

const cleanups = [];
/** Called when the test that is running ends, however it does; the newest first. */
export const onEnd = (cleanup) => cleanups.push(cleanup);
export function temporaryDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'tessera-test-'));
  cleanups.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/**
 * Starts `tessera-server serve` on a free port and waits for its ready line. `kill()` ends it without warning, `stop()`
 * orderly; both resolve once it is gone. `log` gathers its standard error.
 */
export function startServer({ directory, args = [], env = {}, port = 0 }) {
  const child = spawn(
    serverProgram,
    ['serve', '--listen', `127.0.0.1:${port}`, '--data', directory, ...args],
    { env: { ...plainEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const server = { child, log: '', url: '', port: 0 };
  server.gone = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  const end = (signal) => {
    child.kill(signal);
    return server.gone;
  };
  server.kill = () => end('SIGKILL');
  server.stop = () => end('SIGTERM');
  cleanups.push(() => end('SIGKILL'));
  child.stderr.on('data', (text) => (server.log += text));
  return new Promise((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (text) => {
      out += text;
      const line = out.indexOf('\n');
      if (line < 0 || server.url) return;
      const ready = JSON.parse(out.slice(0, line));
      Object.assign(server, { url: ready.url, port: ready.port, version: ready.version });
      resolve(server);
    });
    server.gone.then(({ code }) => reject(new Error(`the server ended with ${code}: ${server.log}`)));
  });
}

/** Signs a guest in: its token and account. */
export async function guest(server, name) {
  const answer = await fetch(`${server.url}/auth/guest`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  if (answer.status !== 201) throw new Error(`no guest: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** The whole journal of a canvas, by seq. */
export async function journal(server, canvas = 'main') {
  const items = [];
  for (;;) {
    const since = items.length ? items[items.length - 1].seq : 0;
    const answer = await fetch(`${server.url}/api/v1/canvases/${canvas}/placements?since=${since}&limit=1000`);
    if (answer.status !== 200) throw new Error(`no journal: ${answer.status} ${await answer.text()}`);
    const lines = (await answer.text()).split('\n').filter(Boolean);
    if (lines.length === 0) return items;
    items.push(...lines.map((line) => JSON.parse(line)));
  }
}

/** The indices of a canvas, row by row, and the seq they show. */
export async function bitmap(server, canvas = 'main') {
  const answer = await fetch(`${server.url}/api/v1/canvases/${canvas}/bitmap`);
  return { seq: Number(answer.headers.get('x-tessera-seq')), cells: new Uint8Array(await answer.arrayBuffer()) };
}

export class Failure extends Error {}
export function check(condition, message) {
  if (!condition) throw new Failure(message);
}

/** Runs the tests of a script (those that match TESSERA_ONLY) one after the other, prints their outcome, and ends the process. */
export async function run(tests) {
  let failed = 0;
  if (!existsSync(serverProgram)) {
    console.log(`not ok - there is no ${serverProgram}: build it, or set TESSERA_BUILD`);
    process.exit(1);
  }
  const only = new RegExp(process.env.TESSERA_ONLY ?? '');
  for (const [name, test] of Object.entries(tests).filter(([name]) => only.test(name))) {
    try {
      const skip = await test();
      console.log(typeof skip === 'string' ? `skip - ${name}: ${skip}` : `ok - ${name}`);
    } catch (error) {
      failed += 1;
      console.log(error instanceof Failure ? `  ${error.message}` : error);
      console.log(`not ok - ${name}`);
    }
    while (cleanups.length) await cleanups.pop()();
  }
  process.exit(failed ? 1 : 0);
}

/** A repeatable random source, so that a failing run can be run again: TESSERA_SEED. */
export function seeded(seed = Number(process.env.TESSERA_SEED ?? Date.now() % 1e9)) {
  let state = BigInt(seed);
  const next = () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 33n);
  };
  return { seed, below: (bound) => next() % bound };
}
