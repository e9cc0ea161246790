import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING, WHOLE, isWhole, partIn, reaching } from "./parts.js";
import { SIDE, Tiles, linesOf } from "./tiles.js";

const points = (...at) => at.map(([x, y]) => ({ x, y }));
const area = (left, top, right, bottom) => ({
  held: {}, type: 3, box: [left, top, right, bottom],
  rings: [points([left, top], [right, top], [right, bottom], [left, bottom], [left, top])],
});

test("of a tile what is in view is painted first, in whole pixels of any usual screen", () => {
  const view = [1000, 600, 2440, 1500];
  const parts = [1, 2, 3, 4].flatMap((x) => [1, 2].map((y) => [{ x, y }, partIn(view, { x, y })]));
  const size = ([left, top, right, bottom]) => (right - left) * (bottom - top);
  assert.ok(parts.reduce((sum, [, part]) => sum + size(part), 0) < 0.7 * parts.length * size(WHOLE));
  for (const [{ x, y }, part] of parts) {
    const wanted = [view[0] - x * SIDE, view[1] - y * SIDE, view[2] - x * SIDE, view[3] - y * SIDE].map((px) => Math.min(SIDE, Math.max(0, px)));
    if (size(wanted)) assert.ok(part[0] <= wanted[0] && part[1] <= wanted[1] && part[2] >= wanted[2] && part[3] >= wanted[3]);
    for (const ratio of [1, 1.25, 1.5, 2]) assert.ok(part.every((px) => Number.isInteger(px * ratio)));
  }
  assert.equal(partIn(view, { x: 9, y: 9 }), NOTHING);
  assert.ok(isWhole(partIn([0, 0, 9999, 9999], { x: 3, y: 3 })));
});

test("a part has the shapes that reach into it, a whole tile all of its own", () => {
  const layers = new Map([["grids", { shapes: [area(0, 0, 2048, 4096), area(2048, 0, 4096, 4096)], borders: null }]]);
  assert.equal(reaching(layers, WHOLE), layers);
  assert.deepEqual(reaching(layers, [0, 0, 128, 512]).get("grids").shapes, [layers.get("grids").shapes[0]]);
  assert.equal(reaching(layers, [0, 0, 240, 512]).get("grids").shapes.length, 2); // lines are wide
});

test("a border is the first's of the areas that share it, and what cutting made is nobody's", () => {
  const [one, other] = [area(0, 0, 100, 100), area(100, 0, 200, 100)];
  const lines = linesOf([one, other]);
  assert.equal(lines.get(one).flat().length, 5);
  assert.deepEqual(lines.get(other), [points([100, 0], [200, 0], [200, 100], [100, 100])]);
  const cut = [...linesOf([area(-64, 0, 10, 10)]).values()][0];
  assert.deepEqual(cut, [points([-64, 0], [10, 0], [10, 10], [-64, 10])]);
});

test("what is asked for together is painted together, and waits for no straggler for ever", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const answers = [];
  t.mock.method(globalThis, "fetch", () => new Promise((come, fail) => answers.push({ come: () => come(new Response(new Uint8Array())), fail })));
  const tiles = new Tiles((group, { z, x, y }) => `/${group}/${z}/${x}/${y}`);
  const painted = [];
  const draw = (x) => tiles.get("areas", { z: 3, x, y: 0 }).then(() => tiles.others()).then(() => painted.push(x), () => painted.push(-x));
  const settled = () => new Promise((done) => setImmediate(done));
  const first = [1, 2, 3].map(draw);
  answers[1].come();
  answers[2].come();
  await settled();
  assert.deepEqual(painted, []);
  answers[0].fail(new Error("gone"));
  await Promise.all(first);
  assert.deepEqual(painted.sort((a, b) => a - b), [-1, 2, 3]);
  const later = [4, 5].map(draw);
  answers[3].come();
  await settled();
  assert.equal(painted.length, 3);
  t.mock.timers.tick(150);
  await later[0];
  assert.deepEqual(painted.slice(3), [4]);
  const kept = draw(2); // what is there already waits no longer than what has come
  await settled();
  t.mock.timers.tick(150);
  await kept;
  answers[4].come();
  await later[1];
  assert.deepEqual(painted.slice(3), [4, 2, 5]);
});
