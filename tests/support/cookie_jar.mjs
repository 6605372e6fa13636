// A browser as far as cookies go: keeps those of one server by their paths, sends them back, and follows nothing by itself.
import { request } from './raw_http.mjs';

export class Jar {
  #cookies = new Map();

  constructor(port, { host = `127.0.0.1:${port}`, language = 'en' } = {}) {
    Object.assign(this, { port, host, language });
  }

  get(name) {
    return this.#cookies.get(name)?.value;
  }
  set(name, value, path = '/') {
    this.#cookies.set(name, { value, path });
  }

  #header(target) {
    const fits = [...this.#cookies].filter(([, { path }]) => target.startsWith(path));
    return fits.length ? fits.map(([name, { value }]) => `${name}=${value}`).join('; ') : undefined;
  }

  #keep(line) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    if (/Max-Age=0/.test(line)) this.#cookies.delete(name);
    else this.set(name, value, /Path=([^;]+)/.exec(line)?.[1] ?? '/');
  }

  /** Asks the server; `target` may be a whole address of it. */
  async ask(target, { headers = {}, ...options } = {}) {
    const path = target.replace(/^https?:\/\/[^/]+/, '');
    const all = { Host: this.host, 'Accept-Language': this.language, Cookie: this.#header(path), ...headers };
    const answer = await request(this.port, path, { ...options, headers: all });
    for (const line of (answer.headers['set-cookie'] ?? '').split('\n').filter(Boolean)) this.#keep(line);
    return answer;
  }

  /** Sends a form as a page of the server itself would. */
  post(target, values, headers = {}) {
    return this.ask(target, { method: 'POST', body: new URLSearchParams(values).toString(), headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: `http://${this.host}`, ...headers } });
  }
}
