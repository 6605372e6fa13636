// A screen without a screen, the native app on it, and hands: real events by xdotool, pictures by imagemagick.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readPng } from './png.mjs';
import { until, whenDirectory, within } from './program.mjs';
import { build, onEnd, plainEnvironment, temporaryDirectory } from './server.mjs';

export const appProgram = join(build, 'tessera');
const runTool = promisify(execFile);

/** What is missing to show a window here, or nothing. */
export function missingForWindows() {
  if (!existsSync(appProgram)) return `there is no ${appProgram}`;
  const absent = ['Xvfb', 'xdotool', 'import'].filter((tool) => spawnSync('which', [tool]).status !== 0);
  return absent.length ? `${absent.join(' and ')} is not installed` : undefined;
}

/** An X server of its own, on a free display; ends with the test. */
export async function openDisplay({ width = 1280, height = 800 } = {}) {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  onEnd(() => {
    child.kill('SIGTERM');
    return gone;
  });
  const number = await within(30, 'Xvfb says its display', new Promise((resolve) => child.stdio[3].once('data', (text) => resolve(text.toString().trim()))));
  return new Display(`:${number}`, width, height);
}

class Display {
  constructor(name, width, height) {
    Object.assign(this, { name, width, height });
  }

  async tool(...args) {
    const { stdout } = await runTool('xdotool', args.map(String), { env: { ...process.env, DISPLAY: this.name }, timeout: 60_000 });
    return stdout.trim();
  }

  /** Starts the app with settings and data of its own, and without the keyring of whoever tests, and waits for its window. */
  async openApp(args, { data = temporaryDirectory(), home = temporaryDirectory(), env = {} } = {}) {
    const child = spawn(appProgram, [...args, '--data', data], {
      env: { ...plainEnvironment(), DISPLAY: this.name, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_DATA_HOME: join(home, 'data'), XDG_RUNTIME_DIR: home, DBUS_SESSION_BUS_ADDRESS: '', SDL_VIDEODRIVER: 'x11', SDL_AUDIODRIVER: 'dummy', LIBGL_ALWAYS_SOFTWARE: '1', LC_ALL: 'C.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const app = { child, data, home, log: '' };
    child.stdout.on('data', (text) => (app.log += text));
    child.stderr.on('data', (text) => (app.log += text));
    app.gone = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    onEnd(async () => {
      child.kill('SIGKILL');
      await app.gone;
      await until('the server it launched has ended too, writing its last', async () => !isRunning(servingIn(data).pid));
    });
    const found = this.tool('search', '--sync', '--onlyvisible', '--pid', child.pid);
    found.catch(() => {});
    const ended = app.gone.then(({ code, signal }) => {
      throw new Error(`the app ended with ${code ?? signal}: ${app.log}`);
    });
    ended.catch(() => {});
    [app.window] = (await within(60, `the app's window: ${app.log}`, Promise.race([found, ended]))).split('\n');
    // There is no window manager to do it.
    await this.tool('windowmove', app.window, 0, 0);
    await this.tool('windowsize', app.window, this.width, this.height);
    await this.tool('windowfocus', app.window);
    return app;
  }

  async click(x, y) {
    await this.tool('mousemove', Math.round(x), Math.round(y));
    await this.tool('click', 1);
  }

  async type(text) {
    await this.tool('type', '--delay', 40, text);
  }

  async key(...keys) {
    await this.tool('key', '--delay', 40, ...keys);
  }

  /** The screen as cells: `at(x, y)` is '#RRGGBB'. */
  async look(path) {
    const { stdout } = await runTool('import', ['-window', 'root', '-depth', '8', 'PNG32:-'], { env: { ...process.env, DISPLAY: this.name }, encoding: 'buffer', maxBuffer: 64 << 20 });
    if (path) writeFileSync(path, stdout);
    const picture = readPng(stdout);
    return { ...picture, at: (x, y) => `#${(picture.rgba[Math.floor(y) * picture.width + Math.floor(x)] >>> 8).toString(16).padStart(6, '0').toUpperCase()}` };
  }

  /** Looks again until the picture is as wanted; `condition` gives what was found. */
  async lookUntil(what, condition, { path, seconds = 60 } = {}) {
    const watching = (async () => {
      for (;;) {
        const value = condition(await this.look(path));
        if (value) return value;
      }
    })();
    watching.catch(() => {});
    return within(seconds, what, watching);
  }
}

/** The middles of all blocks of one of these colours that are at least so large, from the top down: buttons, say. */
export function blocksOf(picture, colors, { width, height }) {
  const wanted = new Set(colors.map((color) => (((parseInt(color.slice(1), 16) << 8) | 255) >>> 0)));
  const is = (x, y) => x < picture.width && wanted.has(picture.rgba[y * picture.width + x]);
  const found = [];
  for (let y = 0; y < picture.height; y += 1)
    for (let x = 0, run = 0; x < picture.width; x += 1) {
      run = is(x, y) ? run + 1 : 0;
      if (run < width || is(x + 1, y)) continue;
      const begun = found.some((block) => y < block.bottom && x >= block.left && x - run < block.right);
      let below = y;
      while (below < picture.height && is(x, below)) below += 1;
      if (!begun && below - y >= height) found.push({ x: x - run / 2, y: (y + below) / 2, left: x - run, right: x, bottom: below });
    }
  return found;
}

/** The first of them, or nothing. */
export const blockOf = (picture, colors, size) => blocksOf(picture, colors, size)[0];

/** Where within a box a color is seen, the lowest first; nothing where it is not. */
export function pointOf(picture, color, { left = 0, top = 0, right = picture.width, bottom = picture.height } = {}) {
  for (let y = bottom - 1; y >= top; y -= 1) for (let x = left; x < right; x += 1) if (picture.at(x, y) === color) return { x, y };
  return undefined;
}

/** The session's token that the app has kept, in a file of its own. */
export async function keptToken(app) {
  const folder = join(app.home, 'config', 'tessera'), file = join(folder, 'tokens.json');
  await until('the app keeps its settings', async () => existsSync(folder));
  await whenDirectory(folder, () => existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).length > 0, 60);
  return JSON.parse(readFileSync(file, 'utf8'))[0].token;
}

/** Waits until a server, another than `before`, serves this data directory; what its lock says: process id and address. */
export async function whenServing(directory, before = 0, seconds = 60) {
  const isServing = () => {
    const { pid, url } = servingIn(directory);
    return url?.startsWith('http') && pid !== before;
  };
  await whenDirectory(directory, isServing, seconds);
  return servingIn(directory);
}

/** What the lock of a data directory says, where there is one: process id and address. */
function servingIn(directory) {
  const lock = join(directory, 'tessera.lock');
  const [pid, url] = existsSync(lock) ? readFileSync(lock, 'utf8').split('\n') : [];
  return { pid: Number(pid), url };
}

/** A process that has ended, and that nobody has asked about since, has no command line. */
function isRunning(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`).length > 0;
  } catch {
    return false;
  }
}
