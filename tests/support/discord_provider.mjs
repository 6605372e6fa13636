// Discord as far as a sign-in needs it, on loopback: a real OAuth 2 provider that checks what Discord checks, and that can be told to
// fail in every way Discord can. The product does not know it from Discord but by TESSERA_DISCORD_API.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { onEnd } from './server.mjs';

export const client = { id: '1112223334445556667', secret: 'a secret & more of it/+=' };
export const guild = '41771983423143937';

const same = (one, other) => {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(String(text)).digest());
  return timingSafeEqual(a, b);
};
const challengeOf = (verifier) => createHash('sha256').update(verifier).digest('base64url');

/**
 * Starts one that ends with the test. `person` is who is signed in at Discord, `member` what they are in the guild (null: no member).
 * `mood` is how it answers now: `{ at: '/users/@me', status, headers, body, silent }` for one address, or for all without `at`; `deny`
 * and `error` are the person's or the provider's answer on the page. `asked` keeps every request.
 */
export async function startDiscord({ person = { id: '80351110224678912', username: 'ann', global_name: 'Ann of Gables' }, member = { roles: [] }, page = false } = {}) {
  const discord = { person, member, mood: {}, asked: [], codes: new Map(), tokens: new Map(), url: '' };
  const server = createServer((request, response) => answer(discord, request, response, page));
  const sockets = new Set();
  server.on('connection', (socket) => sockets.add(socket.on('close', () => sockets.delete(socket))));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  discord.url = `http://127.0.0.1:${server.address().port}`;
  discord.close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  onEnd(discord.close);
  /** What the server is started with to sign people in here. */
  discord.environment = { TESSERA_DISCORD_CLIENT_ID: client.id, TESSERA_DISCORD_CLIENT_SECRET: client.secret, TESSERA_DISCORD_API: discord.url };
  return discord;
}

const routes = { 'GET /oauth2/authorize': authorize, 'POST /oauth2/authorize': decide, 'POST /oauth2/token': exchange, 'GET /users/@me': me, [`GET /users/@me/guilds/${guild}/member`]: membership };

async function answer(discord, request, response, page) {
  const url = new URL(request.url, discord.url);
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const call = { method: request.method, path: url.pathname, query: url.searchParams, headers: request.headers, body: Buffer.concat(pieces).toString(), page };
  discord.asked.push(call);
  const { mood } = discord;
  const concerns = !mood.at || mood.at === call.path;
  if (concerns && mood.silent) return;
  if (concerns && mood.status) return response.writeHead(mood.status, { 'Content-Type': 'application/json', ...mood.headers }).end(mood.body ?? '{"message":"told to"}');
  const route = routes[`${call.method} ${call.path}`];
  if (!route) return send(response, 404, { message: '404: Not Found', code: 0 });
  route(discord, call, response);
}

function send(response, status, value, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
}

function redirect(response, to, values) {
  const url = new URL(to);
  for (const [name, value] of Object.entries(values)) if (value !== null) url.searchParams.set(name, value);
  response.writeHead(302, { Location: url.href }).end();
}

/** What is wrong with an authorization request; such a one never gets a redirect (RFC 6749, 4.1.2.1). */
function flaw(query) {
  if (query.get('client_id') !== client.id) return 'unknown client';
  if (query.get('response_type') !== 'code') return 'response_type';
  if (!/^https?:\/\/[^/]+\/auth\/discord\/callback$/.test(query.get('redirect_uri') ?? '')) return 'redirect_uri';
  if (query.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(query.get('code_challenge') ?? '')) return 'PKCE';
  if (!/^[\w-]{43}$/.test(query.get('state') ?? '')) return 'state';
  if (!/^identify( guilds\.members\.read)?$/.test(query.get('scope') ?? '')) return `scope ${query.get('scope')}`;
  return undefined;
}

/** The page where somebody is asked; without one, they have agreed before. */
function authorize(discord, { query, page }, response) {
  const wrong = flaw(query);
  if (wrong) return send(response, 400, { error: 'invalid_request', error_description: wrong });
  if (!page) return decide(discord, { query }, response);
  const fields = [...query].map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`).join('');
  const html = `<!doctype html><title>Not Discord</title><h1>${discord.person.username}, let this app know who you are?</h1><form method="post" action="/oauth2/authorize">${fields}<button name="answer" value="yes">Authorize</button><button name="answer" value="no">Cancel</button></form>`;
  response.writeHead(200, { 'Content-Type': 'text/html' }).end(html);
}

function decide(discord, { query, body }, response) {
  const values = body ? new URLSearchParams(body) : query;
  const wrong = flaw(values);
  if (wrong) return send(response, 400, { error: 'invalid_request', error_description: wrong });
  const [to, state] = [values.get('redirect_uri'), values.get('state')];
  if (discord.mood.deny || values.get('answer') === 'no') return redirect(response, to, { error: 'access_denied', error_description: 'The resource owner or authorization server denied the request', state });
  if (discord.mood.error) return redirect(response, to, { error: discord.mood.error, state });
  const code = randomBytes(20).toString('hex');
  discord.codes.set(code, { to, challenge: values.get('code_challenge'), scope: values.get('scope'), person: discord.person });
  redirect(response, to, { code, state });
}

function exchange(discord, { headers, body }, response) {
  const refuse = (error, status = 400) => send(response, status, { error, error_description: `says the provider of ${body}` });
  if (headers['content-type'] !== 'application/x-www-form-urlencoded') return refuse('invalid_request');
  const form = new URLSearchParams(body);
  if (!same(form.get('client_id'), client.id) || !same(form.get('client_secret'), client.secret)) return refuse('invalid_client', 401);
  if (form.get('grant_type') !== 'authorization_code') return refuse('unsupported_grant_type');
  const grant = discord.codes.get(form.get('code'));
  discord.codes.delete(form.get('code'));
  if (!grant || grant.to !== form.get('redirect_uri')) return refuse('invalid_grant');
  if (challengeOf(form.get('code_verifier') ?? '') !== grant.challenge) return refuse('invalid_grant');
  const token = randomBytes(24).toString('base64url');
  discord.tokens.set(token, grant);
  send(response, 200, { access_token: token, token_type: 'Bearer', expires_in: 604_800, refresh_token: randomBytes(24).toString('base64url'), scope: grant.scope });
}

/** Of a bearer token that this provider gave; answered where it is none. */
function granted(discord, { headers }, response) {
  const grant = discord.tokens.get(/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]);
  if (!grant) send(response, 401, { message: '401: Unauthorized', code: 0 });
  return grant;
}

function me(discord, call, response) {
  const grant = granted(discord, call, response);
  if (grant) send(response, 200, { avatar: null, discriminator: '0', ...grant.person });
}

function membership(discord, call, response) {
  const grant = granted(discord, call, response);
  if (!grant) return;
  if (!grant.scope.includes('guilds.members.read')) return send(response, 403, { message: 'Missing scope', code: 50_001 });
  if (!discord.member) return send(response, 404, { message: 'Unknown Guild', code: 10_004 });
  send(response, 200, { nick: null, joined_at: '2020-01-01T00:00:00Z', ...discord.member });
}
