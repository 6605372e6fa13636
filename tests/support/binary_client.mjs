// A small client of the binary protocol (PROTOCOL.md), to place through it in tests. Written from the document.
import { randomBytes } from 'node:crypto';
import { testPackage } from './server.mjs';

const WebSocket = testPackage('ws');

export function varint(value) {
  const bytes = [];
  for (let left = BigInt(value); ; left >>= 7n) {
    if (left < 128n) return Buffer.from([...bytes, Number(left)]);
    bytes.push(Number(left & 127n) | 128);
  }
}
const u16 = (value) => Buffer.from([value & 255, value >> 8]);
const u64 = (value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const text = (value) => Buffer.concat([varint(Buffer.byteLength(value)), Buffer.from(value)]);
const list = (items) => Buffer.concat([varint(items.length), ...items]);

/** Of the protocol that this client speaks. */
export const protocolVersion = 3;
export const hello = ({ version = protocolVersion, client = 1n, token = '' } = {}) => Buffer.concat([Buffer.from([1]), u16(version), u64(client), text(token)]);
export const enter = (canvas = '') => Buffer.concat([Buffer.from([3]), text(canvas), u64(0), varint(0), varint(0)]);
export const watch = (tiles) =>
  Buffer.concat([Buffer.from([4]), list(tiles.map(([tx, ty]) => Buffer.from([tx, ty, 0, 0, 0, 0, 0]))), varint(0)]);
export const place = (request, cells) =>
  Buffer.concat([Buffer.from([5]), u64(request), list(cells.map(({ x, y, color }) => Buffer.concat([u16(x), u16(y), Buffer.from([color])])))]);
export const newRequest = () => randomBytes(8).readBigUInt64LE() | 1n;

export const tags = { welcome: 65, refused: 66, entered: 67, current: 68, snapshot: 69, deltas: 70, result: 72 };

/** A connection that keeps what comes; `next(tag)` is the next message of that tag, `closed` the code and reason of its end. */
export class BinaryClient {
  constructor(server, { protocol = 'tessera.v1', headers = {} } = {}) {
    this.socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, protocol, { headers });
    this.messages = [];
    this.waiting = [];
    this.opened = new Promise((resolve, reject) => {
      this.socket.on('open', resolve);
      this.socket.on('error', reject);
    });
    this.opened.catch(() => {});
    this.closed = new Promise((resolve) => this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })));
    this.socket.on('message', (bytes) => {
      const at = this.waiting.findIndex(({ tag }) => tag === bytes[0]);
      if (at < 0) this.messages.push(bytes);
      else this.waiting.splice(at, 1)[0].resolve(bytes);
    });
  }

  send(bytes) {
    this.socket.send(bytes);
  }

  async next(tag) {
    const at = this.messages.findIndex((bytes) => bytes[0] === tag);
    if (at >= 0) return this.messages.splice(at, 1)[0];
    const message = new Promise((resolve) => this.waiting.push({ tag, resolve }));
    const end = this.closed.then(({ code, reason }) => {
      throw new Error(`closed with ${code} '${reason}' while message ${tag} was awaited`);
    });
    end.catch(() => {});
    return Promise.race([message, end]);
  }

  /** Signed in, on the canvas. */
  static async on(server, { token = '', canvas = '', client = newRequest() } = {}) {
    const connection = new BinaryClient(server);
    await connection.opened;
    connection.send(hello({ client, token }));
    await connection.next(tags.welcome);
    connection.send(enter(canvas));
    await connection.next(tags.entered);
    return connection;
  }
}
