#!/usr/bin/env node
// The staff's work on the real server: a vandal's evening, rollbacks that are killed and cancelled, an audit log that somebody writes into.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, promote } from '../support/api.mjs';
import { JsonClient } from '../support/json_client.mjs';
import { bitmap, check, guest, root, run, serverProgram, startServer, temporaryDirectory } from '../support/server.mjs';

const owner = 'an owner token for tests only';
const env = { TESSERA_OWNER_TOKEN: owner };
const unlimited = ['--limit', 'off', '--canvas', 'main:256x256'];

/** Draws a filled rectangle, as many cells a request as there may be. */
async function fill(server, token, [x, y, width, height], color) {
  const cells = [];
  for (let row = y; row < y + height; row += 1) for (let column = x; column < x + width; column += 1) cells.push({ x: column, y: row, color });
  for (let i = 0; i < cells.length; i += 4096) {
    const drawn = await api(server, 'POST', '/canvases/main/placements', { token, body: { cells: cells.slice(i, i + 4096) } });
    check(drawn.status === 200, `drawn: ${drawn.status} ${drawn.text}`);
  }
}

async function moderatorOf(server) {
  const mo = await guest(server, 'mo');
  await promote(server, owner, mo.account, 'moderator');
  return mo;
}

const cellAt = async (server, x, y) => (await api(server, 'GET', `/canvases/main/cells/${x}/${y}`)).json;
const verify = (directory) => spawnSync(serverProgram, ['verify', '--data', directory], { encoding: 'utf8' });
const countOf = async (server, color) => (await bitmap(server)).cells.filter((cell) => cell === color).length;

async function when(what, probe) {
  for (let turn = 0; turn < 400; turn += 1) {
    if (await probe()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`never: ${what}`);
}

/** Writes into a stopped server's database, as somebody would who does not want to be remembered. */
const tamper = (directory, ...statements) =>
  execFileSync('python3', ['-c', `import sqlite3, sys\nd = sqlite3.connect(sys.argv[1])\nfor s in sys.argv[2:]:\n  assert d.execute(s).rowcount != 0, s\nd.commit()`,
    join(directory, 'tessera.db'), ...statements]);

await run({
  'a vandal\'s evening: reported by two, found, previewed, banned, rolled back but for what others drew; undone by the owner; the log holds': async () => {
    const directory = temporaryDirectory();
    let server = await startServer({ directory, env, args: unlimited });
    const [ann, ben, cy] = [await guest(server, 'ann'), await guest(server, 'ben'), await guest(server, 'cy')];
    const mo = await moderatorOf(server);
    await fill(server, ann.token, [40, 40, 60, 60], 5);  // the picture
    await fill(server, ben.token, [60, 60, 60, 60], 2);  // over it
    await fill(server, cy.token, [70, 70, 10, 1], 9);    // who drew on since
    const bot = await JsonClient.open(server, { token: ben.token });

    const report = (who, x, y) => api(server, 'POST', '/canvases/main/reports', { token: who.token, body: { region: { x, y, width: 20, height: 20 }, reason: 'somebody draws over the picture' } });
    const [first, second] = [(await report(ann, 60, 60)).json, (await report(cy, 65, 65)).json];
    const change = (body) => api(server, 'PATCH', `/canvases/main/reports/${first.id}`, { token: mo.token, body, headers: { 'If-Match': '*' } });
    const queue = (await api(server, 'GET', `/canvases/main/reports/${first.id}`, { token: mo.token })).json;
    check(queue.drawn_by.some(({ name, placements }) => name === 'ben' && placements === 400) && queue.similar.join() === `${second.id}`, JSON.stringify(queue));
    check((await change({ state: 'claimed' })).status === 200, 'claimed');
    const found = (await api(server, 'GET', '/accounts?q=ben', { token: mo.token })).json.items;
    check(found.length === 1 && found[0].id === ben.account.id, JSON.stringify(found));
    const selection = { account: ben.account.id };
    const preview = await api(server, 'POST', '/canvases/main/rollbacks', { token: mo.token, body: { ...selection, dry_run: true } });
    check(preview.json.placements === 3600 && preview.json.cells === 3590, preview.text);
    check((await cellAt(server, 61, 61)).name === 'ben', 'a preview changes nothing');
    check((await fetch(server.url + preview.json.image, { headers: { Authorization: `Bearer ${mo.token}` } })).headers.get('content-type') === 'image/png', 'its picture');

    const ban = await api(server, 'PATCH', `/accounts/${ben.account.id}`, {
      token: mo.token, headers: { 'If-Match': '*' }, body: { banned_until: '2099-01-01T00:00:00Z', reason: 'drew over the picture' } });
    check(ban.status === 200, ban.text);
    bot.place(1, 1, '#FF4500');
    const refused = await bot.when('the ban', () => bot.of('error').find(({ data }) => data.code === 'banned'));
    check(refused.data.detail === 'this account is banned: drew over the picture; until 2099-01-01T00:00:00.000Z', refused.raw);
    const applied = await api(server, 'POST', '/canvases/main/rollbacks', { token: mo.token, body: { ...selection, reason: 'drew over the picture' } });
    check(applied.status === 201 && applied.json.state === 'applied', applied.text);
    const restored = await cellAt(server, 61, 61);
    check(restored.name === 'ann' && restored.color === 5, JSON.stringify(restored));
    check((await cellAt(server, 110, 110)).color === null, 'emptied where nothing was');
    check((await cellAt(server, 75, 70)).name === 'cy', 'what others drew stays');
    check((await countOf(server, 2)) === 0, 'nothing of the vandal is left');

    check((await change({ state: 'resolved', outcome: 'taken back', also: [second.id] })).json.state === 'resolved', 'resolved');
    const heard = (await api(server, 'GET', '/canvases/main/reports/mine', { token: cy.token })).json.items;
    check(heard[0].outcome === 'taken back', JSON.stringify(heard));

    const own = `/canvases/main/rollbacks/${applied.json.id}`;
    check((await api(server, 'POST', `${own}/undo`, { token: owner })).json.state === 'undone', 'the owner undoes');
    check((await cellAt(server, 61, 61)).name === 'ben' && (await countOf(server, 2)) === 3590, 'as it was');
    check((await api(server, 'POST', `${own}/redo`, { token: mo.token })).json.state === 'applied', 'and it is applied again');
    await server.kill();
    server = await startServer({ directory, env, args: unlimited });
    check((await cellAt(server, 61, 61)).name === 'ann' && (await api(server, 'GET', own, { token: mo.token })).json.state === 'applied', 'after a restart too');

    const log = (await api(server, 'GET', '/audit', { token: mo.token })).json.items;
    const actions = log.map(({ action }) => action).join(' ');
    check(actions === 'rollback.redo rollback.undo report.resolve report.resolve rollback.apply account.ban report.claim account.role', actions);
    check(log[4].detail.cells === 3590 && log[4].actor.name === 'mo', JSON.stringify(log[4]));
    const checked = (await api(server, 'GET', '/audit/verify', { token: mo.token })).json;
    check(checked.ok && checked.entries === 8 && checked.head === log[0].hash, JSON.stringify(checked));
    await server.stop();
    check(verify(directory).status === 0, verify(directory).stdout);
    tamper(directory, 'UPDATE audit SET text = replace(text, \'"reason":"drew over the picture"\', \'"reason":"was asked to"\') WHERE id = 4');
    const after = verify(directory);
    check(after.status === 1 && /audit.*\b4\b/.test(after.stdout + after.stderr), `${after.status}: ${after.stdout}${after.stderr}`);
    server = await startServer({ directory, env });
    const told = (await api(server, 'GET', '/audit/verify', { token: owner })).json;
    check(told.ok === false && told.bad === 4, JSON.stringify(told));
    await when('the log says so', () => server.log.includes('the audit log is not as it was written'));
  },

  'a rollback that is killed half way goes on at the next start; one that is cancelled half way leaves no trace': async () => {
    const directory = temporaryDirectory();
    let server = await startServer({ directory, env, args: unlimited });
    const ben = await guest(server, 'ben');
    const mo = await moderatorOf(server);
    await fill(server, ben.token, [0, 0, 256, 256], 2);
    const begin = () => api(server, 'POST', '/canvases/main/rollbacks', { token: mo.token, body: { account: ben.account.id, wait: false } });
    const { id, cells } = (await begin()).json;
    check(cells === 65536, `${cells} cells`);
    await when('a part is drawn', async () => (await countOf(server, 2)) < 65536);
    await server.kill();
    server = await startServer({ directory, env });
    await when('all is drawn', async () => (await api(server, 'GET', `/canvases/main/rollbacks/${id}`, { token: mo.token })).json.state === 'applied');
    check((await countOf(server, 255)) === 65536, 'every cell is empty');

    const cancelled = await api(server, 'POST', `/canvases/main/rollbacks/${id}/undo?wait=0`, { token: mo.token });
    check(['undoing', 'undone'].includes(cancelled.json.state), cancelled.text);
    const turned = await api(server, 'POST', `/canvases/main/rollbacks/${id}/redo?wait=0`, { token: mo.token });
    check(['applying', 'applied'].includes(turned.json.state), turned.text);
    const undone = await api(server, 'POST', `/canvases/main/rollbacks/${id}/undo`, { token: mo.token });
    check(undone.json.state === 'undone', undone.text);
    check((await countOf(server, 2)) === 65536, 'every cell is as it was');
    check((await cellAt(server, 200, 200)).name === 'ben', 'and whose it was');
    await server.stop();
    check(verify(directory).status === 0, verify(directory).stdout);
  },

  'locks and announcements are live, to bots too, and outlive the server': async () => {
    const directory = temporaryDirectory();
    let server = await startServer({ directory, env, args: unlimited });
    const ann = await guest(server, 'ann');
    const mo = await moderatorOf(server);
    const bot = await JsonClient.open(server, { token: ann.token });
    const made = await api(server, 'POST', '//locks', { token: mo.token, body: { x1: 10, y1: 10, x2: 19, y2: 19, reason: 'contest <judging>' } });
    check(made.status === 201, made.text);
    await bot.when('the lock', () => bot.of('lock:created').some(({ data }) => data.reason === 'contest <judging>' && data.width === 10));
    bot.place(15, 15, '#FF4500');
    await bot.when('the refusal', () => bot.of('error').some(({ data }) => data.code === 'locked' && data.x === 15));
    await api(server, 'POST', '/announcements', { token: mo.token, body: { text: 'Doors close at ten', pinned: true } });
    await bot.when('the announcement', () => bot.of('announcement:created').some(({ data }) => data.text === 'Doors close at ten'));
    check((await api(server, 'POST', '//locks', { token: ann.token, body: { x1: 0, y1: 0, x2: 1, y2: 1 } })).json.code === 'forbidden', 'a player locks nothing');
    await when('the attempt is told', async () => (await api(server, 'GET', '/audit?action=auth.denied', { token: mo.token })).json.items.length === 1);
    bot.socket.terminate();
    await server.kill();
    server = await startServer({ directory, env });
    check((await api(server, 'GET', '//locks')).json.items[0].id === made.json.id, 'the lock is there');
    check((await api(server, 'GET', '/announcements')).json.items[0].pinned, 'the announcement too');
    const refused = await api(server, 'POST', '/canvases/main/placements', { token: ann.token, body: { cells: [{ x: 15, y: 15, color: 1 }] } });
    check(refused.json.rejected[0].code === 'locked', refused.text);
    check((await api(server, 'DELETE', '//locks/10/10/19/19', { token: mo.token })).status === 204, 'lifted');
  },

  'whatever is done to the audit log in the database is found: an edit, a deletion, another order, a cut tail, a forged entry': async () => {
    const directory = temporaryDirectory();
    let server = await startServer({ directory, env, args: unlimited });
    const mo = await moderatorOf(server);
    for (let i = 0; i < 5; i += 1) await api(server, 'POST', '/canvases/main/locks', { token: mo.token, body: { x: i, y: 0, width: 1, height: 1 } });
    await server.stop();
    check(verify(directory).status === 0, 'as it was written');
    const doings = {
      'an edit': ["UPDATE audit SET text = replace(text, '\"x\":2', '\"x\":9') WHERE id = 4"],
      'a deletion': ['DELETE FROM audit WHERE id = 3'],
      'another order': ['UPDATE audit SET id = 900 WHERE id = 3', 'UPDATE audit SET id = 3 WHERE id = 4', 'UPDATE audit SET id = 4 WHERE id = 900'],
      'a cut tail': ['DELETE FROM audit WHERE id >= 5'],
      'another actor in what is searched': ['UPDATE audit SET actor = 77 WHERE id = 2'],
    };
    for (const [what, statements] of Object.entries(doings)) {
      const copy = temporaryDirectory();
      cpSync(directory, copy, { recursive: true });
      tamper(copy, ...statements);
      const found = verify(copy);
      check(found.status === 1 && /audit/.test(found.stdout + found.stderr), `${what}: ${found.status} ${found.stdout}${found.stderr}`);
      server = await startServer({ directory: copy, env });
      const told = (await api(server, 'GET', '/audit/verify', { token: owner })).json;
      check(told.ok === false && told.detail.length > 0, `${what}: ${JSON.stringify(told)}`);
      await server.stop();
    }
  },

  'docs/staff.md: its commands do what they say, its check of the log finds it whole': async () => {
    const server = await startServer({ directory: temporaryDirectory(), env, args: ['--canvas', 'main:200x200', '--public-audit', 'on'] });
    for (const name of ['ann', 'cy', 'dee', 'eve', 'finn']) await guest(server, name);
    const ben = await guest(server, 'ben');
    check(ben.account.id === 7, `ben is ${ben.account.id}`);
    await api(server, 'POST', '/canvases/main/placements', { token: ben.token, body: { cells: [{ x: 1, y: 1, color: 1 }] } });
    const blocks = (language) => [...readFileSync(join(root, 'docs/staff.md'), 'utf8').matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text);
    const script = blocks('sh').join('\n').replace('curl -s', 'curl -s -o /dev/null -w "%{http_code}\\n"').replaceAll('2030-01-01T20', '2020-01-01T20').replaceAll('since=2030', 'since=2020');
    const codes = execFileSync('bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, URL: server.url, TOKEN: owner } }).trim().split('\n');
    check(codes.join(' ') === '201 200 204 201 200 200 201 200 200 200 201 200 200 200 200 200 200 200 200 200 200 200 200 200 201 200 204 201 200 201 201 200 200 200 200', codes.join(' '));
    const log = (await api(server, 'GET', '/audit', { token: owner })).json.items.reverse();
    check(log.length === 16, `${log.length} entries`);
    const prepared = `import json, sys\noldest_first = json.loads(sys.argv[1])\n${blocks('python')[0]}\nprint(before)`;
    check(execFileSync('python3', ['-c', prepared, JSON.stringify(log)], { encoding: 'utf8' }).trim() === log.at(-1).hash, 'the last hash');
  },

  'tessera-server admin does every staff action for scripts, and says in a sentence what it may not': async () => {
    const server = await startServer({ directory: temporaryDirectory(), env, args: unlimited });
    const ben = await guest(server, 'ben');
    await fill(server, ben.token, [5, 5, 10, 10], 2);
    const admin = (words, token = owner) => {
      const ran = spawnSync(serverProgram, ['admin', '--url', server.url, ...words], { encoding: 'utf8', env: { PATH: process.env.PATH, ...(token ? { TESSERA_OWNER_TOKEN: token } : {}) } });
      return { ...ran, json: ran.stdout.startsWith('{') ? JSON.parse(ran.stdout) : undefined };
    };
    const done = (...words) => {
      const ran = admin(words);
      check(ran.status === 0, `${words.join(' ')}: ${ran.status} ${ran.stderr}`);
      return ran.json;
    };
    const id = `${ben.account.id}`;
    check(done('account', 'find', 'ben').items[0].id === ben.account.id, 'found');
    check(done('account', 'find', '--address', '127.0.0.1').items.some(({ name }) => name === 'ben'), 'found by address');
    check(done('grant', 'add', id, 'moderator').role === 'moderator', 'granted');
    check(/\(precondition_required\)/.test(admin(['grant', 'add', id, 'member']).stderr), 'granted already');
    check(done('grant', 'change', id, 'member').role === 'member' && done('grant', 'list').items.length === 1, 'changed');
    done('grant', 'remove', id);
    check(done('rollback', 'preview', '--address', '127.0.0.0/24').cells === 100, 'previewed by address');
    const locked = done('lock', 'add', '1,2,3,4', '--reason', 'judging');
    check(locked.width === 3, 'locked');
    check(done('lock', 'change', `${locked.id}`, '--role', 'member').allowed_role === 'member', 'changed');
    done('lock', 'lift', `${locked.id}`);
    check(done('account', 'list', '--sort=-placements', '--canvas', 'main').items[0].placements === 100, 'listed');
    check(done('account', 'activity', id, '--days', '2').placements.length === 48, 'when it placed');
    check(done('canvas', 'automation', 'main').items.length === 0, 'no program');
    check(done('server', 'state').canvases === 1 && Array.isArray(done('server', 'history').placements), 'the server');
    check(done('announcement', 'add', 'Doors close at ten', '--pinned').pinned === true, 'announced');
    check(done('account', 'ban', id, '2099-01-01T00:00:00Z', '--reason', 'drew over the picture').banned_until.startsWith('2099'), 'banned');
    check(done('rollback', 'preview', '--account', id).cells === 100, 'previewed');
    const applied = done('rollback', 'apply', '--account', id, '--region', '5,5,5,5');
    check(applied.state === 'applied' && (await countOf(server, 2)) === 75, 'rolled back');
    check(done('rollback', 'undo', `${applied.id}`).state === 'undone' && (await countOf(server, 2)) === 100, 'undone');
    check(done('account', 'unban', id).banned_until === null, 'unbanned');
    check(/name an account|an account, an address/.test(admin(['rollback', 'apply']).stderr), `nothing is named: ${admin(['rollback', 'apply']).stderr}`);
    check(done('account', 'warn', id, 'leave the cat alone').id === ben.account.id, 'warned');
    const expelled = done('account', 'expel', id, 'drew over the cat', '--until', '2099-01-01T00:00:00Z', '--appeal', 'write to us', '--roll-back', 'main');
    check(expelled.account.reason === 'drew over the cat — write to us' && expelled.rollback.state === 'applied' && (await countOf(server, 2)) === 0, 'expelled');
    check(/is past/.test(admin(['account', 'ban', id, '2001-01-01T00:00:00Z']).stderr), 'a ban until a time that is past');
    done('account', 'unban', id);
    done('rollback', 'undo', `${expelled.rollback.id}`);
    const snapshot = done('snapshot', 'take', 'before the party');
    check(done('snapshot', 'list').items.length === 1, 'a snapshot');
    check(/confirm/.test(admin(['canvas', 'reset', 'main', 'mine']).stderr), 'a reset must be confirmed');
    const reset = done('canvas', 'reset', 'main', 'main', '--reason', 'a new round');
    check(reset.state === 'applied' && (await countOf(server, 2)) === 0, 'reset');
    done('rollback', 'undo', `${reset.id}`);
    check(done('snapshot', 'restore', `${snapshot.id}`, 'main').state === 'applied' && (await countOf(server, 2)) === 100, 'restored');
    const later = done('schedule', 'add', '2099-01-01T00:00:00Z', 'resize', '--params', '{"width":2000}');
    check(done('schedule', 'list').items[0].params.width === 2000, 'scheduled');
    done('schedule', 'remove', `${later.id}`);
    check(/not JSON/.test(admin(['schedule', 'add', '2099-01-01T00:00:00Z', 'resize', '--params', 'wide']).stderr), 'params that are none');
    const made = await api(server, 'POST', '/canvases/main/reports', { token: ben.token, body: { x: 5, y: 5, reason: 'look at this' } });
    check(made.status === 201 && done('report', 'list', '--state', 'open').items.length === 1, 'a report');
    check(done('report', 'show', `${made.json.id}`).reason === 'look at this', 'shown');
    check(done('report', 'change', `${made.json.id}`, 'resolved', '--outcome', 'thank you').state === 'resolved', 'resolved');
    done('canvas', 'create', 'second', '30x20');
    check(done('canvas', 'resize', 'second', '40x20').width === 40, 'resized');
    check(done('canvas', 'pause', 'second', '--message', 'tea').paused, 'paused');
    check(!done('canvas', 'resume', 'second').paused, 'resumed');
    check(done('call', 'GET', '/canvases/second').name === 'second', 'anything else');
    check(done('audit', 'verify').ok, 'the log is whole');
    const csv = admin(['audit', 'search', '--action', 'lock', '--format', 'csv']);
    check(csv.stdout.trim().split('\r\n').length === 4, csv.stdout);
    const wrong = admin(['lock', 'add', '250,250,100,100']);
    check(wrong.status === 1 && /not within the canvas.*\(out_of_bounds\)/.test(wrong.stderr), wrong.stderr);
    check(admin(['lock', 'add', 'here']).stderr.includes('write it as x,y,width,height'), 'a rectangle that is none');
    check(admin(['lock', 'list'], '').stderr.includes('TESSERA_OWNER_TOKEN'), 'no token');
    check(/\(forbidden\)/.test(admin(['lock', 'add', '1,1,1,1'], ben.token).stderr), 'a player may not');
  },
});
