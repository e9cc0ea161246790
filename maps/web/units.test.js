import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedLines } from "./borders.js";
import { inside } from "./chart.js";
import { grouped, placeOf } from "./findings.js";
import { listedName, shortName } from "./grids.js";
import { heatLimits, nice } from "./heat.js";
import { chosen, daily, inQueue, nearAddress, titleOf } from "./issues.js";
import { innermost, withoutCollisions } from "./labels.js";
import { middleOf } from "./names.js";
import { fill } from "./say.js";
import { keyTarget } from "./swipe.js";

const square = (x, y) => ({
  type: "Feature", properties: {},
  geometry: { type: "Polygon", coordinates: [[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]] },
});
const DAY = 86_400_000;
const issue = (more) => ({ number: "1", state: "new", grid: "g", text: "", service: "", address: "", card: null, time: 10 * DAY, ...more });

test("a shared border is one line", () => {
  const lines = sharedLines([square(0, 0), square(1, 0)]).coordinates;
  const shared = lines.flatMap((line) => line.slice(1).map((p, i) => [line[i], p].map(String).sort().join(" ")));
  assert.equal(new Set(shared).size, shared.length);
  assert.equal(shared.length, 7);
});

test("grids are called as people call them", () => {
  assert.equal(shortName("文庙社区第3网格", "文庙社区"), "第3网格");
  assert.equal(listedName("文庙社区第3网格", "文庙社区"), "文庙·第3网格");
  assert.equal(listedName("实验中学专属网格", "文庙社区"), "实验中学专属网格");
  assert.equal(shortName("文庙社区", "文庙社区"), "文庙社区");
});

test("the divider's keys stay between the ends", () => {
  assert.equal(keyTarget("ArrowLeft", 0), 0);
  assert.equal(keyTarget("ArrowRight", 99, true), 100);
  assert.equal(keyTarget("PageDown", 50), 40);
  assert.equal(keyTarget("a", 50), null);
});

test("values are filled in as text, once", () => {
  assert.equal(fill("{a} {b}", { a: "{b}" }), "{b} {b}");
});

test("limits of heat grow with the zoom and with the period", () => {
  assert.deepEqual(heatLimits(16, 7), [1, 2, 4, 8, 16]);
  assert.deepEqual(heatLimits(15, 7), [0.5, 1, 2, 4, 8]);
  assert.deepEqual(heatLimits(16, 30), [2.5, 5, 10, 20, 40]);
  assert.equal(nice(0.098), 0.1);
});

test("an address does not repeat the community", () => {
  assert.equal(nearAddress({ address: "历下区解放路街道解放桥社区 北园路17号", community_name: "解放桥社区" }), "北园路17号");
  assert.equal(nearAddress({ address: "北园路17号", community_name: null }), "北园路17号");
});

test("queues, words and periods choose issues", () => {
  const all = [issue({}), issue({ state: "closed", text: "井盖" }), issue({ grid: null, time: 1 * DAY })];
  assert.equal(inQueue(all, "unclaimed").length, 1);
  assert.equal(chosen(all, { queue: "all", words: "井盖", openOnly: false, days: 0 }, 10 * DAY).length, 1);
  assert.equal(chosen(all, { queue: "all", words: "", openOnly: true, days: 7 }, 10 * DAY).length, 1);
  assert.deepEqual(daily(all, 10 * DAY, 2), [0, 2]);
  assert.equal(titleOf(issue({ text: "井盖裂了。有人摔倒" })), "井盖裂了");
});

test("heavier names win a collision", () => {
  const box = (x) => /** @type {any} */ ([x, 0, x + 10, 10]);
  const kept = withoutCollisions([{ box: box(0), rank: 1 }, { box: box(5), rank: 2 }, { box: box(40), rank: 0 }]);
  assert.deepEqual(kept.map((k) => k.rank), [2, 0]);
});

test("a label lies inside its polygon, a point is found in it", () => {
  const ring = /** @type {any} */ ([[0, 0], [100, 0], [100, 20], [20, 20], [20, 100], [0, 100], [0, 0]]);
  const [x, y] = innermost([ring]);
  assert.ok(inside([ring], x, y));
  assert.ok(!inside([ring], 60, 60));
});

test("a road's name never stands on its head", () => {
  const { angle } = middleOf([[0, 0], [-100, 1], [-200, 0]]);
  assert.ok(Math.abs(angle) < 0.1);
});

test("findings are grouped gravest first and know their place", () => {
  const finding = (severity, code) => ({ severity, code, place: null, geometry: { type: "LineString", coordinates: [[1, 2], [3, 4]] } });
  const groups = grouped([finding("info", "a"), finding("error", "b"), finding("info", "a")]);
  assert.deepEqual(groups.map((g) => [g.code, g.findings.length]), [["b", 1], ["a", 2]]);
  assert.deepEqual(placeOf(finding("info", "a")), [1, 2]);
});
