#!/usr/bin/env node
// The device flow: an app gets a code, somebody confirms it in a browser, the app polls and is signed in. And what must not work.
import { openWithDiscord, page, signIn, whoIs, withToken } from '../support/discord_sign_in.mjs';
import { Jar } from '../support/cookie_jar.mjs';
import { request } from '../support/raw_http.mjs';
import { check, run, startServer, temporaryDirectory } from '../support/server.mjs';

const verify = '/auth/device/verify';
const grant = 'urn:ietf:params:oauth:grant-type:device_code';

function equal(found, wanted, what) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  check(a === b, `${what}: ${a}, not ${b}`);
}

async function open(args = []) {
  const server = await startServer({ directory: temporaryDirectory(), args: ['--canvas', 'main:100x80', ...args] });
  const send = (path, type) => (body) => request(server.port, path, { method: 'POST', body, headers: { 'Content-Type': type, 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' } });
  const json = 'application/json', form = 'application/x-www-form-urlencoded';
  return {
    server,
    begin: async (value = { client: 'Tessera on the big screen' }) => (await send('/auth/device', json)(JSON.stringify(value))).json,
    beginBy: { json: send('/auth/device', json), form: send('/auth/device', form) },
    poll: (device_code) => send('/auth/device/token', json)(JSON.stringify({ device_code, grant_type: grant })),
    pollBy: { json: send('/auth/device/token', json), form: send('/auth/device/token', form) },
  };
}

/** A browser in which somebody signed in by a nickname, on the page itself. */
async function person(server, name = 'ann', code = '') {
  const browser = new Jar(server.port);
  const answer = await browser.post(verify, { do: 'sign_in', name, user_code: code });
  equal([answer.status, answer.headers.location], [303, verify + (code && `?user_code=${code}`)], 'signing in on the page');
  return browser;
}

await run({
  'an app shows its code, somebody signs in and confirms it, and the app is signed in as them': async () => {
    const { server, begin, poll } = await open();
    const codes = await begin();
    check(/^[\w-]{43}$/.test(codes.device_code) && /^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/.test(codes.user_code), JSON.stringify(codes));
    equal([codes.verification_uri, codes.verification_uri_complete, codes.expires_in, codes.interval], [server.url + verify, `${server.url}${verify}?user_code=${codes.user_code}`, 600, 5], 'where to go');
    const first = await poll(codes.device_code);
    equal([first.status, first.json.error, first.json.code], [400, 'authorization_pending', 'authorization_pending'], 'before anybody came');
    const stranger = new Jar(server.port);
    page(await stranger.ask(codes.verification_uri_complete), 200, ['Sign in here first', 'Nickname', `value="${codes.user_code}"`], 'nobody yet');
    const ann = await person(server, 'ann <3', codes.user_code);
    page(await ann.ask(codes.verification_uri_complete), 200, ['Tessera on the big screen', codes.user_code, 'ann &lt;3', 'Confirm only if you started this'], 'asked');
    page(await ann.post(verify, { do: 'confirm', user_code: codes.user_code }), 200, 'The app is connected', 'confirmed');
    const answer = await poll(codes.device_code);
    equal([answer.status, answer.json.token_type, answer.json.access_token === answer.json.token], [200, 'Bearer', true], `the session: ${answer.text}`);
    check(answer.json.expires_in > 86_400 && Date.parse(answer.json.expires_at) > Date.now() && answer.headers['cache-control'] === 'no-store', answer.text);
    equal(answer.json.account, await whoIs(ann), 'its account');
    equal((await withToken(server, answer.json.token, '/auth/me')).json.name, 'ann <3', 'its token');
    check(answer.json.token !== ann.get('tessera_session'), 'a session of its own');
    const devices = (await ann.ask('/auth/sessions')).json.items.map(({ label }) => label);
    check(devices.includes('Tessera on the big screen'), `its label: ${devices}`);
    const again = await poll(codes.device_code);
    equal([again.status, again.json.error], [400, 'expired_token'], 'told once');
    page(await ann.post(verify, { do: 'confirm', user_code: codes.user_code }), 404, 'No app is waiting', 'confirmed twice');
  },

  'refused, it is told so; unknown codes are as good as expired': async () => {
    const { server, begin, poll } = await open();
    const codes = await begin();
    const ann = await person(server);
    page(await ann.post(verify, { do: 'refuse', user_code: codes.user_code }), 200, 'The app was refused', 'refused');
    equal((await poll(codes.device_code)).json.error, 'access_denied', 'the app');
    equal((await poll(codes.device_code)).json.error, 'expired_token', 'the app once more');
    for (const wrong of ['', 'x', codes.user_code, 'A'.repeat(43)]) equal((await poll(wrong)).json.error, 'expired_token', wrong);
  },

  'too eager an app is slowed down': async () => {
    const { begin, poll } = await open();
    const { device_code } = await begin();
    equal((await poll(device_code)).json.error, 'authorization_pending', 'first');
    const eager = await poll(device_code);
    equal([eager.status, eager.json.error, eager.json.code], [400, 'slow_down', 'slow_down'], 'at once again');
  },

  'both take forms as well as JSON, and what is malformed is refused with both words': async () => {
    const { beginBy, pollBy, server } = await open();
    const codes = (await beginBy.form('client_id=app&scope=all&more=x')).json;
    check(codes?.device_code, 'by form, with what OAuth clients send');
    equal((await pollBy.form(`grant_type=${encodeURIComponent(grant)}&device_code=${codes.device_code}&client_id=app`)).json.error, 'authorization_pending', 'polled by form');
    check((await beginBy.json('{}')).json.user_code, 'nothing is needed');
    for (const [by, body, error] of [[beginBy.json, '{"client":5}', 'invalid_request'], [beginBy.json, '{"other":1}', 'invalid_request'], [pollBy.json, '{}', 'invalid_request'], [pollBy.form, 'x=y', 'invalid_request'], [pollBy.form, 'device_code=x&grant_type=password', 'unsupported_grant_type'], [pollBy.json, '{"device_code":"x","grant_type":"refresh_token"}', 'unsupported_grant_type'], [pollBy.json, `{"device_code":"${'x'.repeat(300)}"}`, 'invalid_request']]) {
      const answer = await by(body);
      equal([answer.status, answer.json.error, answer.json.code, answer.headers['content-type']], [400, error, 'invalid', 'application/problem+json'], body);
    }
    for (const [by, body] of [[pollBy.form, 'device_code=%'], [pollBy.form, 'device_code=a&device_code=b'], [pollBy.form, 'device_code=%ff'], [beginBy.json, '['], [beginBy.json, '{"client":"a","client":"b"}']]) equal((await by(body)).status, 400, body);
    equal((await request(server.port, '/auth/device', { method: 'POST', body: 'x', headers: { 'Content-Type': 'text/plain' } })).status, 415, 'text');
    equal((await beginBy.form(`client=${'x'.repeat(40_000)}`)).status, 413, 'too long');
  },

  'a code however it was typed, a wrong one, and too many of them': async () => {
    const { server, begin } = await open(['--sign-in-limit', '1000']);
    const ann = await person(server);
    const { user_code: code } = await begin({ client: '' });
    page(await ann.ask(verify), 200, 'Code that the app shows', 'without a code');
    page(await ann.ask(`${verify}?user_code=${code.replace('-', '+').toLowerCase()}`), 200, [code, 'Firefox on Linux'], 'in small letters, with a blank');
    page(await ann.ask(`${verify}?user_code=${encodeURIComponent('<script>')}`), 400, ['This is not a code', 'value="&lt;script&gt;"'], 'no code');
    page(await ann.ask(`${verify}?user_code=BCDF-GHJK`), 404, ['No app is waiting with this code', 'value="BCDF-GHJK"'], 'another code');
    let answer;
    for (let i = 0; i < 31; i += 1) answer = await ann.ask(`${verify}?user_code=BCDF-GHJK`);
    page(answer, 429, 'tried too often', 'guessing');
    check(Number(answer.headers['retry-after']) > 0, 'Retry-After');
    page(await ann.post(verify, { do: 'confirm', user_code: code }), 429, 'tried too often', 'a right one after that');
    const other = new Jar(server.port);
    equal((await other.ask(verify)).status, 200, 'the page itself');
  },

  'hostile: no other site confirms, signs in or out; no name or label becomes markup': async () => {
    const { server, begin, poll } = await open();
    const codes = await begin({ client: '<img src=x onerror=alert(1)>\u202e"\'&' });
    const ann = await person(server);
    for (const origin of ['https://evil.example', 'null', undefined, `http://127.0.0.1:1`, `https://127.0.0.1:${server.port}`])
      for (const what of ['confirm', 'sign_in', 'sign_out', 'refuse']) page(await ann.post(verify, { do: what, user_code: codes.user_code, name: 'eve' }, { Origin: origin }), 403, 'This did not come from here', `${what} from ${origin}`);
    equal((await poll(codes.device_code)).json.error, 'authorization_pending', 'nothing was decided');
    equal((await whoIs(ann)).name, 'ann', 'nobody else was signed in');
    const shown = await ann.ask(codes.verification_uri_complete);
    page(shown, 200, '&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;', 'the label');
    check(!shown.text.includes('<img'), 'the label is markup');
    page(await new Jar(server.port).post(verify, { do: 'confirm', user_code: codes.user_code }), 200, 'Sign in here first', 'nobody confirms');
    for (const body of [{ do: 'own' }, {}, { do: 'confirm', user_code: codes.user_code, more: '1' }]) equal((await ann.post(verify, body)).status, 400, JSON.stringify(body));
    equal((await ann.post(verify, { do: 'confirm', user_code: codes.user_code }, { 'Content-Type': 'application/json' })).status, 415, 'no form');
    for (const name of ['', '   ', '\u202e', 'x'.repeat(33)]) page(await new Jar(server.port).post(verify, { do: 'sign_in', name, user_code: codes.user_code }), 400, ['1 to 32 characters', codes.user_code], JSON.stringify(name));
  },

  'no bot connects an app, whatever its token is good for': async () => {
    const { server, jar } = await openWithDiscord();
    const ann = jar();
    await signIn(ann);
    const { id } = await whoIs(ann);
    const made = await ann.ask(`/api/v1/accounts/${id}/tokens`, { method: 'POST', body: JSON.stringify({ name: 'robot', scopes: ['read', 'place', 'manage'] }), headers: { 'Content-Type': 'application/json', Origin: server.url } });
    equal(made.status, 201, `a bot: ${made.text}`);
    const codes = (await request(server.port, '/auth/device', { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } })).json;
    const robot = jar();
    robot.set('tessera_session', made.json.token);
    page(await robot.ask(codes.verification_uri_complete), 403, 'cannot connect an app', 'a bot looks');
    page(await robot.post(verify, { do: 'confirm', user_code: codes.user_code }), 403, 'cannot connect an app', 'a bot confirms');
    page(await jar().post(verify, { do: 'confirm', user_code: codes.user_code }, { Authorization: `Bearer ${made.json.token}` }), 403, 'cannot connect an app', 'a bot confirms by its token');
  },

  'signing in with Discord leads back to the page and its code; a stale cookie locks nobody out': async () => {
    const { discord, server, jar } = await openWithDiscord();
    const codes = (await request(server.port, '/auth/device', { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } })).json;
    const ann = jar({ language: 'fr' });
    ann.set('tessera_session', 'stale');
    const asked = await ann.ask(codes.verification_uri_complete);
    page(asked, 200, ['Identifiez-vous d’abord ici', 'Se connecter avec Discord', `/auth/discord/login?device=${codes.user_code}`], 'asked to sign in');
    const back = await signIn(ann, `/auth/discord/login?device=${codes.user_code}`);
    equal(back.headers.location, `${verify}?user_code=${codes.user_code}`, 'back');
    page(await ann.ask(back.headers.location), 200, ['Ann of Gables', 'Utiliser un autre compte'], 'asked to confirm');
    discord.mood = { deny: true };
    page(await signIn(jar(), `/auth/discord/login?device=${codes.user_code}`), 403, `/auth/discord/login?device=${codes.user_code}`, 'denied: again to the same place');
    const out = await ann.post(verify, { do: 'sign_out', user_code: codes.user_code });
    equal([out.status, out.headers.location, ann.get('tessera_session')], [303, `${verify}?user_code=${codes.user_code}`, undefined], 'another account');
    page(await ann.ask(back.headers.location), 200, 'Identifiez-vous', 'signed out');
  },
});
