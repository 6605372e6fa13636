#!/usr/bin/env node
// A rollback of the two whole hours of r/place: nearly a million placements in one, undone again, and the server killed between.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { api } from '../support/api.mjs';
import { importAll, place, placeAbsent } from '../support/place.mjs';
import { readPng } from '../support/png.mjs';
import { until } from '../support/program.mjs';
import { check, run, startServer, temporaryDirectory } from '../support/server.mjs';

const owner = 'an owner token for tests only';
const routes = '/canvases/place/rollbacks';
const placed = 963_710, everywhere = { x: 0, y: 0, width: 2_000, height: 2_000 };

/** How many cells of the canvas are not as in this picture of the data. */
async function differences(server, name) {
  const answer = await fetch(`${server.url}/api/v1/canvases/place/image.png`);
  const now = readPng(Buffer.from(await answer.arrayBuffer())), then = readPng(readFileSync(join(place, name)));
  check(now.width === then.width && now.height === then.height, `${now.width} × ${now.height}`);
  return now.rgba.reduce((count, cell, at) => count + (cell === then.rgba[at] ? 0 : 1), 0);
}

await run({
  'everything on a canvas is rolled back in one, and undone, with the server killed half way': async () => {
    if (placeAbsent) return placeAbsent;
    const directory = temporaryDirectory();
    importAll(directory);
    const start = () => startServer({ directory, env: { TESSERA_OWNER_TOKEN: owner } });
    let server = await start();
    const state = async (id) => (await api(server, 'GET', `${routes}/${id}`, { token: owner })).json;
    check((await differences(server, 'end.png')) === 0, 'it is not the end of the two hours');

    const look = (await api(server, 'POST', routes, { token: owner, body: { region: everywhere, dry_run: true } })).json;
    check(look.placements === placed, `a preview of ${JSON.stringify(look).slice(0, 200)}`);
    const made = await api(server, 'POST', routes, { token: owner, body: { region: everywhere, reason: 'all of it' } });
    check(made.status < 300, made.text);
    const { id } = made.json;
    await until('it is applied', async () => (await state(id)).state === 'applied');
    check((await differences(server, 'start.png')) === 0, 'the beginning is not back');

    const asked = api(server, 'POST', `${routes}/${id}/undo`, { token: owner }).catch(() => {});
    await until('it is being undone', async () => (await state(id)).state === 'undoing');
    await server.kill();
    await asked;
    server = await start();
    await until('it is undone', async () => (await state(id)).state === 'undone');
    check((await differences(server, 'end.png')) === 0, 'the end is not back');
  },
});
