import assert from "node:assert/strict";
import { test } from "node:test";
import { classOf, excess, limits, signOf, usualBand, verdict } from "./balance.js";

const urban = (households) => ({ households, low: 300, high: 500 });

test("the limits of the urban rule are those of the guide", () => {
  assert.deepEqual(limits(300, 500), [150, 225, 300, 500, 575, 650]);
});

test("each class begins where the guide says", () => {
  const counts = [149, 150, 224, 225, 299, 300, 500, 501, 575, 576, 650, 651];
  assert.deepEqual(counts.map((n) => classOf(urban(n))), [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6]);
});

test("the legend shows the band that most grids have", () => {
  const [village, special] = [{ low: 100, high: 300 }, { low: null, high: null }];
  assert.deepEqual(usualBand([special, urban(1), village, special, special, village]), village);
  assert.deepEqual(usualBand([urban(1), village]), { low: 300, high: 500 });
  assert.equal(usualBand([special]), null);
});

test("a village's rule moves the limits, never the classes", () => {
  assert.equal(classOf({ households: 200, low: 100, high: 300 }), 3);
  assert.equal(classOf({ households: 320, low: 100, high: 300 }), 4);
});

test("without a rule or a figure there is no class and no sign", () => {
  assert.equal(classOf({ households: 9, low: null, high: null }), null);
  assert.equal(classOf(urban(null)), null);
  assert.equal(signOf(urban(null)), "");
});

test("a verdict says how far out of band", () => {
  assert.equal(verdict(urban(592)), "▲ 超 92");
  assert.equal(verdict(urban(206)), "▼ 缺 94");
  assert.equal(verdict(urban(400)), "达标");
  assert.equal(excess(urban(400)), 0);
});
