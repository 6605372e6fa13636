#!/usr/bin/env node
// Reports on the real server: two players report, a moderator claims and resolves, the reporters hear it; who abuses reports is seen.
import { spawnSync } from 'node:child_process';
import { api, promote } from '../support/api.mjs';
import { JsonClient } from '../support/json_client.mjs';
import { check, guest, run, serverProgram, startServer, temporaryDirectory } from '../support/server.mjs';

const owner = 'an owner token for tests only';
const env = { TESSERA_OWNER_TOKEN: owner };
const args = ['--limit', 'off', '--canvas', 'main:256x256'];
const reports = '/canvases/main/reports';

async function staffOf(server, name, role) {
  const account = await guest(server, name);
  await promote(server, owner, account.account, role);
  return account;
}

async function report(server, who, body) {
  const made = await api(server, 'POST', reports, { token: who.token, body });
  check(made.status === 201, `reported: ${made.status} ${made.text}`);
  return made.json;
}

const change = (server, who, id, body, version = '*') => api(server, 'PATCH', `${reports}/${id}`, { token: who.token, body, headers: { 'If-Match': version } });
const picture = async (server, address) => Buffer.from(await (await fetch(server.url + address)).arrayBuffer());

await run({
  'two players report the same; a moderator claims, bans with a rollback, resolves both; both hear it, also after a restart': async () => {
    const directory = temporaryDirectory();
    let server = await startServer({ directory, env, args });
    const [vera, ann, ben] = [await guest(server, 'vera'), await guest(server, 'ann'), await guest(server, 'ben')];
    const [mo, ada] = [await staffOf(server, 'mo', 'moderator'), await staffOf(server, 'ada', 'admin')];
    const draw = (who, cells) => api(server, 'POST', '/canvases/main/placements', { token: who.token, body: { cells } });
    check((await draw(ann, [{ x: 10, y: 10, color: 5 }])).status === 200, 'the picture');
    check((await draw(vera, [{ x: 10, y: 10, color: 2 }, { x: 11, y: 10, color: 2 }])).status === 200, 'over it');
    const script = '<img src=x onerror="alert(1)">';
    const first = await report(server, ann, { region: { x: 8, y: 8, width: 8, height: 8 }, reason: script });
    const second = await report(server, ben, { x: 10, y: 10, reason: 'look at this' });

    const queue = (await api(server, 'GET', `${reports}?state=open`, { token: mo.token })).json.items;
    check(queue.map(({ id }) => id).join() === [second.id, first.id].join(), JSON.stringify(queue));
    const full = (await api(server, 'GET', `${reports}/${first.id}`, { token: mo.token })).json;
    check(full.reason === script, 'markup is text');
    check(full.similar.join() === `${second.id}`, JSON.stringify(full.similar));
    check(full.drawn_by[0].name === 'vera' && full.drawn_by[0].placements === 2, JSON.stringify(full.drawn_by));
    const then = await picture(server, full.image_then);

    const hears = await JsonClient.open(server, { token: ann.token });
    const banned = await JsonClient.open(server, { token: vera.token });
    check((await change(server, mo, first.id, { state: 'claimed' }, '"1"')).status === 200, 'claimed');
    const claimed = await hears.when('the claim', () => hears.of('report:outcome')[0]);
    check(claimed.data.id === first.id && claimed.data.state === 'claimed', JSON.stringify(claimed));
    const others = await change(server, ada, first.id, { state: 'resolved' });
    check(others.status === 409 && others.json.code === 'claimed', others.text);

    const warned = await api(server, 'POST', `/accounts/${vera.account.id}/warn`, { token: mo.token, body: { text: script } });
    check(warned.status === 200, warned.text);
    check((await banned.when('the warning', () => banned.of('account:warned')[0])).data.text === script, 'told as text');
    const ban = await api(server, 'POST', `/accounts/${vera.account.id}/ban`, {
      token: mo.token, body: { until: '2099-01-01T00:00:00Z', reason: 'drew over the picture', appeal: 'write to staff@canvas.test', roll_back: { canvas: 'main' } } });
    check(ban.status === 200 && ban.json.rollback.state === 'applied' && ban.json.rollback.cells === 2, ban.text);
    check((await draw(vera, [{ x: 1, y: 1, color: 1 }])).json.detail.endsWith('drew over the picture — write to staff@canvas.test'), 'the appeal is told');
    check((await api(server, 'POST', reports, { token: vera.token, body: { x: 1, y: 1, reason: 'x' } })).status === 403, 'who is banned reports nothing');
    check(Buffer.compare(await picture(server, full.image_then), then) === 0, 'then stays then');
    check(Buffer.compare(await picture(server, full.image_now), then) !== 0, 'now is now');

    const resolved = await change(server, mo, first.id, { state: 'resolved', outcome: 'taken back', also: full.similar });
    check(resolved.json.state === 'resolved', resolved.text);
    await hears.when('the outcome', () => hears.of('report:outcome').some(({ data }) => data.state === 'resolved' && data.outcome === 'taken back'));
    await server.kill();
    server = await startServer({ directory, env });
    const mine = (await api(server, 'GET', `${reports}/mine`, { token: ben.token })).json.items;
    check(mine.length === 1 && mine[0].outcome === 'taken back' && !('reporter' in mine[0]), JSON.stringify(mine));
    const log = (await api(server, 'GET', '/audit?action=report', { token: mo.token })).json.items;
    check(log.map(({ action }) => action).join() === 'report.resolve,report.resolve,report.claim', JSON.stringify(log));
    const profile = (await api(server, 'GET', `/accounts/${vera.account.id}`, { token: mo.token })).json;
    check(profile.reports_about.map(({ id }) => id).join() === [second.id, first.id].join(), JSON.stringify(profile.reports_about));
    check(profile.history.map(({ action }) => action).join() === 'account.ban,account.warn', JSON.stringify(profile.history));
    check(profile.placements[0].placements === 2 && !JSON.stringify(profile).includes(vera.token), JSON.stringify(profile));
    await server.stop();
    const verified = spawnSync(serverProgram, ['verify', '--data', directory], { encoding: 'utf8' });
    check(verified.status === 0, verified.stdout + verified.stderr);
  },

  'who reports for nothing is told to wait, and seen to be dismissed': async () => {
    const server = await startServer({ directory: temporaryDirectory(), env, args });
    const cy = await guest(server, 'cy');
    const mo = await staffOf(server, 'mo', 'moderator');
    const made = [];
    for (let i = 0; i < 5; i += 1) made.push(await report(server, cy, { x: i, y: 0, reason: 'I do not like it' }));
    const sixth = await api(server, 'POST', reports, { token: cy.token, body: { x: 9, y: 9, reason: 'nor this' } });
    check(sixth.status === 429 && Number(sixth.headers.get('retry-after')) > 0, `${sixth.status} ${sixth.text}`);
    const closed = await change(server, mo, made[0].id, { state: 'dismissed', outcome: 'that is allowed', also: made.slice(1, 4).map(({ id }) => id) });
    check(closed.status === 200, closed.text);
    const left = (await api(server, 'GET', `${reports}?state=open`, { token: mo.token })).json.items;
    check(left.length === 1 && left[0].reporter_reports === 5 && left[0].reporter_dismissed === 4, JSON.stringify(left));
    const profile = (await api(server, 'GET', `/accounts/${cy.account.id}`, { token: mo.token })).json;
    check(profile.reports_made === 5 && profile.reports_dismissed === 4, JSON.stringify(profile));
  },
});
