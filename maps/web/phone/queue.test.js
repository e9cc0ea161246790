import assert from "node:assert/strict";
import { test } from "node:test";
import { carried, takenOf } from "./exif.js";
import { foreseenDoors, toTry } from "./doors.js";
import { isForLater, mayTake, nextOf, takenIn } from "./queue.js";
import { isSecond } from "../double_tap.js";
import { instant, span } from "./say.js";

const item = (key, state, after = null) => ({ key, state, after });

test("what is sent goes in order, a photo past a step that is stuck, no step past the one it rests on", () => {
  const items = [item("a", "stuck"), item("b", "waiting", "a"), item("c", "waiting")];
  assert.equal(nextOf(items).key, "c");
  assert.equal(nextOf([item("a", "done"), item("b", "waiting", "a")]).key, "b");
  assert.equal(nextOf([item("b", "waiting", "gone")]).key, "b");
  assert.equal(nextOf([item("a", "sending"), item("b", "waiting", "a")]), null);
});

test("what another tab kept, sent or threw away is taken in; what is on its way from here is not", () => {
  const kept = (key, state, order, turn = 1) => ({ key, state, order, turn, unkept: false });
  const mine = [kept("a", "waiting", 1), kept("b", "sending", 2), kept("gone", "stuck", 3), { ...kept("new", "waiting", 5), unkept: undefined }];
  const rows = [{ ...kept("a", "done", 1, 2), link: 8, answer: { version: 3 } }, kept("b", "waiting", 2, 3), kept("other", "sending", 4)];
  const now = takenIn(mine, rows);
  assert.deepEqual(now.map(({ key, state }) => [key, state]), [["a", "done"], ["b", "sending"], ["other", "waiting"], ["new", "waiting"]]);
  assert.deepEqual([now[0].answer.version, now[0].link, now[0]], [3, 8, mine[0]]);
});

test("what was read before something happened here does not undo it", () => {
  const kept = (key, state, turn) => ({ key, state, order: 1, turn, unkept: false });
  const after = (item, row, gone) => takenIn(item ? [item] : [], [row], gone).map(({ state }) => state);
  assert.deepEqual(after(kept("a", "stuck", 2), kept("a", "waiting", 1)), ["stuck"]);
  assert.deepEqual(after(kept("a", "stuck", 2), kept("a", "waiting", 3)), ["waiting"], "another tab tried again");
  assert.deepEqual(after(null, kept("a", "stuck", 2), { a: true }), [], "thrown away here");
  assert.deepEqual(after(kept("a", "stuck", 2), { ...kept("a", "done"), turn: undefined }), ["stuck"]);
});

test("what another link left goes by one of the same person that reaches it, by no other", () => {
  const left = { ...item("a", "waiting"), link: 1, party: "P1", task: 7 };
  assert.equal(nextOf([left, { ...item("b", "waiting"), link: 2 }], { 1: true }).key, "b");
  const by = (party, task) => mayTake(left, { link: 2, party, task });
  assert.deepEqual([by("P1", null), by("P1", 7), by("P1", 8), by("P2", null), by("P2", 7)], [true, true, false, false, false]);
  assert.equal(mayTake({ ...left, task: "report" }, { link: 2, party: "P1", task: 7 }), false);
});

test("a second tap is one in the same place, at once", () => {
  const first = { at: 1000, x: 50, y: 50 };
  assert.equal(isSecond(first, { at: 1200, x: 58, y: 44 }), true);
  assert.equal(isSecond(first, { at: 1500, x: 50, y: 50 }), false);
  assert.equal(isSecond(first, { at: 1200, x: 90, y: 50 }), false);
  assert.equal(isSecond(first, { at: 900, x: 50, y: 50 }), false);
  assert.equal(isSecond(null, first), false);
});

test("no answer, too often and a server in trouble are for later; a refusal is not", () => {
  assert.deepEqual([0, 429, 500, 503, 200, 403, 409, 412, 422].filter(isForLater), [0, 429, 500, 503]);
});

test("moments are read as old engines cannot", () => {
  assert.equal(instant("2026-11-26T16:00:00.123456+08:00"), Date.UTC(2026, 10, 26, 8, 0, 0, 123));
  assert.equal(instant("2026-11-26T08:00:00Z"), Date.UTC(2026, 10, 26, 8));
  assert.ok(Number.isNaN(instant("tomorrow")));
  assert.equal(span(26 * 3600000), "1 天 2 小时");
});

test("doors: what waits here is on the chart, and the next to try never tried or missed longest ago", () => {
  const door = (code, found = "", at = null) => ({ code, unit: 1, floor: 1, number: code, found, at });
  const doors = [door("1", "visited", "2026-01-01"), door("2"), door("3", "nobody", "2026-02-02"), door("4", "nobody", "2026-01-01"), door("5", "refused", "2026-01-01")];
  assert.deepEqual(toTry(doors).map((each) => each.code), ["2", "4", "3"]);
  const waiting = [{ kind: "visit", state: "waiting", at: 0, json: { door: "2", found: "let" } }];
  assert.equal(foreseenDoors(doors, waiting)[1].found, "let");
});

test("a photo without metadata stays as it is, and nonsense is no metadata", () => {
  const plain = new Uint8Array([0xff, 0xd8, 0xff, 0xda, 0, 2, 1, 2, 3, 4, 5, 6]);
  assert.equal(carried(plain, takenOf(plain.buffer), true), plain);
  const odd = new Uint8Array(64).fill(0xff);
  odd.set([0xff, 0xd8, 0xff, 0xe1, 0, 40, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0xff, 0xff, 0xff, 0xff]);
  assert.deepEqual(takenOf(odd.buffer).place, []);
});
