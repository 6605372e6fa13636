#!/usr/bin/env node
// A vandal's evening as a moderator lives it, in the native app's staff panel: two players report, she looks, claims, finds who
// drew there, previews, bans and rolls back; the owner undoes it. In English and in French. TESSERA_SHOTS=DIR keeps pictures.
import { missingForWindows } from '../support/display.mjs';
import { accent, ask, bad, canvas, cat, desk, evening, info, owner, warn } from '../support/evening.mjs';
import { placeAbsent } from '../support/place.mjs';
import { until } from '../support/program.mjs';
import { check, run } from '../support/server.mjs';

const missing = missingForWindows() ?? placeAbsent;
const needed = (test) => async () => missing ?? test();

/** In a window of 1280 × 800, with words of either language. */
const places = { en: { reports: 923 }, fr: { reports: 940 } };
const rows = { second: 293, vandal: 523, reason: 363 };

async function fromReportToProfile(staff, server, language) {
  const { display } = staff;
  await display.click(places[language].reports, 104);
  await display.lookUntil('the reports are there', (picture) => (staff.chosenTab(picture)?.x ?? 0) > 850);
  await staff.shot('2-reports');
  // The older of the two; its badge says that it is open.
  await until('the report is there', async () => {
    await display.click(800, rows.second);
    return staff.find(await display.look(), warn, { top: 176, bottom: 200, left: 1150 });
  });
  await staff.shot('3-report');
  await display.click(735, 722);
  const claimed = await until('the report is claimed', async () => (await ask(server, owner, 'GET', `${canvas}/reports?state=claimed`)).items[0]);
  check(claimed.reporter.name === 'ann' && claimed.handler.name === 'julie' && claimed.similar.length === 1, JSON.stringify(claimed));
  // Who drew there most is the first of those who did.
  await until('the profile shows what may be done', async () => {
    const inReports = (staff.chosenTab(await display.look())?.x ?? 0) > 850;
    if (inReports) {
      await display.click(760, rows.vandal);
      return undefined;
    }
    await display.tool('mousemove', 900, 600);
    for (let i = 0; i < 6; i += 1) await display.tool('click', 5);
    return staff.find(await display.look(), bad, { top: 200 });
  });
  await staff.shot('4-profile');
}

async function previewAndBan(staff, server) {
  const { display } = staff;
  // Beside what bans: what takes back. What is above them may still be on its way, and move them.
  const apply = await until('what it would change is there', async () => {
    const picture = await display.look();
    const found = staff.find(picture, accent, { top: 520, bottom: 700 });
    const button = found ? undefined : staff.find(picture, bad, { top: 200, left: 800, right: 920 });
    if (button) await display.click(700, button.y - 4);
    return found;
  });
  await staff.shot('5-preview');
  check(!(await ask(server, owner, 'GET', `${canvas}/rollbacks`)).items.length, 'it was applied before anybody said so');
  await display.click(900, rows.reason);
  await display.lookUntil('one may write there', (picture) => staff.find(picture, info, { top: rows.reason - 24, bottom: rows.reason + 24 }));
  await display.type('drew over the letters');
  const both = await display.lookUntil('banning is offered', (picture) => staff.find(picture, bad, { top: apply.y - 40, bottom: apply.y + 20 }));
  await display.click(both.x, both.y - 4);
  await until('it is rolled back', async () => (await ask(server, owner, 'GET', `${canvas}/rollbacks`)).items.find((each) => each.state === 'applied'));
  await staff.shot('6-applied');
}

const endsIt = (language) =>
  needed(async () => {
    const { server, vandal, julie } = await evening();
    const staff = await desk(server, julie.token, language, `evening-${language}`);
    await until('the panel is open', async () => {
      await staff.display.key('m');
      return staff.chosenTab(await staff.display.look());
    });
    await staff.shot('1-overview');
    await fromReportToProfile(staff, server, language);
    await previewAndBan(staff, server);
    const profile = await ask(server, owner, 'GET', `/api/v1/accounts/${vandal.account.id}`);
    check(profile.banned_until && profile.reason.startsWith('drew over the letters'), JSON.stringify(profile));
    const own = await ask(server, owner, 'GET', `${canvas}/cells/${cat.x + 5}/${cat.y + 5}`);
    check(own.name === 'ann' && own.color === 2, `what others drew over it stays: ${JSON.stringify(own)}`);
    const back = await ask(server, owner, 'GET', `${canvas}/cells/${cat.x + 1}/${cat.y + 1}`);
    check(back.account !== vandal.account.id, JSON.stringify(back));
    const undone = await ask(server, owner, 'POST', `${canvas}/rollbacks/${(await ask(server, owner, 'GET', `${canvas}/rollbacks`)).items[0].id}/undo`);
    check(undone.state === 'undone', JSON.stringify(undone));
    check((await ask(server, owner, 'GET', '/api/v1/audit/verify')).ok, 'the log is not whole');
  });

await run({
  "a moderator ends a vandal's evening from the panel": endsIt('en'),
  'and the same in French': endsIt('fr'),
});
