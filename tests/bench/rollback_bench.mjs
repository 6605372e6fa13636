#!/usr/bin/env node
// A vandal of 100,000 placements among the real ones of r/place: what a preview and a rollback take, and what others feel of it.
import { api, promote } from '../support/api.mjs';
import { importAll, placeAbsent } from '../support/place.mjs';
import { guest, run, startServer, temporaryDirectory } from '../support/server.mjs';

const owner = 'an owner token for benchmarks only';
const placements = 100_000;

const figure = (what, measured, wanted, ok) => console.log(['figure', what, measured, wanted, wanted ? (ok ? 'ok' : 'short') : '-'].join('\t'));
const ms = (value) => `${value.toFixed(0)} ms`;
const percentile = (values, part) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))];

await run({
  'a rollback of r/place': async () => {
    if (placeAbsent) return placeAbsent;
    const directory = temporaryDirectory();
    importAll(directory);
    const server = await startServer({ directory, env: { TESSERA_OWNER_TOKEN: owner }, args: ['--limit', 'off'] });
    const unlimited = { policy: { per_second: null, per_minute: null } };
    const changed = await api(server, 'PATCH', '/canvases/place', { token: owner, body: unlimited, headers: { 'If-Match': '*' } });
    if (changed.status !== 200) throw new Error(changed.text);
    const vandal = await guest(server, 'vandal');
    const mo = await guest(server, 'mo');
    await promote(server, owner, mo.account, 'moderator');
    for (let drawn = 0; drawn < placements; ) {
      const cells = [];
      for (; cells.length < 4000 && drawn < placements; drawn += 1) cells.push({ x: (drawn * 7) % 1000, y: Math.floor((drawn * 7) / 1000) % 1000, color: drawn % 8 });
      const reply = await api(server, 'POST', '/canvases/place/placements', { token: vandal.token, body: { cells } });
      if (reply.json.accepted !== cells.length) throw new Error(reply.text.slice(0, 300));
    }

    // Somebody draws on, one cell after another; how long each took in ms.
    const others = async (until) => {
      const token = (await guest(server, 'ann')).token;
      const took = [];
      for (let i = 0; !until(took.length); i += 1) {
        const begun = performance.now();
        await api(server, 'POST', '/canvases/place/placements', { token, body: { cells: [{ x: i % 1000, y: 999, color: 3 }] } });
        took.push(performance.now() - begun);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return took;
    };
    const quiet = await others((count) => count >= 200);

    const ask = (body) => api(server, 'POST', '/canvases/place/rollbacks', { token: mo.token, body: { account: vandal.account.id, ...body } });
    const previews = [];
    for (let i = 0; i < 5; i += 1) {
      const begun = performance.now();
      const preview = await ask({ dry_run: true });
      previews.push(performance.now() - begun);
      if (preview.json.placements !== placements) throw new Error(preview.text);
    }
    const preview = percentile(previews, 0.5);
    figure('preview of a rollback of 100,000 placements among 1,063,710', ms(preview), '500 ms', preview <= 500);

    let done = false;
    const beside = others(() => done);
    const begun = performance.now();
    const applied = await ask({});
    const took = performance.now() - begun;
    done = true;
    if (applied.json.state !== 'applied') throw new Error(applied.text);
    figure('applying it', ms(took), '2,000 ms', took <= 2000);
    const [before, during] = [percentile(quiet, 0.99), percentile(await beside, 0.99)];
    figure("others' answers, 99 of 100, before / beside it", `${ms(before)} / ${ms(during)}`, '60 ms', during <= 60);
    const undo = performance.now();
    await api(server, 'POST', `/canvases/place/rollbacks/${applied.json.id}/undo`, { token: mo.token });
    figure('undoing it', ms(performance.now() - undo), '', true);
    await server.stop();
  },
});
