#!/usr/bin/env node
// Sign-in with Discord against a real OAuth provider on loopback: what it asks, who one then is, and everything that can go wrong or
// be tried by somebody hostile. Nothing of it may reach the log or a page that is not meant for it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { client, guild, startDiscord } from '../support/discord_provider.mjs';
import { begin, login, openWithDiscord, page, signIn, throughDiscord, whoIs, withToken } from '../support/discord_sign_in.mjs';
import { within } from '../support/program.mjs';
import { check, onEnd, run, startServer, temporaryDirectory } from '../support/server.mjs';

const callback = '/auth/discord/callback';
const members = { TESSERA_DISCORD_GUILD: guild };

function equal(found, wanted, what) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  check(a === b, `${what}: ${a}, not ${b}`);
}

async function nobody(jar, what) {
  equal(await whoIs(jar), undefined, `${what}: who one is`);
}

await run({
  'one signs in, is who Discord says, comes back to the same place of the canvas, draws and signs out': async () => {
    const { discord, server, jar } = await openWithDiscord();
    const ann = jar();
    equal((await ann.ask('/api/v1/server')).json.sign_in, ['guest', 'discord'], 'ways to sign in');
    const address = await begin(ann, `${login}?return=%23canvas%3Dmain%26x%3D12%26y%3D34%26zoom%3D8`);
    const asked = new URL(address);
    equal([asked.origin + asked.pathname, asked.searchParams.get('scope')], [`${discord.url}/oauth2/authorize`, 'identify'], 'what Discord is asked');
    equal(asked.searchParams.get('redirect_uri'), `http://127.0.0.1:${server.port}${callback}`, 'where it sends back to');
    const back = await ann.ask(await throughDiscord(address));
    equal([back.status, back.headers.location], [302, '/#canvas=main&x=12&y=34&zoom=8'], 'the way back');
    check(/^tessera_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/.test(back.headers['set-cookie']), back.headers['set-cookie']);
    const account = await whoIs(ann);
    equal([account.name, account.kind], ['Ann of Gables', 'discord'], 'who one is');
    const placed = await ann.ask('/api/v1/canvases/main/placements', { method: 'POST', body: '{"cells":[{"x":1,"y":2,"color":3}]}', headers: { 'Content-Type': 'application/json', Origin: server.url } });
    equal(placed.json.accepted, 1, 'a placement');
    const again = jar();
    equal((await signIn(again)).headers.location, '/', 'without a place to come back to');
    equal((await whoIs(again)).id, account.id, 'the same person, in another browser');
    const token = ann.get('tessera_session');
    equal((await ann.ask('/auth/logout', { method: 'POST', headers: { Origin: server.url } })).status, 204, 'signing out');
    equal((await withToken(server, token, '/auth/me')).json.code, 'bad_token', 'the token');
    equal((await whoIs(again)).id, account.id, 'the other browser');
  },

  'a guest keeps what it drew, and the same person elsewhere is one account': async () => {
    const { server, jar } = await openWithDiscord();
    const draw = (who, x) => who.ask('/api/v1/canvases/main/placements', { method: 'POST', body: `{"cells":[{"x":${x},"y":0,"color":1}]}`, headers: { 'Content-Type': 'application/json', Origin: server.url } });
    const guest = async (name) => {
      const browser = jar();
      const answer = await browser.ask('/auth/guest', { method: 'POST', body: JSON.stringify({ name }), headers: { 'Content-Type': 'application/json', Origin: server.url } });
      equal(answer.status, 201, 'a guest');
      return browser;
    };
    const cell = async (x) => (await jar().ask(`/api/v1/canvases/main/cells/${x}/0`)).json;
    const first = await guest('wanderer');
    const before = await whoIs(first);
    await draw(first, 1);
    await signIn(first);
    const after = await whoIs(first);
    equal([after.kind, after.name, after.id], ['discord', 'Ann of Gables', before.id], 'a new person: the guest itself');
    equal([(await cell(1)).name, (await cell(1)).account], ['Ann of Gables', after.id], 'who drew it');
    const second = await guest('wanderer of the phone');
    await draw(second, 2);
    const token = second.get('tessera_session');
    await signIn(second);
    equal((await whoIs(second)).id, after.id, 'a known person: the same account');
    equal((await cell(2)).name, 'Ann of Gables', 'who drew the second');
    equal((await withToken(server, token, '/auth/me')).status, 401, 'what this browser showed before lets nobody into the account');
    equal((await draw(second, 3)).json.accepted, 1, 'drawing on');
  },

  'only members of the guild where one is required, with their roles': async () => {
    const { discord, jar } = await openWithDiscord({ environment: members, args: ['--discord-role', '501=moderator', '--discord-role', '502=member'], provider: { member: { roles: ['502', '501', '7'] } } });
    const ann = jar();
    const address = await begin(ann);
    equal(new URL(address).searchParams.get('scope'), 'identify guilds.members.read', 'what Discord is asked');
    await ann.ask(await throughDiscord(address));
    equal((await whoIs(ann)).role, 'moderator', 'the role');
    Object.assign(discord, { person: { id: '99', username: 'stranger', global_name: null }, member: null });
    const stranger = jar();
    page(await signIn(stranger), 403, ['not a member', 'Back to the canvas'], 'no member');
    await nobody(stranger, 'no member');
  },

  'denied, refused, slow, rate-limited, down: each a page in words, in both languages, and nobody is signed in': async () => {
    const { discord, server, jar } = await openWithDiscord({ args: ['--limit', 'off'], environment: members });
    const cases = [
      [{ deny: true }, 403, 'You told Discord not to', 'Vous avez refusé'],
      [{ error: 'temporarily_unavailable' }, 502, 'It is not your doing', 'Vous n’y êtes pour rien'],
      [{ error: 'invalid_scope' }, 502, 'A setting of this server is wrong', 'Un réglage de ce serveur'],
      [{ at: '/oauth2/token', status: 500, body: 'a stack trace' }, 502, 'It is not your doing', 'Vous n’y êtes pour rien'],
      [{ at: '/oauth2/token', status: 400, body: '{"error":"invalid_grant"}' }, 400, 'Its confirmation was used already', 'Sa confirmation a déjà servi'],
      [{ at: '/oauth2/token', status: 401, body: '{"error":"invalid_client"}' }, 502, 'A setting of this server is wrong', 'Un réglage de ce serveur'],
      [{ at: '/oauth2/token', status: 302, headers: { Location: `${discord.url}/elsewhere` } }, 502, 'A setting of this server', 'Un réglage de ce serveur'],
      [{ at: '/oauth2/token', status: 200, body: '<html>' }, 502, 'It is not your doing', 'Vous n’y êtes pour rien'],
      [{ at: '/users/@me', status: 429, headers: { 'Retry-After': '17.3' } }, 503, 'Try again in 17\u00a0s', 'Réessayez dans 17\u00a0s'],
      [{ at: '/users/@me', status: 401 }, 502, 'It is not your doing', 'Vous n’y êtes pour rien'],
      [{ at: '/users/@me', status: 200, body: 'x'.repeat(1_000_000) }, 502, 'It is not your doing', 'Vous n’y êtes pour rien'],
      [{ at: `/users/@me/guilds/${guild}/member`, status: 503 }, 502, 'It is not your doing', 'Vous n’y êtes pour rien'],
      [{ at: `/users/@me/guilds/${guild}/member`, status: 404 }, 403, 'not a member', 'n’en fait pas partie'],
    ];
    for (const [mood, status, english, french] of cases) {
      discord.mood = mood;
      const what = JSON.stringify(mood).slice(0, 90);
      for (const [language, says] of [['en', english], ['fr-CA,fr;q=0.9,en;q=0.5', french]]) {
        const browser = jar({ language });
        const answer = await signIn(browser, `${login}?return=%23canvas%3Dmain`);
        page(answer, status, [says, `lang="${language.slice(0, 2)}"`, 'href="/#canvas=main"'], what);
        check(!/stack trace|invalid_grant|says the provider/.test(answer.text), `${what}: the page tells too much`);
        if (mood.status === 429) equal(answer.headers['retry-after'], '17', 'Retry-After');
        await nobody(browser, what);
      }
    }
    check(!discord.asked.some(({ path }) => path === '/elsewhere'), 'a redirect of the token\'s address was followed');
    await discord.close();
    const browser = jar();
    const address = await begin(browser);
    const state = new URL(address).searchParams.get('state');
    page(await browser.ask(`${callback}?code=x&state=${state}`), 502, 'It is not your doing', 'nobody listens');
    for (const secret of [client.secret, encodeURIComponent(client.secret), browser.get('tessera_discord'), state]) check(!server.log.includes(secret), 'the log holds a secret');
    check(/a sign-in with Discord came to nothing/.test(server.log), 'the log says nothing');
  },

  'a Discord that never answers is given up after 15 seconds, and keeps nobody else waiting': async () => {
    const { discord, server, jar } = await openWithDiscord();
    discord.mood = { at: '/users/@me', silent: true };
    const browser = jar();
    const address = await throughDiscord(await begin(browser));
    const began = Date.now();
    const waiting = browser.ask(address);
    const others = await within(5, 'others are answered meanwhile', Promise.all(Array.from({ length: 20 }, () => jar().ask('/api/v1/server'))));
    check(others.every(({ status }) => status === 200), 'the server went on');
    page(await waiting, 504, 'We waited, but nothing came', 'silence');
    const took = Date.now() - began;
    check(took > 13_000 && took < 20_000, `it took ${took} ms`);
    await nobody(browser, 'silence');
    equal((await jar().ask('/healthz')).status, 200, server.url);
  },

  'a Discord whose certificate nobody vouches for is sent nothing': async () => {
    const directory = temporaryDirectory();
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(directory, name));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '1', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], { stdio: 'ignore' });
    let requests = 0;
    const impostor = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => response.end(`${requests += 1}`));
    await new Promise((resolve) => impostor.listen(0, '127.0.0.1', resolve));
    onEnd(() => impostor.close());
    const { jar } = await openWithDiscord({ environment: { TESSERA_DISCORD_API: `https://localhost:${impostor.address().port}` } });
    const ann = jar();
    const state = new URL(await begin(ann)).searchParams.get('state');
    page(await ann.ask(`${callback}?code=x&state=${state}`), 502, 'It is not your doing', 'an impostor');
    equal(requests, 0, 'requests that it got');
  },

  'hostile: a state or a code used twice, made up, of another browser, or without PKCE signs nobody in': async () => {
    const { discord, jar } = await openWithDiscord();
    const ann = jar();
    const back = await throughDiscord(await begin(ann));
    equal((await ann.ask(back)).status, 302, 'the first time');
    page(await ann.ask(back), 400, 'no longer valid', 'the same address again');

    const eve = jar();
    const { state } = Object.fromEntries(new URL(await begin(eve)).searchParams);
    page(await eve.ask(`${callback}?state=${state}&code=${new URL(back).searchParams.get('code')}`), 400, 'Its confirmation was used already', 'a code used twice');
    page(await eve.ask(`${callback}?state=${'A'.repeat(43)}&code=x`), 400, 'no longer valid', 'a state made up');
    for (const query of ['', '?code=x', '?state=', `?state=${'x'.repeat(3_000)}`, '?state=%0d%0aX:y', '?error=access_denied']) page(await eve.ask(callback + query), 400, 'no longer valid', `callback${query.slice(0, 30)}`);
    await nobody(eve, 'after all that');

    const victim = jar();
    await begin(victim);
    const bait = await throughDiscord(await begin(eve));
    page(await victim.ask(bait), 403, 'another browser', 'the address of another\'s sign-in');
    page(await jar().ask(bait), 400, 'no longer valid', 'it is used up by that');
    await nobody(victim, 'another\'s sign-in');
    const forged = jar();
    forged.set('tessera_discord', eve.get('tessera_discord').replace(/^./, '_'), '/auth/discord');
    page(await forged.ask(await throughDiscord(await begin(eve))), 403, 'another browser', 'a forged cookie');

    // A code that was got with somebody else's challenge: the provider holds the verifier against it.
    const mixed = new URL(await begin(eve));
    mixed.searchParams.set('code_challenge', 'B'.repeat(43));
    page(await eve.ask(await throughDiscord(mixed.href)), 400, 'Its confirmation was used already', 'PKCE of another');
    const asked = discord.asked.filter(({ path }) => path === '/oauth2/token').map(({ body }) => new URLSearchParams(body).get('code_verifier'));
    check(asked.every((verifier) => /^[\w-]{43}$/.test(verifier)) && new Set(asked).size === asked.length, 'each sign-in has a verifier of its own');
    await nobody(eve, 'PKCE of another');
  },

  'hostile: no open redirect, nothing gets into a header, no parameter twice': async () => {
    const { jar } = await openWithDiscord();
    const ann = jar();
    for (const wrong of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/', 'canvas=main', '#a b', '#a\r\nSet-Cookie: tessera_session=x', '#<script>', '#"', '#é', `#${'a'.repeat(2_000)}`]) {
      const answer = await ann.ask(`${login}?return=${encodeURIComponent(wrong)}`);
      page(answer, 400, 'does not lead to a canvas', wrong);
      check(!answer.headers.location && !answer.headers['set-cookie'], `${wrong}: ${JSON.stringify(answer.headers)}`);
    }
    for (const wrong of ['https://evil.example', 'BCDF-GHJK/../..', 'BCDF%0d%0aGHJK', '../x']) page(await ann.ask(`${login}?device=${wrong}`), 400, 'does not lead', `device=${wrong}`);
    equal((await ann.ask(`${login}?return=%23a&return=%23b`)).status, 400, 'return twice');
    equal((await ann.ask(`${login}?next=https://evil.example`)).status, 400, 'a parameter that is none');
    const answer = await ann.ask(`${login}?return=%23canvas%3Dmain%26template%3D%2541`);
    const back = await ann.ask(await throughDiscord(answer.headers.location));
    equal(back.headers.location, '/#canvas=main&template=%41', 'a fragment comes back as it was');
  },

  'offered only at the public address over https and on this machine': async () => {
    const { server, jar } = await openWithDiscord({ args: ['--public-url', 'https://canvas.example.org', '--host-name', 'other.example.org', '--trusted-proxy', '127.0.0.0/8'] });
    const https = { 'X-Forwarded-Proto': 'https' };
    for (const [host, headers, offered] of [[`localhost:${server.port}`, {}, true], [`[::1]:${server.port}`, {}, true], ['canvas.example.org', https, true], ['other.example.org', https, false], ['canvas.example.org:8443', https, false], ['192.0.2.7', {}, false]]) {
      const browser = jar({ host });
      equal((await browser.ask('/api/v1/server', { headers })).json.sign_in.includes('discord'), offered, host);
      const answer = await browser.ask(login, { headers });
      if (!offered) page(answer, 403, ['https://canvas.example.org', 'not offered at this address'], host);
      else equal(new URL(new URL(answer.headers.location).searchParams.get('redirect_uri')).host, host, `${host}: redirect_uri`);
      if (offered) equal(/; Secure/.test(answer.headers['set-cookie']), headers === https, `${host}: Secure`);
      if (!offered) page(await browser.ask(`${callback}?state=x&code=y`, { headers }), 403, 'not offered', `${host}: callback`);
    }
    equal((await jar({ host: 'evil.example' }).ask(login)).json.code, 'bad_host', 'a name that is not ours');
    const plain = await openWithDiscord({ args: ['--public-url', 'http://canvas.example.org'] });
    page(await plain.jar({ host: 'canvas.example.org' }).ask(login), 403, 'works on the machine that hosts', 'plain http');
    const none = await startServer({ directory: temporaryDirectory() });
    equal((await fetch(`${none.url}${login}`)).status, 404, 'where it is not set up');
    equal((await (await fetch(`${none.url}/api/v1/server`)).json()).sign_in, ['guest'], 'nor told');
  },

  'a banned person is told so, a name is shown safely, and too many tries are held back': async () => {
    const { discord, server, jar } = await openWithDiscord({ environment: { TESSERA_OWNER_TOKEN: 'a long enough owner token' }, args: ['--sign-in-limit', '12'] });
    discord.person = { id: '7', username: 'eve', global_name: '<b>e\u202eve</b> & "co"' };
    const eve = jar();
    await signIn(eve);
    const account = await whoIs(eve);
    equal(account.name, '<b>eve</b> & "co"', 'her name');
    const shown = await eve.ask('/auth/device/verify?user_code=BCDF-GHJK');
    check(!shown.text.includes('<b>e'), 'a name is not escaped');
    const owner = (target, options) => withToken(server, 'a long enough owner token', target, options);
    const ban = await owner(`/api/v1/accounts/${account.id}`, { method: 'PATCH', body: JSON.stringify({ banned_until: '2099-03-04T05:06:07Z', reason: '<i>spam</i>' }), headers: { 'Content-Type': 'application/json', 'If-Match': '*' } });
    const stale = ban.status === 412 ? await owner(`/api/v1/accounts/${account.id}`, { method: 'PATCH', body: JSON.stringify({ banned_until: '2099-03-04T05:06:07Z', reason: '<i>spam</i>' }), headers: { 'Content-Type': 'application/json', 'If-Match': `"${ban.json.current.version}"` } }) : ban;
    equal(stale.status, 200, `the ban: ${stale.text}`);
    const again = jar();
    page(await signIn(again), 403, ['2099-03-04, 05:06', '&lt;i&gt;spam&lt;/i&gt;'], 'banned');
    const refused = await again.ask('/api/v1/canvases/main/placements', { method: 'POST', body: '{"cells":[{"x":1,"y":1,"color":1}]}', headers: { 'Content-Type': 'application/json', Origin: server.url } });
    equal([refused.status, refused.json.code], [403, 'banned'], 'she may look, not draw');
    let late;
    for (let i = 0; i < 12; i += 1) late = await jar().ask(login);
    page(late, 429, 'too often', 'the thirteenth');
    check(Number(late.headers['retry-after']) > 0, 'Retry-After');
  },

  'settings that cannot work are refused at the start, in words and without the secret': async () => {
    const discord = await startDiscord();
    const start = (env, args = []) => startServer({ directory: temporaryDirectory(), env, args }).then(() => 'it started', (error) => error.message);
    const says = async (words, env, args) => {
      const message = await start(env, args);
      check(words.test(message) && !message.includes(client.secret), `${JSON.stringify(env)}: ${message}`);
    };
    await says(/TESSERA_DISCORD_CLIENT_SECRET.*one is missing/, { TESSERA_DISCORD_CLIENT_ID: client.id });
    await says(/TESSERA_DISCORD_CLIENT_ID.*one is missing/, { TESSERA_DISCORD_CLIENT_SECRET: client.secret });
    await says(/not the id of a Discord server/, { ...discord.environment, TESSERA_DISCORD_GUILD: 'ours' });
    await says(/TESSERA_DISCORD_API/, { ...discord.environment, TESSERA_DISCORD_API: 'ftp://x' });
    await says(/--discord-role needs TESSERA_DISCORD_GUILD/, discord.environment, ['--discord-role', '5=member']);
    for (const role of ['5=owner', '5=king', 'x=member', '5', '0=member']) await says(/is not ROLE_ID=ROLE/, { ...discord.environment, ...members }, ['--discord-role', role]);
    await says(/a Discord guild or role is set/, members);
    equal(await start(discord.environment), 'it started', 'what is right');
  },
});
