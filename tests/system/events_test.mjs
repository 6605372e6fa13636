#!/usr/bin/env node
// An event on the real server that runs by itself: it opens, grows, announces and closes once, however often the server is killed.
import { spawnSync } from 'node:child_process';
import { api } from '../support/api.mjs';
import { JsonClient } from '../support/json_client.mjs';
import { check, guest, run, serverProgram, startServer, temporaryDirectory } from '../support/server.mjs';

const owner = 'an owner token for tests only';
const env = { TESSERA_OWNER_TOKEN: owner };
const args = ['--limit', 'off', '--canvas', 'main:64x64'];
const base = '/canvases/main';

async function when(what, probe) {
  for (let turn = 0; turn < 1200; turn += 1) {
    if (await probe()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`never: ${what}`);
}

const left = async (server) => (await api(server, 'GET', `${base}/schedule`)).json.items;
const canvas = async (server) => (await api(server, 'GET', base)).json;
const cell = async (server, x, y) => (await api(server, 'GET', `${base}/cells/${x}/${y}`)).json;
const verify = (directory) => spawnSync(serverProgram, ['verify', '--data', directory], { encoding: 'utf8' });

async function schedule(server, ms, action, params = {}) {
  const made = await api(server, 'POST', `${base}/schedule`, { token: owner, body: { at: new Date(ms).toISOString(), action, params } });
  check(made.status === 201, `${action}: ${made.status} ${made.text}`);
  return made.json.id;
}

/** What the audit log tells that schedule entries did: [entry, action], by the entry. */
async function done(server) {
  const { items } = (await api(server, 'GET', '/audit?limit=100', { token: owner })).json;
  return items.filter(({ detail }) => detail.schedule !== undefined)
    .map(({ action, detail }) => [detail.schedule, action])
    .sort(([one], [other]) => one - other);
}

async function place(server, token, x, y, color) {
  return (await api(server, 'POST', `${base}/placements`, { token, body: { cells: [{ x, y, color }] } })).json;
}

await run({
  'an event from its schedule: it opens, grows, announces and closes, each once, the server killed and started between': async () => {
    const directory = temporaryDirectory();
    let server = await startServer({ directory, env, args });
    const ann = await guest(server, 'ann');
    await api(server, 'PATCH', base, { token: owner, body: { paused: true, message: 'we open soon' } });
    const watcher = await JsonClient.open(server, {});
    const opens = Date.now() + 5000;
    const ids = [
      await schedule(server, opens, 'resume'),
      await schedule(server, opens + 400, 'resize', { width: 128, height: 96 }),
      await schedule(server, opens + 800, 'announce', { text: 'we close soon', pinned: true }),
      await schedule(server, opens + 1200, 'pause', { message: 'thank you all' }),
    ];
    await watcher.when('its schedule', () => watcher.of('schedule:created').length === 4);
    check(watcher.of('schedule:created')[1].data.text === '128×96', JSON.stringify(watcher.of('schedule:created')[1]));
    const never = await schedule(server, opens + 600, 'reset');
    check((await api(server, 'DELETE', `${base}/schedule/${never}`, { token: owner })).status === 204, 'thought better of');
    await watcher.when('its end', () => watcher.of('schedule:removed').some(({ data }) => data.id === never));
    check((await place(server, ann.token, 1, 1, 3)).code === 'paused' || (await cell(server, 1, 1)).color === null, 'not open yet');

    await server.kill();
    server = await startServer({ directory, env, args });
    check((await left(server)).length > 0 || Date.now() > opens, 'a killed server knows what is to come');
    for (let kills = 0; kills < 3; kills += 1) {
      const before = (await left(server)).length;
      if (before > 0) await when('the next entry happens', async () => (await left(server)).length < before);
      await server.kill();
      server = await startServer({ directory, env, args });
    }
    await when('all of it happened', async () => (await left(server)).length === 0);
    const now = await canvas(server);
    check(now.width === 128 && now.height === 96 && now.paused && now.message === 'thank you all', JSON.stringify(now));
    check((await api(server, 'GET', '/announcements')).json.items.map(({ text }) => text).join() === 'we close soon', 'announced once');
    const expected = [[ids[0], 'canvas.resume'], [ids[1], 'canvas.resize'], [ids[2], 'announcement.create'], [ids[3], 'canvas.pause']];
    check(JSON.stringify(await done(server)) === JSON.stringify(expected), JSON.stringify(await done(server)));
    await server.stop();
    const whole = verify(directory);
    check(whole.status === 0, whole.stdout + whole.stderr);
  },

  'what came due while the server was down happens as it starts: all at the same instant, by id': async () => {
    const directory = temporaryDirectory();
    let server = await startServer({ directory, env, args });
    const ann = await guest(server, 'ann');
    await place(server, ann.token, 1, 1, 3);
    const at = Date.now() + 4000;
    const ids = [];
    for (const width of [70, 80, 90]) ids.push(await schedule(server, at, 'resize', { width }));
    ids.push(await schedule(server, at, 'reset'));
    await server.kill();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now() + 10)));
    server = await startServer({ directory, env, args });
    await when('all of it happened', async () => (await left(server)).length === 0);
    check((await canvas(server)).width === 90, 'the last of them counts');
    await when('the canvas is empty', async () => (await cell(server, 1, 1)).color === null);
    check(JSON.stringify((await done(server)).map(([id]) => id)) === JSON.stringify(ids), JSON.stringify(await done(server)));
    check((await api(server, 'GET', `${base}/cells/1/1/history`)).json.items.length === 2, 'its history stays');
  },

  'a reset and a snapshot: confirmed by name, undone, restored, over a kill': async () => {
    const directory = temporaryDirectory();
    let server = await startServer({ directory, env, args });
    const ann = await guest(server, 'ann');
    await place(server, ann.token, 1, 1, 3);
    const snapshot = (await api(server, 'POST', `${base}/snapshots`, { token: owner, body: { name: 'before' } })).json;
    await place(server, ann.token, 2, 2, 4);
    check((await api(server, 'POST', `${base}/reset`, { token: owner, body: { name: 'other' } })).status === 400, 'it must be confirmed');
    const reset = await api(server, 'POST', `${base}/reset`, { token: owner, body: { name: 'main', wait: false } });
    check(reset.status === 201, reset.text);
    await server.kill();
    server = await startServer({ directory, env, args });
    await when('it goes on', async () => (await api(server, 'GET', `${base}/rollbacks/${reset.json.id}`, { token: owner })).json.state === 'applied');
    check((await cell(server, 2, 2)).color === null, 'empty');
    check((await api(server, 'POST', `${base}/rollbacks/${reset.json.id}/undo`, { token: owner })).json.state === 'undone', 'undone');
    check((await cell(server, 2, 2)).color === 4, 'as it was');
    const restored = await api(server, 'POST', `${base}/snapshots/${snapshot.id}/restore`, { token: owner, body: { name: 'main' } });
    check(restored.status === 201 && restored.json.state === 'applied', restored.text);
    check((await cell(server, 1, 1)).color === 3 && (await cell(server, 2, 2)).color === null, 'as at the snapshot');
    await api(server, 'POST', `${base}/reset`, { token: owner, body: { name: 'main' } });
    check((await cell(server, 1, 1)).color === null, 'empty again');
    await api(server, 'POST', `${base}/snapshots/${snapshot.id}/restore`, { token: owner, body: { name: 'main' } });
    check((await cell(server, 1, 1)).color === 3 && (await cell(server, 2, 2)).color === null, 'as at the snapshot, though nobody undid the reset');
    await server.stop();
    check(verify(directory).status === 0, 'whole');
  },
});
