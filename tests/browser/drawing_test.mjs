#!/usr/bin/env node
// The page in a real browser, on the real server: people and a bot draw together, see each other, and go on after a crash.
// Judged by the journal, by the bot, and by the pixels of the page. TESSERA_SHOTS=DIR keeps pictures to look at.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lookUntil, look, openBrowser, openPage, shot } from '../support/browser.mjs';
import { JsonClient } from '../support/json_client.mjs';
import { check, guest, journal, run, startServer, temporaryDirectory, web } from '../support/server.mjs';

const absent = existsSync(join(web, 'tessera.wasm')) ? undefined : `${web} holds no web client`;
const width = 600, height = 400;
const zoom = 8;

async function serve({ directory = temporaryDirectory(), args = [], port } = {}) {
  const server = await startServer({ directory, port, args: ['--web', web, '--canvas', `main:${width}x${height}`, ...args] });
  const { colors } = await (await fetch(`${server.url}/palette`)).json();
  return { server, colors, directory };
}

/** A page of its own at this link, with the empty canvas on its screen. */
async function visit(browser, url, options) {
  const open = await openPage(browser, url, options);
  await whenCanvas(open);
  return open;
}

async function whenCanvas(open) {
  await open.page.waitForFunction(() => document.getElementById('shell')?.hidden);
  await lookUntil(open, 'the canvas is on the screen', (picture) => /^#([C-F].){3}$/.test(picture.at(open.width / 2 + 3, open.height / 2 - 60)), { path: shot('last') });
}

/** A bot that watches, and draws by `place`. */
async function bot(server, name = 'bot') {
  const client = await JsonClient.open(server, { token: (await guest(server, name)).token });
  client.drawn = (x, y) =>
    client.when(`(${x}, ${y}) is drawn`, () => client.of('pixel:bulk_update').flatMap(({ data }) => data.pixels).findLast((pixel) => pixel.x === x && pixel.y === y), 45);
  return client;
}

const link = (server, x, y, at = zoom) => `${server.url}/#canvas=main&x=${x}&y=${y}&zoom=${at}`;

/** Where a cell lies on a page whose middle is cell (`middle.x`, `middle.y`). */
const spot = (open, middle, x, y, at = zoom) => [open.width / 2 + (x - middle.x) * at, open.height / 2 + (y - middle.y) * at];

const shows = (open, middle, x, y, color, at = zoom) =>
  lookUntil(open, `the page shows ${color} at (${x}, ${y})`, (picture) => picture.at(...spot(open, middle, x, y, at)) === color, { path: shot('last') });

async function click(open, middle, x, y, at = zoom) {
  await open.page.mouse.move(...spot(open, middle, x, y, at));
  await open.page.mouse.click(...spot(open, middle, x, y, at));
}

/** The first placement asks for a name; this answers. */
async function nameOneself(open, name) {
  await open.page.waitForFunction(() => document.activeElement?.id === 'typing');
  await open.page.keyboard.type(name);
  await open.page.waitForFunction((wanted) => document.getElementById('typing').value === wanted, name);
  await open.page.keyboard.press('Enter');
  await open.page.waitForFunction(() => document.activeElement?.id !== 'typing');
  await lookUntil(open, 'the canvas is light again', (picture) => /^#([C-F].){3}$/.test(picture.at(100, open.height / 2 + 3)), { path: shot('last') });
}

const away = (open) => open.page.mouse.move(2, open.height / 2);
const session = async (open) => (await open.context.cookies()).find(({ name }) => name === 'tessera_session');

async function quiet(open, but = /^$/) {
  const violations = await open.page.evaluate(() => window.violations);
  const complaints = open.complaints.filter((text) => !but.test(text));
  check(complaints.length === 0, `the page complains: ${complaints.join('; ')}`);
  check(violations.length === 0, `its security policy was violated: ${violations.join('; ')}`);
}

const needed = (test) => async () => absent ?? test();

await run({
  'the page shows how far it has loaded, starts, and complains of nothing': needed(async () => {
    const { server } = await serve();
    const open = await visit(await openBrowser(), link(server, 300, 200), {
      before: () => {
        window.progress = [];
        new MutationObserver(() => {
          const bar = document.getElementById('bar');
          if (bar?.value > 0) window.progress.push({ value: bar.value, words: document.getElementById('words').textContent });
        }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      },
    });
    await open.started;
    const progress = await open.page.evaluate(() => window.progress);
    check(progress.length > 1, 'the progress bar never moved');
    check(progress.every(({ value }, i) => i === 0 || value >= progress[i - 1].value) && progress.at(-1).value === 1, `it went ${progress.map(({ value }) => value.toFixed(2))}`);
    check(progress.every(({ words }) => / of .* MB/.test(words) || words.trim() === ''), `it said ${progress.at(-1).words}`);
    check((await session(open)) === undefined, 'it signed somebody in before they drew');
    await quiet(open);
  }),

  'two people and a bot draw together and see each other': needed(async () => {
    const { server, colors } = await serve();
    const browser = await openBrowser();
    const [a, b] = [{ x: 300, y: 200 }, { x: 310, y: 206 }];
    const [ann, bob, robot] = await Promise.all([visit(browser, link(server, a.x, a.y)), visit(browser, link(server, b.x, b.y, 6), { width: 720, height: 560 }), bot(server)]);

    await click(ann, a, 303, 198);
    await nameOneself(ann, 'Ann Ölig');
    const first = await robot.drawn(303, 198);
    await shows(bob, b, 303, 198, first.color, 6);
    const cookie = await session(ann);
    check(cookie?.httpOnly && cookie.sameSite === 'Lax', `the session's cookie is ${JSON.stringify(cookie)}`);

    await click(ann, a, 290, 190);
    await robot.drawn(290, 190);
    // Keys go on from the cell that was clicked: one to the right, two down, the next colour.
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', ']', 'Enter']) await ann.page.keyboard.press(key);
    const typed = await robot.drawn(291, 192);
    check(colors.indexOf(typed.color) === colors.indexOf(first.color) + 1, `']' chose ${typed.color} after ${first.color}`);
    await shows(bob, b, 291, 192, typed.color, 6);

    await click(bob, b, 320, 215, 6);
    await nameOneself(bob, 'bob');
    const answer = await robot.drawn(320, 215);
    await away(ann);
    await shows(ann, a, 320, 215, answer.color);

    robot.place(280, 185, colors[12]);
    await robot.drawn(280, 185);
    await Promise.all([shows(ann, a, 280, 185, colors[12]), shows(bob, b, 280, 185, colors[12], 6)]);
    await look(ann, shot('two-people'));

    const items = await journal(server);
    check(items.map(({ x, y, name }) => `${x},${y} ${name}`).join('; ') === '303,198 Ann Ölig; 290,190 Ann Ölig; 291,192 Ann Ölig; 320,215 bob; 280,185 bot', JSON.stringify(items));
    await Promise.all([quiet(ann), quiet(bob)]);
  }),

  'a placement that is refused is on the screen until the answer comes, and then taken back': needed(async () => {
    const { server, colors } = await serve({ args: ['--limit', '0.005:2'] });
    const robot = await bot(server);
    const middle = { x: 300, y: 200 };
    const open = await openPage(await openBrowser(), 'about:blank');
    const late = { holding: false, messages: [], release: () => {} };
    await open.page.routeWebSocket(/\/ws$/, (page) => {
      const toPage = (message) => page.send(message);
      page.connectToServer().onMessage((message) => (late.holding ? late.messages.push(message) : toPage(message)));
      late.release = () => {
        late.holding = false;
        late.messages.splice(0).forEach(toPage);
      };
    });
    await open.page.goto(link(server, middle.x, middle.y), { waitUntil: 'commit' });
    await whenCanvas(open);
    await click(open, middle, 300, 200);
    await nameOneself(open, 'ann');
    await robot.drawn(300, 200);
    robot.place(306, 200, colors[20]);
    await robot.drawn(306, 200);
    await away(open);
    await shows(open, middle, 306, 200, colors[20]);

    // Another of one's devices takes the last charge, of which this one has not heard yet.
    late.holding = true;
    const other = await fetch(`${server.url}/api/v1/canvases/main/placements`, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${(await session(open)).value}` }, body: JSON.stringify({ cells: [{ x: 10, y: 10, color: 3 }] }) });
    check((await other.json()).accepted === 1, 'the other device was refused');
    await click(open, middle, 306, 200);
    await away(open);
    await shows(open, middle, 306, 200, colors[0]);
    late.release();
    await shows(open, middle, 306, 200, colors[20]);
    check((await journal(server)).length === 3, 'it was stored all the same');
    await look(open, shot('refused'));
    await quiet(open);
  }),

  'a reload keeps the session, and a stale cookie locks nobody out': needed(async () => {
    const { server } = await serve();
    const robot = await bot(server);
    const middle = { x: 100, y: 100 };
    const ann = await visit(await openBrowser(), link(server, middle.x, middle.y));
    await click(ann, middle, 100, 100);
    await nameOneself(ann, 'ann');
    const drawn = await robot.drawn(100, 100);
    const reload = async () => {
      await ann.page.reload({ waitUntil: 'commit' });
      await shows(ann, middle, 100, 100, drawn.color);
    };
    await reload();
    await click(ann, middle, 105, 100);
    await robot.drawn(105, 100);
    await ann.context.addCookies([{ ...(await session(ann)), value: 'stale-and-forgotten' }]);
    await reload();
    await click(ann, middle, 110, 100);
    await nameOneself(ann, 'ann again');
    await robot.drawn(110, 100);
    const items = await journal(server);
    check(items[0].account === items[1].account && items[1].account !== items[2].account && items[2].name === 'ann again', JSON.stringify(items));
    await quiet(ann, /401|Authentication failed/);  // the browser reports the refused cookie by itself
  }),

  'a link opens its place, the address follows as one moves, and one can go elsewhere by it': needed(async () => {
    const { server, colors } = await serve();
    const robot = await bot(server);
    robot.place(20, 30, colors[2]);
    robot.place(555, 333, colors[6]);
    await robot.drawn(555, 333);
    const ann = await visit(await openBrowser(), link(server, 20, 30));
    await shows(ann, { x: 20, y: 30 }, 20, 30, colors[2]);
    const address = () => ann.page.evaluate(() => Object.fromEntries(new URLSearchParams(location.hash.slice(1))));
    const follows = (what, condition) => ann.page.waitForFunction(condition).catch(() => check(false, `the address does not follow ${what}`));
    check(JSON.stringify(await address()) === JSON.stringify({ canvas: 'main', x: '20', y: '30', zoom: '8' }), JSON.stringify(await address()));
    await ann.page.keyboard.press('-');
    await follows('the zoom', () => /zoom=6\b/.test(location.hash));
    await ann.page.mouse.move(600, 300);
    await ann.page.mouse.down();
    await ann.page.mouse.move(300, 180, { steps: 6 });
    await ann.page.mouse.up();
    await follows('the hand', () => /x=70\b/.test(location.hash) && /y=50\b/.test(location.hash));
    check((await journal(server)).length === 2, 'dragging draws nothing');
    await ann.page.keyboard.down('d');
    await follows('the keys', () => Number(/x=([\d.]+)/.exec(location.hash)[1]) > 90);
    await ann.page.keyboard.up('d');
    await ann.page.keyboard.press('Home');
    await follows('Home', () => /x=300\b/.test(location.hash) && /y=200\b/.test(location.hash));
    await ann.page.evaluate(() => { location.hash = '#canvas=main&x=555&y=333&zoom=12'; });
    await away(ann);
    await shows(ann, { x: 555, y: 333 }, 555, 333, colors[6], 12);
    await quiet(ann);
  }),

  'killed without warning, the server comes back, and the page goes on without a reload': needed(async () => {
    const { server, colors, directory } = await serve();
    const middle = { x: 300, y: 200 };
    const ann = await visit(await openBrowser(), link(server, middle.x, middle.y));
    await click(ann, middle, 300, 200);
    await nameOneself(ann, 'ann');
    await shows(ann, middle, 300, 200, colors[0]);
    await ann.page.evaluate(() => { window.stillHere = true; });
    await away(ann);
    // Where the message about the connection appears, left of its words.
    const top = (picture) => picture.at(ann.width / 2 - 50, 112);
    const before = top(await look(ann, shot('before-the-kill')));
    await server.kill();
    await lookUntil(ann, 'the page says that it is reconnecting', (picture) => top(picture) !== before, { path: shot('reconnecting') });
    const { server: again } = await serve({ directory, port: server.port });
    const robot = await bot(again);
    robot.place(310, 210, colors[9]);
    await robot.drawn(310, 210);
    await shows(ann, middle, 310, 210, colors[9]);
    await lookUntil(ann, 'the page is quiet again', (picture) => top(picture) === before, { path: shot('back-again') });
    await click(ann, middle, 290, 200);
    await robot.drawn(290, 200);
    check(await ann.page.evaluate(() => window.stillHere), 'the page was loaded anew');
    const items = await journal(again);
    check(items.length === 3 && items[2].account === items[0].account, JSON.stringify(items));
    await quiet(ann, /ERR_CONNECTION_REFUSED|WebSocket connection|ERR_FAILED|ERR_EMPTY_RESPONSE/);
  }),

  'the picture is as sharp as the display, and follows the window\'s size': needed(async () => {
    const { server } = await serve();
    const robot = await bot(server);
    const middle = { x: 200, y: 100 };
    const ann = await visit(await openBrowser(), link(server, middle.x, middle.y), { width: 700, height: 500, scale: 2 });
    const size = () => ann.page.evaluate(() => [document.getElementById('canvas').width, document.getElementById('canvas').height].join('×'));
    check((await size()) === '1400×1000', `at 2× the picture has ${await size()}`);
    await click(ann, middle, 205, 103);
    await nameOneself(ann, 'ann');
    const pixel = await robot.drawn(205, 103);
    await away(ann);
    await shows(ann, middle, 205, 103, pixel.color);
    const [x, y] = spot(ann, middle, 205, 103);
    const picture = await look(ann, shot('scale-2'));
    check(picture.width === 1400 && [-2.6, 3.4].every((by) => picture.at(x + by, y) === pixel.color && picture.at(x, y + by) === pixel.color), 'a cell of 8 units is not filled up to its edges');
    check([-4.6, 4.6].every((by) => picture.at(x + by, y) !== pixel.color), 'a cell of 8 units is larger than that');
    await ann.page.setViewportSize({ width: 520, height: 760 });
    Object.assign(ann, { width: 520, height: 760 });
    await ann.page.waitForFunction(() => document.getElementById('canvas').width === 1040 && document.getElementById('canvas').height === 1520);
    await shows(ann, middle, 205, 103, pixel.color);
    await click(ann, middle, 195, 100);
    await robot.drawn(195, 100);
    await quiet(ann);
  }),

  'where WebGL 2 or WebAssembly is missing, the page says so in words': needed(async () => {
    const { server } = await serve();
    const browser = await openBrowser();
    for (const [what, before] of [
      ['WebGL 2', () => {
        const real = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) { return kind === 'webgl2' ? null : real.call(this, kind, ...more); };
      }],
      ['WebAssembly', () => { delete window.WebAssembly; }],
    ]) {
      const { page, complaints } = await openPage(browser, server.url, { before });
      await page.waitForFunction(() => document.getElementById('words')?.textContent.length > 20);
      const words = page.locator('#words');
      check((await words.isVisible()) && (await words.textContent()).includes(what) && /Firefox|Chrome/.test(await words.textContent()), `it says ${await words.textContent()}`);
      check(complaints.every((text) => !text.startsWith('error')), complaints.join('; '));
      await page.screenshot({ path: shot(`without-${what.replaceAll(' ', '')}`) });
    }
  }),

  'the browser\'s own shortcuts are left to it, while drawing and while typing': needed(async () => {
    const { server } = await serve();
    const middle = { x: 50, y: 50 };
    const ann = await visit(await openBrowser(), link(server, middle.x, middle.y));
    const kept = () => ann.page.evaluate(() => {
      const combinations = [['a', 65, 'c'], ['c', 67, 'c'], ['v', 86, 'c'], ['f', 70, 'c'], ['r', 82, 'c'], ['l', 76, 'c'], ['t', 84, 'c'], ['w', 87, 'c'], ['+', 187, 'c'], ['-', 189, 'c'], ['0', 48, 'c'], ['p', 80, 'c'], ['s', 83, 'c'], ['d', 68, 'm'], ['ArrowLeft', 37, 'a'], ['Tab', 9, 'c'], ['F5', 116, ''], ['F11', 122, ''], ['F12', 123, '']];
      const target = document.activeElement ?? document.body;
      return combinations.filter(([key, keyCode, modifier]) => !target.dispatchEvent(new KeyboardEvent('keydown', { key, code: key.length === 1 ? `Key${key.toUpperCase()}` : key, keyCode, which: keyCode, ctrlKey: modifier === 'c', altKey: modifier === 'a', metaKey: modifier === 'm', bubbles: true, cancelable: true }))).map(([key, , modifier]) => modifier + key);
    });
    const drawing = await kept();
    check(drawing.length === 0, `while drawing the page keeps ${drawing}`);
    await click(ann, middle, 50, 50);
    await ann.page.waitForFunction(() => document.activeElement?.id === 'typing');
    await ann.page.keyboard.type('wasd ei+-');
    const typing = await kept();
    check(typing.length === 0, `while typing the page keeps ${typing}`);
    check((await ann.page.evaluate(() => document.getElementById('typing').value)) === 'wasd ei+-', 'letters went elsewhere');
    await ann.page.keyboard.press('Control+a');
    await ann.page.keyboard.type('all');
    check((await ann.page.evaluate(() => document.getElementById('typing').value)) === 'all', 'Ctrl+A does not select what was typed');
    await ann.page.keyboard.press('Escape');
    await ann.page.waitForFunction(() => document.activeElement?.id !== 'typing');
    check((await journal(server)).length === 0, 'something was placed');
    check(/x=50&y=50&zoom=8/.test(await ann.page.evaluate(() => location.hash)), 'typing moved the canvas');
    await quiet(ann);
  }),

  'on a phone one aims at the middle, taps Place, and it is drawn': needed(async () => {
    const { server } = await serve();
    const robot = await bot(server);
    const middle = { x: 77, y: 66 };
    const ann = await visit(await openBrowser(), link(server, middle.x, middle.y), { width: 390, height: 844, scale: 2, touch: true });
    await look(ann, shot('phone'));
    await ann.page.touchscreen.tap(ann.width - 60, ann.height - 40);
    await nameOneself(ann, 'ann');
    const pixel = await robot.drawn(77, 66);
    await shows(ann, middle, 77, 66, pixel.color);
    await look(ann, shot('phone-placed'));
    await quiet(ann);
  }),

  'Ctrl+Z takes back what was drawn, and Ctrl+Y draws it again': needed(async () => {
    const { server } = await serve();
    const robot = await bot(server);
    const middle = { x: 300, y: 200 };
    const ann = await visit(await openBrowser(), link(server, middle.x, middle.y));
    await click(ann, middle, 303, 198);
    await nameOneself(ann, 'ann');
    const drawn = await robot.drawn(303, 198);
    const updates = () => robot.of('pixel:bulk_update').flatMap(({ data }) => data.pixels);
    await ann.page.keyboard.press('Control+z');
    await robot.when('it is undone', () => updates().length === 2, 45);
    check(updates()[1].x === 303 && updates()[1].color === null, JSON.stringify(updates()));
    await ann.page.keyboard.press('Control+y');
    await robot.when('it is drawn again', () => updates().length === 3, 45);
    check(updates()[2].color === drawn.color, JSON.stringify(updates()));
    await quiet(ann);
  }),

  'the list of canvases shows them small and leads to another, over the same connection': needed(async () => {
    const { server } = await serve({ args: ['--canvas', 'club:300x200'] });
    const open = await openPage(await openBrowser(), 'about:blank');
    const sockets = [];
    open.page.on('websocket', (socket) => sockets.push(socket.url()));
    const pictures = [];
    open.page.on('response', (answer) => answer.url().includes('/image.png?fit=') && pictures.push(answer.status()));
    await open.page.goto(link(server, 300, 200), { waitUntil: 'commit' });
    await whenCanvas(open);
    await open.page.mouse.click(90, 40);
    await lookUntil(open, 'the list shows two pictures', () => pictures.filter((status) => status === 200).length >= 2, { path: shot('last') });
    await look(open, shot('canvases'));
    // By name: the club's row is the first.
    await open.page.mouse.click(250, 168);
    await open.page.waitForFunction(() => location.hash.includes('canvas=club'));
    check(sockets.length === 1, `there were ${sockets.length} connections`);
    await quiet(open);
  }),

  'what a link gives in secret leaves the address at once': needed(async () => {
    const { server } = await serve();
    const open = await visit(await openBrowser(), `${server.url}/#canvas=main&x=300&y=200&zoom=8&invite=s3cret`);
    await open.page.waitForFunction(() => document.activeElement?.id === 'typing');  // asks who one is
    check(!(await open.page.evaluate(() => location.href)).includes('s3cret'), 'the address still says it');
    await quiet(open);
  }),
});
