// Finds where the keys and values of a database lie in its file, so that a test can damage them. Only what this needs of
// https://www.sqlite.org/fileformat2.html.
const pageSize = 4096;

function varint(bytes, at) {
  let value = 0n;
  for (let i = 0; i < 8; i += 1) {
    value = (value << 7n) | BigInt(bytes[at + i] & 0x7f);
    if (bytes[at + i] < 0x80) return [Number(value), at + i + 1];
  }
  return [Number((value << 8n) | BigInt(bytes[at + 8])), at + 9];
}

/** How much of a payload lies in its page; the rest is on overflow pages. */
function localBytes(payload, isTable) {
  const most = isTable ? pageSize - 35 : Math.floor(((pageSize - 12) * 64) / 255) - 23;
  if (payload <= most) return payload;
  const least = Math.floor(((pageSize - 12) * 32) / 255) - 23;
  const wanted = least + ((payload - least) % (pageSize - 4));
  return wanted <= most ? wanted : least;
}

const header = (page) => (page === 1 ? 100 : 0);

/** The ranges, each {start, end}, of one cell's payload in the order of its bytes. */
function payloadRanges(bytes, start, payload, isTable) {
  const local = localBytes(payload, isTable);
  const ranges = [{ start, end: start + local }];
  let left = payload - local;
  let next = left > 0 ? bytes.readUInt32BE(start + local) : 0;
  while (left > 0) {
    const page = (next - 1) * pageSize;
    const size = Math.min(left, pageSize - 4);
    ranges.push({ start: page + 4, end: page + 4 + size });
    next = bytes.readUInt32BE(page);
    left -= size;
  }
  return ranges;
}

/** Calls `visit(ranges)` for the payload of every cell of a b-tree. */
function eachCell(bytes, page, visit) {
  const base = (page - 1) * pageSize;
  const at = base + header(page);
  const kind = bytes[at];  // 2, 10: interior and leaf of an index; 5, 13: of a table
  const isLeaf = kind === 10 || kind === 13;
  const cells = bytes.readUInt16BE(at + 3);
  for (let i = 0; i < cells; i += 1) {
    let cell = base + bytes.readUInt16BE(at + (isLeaf ? 8 : 12) + 2 * i);
    if (!isLeaf) {
      eachCell(bytes, bytes.readUInt32BE(cell), visit);
      cell += 4;
    }
    if (kind === 5) continue;
    let payload;
    [payload, cell] = varint(bytes, cell);
    if (kind === 13) cell = varint(bytes, cell)[1];
    visit(payloadRanges(bytes, cell, payload, kind === 13));
  }
  if (!isLeaf) eachCell(bytes, bytes.readUInt32BE(at + 8), visit);
}

function schema(bytes) {
  const tables = [];
  eachCell(bytes, 1, ([{ start }]) => {
    let [headerEnd, at] = varint(bytes, start);
    headerEnd += start;
    const types = [];
    while (at < headerEnd) {
      let type;
      [type, at] = varint(bytes, at);
      types.push(type);
    }
    const sizes = types.map((type) => (type >= 12 ? Math.floor((type - 12) / 2) : [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type]));
    const place = (column) => headerEnd + sizes.slice(0, column).reduce((sum, size) => sum + size, 0);
    const name = bytes.toString('utf8', place(1), place(1) + sizes[1]);
    if (types[3] === 8) return;  // a virtual table has no pages of its own
    tables.push({ name, root: types[3] === 9 ? 1 : bytes.readUIntBE(place(3), sizes[3]) });
  });
  return tables;
}

/**
 * Where every key and value lies: {table, start, end}, the schema itself among them. The index of the audit log's words is left out: it
 * is worked out from the entries, so that damage to it hides some from a search by text, and loses nothing.
 */
export function storedRanges(bytes) {
  const found = [];
  for (const { name, root } of [{ name: 'sqlite_schema', root: 1 }, ...schema(bytes)].filter((table) => !table.name.startsWith('audit_words')))
    eachCell(bytes, root, (ranges) => found.push(...ranges.map((range) => ({ table: name, ...range }))));
  return found;
}

/** The newest version of each page in a write-ahead log: {page, start, end} within the log's file. */
export function logPages(log) {
  const newest = new Map();
  let pending = new Map();
  const frame = pageSize + 24;
  for (let at = 32; at + frame <= log.length; at += frame) {
    if (log.readUInt32BE(at + 8) !== log.readUInt32BE(16) || log.readUInt32BE(at + 12) !== log.readUInt32BE(20)) break;
    const page = log.readUInt32BE(at);
    pending.set(page, { page, start: at + 24, end: at + 24 + pageSize });
    if (log.readUInt32BE(at + 4) === 0) continue;  // not the last frame of its commit
    for (const [number, place] of pending) newest.set(number, place);
    pending = new Map();
  }
  return [...newest.values()];
}

/** The file as a reader sees it: with the pages of the log in their places. */
export function withLog(bytes, log) {
  const pages = logPages(log);
  const last = Math.max(bytes.length / pageSize, ...pages.map(({ page }) => page));
  const whole = Buffer.alloc(last * pageSize);
  bytes.copy(whole);
  for (const { page, start, end } of pages) log.copy(whole, (page - 1) * pageSize, start, end);
  return whole;
}

export { pageSize };
