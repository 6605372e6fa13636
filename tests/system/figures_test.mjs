#!/usr/bin/env node
// What staff read of the real server: how it fared, over a restart too, who placed most, and whom a program may place for.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, promote } from '../support/api.mjs';
import { until } from '../support/program.mjs';
import { check, guest, plainEnvironment, run, serverProgram, startServer, temporaryDirectory } from '../support/server.mjs';

const owner = 'an owner token for tests only';
const env = { TESSERA_OWNER_TOKEN: owner };
const args = ['--limit', 'off', '--canvas', 'main:256x256'];
const history = (directory) => join(directory, 'tessera.db.history');
const sum = (numbers) => numbers.reduce((all, each) => all + (each ?? 0), 0);

async function draw(server, { token }, count, y = 0) {
  const cells = Array.from({ length: count }, (_, x) => ({ x, y, color: 3 }));
  const drawn = await api(server, 'POST', '/canvases/main/placements', { token, body: { cells } });
  check(drawn.status === 200, drawn.text);
}

const columns = ['placements', 'connections', 'online', 'answer_p50_ms', 'answer_p99_ms', 'commit_p99_ms', 'memory_bytes', 'cpu', 'bytes_out'];

await run({
  'the minutes of a run are there after it was stopped and started; a damaged file of them is told and begun anew': async () => {
    const directory = temporaryDirectory();
    let server = await startServer({ directory, env, args });
    await draw(server, await guest(server, 'ann'), 40);
    await server.stop();
    check((statSync(history(directory)).mode & 0o777) === 0o600, 'only its owner may read it');

    server = await startServer({ directory, env, args });
    const mo = await guest(server, 'mo');
    await promote(server, owner, mo.account, 'moderator');
    const told = (await api(server, 'GET', '/server/history', { token: mo.token })).json;
    check(told.step_ms === 60000 && Date.parse(told.start) % 60000 === 0, JSON.stringify(told));
    check(sum(told.placements) === 40, `placements: ${told.placements}`);
    check(told.memory_bytes.at(-1) > 1e6 && told.cpu.at(-1) > 0 && told.answer_p99_ms.some((time) => time > 0), JSON.stringify(told));
    for (const name of columns) check(told[name].length === told.placements.length, name);
    const later = (await api(server, 'GET', '/server/history?since=2099-01-01T00:00:00Z', { token: mo.token })).json;
    check(later.start === null && later.placements.length === 0, JSON.stringify(later));
    await server.stop();

    writeFileSync(history(directory), readFileSync(history(directory)).subarray(3));
    server = await startServer({ directory, env, args });
    check((await api(server, 'GET', '/server/history', { token: owner })).json.placements.length === 0, 'nothing of a damaged file');
    await until('the log tells of it', async () => server.log.includes('begun anew') && server.log.includes('tessera.db.history'));
    await server.stop();
    server = await startServer({ directory, env, args });
    check((await api(server, 'GET', '/server/history', { token: owner })).json.placements.length > 0, 'a good one is written again');
  },

  'the state tells what the server holds, and admins its settings, but no secret': async () => {
    const directory = temporaryDirectory();
    const server = await startServer({ directory, env: { ...env, TESSERA_NAME: 'The canvas' }, args });
    const mo = await guest(server, 'mo');
    await promote(server, owner, mo.account, 'moderator');
    const seen = (await api(server, 'GET', '/server/state', { token: mo.token })).json;
    check(seen.name === 'The canvas' && seen.store === 'sqlite' && seen.database_bytes > 0 && seen.canvases === 1 && seen.accounts === 2, JSON.stringify(seen));
    check(seen.threads > 3 && seen.memory_bytes > 1e6 && Date.parse(seen.time) >= Date.parse(seen.started_at), JSON.stringify(seen));
    check(seen.audit.entries > 0 && seen.audit.head === (await api(server, 'GET', '/audit/verify', { token: mo.token })).json.head, JSON.stringify(seen.audit));
    check(!('settings' in seen), 'settings are for admins');
    const { settings } = (await api(server, 'GET', '/server/state', { token: owner })).json;
    const setting = (name) => JSON.stringify(settings.find((each) => each.name === name));
    check(setting('name') === '{"name":"name","value":"The canvas","from":"environment"}', setting('name'));
    check(setting('limit') === '{"name":"limit","value":"off","from":"flag"}', setting('limit'));
    check(setting('TESSERA_OWNER_TOKEN') === '{"name":"TESSERA_OWNER_TOKEN","value":"set (hidden)","from":"environment"}', setting('TESSERA_OWNER_TOKEN'));
    check(!JSON.stringify(settings).includes(owner), 'the secret');
  },

  'accounts by what they placed, page by page, and by the server\'s own program': async () => {
    const server = await startServer({ directory: temporaryDirectory(), env, args });
    const names = ['ann', 'ben', 'cy', 'dee'];
    for (let i = 0; i < names.length; i += 1) await draw(server, await guest(server, names[i]), i % 2 === 0 ? 7 : i, i);
    let after = '';
    const found = [];
    for (;;) {
      const page = (await api(server, 'GET', `/accounts?sort=-placements&kind=guest&limit=1${after && `&after=${after}`}`, { token: owner })).json;
      check(page.total === 4 && page.items.length === 1, JSON.stringify(page));
      found.push(`${page.items[0].name} ${page.items[0].placements}`);
      if (page.next === null) break;
      after = page.next;
    }
    check(found.join() === 'cy 7,ann 7,dee 3,ben 1', found.join());
    const admin = spawnSync(serverProgram, ['admin', '--url', server.url, 'account', 'list', '--sort=-placements', '--limit', '1'], { env: { ...plainEnvironment(), ...env }, encoding: 'utf8' });
    check(JSON.parse(admin.stdout).items[0].name === 'cy', admin.stdout + admin.stderr);
    const id = JSON.parse(admin.stdout).items[0].id;
    const activity = (await api(server, 'GET', `/canvases/main/accounts/${id}/activity?days=1`, { token: owner })).json;
    check(activity.placements.length === 24 && sum(activity.placements) === 7 && activity.placements.at(-1) + activity.placements.at(-2) === 7, JSON.stringify(activity));
  },

  'a clock among people is the first that is told, with what speaks for it': async () => {
    const directory = temporaryDirectory();
    const rows = [];
    const start = Date.parse('2022-04-04T00:00:00Z');
    let state = 1;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const add = (time, user, x, y) => rows.push([time, `${new Date(time).toISOString().replace('T', ' ').replace('Z', ' UTC')},${user},#FF4500,"${x},${y}"`]);
    for (let i = 0; i < 300; i += 1) add(start + i * 30000, 'the clock', i % 100, Math.floor(i / 100));
    for (let person = 0; person < 5; person += 1)
      for (let i = 0, time = start; i < 250; i += 1) add(time += 2000 + Math.floor(-30000 * Math.log(random())), `person ${person}`, Math.floor(random() * 200), Math.floor(random() * 200));
    const file = join(temporaryDirectory(), 'made.csv');
    writeFileSync(file, `timestamp,user_id,pixel_color,coordinate\n${rows.sort(([one], [other]) => one - other).map(([, row]) => row).join('\n')}\n`);
    execFileSync(serverProgram, ['import', '--data', directory, '--canvas', 'main', '--format', 'reddit-csv', file], { env: plainEnvironment(), stdio: 'ignore' });
    check(!existsSync(history(directory)), 'only a server has a history');
    const server = await startServer({ directory, env });
    const { items, since, until } = (await api(server, 'GET', '/canvases/main/automation?limit=10', { token: owner })).json;
    check(items[0]?.score > 0.8 && items[0].placements === 300, JSON.stringify(items));
    check(items[0].signs.some(({ sign, value, evidence }) => sign === 'regular_timing' && value === 1 && evidence === '100 % of 299 intervals are within 1.00 s of 30.00 s'), JSON.stringify(items[0]));
    check(items.slice(1).every(({ score }) => score < 0.5), JSON.stringify(items.slice(1)));
    check(Date.parse(until) - Date.parse(since) === 86400000, `${since} ${until}`);
    const named = (await api(server, 'GET', `/accounts?q=${items[0].account.id}&canvas=main`, { token: owner })).json.items.find(({ id }) => id === items[0].account.id);
    check(named.placements === 300 && named.seen.startsWith('2022-04-04T02:29:30'), JSON.stringify(named));
  },
});
