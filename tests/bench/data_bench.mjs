#!/usr/bin/env node
// The real two hours of r/place: how long their import takes, what they weigh on disk, and how soon a server is ready with them.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { join } from 'node:path';
import { importAll, placeAbsent } from '../support/place.mjs';
import { run, startServer, temporaryDirectory, web } from '../support/server.mjs';

const figure = (what, measured, wanted, good) =>
  console.log(['figure', what, measured, wanted, wanted === '' ? '-' : good ? 'ok' : 'short'].join('\t'));
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

await run({
  'import, bytes, ready': async () => {
    if (placeAbsent) return placeAbsent;
    const imports = [];
    let directory;
    for (let i = 0; i < 3; i += 1) {
      directory = temporaryDirectory();
      const begun = process.hrtime.bigint();
      importAll(directory);
      imports.push(Number(process.hrtime.bigint() - begun) / 1e9);
    }
    figure('import of the 963,710 placements, from .gz to disk, checked (median of 3)', `${median(imports).toFixed(2)} s`, '5 s; aim 3', median(imports) <= 5);
    console.log(`database: ${statSync(join(directory, 'tessera.db')).size} bytes`);
    const starts = [];
    for (let i = 0; i < 3; i += 1) {
      const begun = process.hrtime.bigint();
      const server = await startServer({ directory });
      starts.push(Number(process.hrtime.bigint() - begun) / 1e9);
      await server.stop();
    }
    figure('start to ready with the imported 2,000×2,000 canvas (median of 3)', `${median(starts).toFixed(2)} s`, '1 s', median(starts) <= 1);
  },
  'web client': async () => {
    if (!existsSync(web)) return `${web} is not built`;
    const files = readdirSync(web, { recursive: true }).map((name) => join(web, name)).filter((path) => statSync(path).isFile() && !path.endsWith('.map'));
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    const bytes = files.reduce((sum, path) => sum + brotliCompressSync(readFileSync(path), options).length, 0);
    figure('web client over the wire, fonts included (brotli)', `${(bytes / 1024).toFixed(0)} KB`, '1 MB', bytes <= 1 << 20);
  },
});
