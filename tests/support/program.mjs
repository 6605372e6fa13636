// Runs the server program for tests of its commands, and waits for conditions without sleeping for a guessed time.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { plainEnvironment, root, serverProgram } from './server.mjs';

/**
 * Starts `tessera-server` with these arguments. `ended` resolves to its exit code, signal, `out` and `err`; one that takes
 * longer than `seconds` is killed and says so in `err`.
 */
export function startProgram(args, { env = {}, input = '', seconds = 120, cwd = root, stdin = 'pipe' } = {}) {
  const child = spawn(serverProgram, args, { cwd, env: { ...plainEnvironment(), ...env }, stdio: [stdin, 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => {
    const out = [];
    const err = [];
    child.stdout.on('data', (bytes) => out.push(bytes));
    child.stderr.on('data', (bytes) => err.push(bytes));
    const timer = setTimeout(() => {
      err.push(Buffer.from(`\nkilled by the test after ${seconds} s`));
      child.kill('SIGKILL');
    }, seconds * 1000);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const bytes = Buffer.concat(out);
      resolve({ code, signal, bytes, out: bytes.toString(), err: Buffer.concat(err).toString() });
    });
    if (stdin !== 'pipe') return;
    child.stdin.on('error', () => {});  // a program that refuses its arguments does not read
    child.stdin.end(input);
  });
  return { child, ended };
}

export const runProgram = (args, options) => startProgram(args, options).ended;

/** Resolves once `condition()` holds; it is asked again whenever something in `directory` changes. */
export function whenDirectory(directory, condition, seconds = 60) {
  return new Promise((resolve, reject) => {
    const watcher = watch(directory, () => ask());
    const timer = setTimeout(() => finish(reject, new Error(`${directory} did not come to what was waited for`)), seconds * 1000);
    function finish(how, value) {
      watcher.close();
      clearTimeout(timer);
      how(value);
    }
    function ask() {
      if (condition()) finish(resolve);
    }
    ask();
  });
}

/** `promise`, or a failure that says what did not happen in time. */
export function within(seconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${seconds} s: ${what}`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks again and again until there is something, and gives that: where nothing tells a test when. */
export async function until(what, condition, seconds = 60) {
  let over = false;
  const watching = (async () => {
    while (!over) {
      const value = await condition();
      if (value) return value;
      await new Promise(setImmediate);
    }
    return undefined;
  })();
  watching.catch(() => {});
  return within(seconds, what, watching).finally(() => (over = true));
}

/** Calls `work` with each item, `lanes` at a time, in any order. */
export async function inLanes(lanes, items, work) {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (const item of waiting) await work(item, lane);
    }),
  );
}
