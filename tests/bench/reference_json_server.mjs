// What our server is measured against: the same JSON, the same SHA-256, in node with the usual WebSocket package, storing nothing.
import { createHash } from 'node:crypto';
import { testPackage } from '../support/server.mjs';

const { WebSocketServer } = testPackage('ws');
const wss = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
const clients = new Set();
let pixels = [], authors = [], seq = 0;
wss.on('connection', (socket) => {
  clients.add(socket);
  socket.on('close', () => clients.delete(socket));
  socket.on('message', (text) => {
    const { type, data } = JSON.parse(text);
    if (type !== 'pixel:update' || !(data.x >= 0 && data.y >= 0) || !/^#[0-9a-f]{6}$/i.test(data.color)) return;
    pixels.push({ x: data.x, y: data.y, color: data.color.toUpperCase() });
    authors.push(socket);
  });
});
setInterval(() => {
  if (pixels.length === 0) return;
  const text = JSON.stringify(pixels);
  const hash = createHash('sha256').update(text).digest('hex');
  const update = `{"type":"pixel:bulk_update","data":{"pixels":${text},"first_seq":${seq + 1},"last_seq":${seq + pixels.length},"epoch":"0123456789abcdef","hash":"${hash}"},"timestamp":"${new Date().toISOString()}"}`;
  for (const client of clients) client.send(update);
  pixels.forEach(({ x, y }, i) => authors[i].send(`{"type":"pixel:accepted","data":{"seq":${seq + 1 + i},"x":${x},"y":${y},"charges":null,"next_charge_ms":0}}`));
  seq += pixels.length;
  pixels = [];
  authors = [];
}, 50);
process.stdin.on('close', () => process.exit()).resume();  // whoever measures is gone
wss.on('listening', () => console.log(wss.address().port));
