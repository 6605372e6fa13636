// A server that lets people in by Discord's stand-in, and their browsers, step by step.
import { Jar } from './cookie_jar.mjs';
import { startDiscord } from './discord_provider.mjs';
import { request } from './raw_http.mjs';
import { check, startServer, temporaryDirectory } from './server.mjs';

/** A server and its Discord. `jar()` is a new browser; `environment` is laid over what the provider asks for. */
export async function openWithDiscord({ args = [], environment = {}, provider = {}, directory = temporaryDirectory() } = {}) {
  const discord = await startDiscord(provider);
  const server = await startServer({ directory, args: ['--canvas', 'main:100x80', ...args], env: { ...discord.environment, ...environment } });
  const jar = (options) => new Jar(server.port, options);
  return { discord, server, jar, directory };
}

export const login = '/auth/discord/login';

/** Begins a sign-in: Discord's address, where the browser was sent. */
export async function begin(jar, target = login) {
  const answer = await jar.ask(target);
  check(answer.status === 302, `${target} answers ${answer.status} ${answer.text.slice(0, 200)}`);
  return answer.headers.location;
}

/** What Discord sends the browser back with: the address at our server. */
export async function throughDiscord(address) {
  const answer = await fetch(address, { redirect: 'manual' });
  check(answer.status === 302, `the provider answers ${answer.status} ${await answer.text()}`);
  return answer.headers.get('location');
}

/** The whole way; the last answer, which goes back to the canvas where all went well. */
export async function signIn(jar, target = login) {
  return jar.ask(await throughDiscord(await begin(jar, target)));
}

/** The account of a browser, or nothing. */
export async function whoIs(jar) {
  const answer = await jar.ask('/auth/me');
  return answer.status === 200 ? answer.json : undefined;
}

/** Holds an answer to be a page for a person that says this, safely. */
export function page(answer, status, says, what) {
  const told = `${what}: ${answer.status} ${answer.text.slice(0, 2_000)}`;
  check(answer.status === status, told);
  check(answer.headers['content-type'] === 'text/html; charset=utf-8' && answer.headers['cache-control'] === 'no-store', `${told}: ${JSON.stringify(answer.headers)}`);
  check(/default-src 'none'.*frame-ancestors 'none'/.test(answer.headers['content-security-policy']) && !/unsafe/.test(answer.headers['content-security-policy']), `${told}: its policy`);
  check(answer.headers['referrer-policy'] === 'same-origin' && answer.headers['x-frame-options'] === 'DENY', `${told}: ${JSON.stringify(answer.headers)}`);
  check(!/<script|javascript:/i.test(answer.text), `${told}: a script`);
  for (const each of [says].flat()) check(each instanceof RegExp ? each.test(answer.text) : answer.text.includes(each), `${told} does not say ${each}`);
}

/** Asks with a bearer token. */
export const withToken = (server, token, target, options = {}) => request(server.port, target, { ...options, headers: { Authorization: `Bearer ${token}`, ...options.headers } });
