#!/usr/bin/env node
// The bots of docs/bots.md, run as they stand there.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { bitmap, check, journal, root, run, startServer, temporaryDirectory } from '../support/server.mjs';

const text = readFileSync(join(root, 'docs/bots.md'), 'utf8');
const block = (language) => text.match(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``))[1];
const picture = block('text');
const packages = dirname(dirname(createRequire(join(root, 'tests/browser/package.json')).resolve('ws')));

/** Runs a bot with the picture on its standard input; its output once it has ended. */
function runBot(program, args, env = {}) {
  return new Promise((resolve, reject) => {
    const bot = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '';
    for (const stream of [bot.stdout, bot.stderr]) stream.on('data', (piece) => (out += piece));
    bot.on('exit', (code) => (code === 0 ? resolve(out) : reject(new Error(`the bot ended with ${code}: ${out}`))));
    bot.stdin.end(picture);
  });
}

async function draws(extension, language, start) {
  const directory = temporaryDirectory();
  const server = await startServer({ directory, args: ['--canvas', 'main:16x16', '--limit', '20:5:1000'] });
  const file = join(directory, `bot.${extension}`);
  writeFileSync(file, block(language));
  const out = await start(file, server.url);
  check(out.trim() === 'drawn', out);
  const { cells } = await bitmap(server);
  picture.trimEnd().split('\n').forEach((row, y) =>
    [...row].forEach((letter, x) => check(cells[y * 16 + x] === (letter === '.' ? 255 : parseInt(letter, 36)), `cell ${x}, ${y} is ${cells[y * 16 + x]}, not ${letter}`)));
  const placements = await journal(server);
  check(placements.length === [...picture].filter((letter) => !'.\n'.includes(letter)).length, `${placements.length} placements`);
  check(placements.every(({ name }) => name === 'My bot'), 'whose they are');
}

await run({
  'the bot of the documentation draws its picture by WebSocket, within its limits': async () => {
    check(block('js').trimEnd().split('\n').length <= 30, 'it is longer than thirty lines');
    await draws('js', 'js', (file, url) => runBot(process.execPath, [file, url, 'My bot'], { NODE_PATH: packages }));
  },
  'the bot of the documentation draws the same picture with curl': async () => {
    try {
      execFileSync('curl', ['--version'], { stdio: 'ignore' });
    } catch {
      return 'there is no curl here';
    }
    await draws('sh', 'bash', (file, url) => runBot('bash', [file, url, 'My bot']));
  },
});
