#!/usr/bin/env node
// The server as a program: its ready line, its exit codes, its end with its parent, and where its settings come from.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { runProgram, startProgram, within } from '../support/program.mjs';
import { check, onEnd, plainEnvironment, run, serverProgram, startServer, temporaryDirectory, testPackage } from '../support/server.mjs';

const WebSocket = testPackage('ws');

const jsonLines = (text) => text.trimEnd().split('\n').map((line) => JSON.parse(line));

/** Runs `tessera-server config` and returns its answer. */
async function settings(args, { env = {}, file } = {}) {
  const options = [...args];
  if (file !== undefined) {
    const path = join(temporaryDirectory(), 'tessera.toml');
    writeFileSync(path, file);
    options.push('--config', path);
  }
  return runProgram(['config', ...options], { env, seconds: 20 });
}

async function refusedUsage(args, words, code = [1, 2]) {
  const ended = await runProgram(args, { seconds: 20 });
  check(code.includes(ended.code), `${args.join(' ')}: exit code ${ended.code}`);
  for (const word of [words].flat()) check(word.test(ended.err), `${args.join(' ')}: it says '${ended.err.trim()}', which lacks ${word}`);
  check(ended.out === '', `${args.join(' ')}: it printed '${ended.out}'`);
}

/** The serial number of the certificate that this connection shows. */
const serialOf = (socket) => parseInt(socket.getPeerCertificate().serialNumber, 16);

function writeCertificate(folder, serial) {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=localhost', '-set_serial', String(serial), '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')], { stdio: 'ignore' });
}

async function secureConnection(server) {
  const socket = connectTls({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false });
  socket.on('error', () => {});  // the server's end, in its time
  onEnd(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

async function answers(socket) {
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [bytes] = await once(socket, 'data');
  return bytes.toString().startsWith('HTTP/1.1 200');
}

await run({
  'SIGHUP reads the certificate anew, drops nobody, and ends nothing': async () => {
    const folder = temporaryDirectory();
    writeCertificate(folder, 1);
    const server = await startServer({ directory: temporaryDirectory(), args: ['--tls-cert', join(folder, 'cert.pem'), '--tls-key', join(folder, 'key.pem')] });
    const told = (words) => within(20, `the log says '${words}'`, (async () => {
      while (!server.log.includes(words)) await once(server.child.stderr, 'data');
    })());
    const older = await secureConnection(server);
    writeCertificate(folder, 2);
    server.child.kill('SIGHUP');
    await told('the certificate was reloaded');
    const newer = await secureConnection(server);
    check(serialOf(older) === 1 && serialOf(newer) === 2, `certificates ${serialOf(older)} and ${serialOf(newer)}`);
    writeFileSync(join(folder, 'key.pem'), 'junk');
    server.child.kill('SIGHUP');
    await told('the certificate was not reloaded');
    check((await answers(older)) && (await answers(newer)) && serialOf(await secureConnection(server)) === 2, 'a broken key changed something');
    check((await server.stop()).code === 0, 'it does not end with 0');
  },

  'the ready line is the one line on standard output, and logs are JSON lines on standard error, but for the link that makes the first owner': async () => {
    const server = startProgram(['serve', '--listen', '127.0.0.1:0', '--data', temporaryDirectory()], { seconds: 60 });
    const text = await new Promise((resolve) => server.child.stdout.once('data', (bytes) => resolve(bytes.toString())));
    check(text.endsWith('\n') && text.trimEnd().split('\n').length === 1, `the ready line is ${JSON.stringify(text)}`);
    const ready = JSON.parse(text);
    check(ready.event === 'ready' && ready.url === `http://127.0.0.1:${ready.port}` && ready.port > 0, `the ready line is ${text}`);
    for (const path of ['/healthz', '/readyz', '/health', '/api/v1/server']) check((await fetch(`${ready.url}${path}`)).ok, path);
    const version = await runProgram(['--version']);
    check(version.code === 0 && version.out.trim() === ready.version, `--version prints ${version.out}, the ready line carries ${ready.version}`);
    server.child.kill('SIGTERM');
    const ended = await within(20, 'the server ends', server.ended);
    check(ended.code === 0, `SIGTERM: exit code ${ended.code} ${ended.signal}`);
    check(ended.out === text, `more on standard output: ${ended.out}`);
    const link = ended.err.match(/^Nobody owns .* (http:\/\/\S+)\/#owner=[\w-]{43}\n/m);
    check(link && link[1] === ready.url, `no link on standard error: ${ended.err}`);
    for (const line of jsonLines(ended.err.replace(link[0], ''))) check(line.time && line.level && line.message, JSON.stringify(line));
  },

  'SIGTERM and SIGINT end it with 0, with connections open too': async () => {
    for (const signal of ['SIGTERM', 'SIGINT']) {
      const server = await startServer({ directory: temporaryDirectory() });
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`);
      await new Promise((resolve) => socket.once('open', resolve));
      const closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)));
      server.child.kill(signal);
      const { code } = await within(20, `${signal} ends it`, server.gone);
      check(code === 0, `${signal}: exit code ${code}`);
      check((await closed) === 1001, 'an open WebSocket is told that the server goes away');
    }
  },

  'a port that is taken is said, with exit code 1': async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address();
    const ended = await runProgram(['serve', '--listen', `127.0.0.1:${port}`, '--data', temporaryDirectory()], { seconds: 20 });
    holder.close();
    check(ended.code === 1 && ended.out === '', `exit code ${ended.code}: ${ended.out}`);
    check(ended.err.includes(String(port)) && /another program|in use|taken/.test(ended.err), `it says ${ended.err}`);
  },

  '--exit-with-parent ends it when its standard input closes': async () => {
    const server = startProgram(['serve', '--listen', '127.0.0.1:0', '--data', temporaryDirectory(), '--exit-with-parent'], { seconds: 60, stdin: 'pipe', input: '' });
    const ended = await within(20, 'it ends, its input being closed', server.ended);
    check(ended.code === 0, `exit code ${ended.code}: ${ended.err}`);
    check(jsonLines(ended.out)[0].event === 'ready', `it was not ready before: ${ended.out}`);
  },

  '--exit-with-parent ends it when its parent is killed without warning': async () => {
    // The parent holds the pipe to the server's input; killed, it can do nothing more about it.
    const script = `
      const { spawn } = require('node:child_process');
      const server = spawn(process.argv[1], process.argv.slice(2), { stdio: ['pipe', 'inherit', 'inherit'] });
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['-e', script, serverProgram, 'serve', '--listen', '127.0.0.1:0', '--data', temporaryDirectory(), '--exit-with-parent'], { env: plainEnvironment(), stdio: ['ignore', 'pipe', 'ignore'] });
    const ready = JSON.parse(await new Promise((resolve) => parent.stdout.once('data', (bytes) => resolve(bytes.toString()))));
    check((await fetch(`${ready.url}/healthz`)).ok, 'it does not serve');
    // The server holds the other end of its standard output: that ends when it does.
    const silent = new Promise((resolve) => parent.stdout.once('close', resolve));
    parent.kill('SIGKILL');
    await within(20, 'the server ends with its parent', silent);
    const refused = await fetch(`${ready.url}/healthz`).then(() => false, () => true);
    check(refused, 'it still serves');
  },

  'without --exit-with-parent it goes on when its input closes': async () => {
    const server = startProgram(['serve', '--listen', '127.0.0.1:0', '--data', temporaryDirectory()], { input: '' });
    const ready = JSON.parse(await new Promise((resolve) => server.child.stdout.once('data', (bytes) => resolve(bytes.toString()))));
    for (let i = 0; i < 20; i += 1) check((await fetch(`${ready.url}/healthz`)).ok, 'it ended');
    server.child.kill('SIGTERM');
    check((await server.ended).code === 0, 'exit code');
  },

  'wrong usage names the nearest flag, key or form': async () => {
    await refusedUsage(['serve', '--lisen', '127.0.0.1:0'], [/--lisen/, /--listen/]);
    await refusedUsage(['serve', '--publik-url=http://x'], [/--public-url/]);
    await refusedUsage(['serve', '--READ-LIMIT', '5'], [/no flag --READ-LIMIT; the nearest is --read-limit\./]);
    await refusedUsage(['serfe'], [/no command serfe; the nearest is serve\./]);
    await refusedUsage(['serv'], [/no command serv; the nearest is serve\./]);
    await refusedUsage(['admin', 'canvas', 'lst'], [/no command lst; the nearest is list\./]);
    for (const far of [['serve', '--frobnicate'], ['frobnicate']])
      await refusedUsage(far, [/^(?![^]*nearest)/]);
    await refusedUsage(['replay', '--canvas', 'main', '--speed', 'fast', 'http://127.0.0.1:1'], [/--speed: 'fast' is not a number from 0\.001 to 1000000000/]);
    await refusedUsage(['serve', '--canvas', 'main:0x10', '--data', temporaryDirectory()], [/canvas/, /0x10/]);
    await refusedUsage(['serve', '--canvas', 'main', '--data', temporaryDirectory()], [/NAME:WIDTHxHEIGHT/]);
    await refusedUsage(['serve', '--canvas', 'big:65535x65535', '--listen', '127.0.0.1:0', '--data', temporaryDirectory()], [/max-cells/]);
    await refusedUsage(['serve', '--listen', '127.0.0.1:99999', '--data', temporaryDirectory()], [/--listen/, /99999/]);
    await refusedUsage(['serve', '--limit', 'many', '--data', temporaryDirectory()], [/--limit/, /many/]);
    await refusedUsage(['serve', '--session-ttl', 'soon', '--data', temporaryDirectory()], [/--session-ttl/, /30d/]);
    await refusedUsage(['serve', '--tls-cert', 'x.pem', '--data', temporaryDirectory()], [/--tls-key/]);
    await refusedUsage(['serve', '--public-url', 'ftp://x', '--data', temporaryDirectory()], [/--public-url/]);
    await refusedUsage(['serve', '--web', '/nowhere/at/all', '--listen', '127.0.0.1:0', '--data', temporaryDirectory()], [/\/nowhere\/at\/all/]);
    await refusedUsage(['serve', '--store', 'oracle://x'], [/oracle|store/]);
    const help = await runProgram(['--help']);
    check(help.code === 0 && ['serve', 'import', 'export', 'verify', 'replay', 'config'].every((word) => help.out.includes(word)), help.out);
  },

  'a wrong key or value of the config file or the environment is named, with the nearest': async () => {
    const key = await settings([], { file: 'lisen = "127.0.0.1:1"\n' });
    check(key.code === 1 && /lisen/.test(key.err) && /'listen'/.test(key.err), `wrong key: ${key.code} ${key.err}`);
    const value = await settings([], { file: 'limit = "many"\n' });
    check(value.code === 1 && /limit/.test(value.err) && /many/.test(value.err), `wrong value: ${value.code} ${value.err}`);
    const absent = await runProgram(['config', '--config', '/nowhere/tessera.toml']);
    check(absent.code === 1 && /\/nowhere\/tessera\.toml/.test(absent.err), `absent: ${absent.code} ${absent.err}`);
    const environment = await settings([], { env: { TESSERA_SESSION_TTL: 'soon' } });
    check(environment.code === 1 && /soon/.test(environment.err) && /session.ttl/i.test(environment.err), `environment: ${environment.code} ${environment.err}`);
    const unknown = await settings([], { env: { TESSERA_READ_LIMT: '5' } });
    check(unknown.code === 1 && /TESSERA_READ_LIMT.*nearest is TESSERA_READ_LIMIT/.test(unknown.err), `unknown variable: ${unknown.code} ${unknown.err}`);
    const level = await settings([], { file: 'limit = "off"\nlog-level = "loud"\n' });
    check(level.code === 1 && /log-level.*loud.*tessera\.toml, line 2/.test(level.err), `log level: ${level.code} ${level.err}`);
    const short = await settings([], { env: { TESSERA_OWNER_TOKEN: 'short' } });
    check(short.code === 1 && /too short/.test(short.err) && !short.err.includes('"short"'), `owner token: ${short.code} ${short.err}`);
  },

  'what config prints is a config file that says the same, and tells of Discord but not its secret': async () => {
    const env = { TESSERA_DISCORD_CLIENT_ID: '4177', TESSERA_DISCORD_CLIENT_SECRET: 'a-secret-of-discord', TESSERA_DISCORD_GUILD: '12' };
    const first = await settings(['--name', 'The "den"', '--canvas', 'one:64x32'], { env });
    check(first.code === 0, first.err);
    check(/DISCORD_CLIENT_ID is 4177 .*environment/.test(first.out) && /DISCORD_GUILD is 12 /.test(first.out) && /DISCORD_CLIENT_SECRET is set \(hidden\)/.test(first.out), first.out);
    check(!first.out.includes('a-secret-of-discord'), 'the secret is shown');
    const again = await settings([], { file: first.out, env });
    check(again.code === 0, again.err);
    const values = (told) => told.out.split('\n').filter((line) => !line.startsWith('#')).map((line) => line.split('  # ')[0]);
    check(JSON.stringify(values(again)) === JSON.stringify(values(first)), again.out);
    const plain = await settings([], { file: (await settings([])).out });
    check(plain.code === 0, plain.err);
  },

  'a flag counts before the environment, and the environment before the file': async () => {
    const file = 'read-limit = "7"\nsession-ttl = "7d"\nname = "of the file"\n[serve]\nlog-level = "warn"\n';
    const secret = 'a-secret-that-is-long-enough-1234';
    const env = { TESSERA_SESSION_TTL: '8d', TESSERA_NAME: 'of the environment', TESSERA_OWNER_TOKEN: secret };
    const told = await settings(['--name', 'of the flag'], { env, file });
    check(told.code === 0, told.err);
    for (const [name, value, source] of [['name', 'of the flag', 'flag'], ['session-ttl', '8d', 'TESSERA_SESSION_TTL'], ['read-limit', '7', 'tessera.toml'], ['log-level', 'warn', 'tessera.toml'], ['listen', '127.0.0.1:7878', 'default']]) {
      const line = told.out.split('\n').find((text) => text.startsWith(name));
      check(line?.includes(value) && line.includes(source), `${name}: '${line}' is not '${value}' from '${source}'`);
    }
    check(!told.out.includes(secret) && /TESSERA_OWNER_TOKEN is set/.test(told.out), 'the secret is shown, or not mentioned');
    const path = join(temporaryDirectory(), 'tessera.ini');
    writeFileSync(path, 'name = "of the file"\ncanvas = ["one:64x32", "two:32x64"]\n');
    const server = await startServer({ directory: temporaryDirectory(), args: ['--config', path], env: { TESSERA_GUESTS: 'off' } });
    const info = await (await fetch(`${server.url}/api/v1/server`)).json();
    check(info.name === 'of the file', `the server calls itself ${info.name}`);
    const answer = await fetch(`${server.url}/auth/guest`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"name":"ann"}' });
    check(answer.status === 403, `guests are off: ${answer.status}`);
    const one = await (await fetch(`${server.url}/api/v1/canvases/one`)).json();
    check(one.width === 64 && one.height === 32, 'the canvas of the file');
  },

  'named canvases are made once, the first is the default, and those stored before are served too': async () => {
    const directory = temporaryDirectory();
    const names = async (server) => {
      const { items } = await (await fetch(`${server.url}/api/v1/canvases`)).json();
      return items.map(({ name, width, height }) => `${name}:${width}x${height}`).sort().join(' ');
    };
    const first = await startServer({ directory, args: ['--canvas', 'wide:700x20', '--canvas', 'small:16x16'] });
    check((await names(first)) === 'small:16x16 wide:700x20', await names(first));
    const bitmap = await (await fetch(`${first.url}/canvas`)).arrayBuffer();
    check(bitmap.byteLength === 700 * 20, `the default canvas has ${bitmap.byteLength} cells`);
    await first.stop();
    const second = await startServer({ directory, args: ['--canvas', 'small:99x99'] });
    check((await names(second)) === 'small:16x16 wide:700x20', `a stored canvas keeps its size: ${await names(second)}`);
    check((await (await fetch(`${second.url}/canvas`)).arrayBuffer()).byteLength === 256, 'the first named is the default');
    await second.stop();
    const empty = await startServer({ directory: temporaryDirectory() });
    check((await names(empty)) === 'main:1000x1000', await names(empty));
  },
});
