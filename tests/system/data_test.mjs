#!/usr/bin/env node
// Data in and out of the real program: the real r/place placements give the real end picture, at any seq on the way too;
// what is exported can be imported; an import that is stopped can go on; a bad file changes nothing.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { chunk, pngHeader, readPng, signature, writePng } from '../support/png.mjs';
import { runProgram, startProgram, whenDirectory, within } from '../support/program.mjs';
import { importPlace, place, placeAbsent as absent, placements as file, withBase } from '../support/place.mjs';
import { check, run, temporaryDirectory } from '../support/server.mjs';

const exitStopped = 130;

async function succeed(args, options) {
  const ended = await runProgram(args, options);
  check(ended.code === 0, `${args.join(' ')}: exit code ${ended.code}\n${ended.out}${ended.err}`);
  return ended;
}

async function exported(directory, canvas, format, ...more) {
  const out = join(temporaryDirectory(), 'out');
  await succeed(['export', '--data', directory, '--canvas', canvas, '--format', format, ...more, out]);
  return readFileSync(out);
}

/** Bytes of a database and its log. */
const stored = (directory) =>
  ['tessera.db', 'tessera.db-wal'].reduce((sum, name) => sum + (statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0), 0);

/** Compares two pictures cell by cell. */
function sameCells(found, wanted, what) {
  check(found.width === wanted.width && found.height === wanted.height, `${what}: ${found.width}×${found.height} cells`);
  const hex = (value) => value.toString(16).padStart(8, '0');
  const wrong = wanted.rgba.findIndex((value, i) => value !== found.rgba[i]);
  const [x, y] = [wrong % wanted.width, Math.floor(wrong / wanted.width)];
  check(wrong < 0, `${what}: cell (${x}, ${y}) is ${hex(found.rgba[wrong] ?? 0)}, not ${hex(wanted.rgba[wrong] ?? 0)}`);
}

/** The real placements by time, read by this script from the file itself. */
let rows;
function readRows() {
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n').slice(1);
  return lines.map((line) => {
    const [, time, color, x, y] = /^(.+) UTC,[^,]+,#(\w{6}),"(\d+),(\d+)"/.exec(line);
    return { time: Date.parse(`${time.replace(' ', 'T')}Z`), color: ((parseInt(color, 16) << 8) | 255) >>> 0, at: y * 2000 + Number(x) };
  }).sort((a, b) => a.time - b.time);
}

/** The picture after the first `count` placements. */
function drawn(count) {
  rows ??= readRows();
  const picture = readPng(readFileSync(join(place, 'start.png')));
  for (const { color, at } of rows.slice(0, count)) picture.rgba[at] = color;
  return { ...picture, time: rows[count - 1]?.time, next: rows[count]?.time };
}

/** A small dataset and its base, made by this script: 400×300 cells, eight colours, some players. */
const small = { width: 400, height: 300, colors: ['#000000', '#FFFFFF', '#FF4500', '#00A368', '#3690EA', '#B44AC0', '#FFD635', '#6D001A'] };
function smallFiles(count) {
  const directory = temporaryDirectory();
  const base = join(directory, 'base.png');
  const csv = join(directory, 'placements.csv');
  writeFileSync(base, writePng(small.width, small.height, small.colors, Array.from({ length: small.width * small.height }, (_, i) => i % 7)));
  const lines = Array.from({ length: count }, (_, i) => {
    const time = new Date(1.65e12 + i * 137).toISOString().replace('T', ' ').replace('Z', ' UTC');
    return `${time},player${(i * 31) % 57},${small.colors[(i * 13) % 8]},"${(i * 7919) % small.width},${(i * 104729) % small.height}"`;
  });
  writeFileSync(csv, ['timestamp,user_id,pixel_color,coordinate', ...lines, ''].join('\n'));
  return { base, csv, directory };
}
const importSmall = (directory, format, input, base) =>
  ['import', '--data', directory, '--canvas', 'small', '--format', format, ...(base ? ['--base', base] : []), input];

/** The lines of an NDJSON export without what a new store numbers anew. */
const placementsOf = (text) => text.toString().trimEnd().split('\n').map((line) => ({ ...JSON.parse(line), account: 0 }));

/** A bad file is refused with these words, and makes no data directory, or an `empty` one where only the store can tell. */
async function refused(format, name, contents, words, left = 'nothing') {
  const directory = temporaryDirectory();
  const input = join(directory, name);
  writeFileSync(input, contents);
  const fresh = join(directory, 'data');
  const ended = await runProgram(importSmall(fresh, format, input));
  check(ended.code === 1, `${name}: exit code ${ended.code}, not 1: ${ended.out}${ended.err}`);
  check(words.test(ended.err), `${name} is refused with '${ended.err.trim()}'`);
  if (left === 'nothing') check(!existsSync(join(fresh, 'tessera.db')), `${name} left a database behind`);
  else check((await succeed(['verify', '--data', fresh])).out.startsWith('ok: 0 canvases, 0 placements'), `${name} left something behind`);
}

await run({
  'import of the real placements gives exactly the end picture, and verify agrees': async () => {
    if (absent) return absent;
    const directory = temporaryDirectory();
    const told = await succeed(importPlace(directory, ...withBase));
    check(/^963710 placements in [\d.]+ s .*seq 963710/.test(told.out), `import says: ${told.out}`);
    check(told.out.includes('\n0 lines skipped\n'), `import says: ${told.out}`);
    sameCells(readPng(await exported(directory, 'place', 'png')), readPng(readFileSync(join(place, 'end.png'))), 'the export');
    const verified = await succeed(['verify', '--data', directory]);
    check(verified.out.startsWith('ok: 1 canvases, 963710 placements'), `verify says: ${verified.out}`);

    sameCells(readPng(await exported(directory, 'place', 'png', '--at', '0')), readPng(readFileSync(join(place, 'start.png'))), 'at seq 0');
    const middle = drawn(400_001);
    sameCells(readPng(await exported(directory, 'place', 'png', '--at', '400001')), middle, 'at seq 400001');
    const time = new Date(middle.time).toISOString();
    if (middle.time < middle.next) sameCells(readPng(await exported(directory, 'place', 'png', '--at', time)), middle, `at ${time}`);
  },

  'an import stopped by Ctrl-C is whole, and goes on to the end': async () => {
    if (absent) return absent;
    const directory = temporaryDirectory();
    const importing = startProgram(importPlace(directory, ...withBase));
    await whenDirectory(directory, () => stored(directory) > 7e6);
    importing.child.kill('SIGINT');
    const stopped = await within(30, 'the import stops', importing.ended);
    check(stopped.code === exitStopped, `exit code ${stopped.code}: ${stopped.err}`);
    check(/Stopped\..* again/s.test(stopped.err), `it says: ${stopped.err}`);
    await succeed(['verify', '--data', directory]);
    const count = Number(/^(\d+) placements/.exec(stopped.out)[1]);
    check(count > 0 && count < 963_710, `${count} placements: it was not stopped in the middle`);
    sameCells(readPng(await exported(directory, 'place', 'png')), drawn(count), `after ${count}`);
    await succeed(importPlace(directory));
    await succeed(['verify', '--data', directory]);
    sameCells(readPng(await exported(directory, 'place', 'png')), readPng(readFileSync(join(place, 'end.png'))), 'the end');
  },

  'an import ended by kill -9 is whole up to its last commit': async () => {
    if (absent) return absent;
    const directory = temporaryDirectory();
    const importing = startProgram(importPlace(directory, ...withBase));
    await whenDirectory(directory, () => stored(directory) > 7e6);
    importing.child.kill('SIGKILL');
    await importing.ended;
    const verified = await succeed(['verify', '--data', directory]);
    const count = Number(/, (\d+) placements/.exec(verified.out)[1]);
    check(count > 0 && count < 963_710, `${count} placements: it was not killed in the middle`);
    sameCells(readPng(await exported(directory, 'place', 'png')), drawn(count), `after ${count}`);
    const prefix = await exported(directory, 'place', 'ndjson', '--at', '3');
    check(prefix.toString().trimEnd().split('\n').length === 3, `--at 3 exports ${prefix.toString().slice(0, 400)}`);
  },

  'what is exported as ndjson and as reddit-csv imports to the same placements': async () => {
    const { base, csv } = smallFiles(5000);
    const first = temporaryDirectory();
    await succeed(importSmall(first, 'reddit-csv', csv, base));
    const [picture, lines] = [await exported(first, 'small', 'png'), await exported(first, 'small', 'ndjson')];
    check(placementsOf(lines).length === 5000, 'not every placement was exported');
    for (const [format, zip] of [['ndjson', false], ['reddit-csv', false], ['reddit-csv', true]]) {
      const second = temporaryDirectory();
      const out = join(temporaryDirectory(), `out.${format}${zip ? '.gz' : ''}`);
      const text = await exported(first, 'small', format);
      writeFileSync(out, zip ? gzipSync(text) : text);
      await succeed(importSmall(second, format, out, base));
      sameCells(readPng(await exported(second, 'small', 'png')), readPng(picture), format);
      const again = placementsOf(await exported(second, 'small', 'ndjson'));
      placementsOf(lines).forEach((line, i) => check(JSON.stringify(line) === JSON.stringify(again[i]), `${format}: ${JSON.stringify(line)} became ${JSON.stringify(again[i])}`));
    }
  },

  'a PNG becomes a canvas and comes back as it was; standard input and unsorted files are read': async () => {
    const { base, csv } = smallFiles(800);
    const [picture, sorted, unsorted] = [temporaryDirectory(), temporaryDirectory(), temporaryDirectory()];
    await succeed(importSmall(picture, 'png', base));
    sameCells(readPng(await exported(picture, 'small', 'png')), readPng(readFileSync(base)), 'the picture');
    await succeed(importSmall(sorted, 'reddit-csv', csv, base));
    const [head, ...lines] = readFileSync(csv, 'utf8').trimEnd().split('\n');
    const shuffled = [head, ...lines.filter((_, i) => i % 2), ...lines.filter((_, i) => i % 2 === 0).reverse()].join('\n');
    await succeed(importSmall(unsorted, 'reddit-csv', '-', base), { input: shuffled });
    const [one, other] = [await exported(sorted, 'small', 'ndjson'), await exported(unsorted, 'small', 'ndjson')];
    check(JSON.stringify(placementsOf(one)) === JSON.stringify(placementsOf(other)), 'the order of the lines made a difference');
  },

  'placements older than those there are skipped, and lines that make no sense are counted with why': async () => {
    const { base, csv, directory } = smallFiles(100);
    const store = temporaryDirectory();
    await succeed(importSmall(store, 'reddit-csv', csv, base));
    const odd = join(directory, 'odd.csv');
    writeFileSync(odd, [
      'timestamp,user_id,pixel_color,coordinate',
      '2020-01-01 00:00:00 UTC,old,#000000,"1,1"',
      '2023-01-01 00:00:00 UTC,far,#000000,"4000,1"',
      '2023-01-01 00:00:01 UTC,odd,#123456,"1,1"',
      '2023-01-01 00:00:02 UTC,odd,#000000,"one,1"',
      'yesterday,odd,#000000,"1,1"',
      '2023-01-01 00:00:03 UTC,new,#FFFFFF,"1,1"',
      '2023-01-01 00:00:04 UTC,staff,#FF4500,"10,10,12,11"', '',
    ].join('\n'));
    const told = await succeed(importSmall(store, 'reddit-csv', odd));
    check(told.out.startsWith('7 placements '), `one cell and a rectangle of six: ${told.out}`);
    check(/^5 lines skipped$/m.test(told.out) && (told.out.match(/^ {2}1: .* \(first in line \d\)|^ {2}\d: /gm) ?? []).length >= 4, `and says why: ${told.out}`);
    const again = await succeed(importSmall(store, 'reddit-csv', csv));
    check(again.out.startsWith('0 placements ') && again.out.includes('100 lines skipped'), `all are older: ${again.out}`);
    await succeed(['verify', '--data', store]);
  },

  'a picture or a dataset that lies is refused with a clear message and changes nothing': async () => {
    const whole = writePng(40, 30, small.colors, new Uint8Array(1200));
    const claiming = (width, height) => Buffer.concat([signature, pngHeader(width, height), whole.subarray(33)]);
    await refused('png', 'huge.png', claiming(0x7fffffff, 0x7fffffff), /huge\.png: .*(large|most|cells|65)/i);
    await refused('png', 'larger-than-its-data.png', claiming(400, 300), /larger-than-its-data\.png: /);
    await refused('png', 'nothing.png', claiming(0, 30), /nothing\.png: /);
    await refused('png', 'cut.png', whole.subarray(0, whole.length - 30), /cut\.png: /);
    await refused('png', 'flipped.png', Buffer.from(whole).fill(0xff, 85, 89), /flipped\.png: /);
    await refused('png', 'text.png', 'no picture at all', /text\.png: /);
    await refused('png', 'bomb.png', Buffer.concat([signature, pngHeader(65535, 65535), chunk('IDAT', Buffer.alloc(100))]), /bomb\.png: /);
    const { csv } = smallFiles(50_000);
    const packed = gzipSync(readFileSync(csv));
    await refused('reddit-csv', 'cut.csv.gz', packed.subarray(0, packed.length / 2), /cut\.csv\.gz.* (damaged|cut short)/);
    await refused('reddit-csv', 'damaged.csv.gz', Buffer.from(packed).fill(0xaa, 5000, 5100), /damaged\.csv\.gz.* damaged/);
    await refused('reddit-csv', 'empty.csv', '', /empty\.csv.*empty/is);
    await refused('reddit-csv', 'other.csv', 'name,age\nann,7\n', /other\.csv.*Line 1/is);
    await refused('reddit-csv', 'only-nonsense.csv', 'timestamp,user_id,pixel_color,coordinate\nx,y,z,"q"\n', /no rows/, 'empty');
    await refused('reddit-csv', 'endless-line.csv', `timestamp,user_id,pixel_color,coordinate\n${'9'.repeat(1 << 20)}\n`, /no rows/, 'empty');
    await refused('ndjson', 'deep.ndjson', '['.repeat(200_000), /no rows/, 'empty');
  },

  'an import over a canvas that is there, with a bad file, leaves it byte for byte': async () => {
    const { base, csv, directory } = smallFiles(300);
    const store = temporaryDirectory();
    await succeed(importSmall(store, 'reddit-csv', csv, base));
    const before = readFileSync(join(store, 'tessera.db'));
    const bad = join(directory, 'bad.csv.gz');
    writeFileSync(bad, gzipSync(readFileSync(csv)).subarray(0, 900));
    for (const [args, words] of [
      [importSmall(store, 'reddit-csv', bad), /damaged or cut short/],
      [importSmall(store, 'reddit-csv', csv, base), /there already/],
      [importSmall(store, 'reddit-csv', csv, bad), /bad\.csv\.gz/],
      [importSmall(store, 'reddit-csv', join(directory, 'absent.csv')), /absent\.csv/],
    ]) {
      const ended = await runProgram(args);
      check(ended.code === 1 || ended.code === 2, `exit code ${ended.code}`);
      check(words.test(ended.err), `it says: ${ended.err}`);
      check(readFileSync(join(store, 'tessera.db')).equals(before), `${args.join(' ')} changed the database`);
    }
    const missing = await runProgram(['export', '--data', store, '--canvas', 'nowhere', '--format', 'png', join(directory, 'out.png')]);
    check(missing.code === 1 && /nowhere/.test(missing.err), `export of a canvas that is not there: ${missing.code} ${missing.err}`);
    check(!existsSync(join(directory, 'out.png')), 'it left an empty picture behind');
  },
});
