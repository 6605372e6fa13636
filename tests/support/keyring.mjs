// A desktop's keyring: a session bus of its own, and GNOME's secret service on it, unlocked; they end with the test.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { until, within } from './program.mjs';
import { onEnd, plainEnvironment, temporaryDirectory } from './server.mjs';

/** What is missing to have one here, or nothing. */
export function missingForKeyring() {
  const absent = ['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon'].filter((tool) => spawnSync('which', [tool]).status !== 0);
  if (absent.length) return `${absent.join(' and ')} is not installed`;
  // It asks for memory that is never swapped out; where a container forbids that, it does not start at all.
  const tried = spawnSync('gnome-keyring-daemon', ['--version']);
  return tried.error ? `gnome-keyring-daemon cannot be started: ${tried.error.message}` : undefined;
}

function start(program, args, options) {
  const child = spawn(program, args, options);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const stop = () => {
    child.kill('SIGKILL');
    return gone;
  };
  onEnd(stop);
  return { child, stop };
}

/** `env` is what programs of that desktop find; `stopBus()` takes it away from under them. */
export async function openKeyring() {
  const folder = temporaryDirectory(), runtime = join(folder, 'run');
  mkdirSync(runtime);
  chmodSync(runtime, 0o700);
  const own = { ...plainEnvironment(), HOME: folder, XDG_DATA_HOME: join(folder, 'data'), XDG_CONFIG_HOME: join(folder, 'config'), XDG_CACHE_HOME: join(folder, 'cache'), XDG_RUNTIME_DIR: runtime };
  const bus = start('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--print-address=3', `--address=unix:path=${join(runtime, 'bus')}`], { env: own, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const address = await within(30, 'the session bus says its address', new Promise((resolve) => bus.child.stdio[3].once('data', (text) => resolve(text.toString().trim()))));
  const env = { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: runtime };
  const service = start('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], { env: { ...own, ...env }, stdio: ['pipe', 'ignore', 'ignore'] });
  service.child.stdin.end('a password\n');
  const ask = (...args) => spawnSync('dbus-send', ['--session', '--print-reply', ...args], { env: { ...own, ...env } }).stdout.toString();
  await until('the secret service answers', async () => ask('--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets').includes('boolean true'));
  return {
    env,
    folder,
    /** The secrets that it keeps for the app. */
    secrets: () => ask('--dest=org.freedesktop.secrets', '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.SearchItems', 'dict:string:string:purpose,sessions').match(/object path/g)?.length ?? 0,
    /** From now on nothing is answered any more. */
    freeze: () => service.child.kill('SIGSTOP'),
    stopBus: bus.stop,
  };
}
