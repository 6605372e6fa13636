#!/usr/bin/env node
// Staff of one canvas, who comes from where, what everybody may see of it, and what the server tells of itself, on the real server.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, promote } from '../support/api.mjs';
import { JsonClient } from '../support/json_client.mjs';
import { until } from '../support/program.mjs';
import { check, guest, run, serverProgram, startServer, temporaryDirectory } from '../support/server.mjs';

const owner = 'an owner token for tests only';
const env = { TESSERA_OWNER_TOKEN: owner };
const args = ['--limit', 'off', '--canvas', 'main:64x64', '--canvas', 'den:64x64', '--trusted-proxy', '127.0.0.1/32'];
const from = (address) => ({ 'X-Forwarded-For': address });
const verify = (directory) => spawnSync(serverProgram, ['verify', '--data', directory], { encoding: 'utf8' });

async function guestFrom(server, name, address) {
  const answer = await api(server, 'POST', '/auth/guest', { body: { name }, headers: from(address) });
  check(answer.status === 201, answer.text);
  return answer.json;
}

const draw = (server, who, x, address, canvas = 'main') =>
  api(server, 'POST', `/canvases/${canvas}/placements`, { token: who.token, body: { cells: [{ x, y: 0, color: 3 }] }, headers: from(address) });

async function entriesOf(server, action) {
  return (await api(server, 'GET', `/audit?action=${action}`, { token: owner })).json.items;
}

await run({
  'whoever is made a moderator of one canvas keeps order there at once, and nowhere else; it outlives a kill': async () => {
    const directory = temporaryDirectory();
    let server = await startServer({ directory, env, args });
    const [ann, ben] = [await guest(server, 'ann'), await guest(server, 'ben')];
    const lock = (canvas) => api(server, 'POST', `/canvases/${canvas}/locks`, { token: ann.token, body: { x: 1, y: 1, width: 2, height: 2 } });
    check((await lock('main')).status === 403, 'a player locks nothing');
    const bot = await JsonClient.open(server, { token: ann.token });
    const player = await JsonClient.open(server, { token: ben.token });
    const grant = `/canvases/main/grants/${ann.account.id}`;
    const given = await api(server, 'PUT', grant, { token: owner, body: { role: 'moderator' } });
    check(given.status === 201 && given.json.role === 'moderator', given.text);
    await bot.when('the news', () => bot.of('staff:news')[0]);
    check((await lock('main')).status === 201, 'a moderator here');
    check((await lock('den')).status === 403, 'and nowhere else');
    check((await api(server, 'GET', '/audit', { token: ann.token })).status === 403, 'the audit log is the whole server\'s');
    await api(server, 'POST', '/canvases/main/reports', { token: ben.token, body: { x: 5, y: 5, reason: 'look' } });
    await bot.when('the report', () => bot.of('staff:news').some(({ data }) => data.open_reports === 1));
    check(player.of('staff:news').length === 0, 'players hear nothing of it');
    bot.socket.terminate();
    player.socket.terminate();
    await server.kill();
    check(verify(directory).status === 0, verify(directory).stdout);
    server = await startServer({ directory, env, args });
    check((await lock('main')).status === 201, 'after a restart too');
    const taken = await api(server, 'DELETE', grant, { token: owner, headers: { 'If-Match': given.headers.get('etag') } });
    check(taken.status === 204, taken.text);
    check((await lock('main')).status === 403, 'taken away');
    check((await entriesOf(server, 'grant')).map(({ action }) => action).join(' ') === 'grant.remove grant.create', 'both in the log');
  },

  'who comes back under another name is found by network, rolled back with all others from there, and no file holds an address': async () => {
    const directory = temporaryDirectory();
    let server = await startServer({ directory, env, args: [...args, '--log-level', 'debug'] });
    const ben = await guestFrom(server, 'ben', '203.0.113.77');
    const again = await guestFrom(server, 'benny', '203.0.113.78');
    const cy = await guestFrom(server, 'cy', '198.51.100.9');
    const mo = await guest(server, 'mo');
    await promote(server, owner, mo.account, 'moderator');
    for (const [who, x, address] of [[ben, 1, '203.0.113.77'], [again, 2, '203.0.113.78'], [cy, 3, '198.51.100.9']])
      check((await draw(server, who, x, address)).status === 200, 'drawn');
    const bot = await JsonClient.open(server, { token: cy.token, headers: from('203.0.113.80') });
    bot.place(4, 0, '#FF4500');
    await bot.when('it is stored', () => bot.of('pixel:accepted')[0]);
    bot.socket.terminate();
    const profile = (await api(server, 'GET', `/accounts/${ben.account.id}`, { token: mo.token })).json;
    const network = profile.prefixes.find(({ bits }) => bits === 24);
    check(network.accounts === 3, JSON.stringify(profile.prefixes));
    const found = (await api(server, 'GET', `/accounts?address=${network.prefix}`, { token: mo.token })).json.items.map(({ name }) => name);
    check(found.join(' ') === 'ben benny cy', found.join(' '));

    const narrow = (await api(server, 'GET', '/accounts?address=203.0.113.80', { token: mo.token })).json.items.map(({ name }) => name);
    check(narrow.join(' ') === 'cy', `a WebSocket's first placement is noted: ${narrow}`);
    const applied = await api(server, 'POST', '/canvases/main/rollbacks', { token: mo.token, body: { address: network.prefix, reason: 'the same flat' } });
    check(applied.status === 201 && applied.json.placements === 4, applied.text);
    const dee = await guestFrom(server, 'dee', '203.0.113.81');
    check((await draw(server, dee, 5, '203.0.113.81')).status === 200, 'drawn later');
    const own = `/canvases/main/rollbacks/${applied.json.id}`;
    check((await api(server, 'POST', `${own}/undo`, { token: mo.token })).json.state === 'undone', 'undone');
    await server.stop();
    server = await startServer({ directory, env, args });
    const redone = (await api(server, 'POST', `${own}/redo`, { token: mo.token })).json;
    check(redone.state === 'applied' && redone.accounts.length === 3, JSON.stringify(redone));
    check((await api(server, 'GET', '/canvases/main/cells/5/0')).json.color === 3, 'who came later is not concerned');
    check((await api(server, 'GET', '/canvases/main/cells/1/0')).json.color === null, 'whoever was there is');
    await server.stop();
    const files = ['tessera.db', 'tessera.db-wal'].map((name) => { try { return readFileSync(join(directory, name)).toString('latin1'); } catch { return ''; } });
    for (const text of [...files, server.log]) check(!text.includes('203.0.113.'), 'an address is kept');
    check((statSync(join(directory, 'tessera.db.address-key')).mode & 0o777) === 0o600, 'the key is its owner\'s alone');
    check(verify(directory).status === 0, verify(directory).stdout);
  },

  'an address key that is none keeps the server from starting, and is left as it is': async () => {
    const directory = temporaryDirectory();
    const server = await startServer({ directory, env, args });
    await server.stop();
    const key = join(directory, 'tessera.db.address-key');
    writeFileSync(key, 'short');
    const refused = await startServer({ directory, env, args }).then(() => 'started', (error) => error.message);
    check(/address-key is not a key/.test(refused), refused);
    check(readFileSync(key, 'utf8') === 'short', 'left as it is');
  },

  'the public audit log shows everybody what staff did, where the server shows it, and follows a reload': async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'tessera.toml');
    writeFileSync(file, 'public-audit = "off"\n');
    const server = await startServer({ directory, env, args: [...args, '--audit-limit', 'off', '--config', file] });
    const [ann, mo] = [await guest(server, 'ann'), await guest(server, 'mo')];
    await promote(server, owner, mo.account, 'moderator');
    const read = () => api(server, 'GET', '/audit/public');
    check((await read()).status === 404, 'off by default');
    await api(server, 'POST', '/canvases/main/locks', { token: mo.token, body: { x: 1, y: 1, width: 2, height: 2, reason: 'judging' } });
    await api(server, 'PATCH', `/accounts/${ann.account.id}`, { token: mo.token, headers: { 'If-Match': '*' }, body: { note: 'keep an eye on' } });
    writeFileSync(file, 'public-audit = "on"\n');
    server.child.kill('SIGHUP');
    await until('the reload is an entry of it', async () => (await read()).text.includes('setting.change'));
    const page = await read();
    check(page.status === 200 && !page.text.includes('keep an eye'), page.text);
    const actions = page.json.items.map(({ action }) => action).join(' ');
    check(actions === 'setting.change lock.create account.role', actions);
    check(page.json.items.every((item) => item.public === true && item.hash === undefined), page.text);
  },

  'a start with other settings, and a reload that changes some, are entries of the audit log; what stays the same, and secrets, are not': async () => {
    const directory = temporaryDirectory();
    let server = await startServer({ directory, env, args });
    check((await entriesOf(server, 'setting.change')).length === 0, 'the first start has nothing to be compared with');
    await server.stop();
    server = await startServer({ directory, env, args });
    check((await entriesOf(server, 'setting.change')).length === 0, 'the same again');
    await server.stop();
    const file = join(directory, 'tessera.toml');
    writeFileSync(file, 'guests = "on"\n');
    server = await startServer({ directory, env, args: [...args, '--name', 'The den', '--config', file] });
    const [started] = await entriesOf(server, 'setting.change');
    check(started.actor === null && started.detail.before.name === 'Tessera' && started.detail.after.name === 'The den', JSON.stringify(started));
    writeFileSync(file, 'guests = "off"\nname = "ignored, a flag says it"\n');
    server.child.kill('SIGHUP');
    let entries = [];
    for (let turn = 0; turn < 200 && entries.length < 2; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      entries = await entriesOf(server, 'setting.change');
    }
    check(JSON.stringify(entries[0].detail) === '{"after":{"guests":"off"},"before":{"guests":"on"}}', JSON.stringify(entries[0]));
    server.child.kill('SIGHUP');
    await server.stop();
    server = await startServer({ directory, env: { TESSERA_OWNER_TOKEN: 'another owner token, as secret' }, args: [...args, '--name', 'The den', '--config', file] });
    const all = (await api(server, 'GET', '/audit?action=setting.change', { token: 'another owner token, as secret' })).json.items;
    check(all.length === 2 && !JSON.stringify(all).includes('owner token'), JSON.stringify(all));
    await server.stop();
    check(verify(directory).status === 0, verify(directory).stdout);
  },
});
