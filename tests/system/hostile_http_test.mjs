#!/usr/bin/env node
// Requests that no honest client sends. Each gets a clear error or is closed, none changes anything, and the server lives on
// and serves others meanwhile.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { parse, raw, request } from '../support/raw_http.mjs';
import { check, guest, run, seeded, startServer, temporaryDirectory, web } from '../support/server.mjs';

const canvas = '/api/v1/canvases/main';

async function open(args = []) {
  const server = await startServer({ directory: temporaryDirectory(), args: ['--canvas', 'main:64x64', '--limit', 'off', ...args] });
  const { token } = await guest(server, 'ann');
  return { server, token, host: `Host: 127.0.0.1:${server.port}\r\n` };
}

async function alive(server, what) {
  check((await fetch(`${server.url}/readyz`)).status === 200, `the server is gone after ${what}: ${server.log.slice(-500)}`);
  const { seq } = await (await fetch(`${server.url}${canvas}`)).json();
  check(seq === 0, `${what} changed the canvas`);
}

/** The answer to raw bytes has one of these statuses, is a problem with a code, and ends the connection. */
async function refused(server, bytes, statuses, what, options) {
  const { text, closed } = await raw(server.port, bytes, options);
  const answer = parse(text);
  check(closed, `${what}: the connection stays open; it answered ${text.slice(0, 200)}`);
  check([statuses].flat().includes(answer.status), `${what}: ${answer.status} ${text.slice(0, 300)}`);
  check(answer.json?.code && answer.json.detail, `${what}: no problem with a code: ${text.slice(0, 300)}`);
}

await run({
  'malformed heads are refused': async () => {
    const { server, host } = await open();
    const head = (line, more = host) => `${line}\r\n${more}\r\n`;
    for (const [bytes, statuses, what] of [
      ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + 'x'.repeat(200), 400, 'TLS on a plain port'],
      ['GET\r\n\r\n', 400, 'half a line'],
      [head('GET  / HTTP/1.1'), 400, 'two blanks'],
      [head('GET / HTTP/2.0'), [400, 505], 'another version'],
      [head('GET / HTTP/1.1', ''), 400, 'no Host'],
      [head('GET / HTTP/1.1', `${host}${host}`), 400, 'two Hosts'],
      [head('GET / HTTP/1.1', `${host}Bad Header: x\r\n`), 400, 'a blank in a name'],
      [head('GET / HTTP/1.1', `${host}: x\r\n`), 400, 'no name'],
      [head('GET / HTTP/1.1', `${host}X: a\0b\r\n`), 400, 'a zero byte'],
      [head('GET /\x01 HTTP/1.1'), 400, 'a control character in the target'],
      [head('GET relative HTTP/1.1'), 400, 'a relative target'],
      [head('GET /%c0%ae%c0%ae/ HTTP/1.1'), 400, 'overlong UTF-8'],
      [head(`GET /${'a'.repeat(100_000)} HTTP/1.1`), [414, 431], 'an endless target'],
      [head('GET / HTTP/1.1', `${host}X: ${'a'.repeat(100_000)}\r\n`), 431, 'an endless header'],
      [head('GET / HTTP/1.1', host + Array.from({ length: 5000 }, (_, i) => `X-${i}: ${i}\r\n`).join('')), 431, 'headers without end'],
      [head('POST /auth/guest HTTP/1.1', `${host}Content-Length: -1\r\n`), 400, 'a negative length'],
      [head('POST /auth/guest HTTP/1.1', `${host}Content-Length: 5\r\nContent-Length: 6\r\n`), 400, 'two lengths'],
      [head('POST /auth/guest HTTP/1.1', `${host}Content-Length: 99999999999999999999999\r\n`), [400, 413], 'a length beyond all'],
      [head('POST /auth/guest HTTP/1.1', `${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n`), 400, 'a length and chunks'],
      [head('POST /auth/guest HTTP/1.1', `${host}Transfer-Encoding: gzip\r\n`), [400, 501], 'an unknown coding'],
      [`${head('POST /auth/guest HTTP/1.1', `${host}Transfer-Encoding: chunked\r\n`)}zz\r\n`, 400, 'a bad chunk'],
    ]) await refused(server, Buffer.from(bytes, 'latin1'), statuses, what);
    await alive(server, 'malformed heads');
  },

  'bodies larger than the limit are refused before they are read': async () => {
    const { server, token, host } = await open();
    const head = `POST ${canvas}/placements HTTP/1.1\r\n${host}Authorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
    await refused(server, `${head}Content-Length: 4000000000\r\n\r\n`, 413, 'four gigabytes announced');
    await refused(server, [`${head}Transfer-Encoding: chunked\r\n\r\n`, ...Array.from({ length: 40 }, () => `4000\r\n${'x'.repeat(0x4000)}\r\n`)], 413, 'chunks without end');
    await refused(server, `${head}Content-Length: 4000000000\r\nExpect: 100-continue\r\n\r\n`, 413, 'asking before sending');
    await alive(server, 'large bodies');
  },

  'requests slow as a drip are given up in time, and hold nobody up': async () => {
    const { server, token, host } = await open();
    const began = Date.now();
    const drip = raw(server.port, 'GET / HTTP/1.1\r\nHost: 127', { seconds: 40 });
    const many = Array.from({ length: 60 }, () => raw(server.port, 'GET', { seconds: 40 }));
    const silent = raw(server.port, '', { seconds: 1 });
    const body = raw(server.port, `POST ${canvas}/placements HTTP/1.1\r\n${host}Authorization: Bearer ${token}\r\nContent-Length: 100\r\n\r\n{`, { seconds: 45 });
    const asked = Date.now();
    await alive(server, 'drips');
    check(Date.now() - asked < 2000, `others waited ${Date.now() - asked} ms`);
    const { text, closed } = await drip;
    check(closed && Date.now() - began < 30_000, 'a head that never ends is not given up');
    check(parse(text).status === 408 && parse(text).json.code, `it is answered: ${text.slice(0, 200)}`);
    check((await Promise.all(many)).every((each) => each.closed), 'sixty of them are not given up');
    await silent;
    const half = await body;
    check(half.closed && parse(half.text).status === 408, `a body that never ends: ${half.text.slice(0, 200)}`);
    await alive(server, 'drips');
  },

  'a path never leads out of the web folder': async () => {
    const folder = temporaryDirectory();
    const pages = join(folder, 'web');
    mkdirSync(pages);
    writeFileSync(join(pages, 'index.html'), '<!doctype html><title>t</title>');
    writeFileSync(join(folder, 'secret.txt'), 'the secret');
    const { server } = await open(['--web', pages]);
    for (const path of ['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/%2e%2e%2fsecret.txt', '/..\\secret.txt', '/..%5csecret.txt', '/./../secret.txt', '//secret.txt', '/assets/../../secret.txt',
      '/..%00/secret.txt', '/index.html%00.txt', '/%252e%252e/secret.txt', '/....//secret.txt', `/${'../'.repeat(30)}etc/passwd`, `/${'..%2f'.repeat(30)}etc/passwd`, '/etc/passwd', 'http://127.0.0.1/../secret.txt', `${canvas}/../../../../secret.txt`]) {
      const answer = await request(server.port, path);
      check([400, 404].includes(answer.status) && answer.json?.code, `${path}: ${answer.status} ${answer.text.slice(0, 100)}`);
      check(!/secret|root:/.test(answer.text.replaceAll('secret.txt', '')), `${path} leads out: ${answer.text.slice(0, 100)}`);
    }
    await alive(server, 'paths');
  },

  'a Host that is neither a known name nor an address is refused': async () => {
    const { server } = await open(['--host-name', 'canvas.example']);
    for (const [host, allowed] of [['localhost', true], [`localhost:${server.port}`, true], ['127.0.0.1', true], ['[::1]:80', true], ['192.168.1.7:7878', true], ['my-pc.local', true], ['canvas.example', true], ['CANVAS.example:80', true],
      ['evil.example', false], ['canvas.example.evil.com', false], ['127.0.0.1.evil.com', false], ['', false], ['a b', false], ['canvas.example@evil', false], ['x'.repeat(300), false], ['localhost:0', false], ['localhost:99999', false]]) {
      const answer = await request(server.port, canvas, { headers: { Host: host } });
      check(allowed ? answer.status === 200 : [400, 403].includes(answer.status) && answer.json?.code, `Host '${host}': ${answer.status} ${answer.text.slice(0, 120)}`);
    }
    await alive(server, 'hosts');
  },

  'static files are compressed, named by their version for ever, and index.html is revalidated': async () => {
    const folder = temporaryDirectory();
    writeFileSync(join(folder, 'index.html'), '<!doctype html><html><head><script src="tessera.js"></script></head><body>' + 'hello '.repeat(500) + '</body></html>');
    writeFileSync(join(folder, 'tessera.js'), `// ${'a program '.repeat(2000)}`);
    const { server } = await open(['--web', folder]);
    const page = await request(server.port, '/');
    check(page.status === 200 && /text\/html/.test(page.headers['content-type']) && page.headers['cache-control'] === 'no-cache' && page.headers.etag, JSON.stringify(page.headers));
    check(/default-src|script-src/.test(page.headers['content-security-policy']) && page.headers['x-content-type-options'] === 'nosniff', `its headers: ${JSON.stringify(page.headers)}`);
    const again = await request(server.port, '/', { headers: { 'If-None-Match': page.headers.etag } });
    check(again.status === 304 && again.body.length === 0, `revalidated: ${again.status}`);
    const address = /src="([^"]+)"/.exec(page.text)[1];
    check(/^\/assets\/[^/]+\/tessera\.js$/.test(address), `the page names its script ${address}`);
    const plain = await request(server.port, address);
    check(plain.headers['cache-control'] === 'public, max-age=31536000, immutable', `it may be kept for ever: ${plain.headers['cache-control']}`);
    for (const [coding, unpack] of [['gzip', gunzipSync], ['br', brotliDecompressSync]]) {
      let answer;
      const patience = Date.now() + 20_000;
      // Compressing happens beside; until then the plain file is right too.
      do answer = await request(server.port, address, { headers: { 'Accept-Encoding': coding } });
      while (answer.headers['content-encoding'] !== coding && Date.now() < patience);
      check(answer.headers['content-encoding'] === coding && /accept-encoding/i.test(answer.headers.vary), `${coding}: ${JSON.stringify(answer.headers)}`);
      check(unpack(answer.body).equals(plain.body) && answer.body.length < plain.body.length / 10, `${coding} gives the same`);
      check(answer.headers.etag !== plain.headers.etag, 'another coding has another tag');
    }
    const post = await request(server.port, '/', { method: 'POST' });
    check(post.status === 405 && post.json.code === 'method', `POST /: ${post.status}`);
    check((await request(server.port, '/assets/0000000000000000/tessera.js')).status === 404, 'another version is not there');
    if (existsSync(join(web, 'index.html'))) {
      const real = await open(['--web', web]);
      const index = await request(real.server.port, '/');
      check(index.status === 200, 'the real page');
      for (const [, file] of index.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) check((await request(real.server.port, file)).status === 200, file);
    }
  },

  'random bytes and damaged requests never stop the server': async () => {
    const { server, token, host } = await open();
    const random = seeded();
    console.log(`TESSERA_SEED=${random.seed}`);
    const good = Buffer.from(`POST ${canvas}/placements HTTP/1.1\r\n${host}Authorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 41\r\nConnection: close\r\n\r\n{"cells":[{"x":9999,"y":2,"color":3}]}   `);
    const tries = Array.from({ length: 300 }, (_, i) => {
      const bytes = i % 3 ? Buffer.from(good) : Buffer.from(Array.from({ length: 1 + random.below(400) }, () => random.below(256)));
      for (let flips = 1 + random.below(4); i % 3 === 1 && flips > 0; flips -= 1) bytes[random.below(bytes.length)] ^= 1 << random.below(8);
      return i % 3 === 2 ? bytes.subarray(0, random.below(bytes.length)) : bytes;
    });
    for (let i = 0; i < tries.length; i += 30) await Promise.all(tries.slice(i, i + 30).map((bytes) => raw(server.port, bytes, { end: true, seconds: 15 })));
    check((await fetch(`${server.url}/readyz`)).status === 200, 'the server is gone');
    check((await server.stop()).code === 0, 'an orderly stop');
  },
});
