import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING, WHOLE, isWhole, partIn, reaching } from "./parts.js";
import { SIDE, linesOf } from "./tiles.js";

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
