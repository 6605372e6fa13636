#!/usr/bin/env node
// The native app's list of canvases, longer than a page of it: whoever scrolls gets to the last one, and enters it.
import { blockOf, missingForWindows, openDisplay } from '../support/display.mjs';
import { until } from '../support/program.mjs';
import { check, guest, run, startServer, temporaryDirectory } from '../support/server.mjs';

const missing = missingForWindows();
const side = 16, last = 'zz-last', burgundy = 1;
const many = Array.from({ length: 130 }, (_, number) => `c${String(number).padStart(3, '0')}`);

await run({
  'the last of more canvases than a page holds is found by scrolling, and entered': async () => {
    if (missing) return missing;
    const args = ['main', ...many, last].flatMap((name) => ['--canvas', `${name}:${side}x${side}`]);
    const server = await startServer({ directory: temporaryDirectory(), args: [...args, '--limit', 'off'] });
    const { token } = await guest(server, 'ann');
    const cells = Array.from({ length: side * side }, (_, cell) => ({ x: cell % side, y: Math.floor(cell / side), color: burgundy }));
    const drawn = await fetch(`${server.url}/api/v1/canvases/${last}/placements`, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body: JSON.stringify({ cells }) });
    check(drawn.status === 200, await drawn.text());
    const canvas = async (name) => (await fetch(`${server.url}/api/v1/canvases/${name}`)).json();
    const { color } = (await canvas(last)).palette[burgundy];

    const display = await openDisplay();
    await display.openApp([server.url]);
    await display.lookUntil('the canvas is on the screen', (picture) => /^#([C-F].){3}$/.test(picture.at(display.width / 2, 300)));
    await display.click(90, 40);
    await display.tool('mousemove', 240, 400);
    const found = await until('the last canvas is in the list', async () => {
      await display.tool('click', '--repeat', 30, '--delay', 2, 5);
      return blockOf(await display.look(), [color], { width: 40, height: 40 });
    });
    check((await canvas(last)).online === 0, 'somebody is there already');
    await display.click(found.x + 100, found.y);
    await until('the app has entered it', async () => (await canvas(last)).online === 1);
  },
});
