#!/usr/bin/env node
// Sign-ins and pictures over HTTP.
import http from 'node:http';
import { importAll, placeAbsent } from '../support/place.mjs';
import { guest, run, startServer, temporaryDirectory } from '../support/server.mjs';

const figure = (what, measured, wanted, good) =>
  console.log(['figure', what, measured, wanted, wanted === '' ? '-' : good ? 'ok' : 'short'].join('\t'));
const quantile = (values, share) => values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

/** An answer's status and headers once its body has come, and how long it took in ms. */
function ask(agent, server, path, { method = 'GET', headers = {}, body } = {}) {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.request({ agent, port: server.port, host: '127.0.0.1', path, method, headers: { ...headers, ...(body ? { 'Content-Type': 'application/json' } : {}) } }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, ms: performance.now() - begun }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

await run({
  'sign-ins': async () => {
    const server = await startServer({ directory: temporaryDirectory(), args: ['--limit', 'off'] });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 128 });
    const end = performance.now() + 5_000;
    let signedIn = 0;
    await Promise.all(Array.from({ length: 128 }, async (_, i) => {
      for (let n = 0; performance.now() < end; n += 1) {
        const { status } = await ask(agent, server, '/auth/guest', { method: 'POST', body: `{"name":"player ${i} ${n}"}` });
        if (status !== 201) throw new Error(`a sign-in was answered ${status}`);
        signedIn += 1;
      }
    }));
    agent.destroy();
    figure('sign-ins of guests a second, durable, 128 connections', `${(signedIn / 5).toFixed(0)}/s`, '2,000/s', signedIn / 5 >= 2_000);
  },
  'pictures of the real canvas': async () => {
    if (placeAbsent) return placeAbsent;
    const directory = temporaryDirectory();
    importAll(directory);
    const server = await startServer({ directory, args: ['--limit', 'off'] });
    const { token } = await guest(server, 'bench');
    const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
    const { canvases } = await (await fetch(`${server.url}/api/v1/server`)).json();
    const canvas = `/api/v1/canvases/${canvases[0].name}`;
    const picture = (headers) => ask(agent, server, `${canvas}/image.png`, { headers });
    const place = (i) => ask(agent, server, `${canvas}/placements`, { method: 'POST', headers: { Authorization: `Bearer ${token}` }, body: `{"cells":[{"x":${i % 2000},"y":${i % 1999},"color":${i % 32}}]}` });
    const first = await picture({});
    const unchanged = [], changed = [], idle = [], beside = [];
    for (let i = 0; i < 200; i += 1) unchanged.push((await picture({ 'If-None-Match': first.headers.etag })).ms);
    for (let i = 0; i < 100; i += 1) idle.push((await place(i)).ms);
    for (let i = 0; i < 30; i += 1) {
      await place(1000 + i);
      changed.push((await picture({})).ms);
    }
    const end = performance.now() + 4_000;
    const draw = (async () => { while (performance.now() < end) await picture({}); })();
    for (let i = 0; performance.now() < end; i += 1) beside.push((await place(3000 + i)).ms);
    await draw;
    agent.destroy();
    figure('image.png of 2,000×2,000, unchanged since last asked, p50', `${quantile(unchanged, 0.5).toFixed(1)} ms`, '2 ms', quantile(unchanged, 0.5) <= 2);
    figure('the same after one cell changed, p50', `${quantile(changed, 0.5).toFixed(0)} ms`, '60 ms', quantile(changed, 0.5) <= 60);
    figure('a placement by HTTP, alone and beside pictures drawn without end, p50', `${quantile(idle, 0.5).toFixed(1)} and ${quantile(beside, 0.5).toFixed(1)} ms`, '', true);
  },
});
