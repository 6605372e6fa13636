// HTTP by hand, for requests that no client library would send.
import { connect } from 'node:net';

/**
 * Sends these bytes, in several writes where `parts` is a list, and reads until the server closes or `seconds` are over.
 * Resolves to the text of all answers and whether the server closed.
 */
export function raw(port, parts, { seconds = 20, end = false } = {}) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const pieces = [];
    const timer = setTimeout(() => finish(false), seconds * 1000);
    function finish(closed) {
      clearTimeout(timer);
      socket.destroy();
      resolve({ closed, text: Buffer.concat(pieces).toString('latin1') });
    }
    socket.on('connect', () => {
      for (const part of [parts].flat()) socket.write(part);
      if (end) socket.end();
    });
    socket.on('data', (bytes) => pieces.push(bytes));
    socket.on('close', () => finish(true));
    socket.on('error', (error) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? undefined : reject(error)));
  });
}

/** One request, its connection closed after it; resolves to {status, headers, body, text}. */
export async function request(port, target, { method = 'GET', headers = {}, body = '', version = '1.1' } = {}) {
  const given = Object.keys(headers).map((name) => name.toLowerCase());
  const lines = [`${method} ${target} HTTP/${version}`];
  if (!given.includes('host')) lines.push(`Host: 127.0.0.1:${port}`);
  lines.push('Connection: close');
  for (const [name, value] of Object.entries(headers)) for (const each of [value].flat()) if (each !== undefined) lines.push(`${name}: ${each}`);
  const bytes = Buffer.from(body);
  if (bytes.length > 0 && !given.includes('content-length') && !given.includes('transfer-encoding')) lines.push(`Content-Length: ${bytes.length}`);
  return parse((await raw(port, Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]))).text);
}

export function parse(text) {
  const end = text.indexOf('\r\n\r\n');
  const [first, ...lines] = text.slice(0, end < 0 ? undefined : end).split('\r\n');
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers[name] = name in headers ? `${headers[name]}\n${line.slice(colon + 1).trim()}` : line.slice(colon + 1).trim();
  }
  const body = end < 0 ? '' : text.slice(end + 4);
  const answer = { status: Number(first.split(' ')[1]), headers, body: Buffer.from(body, 'latin1'), text: Buffer.from(body, 'latin1').toString() };
  if (/json/.test(headers['content-type'] ?? '') && !/ndjson/.test(headers['content-type'])) answer.json = JSON.parse(answer.text);
  return answer;
}
