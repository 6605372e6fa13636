// WebSocket frames by hand (RFC 6455), for tests that send what no library would, or read at their own pace.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/** A client's frame; `masked: false` and `length` (what the header claims) make one that breaks the rules. */
export function frame(opcode, payload = Buffer.alloc(0), { fin = true, masked = true, rsv = 0, length } = {}) {
  const bytes = Buffer.from(payload);
  const claimed = BigInt(length ?? bytes.length);
  const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode];
  const mask = masked ? 0x80 : 0;
  if (claimed < 126n) head.push(mask | Number(claimed));
  else if (claimed < 65_536n) head.push(mask | 126, Number(claimed >> 8n), Number(claimed & 255n));
  else {
    const long = Buffer.alloc(8);
    long.writeBigUInt64BE(claimed);
    head.push(mask | 127, ...long);
  }
  if (!masked) return Buffer.concat([Buffer.from(head), bytes]);
  const key = randomBytes(4);
  return Buffer.concat([Buffer.from(head), key, bytes.map((byte, i) => byte ^ key[i & 3])]);
}

/** A socket that has opened a WebSocket and cuts what comes into frames; what is sent is up to the test. */
export class RawWebSocket {
  constructor(port, { headers = {}, protocol } = {}) {
    this.socket = connect({ port, host: '127.0.0.1' });
    this.frames = [];
    this.rest = Buffer.alloc(0);
    this.head = '';
    this.listeners = new Set();
    this.ended = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.on('error', () => {});
    const lines = [`Host: 127.0.0.1:${port}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`];
    if (protocol) lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    this.socket.write(`GET /ws HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    this.opened = new Promise((resolve) => {
      this.socket.on('data', (bytes) => {
        this.rest = Buffer.concat([this.rest, bytes]);
        if (this.head === '') {
          const end = this.rest.indexOf('\r\n\r\n');
          if (end < 0) return;
          this.head = this.rest.subarray(0, end).toString();
          this.rest = this.rest.subarray(end + 4);
          resolve(this);
        }
        this.cut();
        for (const listener of this.listeners) listener();
      });
      this.socket.once('close', () => resolve(this));
    });
  }

  cut() {
    let at = 0;
    for (;;) {
      if (this.rest.length < at + 2) break;
      let length = this.rest[at + 1] & 127;
      let start = at + 2;
      if (length === 126 && this.rest.length >= at + 4) [length, start] = [this.rest.readUInt16BE(at + 2), at + 4];
      else if (length === 127 && this.rest.length >= at + 10) [length, start] = [Number(this.rest.readBigUInt64BE(at + 2)), at + 10];
      else if (length >= 126) break;
      if (this.rest.length < start + length) break;
      this.frames.push({ opcode: this.rest[at] & 15, payload: this.rest.subarray(start, start + length) });
      at = start + length;
    }
    this.rest = this.rest.subarray(at);
  }

  /** Resolves once `condition()` is truthy, or the connection has ended. */
  until(condition) {
    return Promise.race([
      this.ended,
      new Promise((resolve) => {
        const ask = () => {
          if (!condition()) return;
          this.listeners.delete(ask);
          resolve();
        };
        this.listeners.add(ask);
        ask();
      }),
    ]);
  }

  /** The close frame that came, as {code, reason}. */
  get close() {
    const found = this.frames.find(({ opcode }) => opcode === opcodes.close);
    if (!found) return undefined;
    return found.payload.length < 2 ? { code: 1005, reason: '' } : { code: found.payload.readUInt16BE(0), reason: found.payload.subarray(2).toString() };
  }
}
