// Reads and writes the PNGs of tests: 8 bits a channel, with a palette, RGB or RGBA, not interlaced. Written from the PNG
// specification, so that the product's own reader is not judged by itself.
import { crc32 as zlibCrc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
function crc(bytes) {
  if (zlibCrc32) return zlibCrc32(bytes);  // node 20.15 and later
  let c = 0xffffffff;
  for (const byte of bytes) c = crcTable[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function* chunksOf(file) {
  if (!file.subarray(0, 8).equals(signature)) throw new Error('not a PNG');
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const body = file.subarray(at + 8, at + 8 + length);
    const type = file.toString('latin1', at + 4, at + 8);
    if (crc(file.subarray(at + 4, at + 8 + length)) !== file.readUInt32BE(at + 8 + length)) throw new Error(`${type}: wrong CRC`);
    yield { type, body };
    at += 12 + length;
  }
}

function unfilter(raw, width, height, channels) {
  const stride = width * channels;
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)];
    const from = y * (stride + 1) + 1;
    const to = y * stride;
    for (let i = 0; i < stride; i += 1) {
      const left = i < channels ? 0 : out[to + i - channels];
      const up = y === 0 ? 0 : out[to + i - stride];
      const corner = y === 0 || i < channels ? 0 : out[to + i - stride - channels];
      out[to + i] = raw[from + i] + predicted(filter, left, up, corner);
    }
  }
  return out;
}

function predicted(filter, left, up, corner) {
  switch (filter) {
    case 0: return 0;
    case 1: return left;
    case 2: return up;
    case 3: return (left + up) >> 1;
    case 4: {
      const base = left + up - corner;
      const [a, b, c] = [Math.abs(base - left), Math.abs(base - up), Math.abs(base - corner)];
      return a <= b && a <= c ? left : b <= c ? up : corner;
    }
    default: throw new Error(`no such row filter: ${filter}`);
  }
}

/** `rgba`: a Uint32 per cell, 0xRRGGBBAA, with 0 wherever a cell is transparent. */
export function readPng(file) {
  let header, palette, alpha = Buffer.alloc(0);
  const data = [];
  for (const { type, body } of chunksOf(file)) {
    if (type === 'IHDR') header = body;
    if (type === 'PLTE') palette = body;
    if (type === 'tRNS') alpha = body;
    if (type === 'IDAT') data.push(body);
  }
  const [width, height, depth, kind] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8], header[9]];
  const channels = { 2: 3, 3: 1, 6: 4 }[kind];
  if (depth !== 8 || !channels || header[12] !== 0) throw new Error(`this reader knows no PNG of kind ${kind}, ${depth} bits`);
  const samples = unfilter(inflateSync(Buffer.concat(data)), width, height, channels);
  const rgba = new Uint32Array(width * height);
  const word = (r, g, b, a) => (a === 0 ? 0 : ((r << 24) | (g << 16) | (b << 8) | a) >>> 0);
  for (let i = 0; i < rgba.length; i += 1) {
    const s = i * channels;
    if (kind === 3) rgba[i] = word(...palette.subarray(samples[s] * 3, samples[s] * 3 + 3), alpha[samples[s]] ?? 255);
    else rgba[i] = word(samples[s], samples[s + 1], samples[s + 2], kind === 6 ? samples[s + 3] : 255);
  }
  return { width, height, rgba, indices: kind === 3 ? samples : undefined };
}

export function chunk(type, body) {
  const bytes = Buffer.alloc(body.length + 12);
  bytes.writeUInt32BE(body.length, 0);
  bytes.write(type, 4, 'latin1');
  body.copy(bytes, 8);
  bytes.writeUInt32BE(crc(bytes.subarray(4, 8 + body.length)), 8 + body.length);
  return bytes;
}

export function pngHeader(width, height, kind = 3) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, kind, 0, 0, 0], 8);
  return chunk('IHDR', header);
}

/** A picture with a palette: `colors` as '#RRGGBB', `indices` row by row. */
export function writePng(width, height, colors, indices) {
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) Buffer.from(indices).copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
  const palette = Buffer.concat(colors.map((color) => Buffer.from(color.slice(1), 'hex')));
  return Buffer.concat([
    signature, pngHeader(width, height), chunk('PLTE', palette), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0)),
  ]);
}

export { signature };
