#!/usr/bin/env node
// The staff panel in a real browser: a moderator goes through its tabs on a desktop and takes the audit log with her; an admin
// pauses the canvas from a phone, in French. TESSERA_SHOTS=DIR keeps pictures to look at.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { look, lookUntil, openBrowser, openPage, shot } from '../support/browser.mjs';
import { pointOf } from '../support/display.mjs';
import { ask, bad, canvas, chosenTab, evening, owner } from '../support/evening.mjs';
import { placeAbsent } from '../support/place.mjs';
import { until } from '../support/program.mjs';
import { check, run, web } from '../support/server.mjs';

const needed = (test) => async () => placeAbsent ?? test();
const site = existsSync(join(web, 'index.html')) ? ['--web', web] : [];
/** Where each tab's name is, in a window of 1280 × 800 with English words. */
const tabs = { locks: 780, people: 844, reports: 907, rollbacks: 1009, events: 1086, audit: 1148, server: 1209, overview: 708 };

/** Somebody's page at the picture that was drawn over. */
async function open(server, session, options) {
  const there = await openPage(await openBrowser(), `${server.url}/#canvas=place&x=640&y=820&zoom=6`, { dark: true, session, ...options });
  await there.started;
  return there;
}

await run({
  'a moderator goes through the panel in a browser, and the audit log becomes a file': needed(async () => {
    const { server, julie } = await evening(site);
    const there = await open(server, julie.token, { width: 1280, height: 800 });
    const chosen = (picture) => chosenTab(picture, { left: 656, top: 108, right: 1264, bottom: 122 })?.x;
    await until('the panel is open', async () => {
      await there.page.keyboard.press('m');
      return chosen(await look(there));
    });
    for (const [name, x] of Object.entries(tabs)) {
      await there.page.mouse.click(x, 99);
      await lookUntil(there, `${name} is chosen`, (picture) => chosen(picture) <= x && chosen(picture) > x - 50, { path: shot(`panel-${name}`) });
      if (process.env.TESSERA_SHOTS) await new Promise((resolve) => setTimeout(resolve, 1_000));
      await look(there, shot(`panel-${name}`));
    }
    await there.page.mouse.click(tabs.audit, 99);
    await lookUntil(there, 'the log is there', (picture) => chosen(picture) > 1100 && chosen(picture) < tabs.audit);
    const saved = there.page.waitForEvent('download');
    await there.page.mouse.click(825, 287);
    const rows = readFileSync(await (await saved).path(), 'utf8').trim().split(/\r?\n/);
    check(rows.length === 3 && rows[0].startsWith('id,') && /account\.change|role/.test(rows[2]), rows.join('\n'));
    check(there.complaints.length === 0, there.complaints.join('\n'));
  }),
  'an admin pauses the canvas from a phone, in French': needed(async () => {
    const { server } = await evening(site);
    const there = await open(server, owner, { width: 390, height: 844, scale: 2, touch: true, locale: 'fr-FR' });
    await until('the panel is open', async () => {
      await there.page.keyboard.press('m');
      return chosenTab(await look(there, shot('panel-phone')), { left: 8, top: 100, right: 382, bottom: 122 });
    });
    await there.page.touchscreen.tap(255, 38);
    const { x, y } = await lookUntil(there, 'what it does is said first', (picture) => pointOf(picture, bad, { left: 16, top: 320, right: 240, bottom: 380 }), { path: shot('panel-phone-pause') });
    check((await ask(server, owner, 'GET', canvas)).paused === false, 'it was paused before anybody said so');
    await there.page.touchscreen.tap(x + 40, y - 10);
    await until('the canvas is paused', async () => (await ask(server, owner, 'GET', canvas)).paused);
    await look(there, shot('panel-phone-paused'));
    check(there.complaints.length === 0, there.complaints.join('\n'));
  }),
});
