import assert from "node:assert/strict";
import { test } from "node:test";
import { ringsFrom, shapesOf, edgesOf } from "./arcs.js";
import { conflictsOf } from "./conflicts.js";
import { Finder, distance } from "./finder.js";
import { cardAt } from "./floats.js";
import { binned } from "./histogram.js";
import { ahead } from "./keys.js";
import { stepOf, stepsSaid } from "./loads.js";
import { outboxOf, shelfOf } from "./outbox.js";
import { askedBy, nextRadius } from "./shortcuts.js";
import { NONE, Sketch, compactness, groundFrom } from "./sketch.js";
import { tornOf } from "./torn.js";

// A row of four squares of 100 m, 10 households each, over a row of four more; one community each.
const square = (i, row) => ({
  type: "Feature", properties: { code: `${row}${i}`, households: 10, home: row, node: row * 4 + i, today: `g${row}` },
  geometry: { type: "Polygon", coordinates: [[[i, row], [i + 1, row], [i + 1, row + 1], [i, row + 1], [i, row]]] },
});
const features = [0, 1].flatMap((row) => [0, 1, 2, 3].map((i) => square(i, row)));
const told = {
  features, area: new Array(8).fill(10_000), around: new Array(8).fill(400),
  links: [0, 4].flatMap((from) => [0, 1, 2].flatMap((i) => [from + i, from + i + 1, 100])),
  communities: [0, 1].map((row) => ({ code: `c${row}`, name: `社区${row}`, rule: "urban", low: 15, high: 30 })),
};
const begun = () => {
  const sketch = new Sketch(groundFrom(told));
  const [a, b, c] = ["a", "b"].map((code) => sketch.numberOf(code, 0)).concat(sketch.numberOf("c", 1));
  sketch.place([a, a, b, b, c, c, c, c]);
  return { sketch, a, b, c };
};

test("figures follow every node at once, and come back with it", () => {
  const { sketch, a, b } = begun();
  const before = structuredClone(sketch.grids);
  assert.deepEqual([sketch.grids[a].load, sketch.grids[a].outline], [20, 600]);
  sketch.give([2], a);
  assert.deepEqual([sketch.grids[a].load, sketch.grids[a].outline, sketch.grids[b].load, sketch.grids[b].outline], [30, 800, 10, 400]);
  sketch.back(new Map([[2, b]]));
  assert.deepEqual(sketch.grids, before);
});

test("households counted anew are those of the grid, and come back", () => {
  const { sketch, a, b } = begun();
  assert.deepEqual(sketch.weigh([[0, 25], [1, 10], [2, 0]]), [a, b]);
  assert.deepEqual([sketch.grids[a].load, sketch.grids[b].load, sketch.totals().all], [35, 10, 85]);
  sketch.give([0], b);
  assert.equal(sketch.grids[a].load, 10);
  sketch.give([0], a);
  assert.deepEqual(sketch.weigh([[0, 10], [2, 10]]), [a, b]);
  assert.deepEqual(sketch.grids.map(({ load }) => load), [20, 20, 40]);
});

test("a grid whose nodes do not hang together is broken", () => {
  const { sketch, a, b } = begun();
  sketch.give([3], a);
  assert.equal(sketch.grids[a].broken, 1);
  assert.deepEqual(sketch.piecesOf(a), [[0, 1], [3]]);
  assert.equal(sketch.totals().broken, 1);
  sketch.give([3], b);
  assert.equal(sketch.grids[a].broken, 0);
});

test("a ring with a corner that is two is one ring, closed there", () => {
  const arc = (from, to, ...line) => ({ line, left: 0, right: -1, box: [0, 0, 1, 1], ends: [from, to] });
  const arcs = [arc(0, 1, [0, 0], [9, 0]), arc(1, 2, [9, 0], [9, 9]), arc(3, 0, [8.99, 9], [0, 9], [0, 0])];
  assert.deepEqual(ringsFrom(arcs), [[[8.99, 9], [0, 9], [0, 0], [9, 0], [9, 9]]]);
});

test("what is cut off and what lies in no grid is found, most households first", () => {
  const { sketch, a } = begun();
  sketch.give([3], a);
  sketch.back(new Map([[6, NONE], [7, NONE]]));
  const look = { grids: new Map([[a, { short: "第1网格" }]]), landOf: () => ({ path: null, box: [0, 0, 1, 1] }) };
  const found = tornOf(/** @type {any} */ ({ sketch, look, offers: new Map() }));
  assert.deepEqual(found.map(({ name, loose, households }) => [name, loose, households]), [["", true, 20], ["第1网格", false, 10]]);
});

test("locked grids and other communities keep their nodes", () => {
  const { sketch, a, b, c } = begun();
  sketch.grids[b].locked = true;
  assert.deepEqual(sketch.give([2, 4], a), [a]);
  assert.deepEqual([sketch.label[2], sketch.label[4]], [b, c]);
});

test("totals count the band, what moved and what is in no grid", () => {
  const { sketch, a } = begun();
  sketch.back(new Map([[3, NONE]]));
  const totals = sketch.totals();
  assert.deepEqual([totals.grids, totals.fine, totals.loose, totals.moved, totals.all], [3, 1, 1, 70, 80]);
  assert.ok(compactness(sketch.grids[a]) > 0.6);
});

test("lines are shared, rings close, holes stay open", () => {
  const { arcs, rings, middles } = shapesOf(features, ([x, y]) => [x, y]);
  assert.equal(arcs.filter(({ right }) => right >= 0).length, 10);
  assert.equal(rings[0][0].length, 4);
  assert.deepEqual(middles[0], [0.5, 0.5]);
  const around = ringsFrom(edgesOf(arcs, (atom) => atom === 0 || atom === 1));
  assert.equal(around.length, 1);
  assert.equal(new Set(around[0].map(String)).size, around[0].length);
  assert.equal(ringsFrom(edgesOf(arcs, (atom) => atom === 0 || atom === 2)).length, 2);
});

test("a brush takes what it runs through and what it covers", () => {
  const finder = new Finder(shapesOf(features, ([x, y]) => [x * 100, y * 100]));
  assert.equal(finder.at([150, 50]), 1);
  assert.equal(finder.at([999, 50]), -1);
  assert.deepEqual([...finder.under([20, 20], [320, 20], 5)].sort(), [0, 1, 2, 3]);
  assert.deepEqual([...finder.under([90, 90], [90, 90], 75)].sort(), [0, 1, 4]);
  assert.deepEqual(finder.within([[0, 0], [210, 0], [210, 90], [0, 90]]).sort(), [0, 1]);
  assert.equal(distance([0, 5], [0, 0], [10, 0]), 5);
});

test("an arrow leads to what lies that way", () => {
  const middles = [[0, 0], [10, 1], [0, 10], [-4, -9]];
  assert.equal(ahead([0, 0], [1, 0], [1, 2, 3], middles), 1);
  assert.equal(ahead([0, 0], [0, -1], [1, 2, 3], middles), 3);
  assert.equal(ahead([0, 0], [-1, 0], [1, 2], middles), -1);
});

test("loads fall into steps of fifty, the last holds all beyond, and the most a grid may have is in the band", () => {
  const bins = binned([0, 49, 50, 499, 500, 501, 749, 5000], 500);
  assert.deepEqual([bins[0], bins[1], bins[9], bins[10], bins[14], bins[15]], [2, 1, 2, 1, 1, 1]);
});

test("the legend of the load names whole numbers, and each number by the colour it has", () => {
  assert.deepEqual(stepsSaid(67), [[0, "0–33"], [1, "34–67"], [2, "68–100"], [3, "101–134"], [4, "> 134"]]);
  assert.deepEqual(stepsSaid(1), [[0, "0"], [1, "1"], [3, "2"], [4, "> 2"]], "no number is between one and one and a half");
  for (const median of [1, 2, 3.5, 67, 80.5]) {
    for (const [step, said] of stepsSaid(median)) {
      for (const n of said.replace("> ", "").split("–").map(Number)) assert.equal(stepOf(said.startsWith(">") ? n + 1 : n, median), step);
    }
  }
});

test("a key asks for the same wherever it is pressed, and the brush has a least and a largest size", () => {
  const does = (key, more = {}) => askedBy({ key, ...more })?.does;
  assert.deepEqual([does("z", { ctrlKey: true }), does("Z", { metaKey: true, shiftKey: true }), does("y", { ctrlKey: true }), does("c", { ctrlKey: true })], ["undo", "redo", "redo", "other"]);
  assert.deepEqual(askedBy({ key: "B" }), { does: "tool", name: "brush" });
  assert.deepEqual([does("Escape"), does("?"), does("n"), does("Enter"), does("]")], ["escape", "help", "new", undefined, "radius"]);
  assert.deepEqual([nextRadius(5, -1), nextRadius(5, 1), nextRadius(34, 1)], [5, 9, 34]);
});

const memory = () => {
  const held = new Map();
  return { getItem: (key) => held.get(key) ?? null, setItem: (key, value) => held.set(key, value), removeItem: (key) => held.delete(key) };
};
const settled = () => new Promise((done) => setTimeout(done, 5));
const refusal = (status) => Object.assign(new Error("no"), { status });

function line(store, send, more = {}) {
  const heard = { sent: [], refused: [], cut: 0, aside: 0 };
  const box = outboxOf({
    version: 1, shelf: shelfOf(store, "P1", "7"), now: () => 5,
    send: async (edit, version) => {
      heard.sent.push([edit.kind, version]);
      return send(edit, version, heard.sent.length);
    },
    answered: () => undefined, refused: (error) => heard.refused.push(error.status), cut: () => void heard.cut++, stale: async () => "hold", changed: () => undefined, aside: () => void heard.aside++, ...more,
  });
  return { box, heard };
}

test("edits go one after the other, each on the version the one before it left", async () => {
  const { box, heard } = line(memory(), async (_, version) => ({ version: version + 1 }));
  for (const kind of ["move", "split", "undo"]) box.put({ kind });
  await settled();
  assert.deepEqual(heard.sent, [["move", 1], ["split", 2], ["undo", 3]]);
  assert.deepEqual([box.waiting.length, box.version], [0, 4]);
});

test("an edit whose answer never came waits, outlives the page and is offered again", async () => {
  const store = memory();
  const { box, heard } = line(store, async () => { throw new TypeError("cut"); });
  box.put({ kind: "move", atoms: ["a"], grid: "g" });
  await settled();
  assert.deepEqual([heard.cut, box.waiting.length], [1, 1]);
  const again = line(store, async (_, version) => ({ version: version + 1 }));
  assert.equal(again.box.held.length, 1);
  again.box.settle(true);
  await settled();
  assert.deepEqual(again.heard.sent, [["move", 1]]);
  assert.equal(line(store, async () => ({ version: 9 })).box.held.length, 0);
});

test("a refused edit is dropped and the next goes on; one that came second waits for a word", async () => {
  const { box, heard } = line(memory(), async (_, version, nth) => {
    if (nth === 1) throw refusal(409);
    return { version: version + 1 };
  });
  box.put({ kind: "merge" });
  box.put({ kind: "move" });
  await settled();
  assert.deepEqual([heard.refused, heard.sent.length, box.waiting.length], [[409], 2, 0]);
  const second = line(memory(), async () => { throw refusal(412); });
  second.box.put({ kind: "move" });
  second.box.put({ kind: "move" });
  await settled();
  assert.deepEqual([second.heard.sent.length, second.box.held.length], [1, 2], "the next was drawn on the same old picture");
  assert.equal(second.heard.aside, 1, "it is no longer shown as done");
  second.box.settle(false);
  assert.equal(second.box.held.length, 0);
});

test("an edit that is withdrawn while it is under way is not sent again, whatever comes of it, and others go on", async () => {
  for (const ends of [(done) => done({ version: 9 }), (_, fail) => fail(new TypeError("cut")), (_, fail) => fail(refusal(412))]) {
    const store = memory();
    const { box, heard } = line(store, (_, version, nth) => (nth === 1 ? new Promise((done, fail) => setTimeout(() => ends(done, fail), 1)) : { version: version + 1 }));
    box.put({ kind: "redraw" });
    box.put({ kind: "undo" });
    assert.equal(box.withdraw("redraw"), true);
    assert.equal(box.withdraw("redraw"), false);
    await settled();
    assert.deepEqual([heard.sent, heard.cut, box.waiting.length, box.held.length, box.version], [[["redraw", 1], ["undo", 1]], 0, 0, 0, 2]);
  }
});

test("what nobody touched meanwhile goes on by itself", async () => {
  const { box, heard } = line(memory(), async (_, version, nth) => {
    if (nth === 1) throw refusal(412);
    return { version: version + 1 };
  }, { stale: async () => "again" });
  box.put({ kind: "move" });
  await settled();
  assert.deepEqual([heard.sent.length, box.waiting.length, box.held.length], [2, 0, 0]);
});

test("a net is at odds with the draft where most of the grid lies elsewhere, and most of the unit too", () => {
  const { sketch, a, c } = begun();
  const found = conflictsOf(sketch, [0, 1, 1, 1, 0, 0, 0, 1]);
  assert.deepEqual(found.map((one) => [one.number, one.area, one.households, one.metres, one.nodes]), [[a, 1, 10, 10_000, [1]], [c, 1, 10, 10_000, [7]]]);
  assert.deepEqual(conflictsOf(sketch, [0, 0, 1, 1, -1, -1, 2, 2]), []);
});

test("the card of a place stands within the map, and never over the place", () => {
  for (const [wide, tall] of [[1016, 800], [360, 400], [320, 300]]) {
    for (const at of [[5, 5], [wide / 2, tall / 2], [wide - 5, 5], [wide * 0.6, tall - 5]]) {
      const [left, top] = cardAt(at, [wide, tall]);
      assert.ok(left >= 0 && left + 264 <= wide && top >= 0 && top + 130 <= tall, `${at} of ${wide} x ${tall}: ${left}, ${top}`);
      assert.ok(at[0] < left || at[0] > left + 264 || at[1] < top || at[1] > top + 130);
    }
  }
});
