// A client of the JSON WebSocket, that keeps what comes and lets a test wait for it.
import { createHash } from 'node:crypto';
import { within } from './program.mjs';
import { testPackage } from './server.mjs';

const WebSocket = testPackage('ws');

export class JsonClient {
  constructor(server, { headers = {}, token } = {}) {
    this.messages = [];  // {type, data, timestamp, at: when it came, raw}
    this.listeners = new Set();
    const own = token ? { Authorization: `Bearer ${token}`, ...headers } : headers;
    this.socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { headers: own });
    this.opened = new Promise((resolve, reject) => {
      this.socket.on('open', resolve);
      this.socket.on('unexpected-response', (_, answer) => {
        const pieces = [];
        answer.on('data', (bytes) => pieces.push(bytes));
        answer.on('end', () => reject(Object.assign(new Error(`refused with ${answer.statusCode}`), { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces).toString() })));
      });
      this.socket.on('error', reject);
    });
    this.opened.catch(() => {});
    this.closed = new Promise((resolve) => this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })));
    this.socket.on('message', (bytes) => {
      const raw = bytes.toString();
      this.messages.push({ ...JSON.parse(raw), at: performance.now(), raw });
      for (const listener of this.listeners) listener();
    });
  }

  static async open(server, options) {
    const client = new JsonClient(server, options);
    await client.opened;
    return client;
  }

  place(x, y, color) {
    this.send({ type: 'pixel:update', data: { x, y, color, tool: 'brush', clientTimestamp: new Date().toISOString(), userId: 'label' } });
  }

  send(value) {
    this.socket.send(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value));
  }

  of(type) {
    return this.messages.filter((message) => message.type === type);
  }

  /** Resolves once `condition(this)` is truthy, to what it gives. */
  when(what, condition, seconds = 20) {
    const met = new Promise((resolve) => {
      const ask = () => {
        const value = condition(this);
        if (!value) return;
        this.listeners.delete(ask);
        resolve(value);
      };
      this.listeners.add(ask);
      ask();
    });
    return within(seconds, what, met);
  }
}

/** The hash that a bulk update must carry: of the compact JSON of its pixels as sent. */
export function hashOfPixels(raw) {
  const start = raw.indexOf('"pixels":') + '"pixels":'.length;
  let depth = 0;
  for (let at = start; at < raw.length; at += 1) {
    if (raw[at] === '[') depth += 1;
    if (raw[at] === ']' && (depth -= 1) === 0) return createHash('sha256').update(raw.slice(start, at + 1)).digest('hex');
  }
  throw new Error(`no pixels in ${raw}`);
}
