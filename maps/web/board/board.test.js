import assert from "node:assert/strict";
import { test } from "node:test";
import { raisedLimits } from "../heat.js";
import { asked, daysOf, lengthOf, periodOf, readAddress, unfiltered, writtenAddress } from "./filters.js";
import { calmly, follow } from "./live.js";
import { byUrgency, nearest, spread } from "./marks.js";
import { gridAt, stepsTo } from "./reassign.js";
import { TOKENS } from "../tokens.js";
import { taken } from "./several.js";
import { changeSaid, reachAt, spotLabel } from "./spots.js";
import { stepsOf } from "./paint.js";
import { latest, unlessOvertaken } from "./questions.js";
import { barsOf, earlierOf, lastOf } from "./strip.js";

const sleep = (ms) => new Promise((next) => setTimeout(next, ms));

test("filters are written into the address and read out of it again", () => {
  const filter = { ...unfiltered(), queue: "new", words: "路灯 & 井盖", service: "F01", open: true, from: "2026-11-17", to: "2026-11-23" };
  const shown = { layer: "grids", by: "reporters", measure: "overdue" };
  const written = writtenAddress("?scope=370102001&lang=en", filter, shown, 17);
  const read = readAddress(written);
  assert.deepEqual(read, { filter, shown, picked: "17" });
  assert.ok(written.startsWith("?scope=370102001&lang=en"));
  assert.equal(writtenAddress("?scope=1", unfiltered(), readAddress("").shown, undefined), "?scope=1");
});

test("an address that makes no sense is one without filters", () => {
  const { filter, shown } = readAddress("?days=999&from=x&to=2026-11-23&layer=3d&measure=__proto__&open=maybe");
  assert.deepEqual(filter, unfiltered());
  assert.deepEqual(shown, { layer: "heat", by: "n", measure: "is_open" });
  assert.equal(readAddress("?from=2026-11-23&to=2026-11-01").filter.from, "");
});

test("days are whole days of the city, the last one counted", () => {
  const period = periodOf("2026-11-17", "2026-11-23");
  assert.equal(period.until, "2026-11-24T00:00:00+08:00");
  assert.equal(lengthOf(period), 7);
  assert.deepEqual(daysOf(period), ["2026-11-17", "2026-11-23"]);
  assert.equal(lengthOf({ since: null, until: null }), null);
  assert.equal(asked(unfiltered()).is_open, "");
});

test("bars are days, or so many days that all of time has room", () => {
  const days = [["2026-11-01", 3, 0], ["2026-11-23", 4, 0]];
  const month = barsOf(days, false, "2026-11-23");
  assert.deepEqual([month.length, month[0].from, month[29].n, month[7].n], [30, "2026-10-25", 4, 3]);
  const ever = barsOf([["2020-01-01", 5, 0], ...days], true, "2026-11-23");
  assert.ok(ever.length <= 60);
  assert.equal(ever.reduce((sum, bar) => sum + bar.n, 0), 12);
  assert.equal(ever[ever.length - 1].to, "2026-11-23");
});

test("bars end today, with the last day that has any, or with the period chosen", () => {
  const now = Date.parse("2026-11-23T18:00:00Z"); // the 24th in the city
  const days = [["2026-11-18", 3, 0], ["2026-11-30", 1, 0]];
  assert.deepEqual([lastOf([], null, now), lastOf(days, null, now), lastOf(days, ["2026-11-14", "2026-11-20"], now), lastOf(days, ["2026-11-01", "2026-11-07"], now)],
    ["2026-11-24", "2026-11-18", "2026-11-20", "2026-11-18"]);
});

test("what is open from before a period is told, and nothing of all of time", () => {
  const days = [["2026-11-01", 3, 2], ["2026-11-17", 9, 4], ["2026-11-20", 4, 4]];
  assert.deepEqual([earlierOf(days, ["2026-11-17", "2026-11-23"]), earlierOf(days, ["2026-11-20", "2026-11-20"]), earlierOf(days, null)], [2, 6, 0]);
});

test("what is counted begins at whole numbers, whatever the period", () => {
  const month = { since: "2026-11-01T00:00:00+08:00", until: "2026-12-01T00:00:00+08:00" };
  for (const measure of ["n", "reporters", "is_open", "overdue"]) assert.ok(stepsOf(measure, month).every(Number.isInteger), measure);
  assert.deepEqual(stepsOf("n", month), [3, 13, 25, 50, 100]);
  assert.deepEqual(stepsOf("households", month), [1.3, 2.5, 5, 10, 20]);
});

test("marks keep their distance, the most urgent first", () => {
  const mark = (id, state, card) => ({ id, state, card });
  const all = [mark("a", "new", null), mark("b", "new", "yellow"), mark("c", "closed", "red"), mark("d", "new", "red")];
  assert.equal(byUrgency(all).map((i) => i.id).join(""), "dbac");
  assert.deepEqual(spread([[0, 0], [10, 0], [-5, -5], [34, 0], [0, 33.9]], 34), [true, false, false, true, false]);
});

test("a click picks the nearest mark within reach, and none beyond", () => {
  const points = [[0, 0], [10, 0], [40, 0]];
  assert.deepEqual([nearest(points, [6, 0], 14), nearest(points, [25, 0], 14), nearest([], [0, 0], 14)], [1, -1, -1]);
});

test("heat says something where a city has a hundred issues a hectare", () => {
  assert.deepEqual(raisedLimits([1, 2, 4, 8, 16], 0.1), [1, 2, 4, 8, 16]);
  const raised = raisedLimits([1, 2, 4, 8, 16], 80);
  assert.ok(raised[0] >= 48 && raised[0] < 96);
  assert.ok(Math.abs(raised[4] / raised[0] - 16) < 1.5);
});

test("hot spots reach further the less is seen of each place", () => {
  assert.deepEqual([0.5, 6, 100].map(reachAt), [120, 180, 600]);
  assert.deepEqual([12, -4, 0].map(changeSaid), ["▲12", "▼4", ""]);
});

test("an issue goes to a grid by the step its state allows", () => {
  const steps = (...names) => ({ steps: names.map((step, i) => ({ step, task: i, zh: "", en: "", needs: [] })) });
  assert.deepEqual(stepsTo(steps("urge", "hand_over")), [{ step: "hand_over", task: 1 }]);
  assert.deepEqual(stepsTo(steps("withdraw", "urge")), [{ step: "withdraw", task: 0 }, { step: "send", task: null }]);
  assert.equal(stepsTo(steps("urge")), null);
  const grid = { box: [0, 0, 10, 10], rings: [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]] };
  assert.equal(gridAt([grid], [5, 5]), grid);
  assert.equal(gridAt([grid], [15, 5]), null);
});

test("hundreds of calls are answered together, with rests, and again where it failed", async () => {
  const answered = [];
  let fails = true;
  const hear = calmly(async (numbers) => {
    answered.push([...numbers]);
    if (fails) throw new Error("away");
  }, { gather: 1, calm: 1 });
  for (let i = 0; i < 300; i++) hear(i % 3);
  while (answered.length < 1) await sleep(1);
  fails = false;
  while (answered.length < 2) await sleep(1);
  await sleep(20);
  assert.deepEqual(answered, [[0, 1, 2], [0, 1, 2]]);
});

test("neither a clock that is set nor an answer that was held up silences the board", async (room) => {
  let [asks, answers] = [0, 0];
  room.mock.method(Date, "now", () => 600_000 * ++asks); // ten minutes on, whoever looks
  const hear = calmly(async () => {
    answers += 1;
    await sleep(answers === 1 ? 60 : 0);
  }, { gather: 1, calm: 1, longest: 5 });
  const began = performance.now();
  hear(1);
  while (answers < 1) await sleep(1);
  hear(2);
  while (answers < 2 && performance.now() - began < 60_000) await sleep(1);
  assert.equal(answers, 2);
});

test("a line is not called live while there is no network, however open it seems", () => {
  const [source, lines] = [Object.assign(new EventTarget(), { readyState: 1 }), []];
  Object.assign(globalThis, { window: new EventTarget(), EventSource: Object.assign(function () { return source; }, { OPEN: 1 }) });
  follow("/api/events/stream", { happened: () => undefined, line: (line) => lines.push(line) });
  source.dispatchEvent(new Event("open"));
  window.dispatchEvent(new Event("offline"));
  window.dispatchEvent(new Event("online"));
  source.readyState = 2;
  window.dispatchEvent(new Event("online"));
  for (const name of ["window", "EventSource"]) delete globalThis[name];
  assert.deepEqual(lines, ["live", "again", "live"]);
});

test("however many are chosen, each is asked for; what was done before a failure is told", async () => {
  const steps = [1, 2, 3, 4, 5].map((issue) => ({ issue, step: "urge" }));
  const asked = [];
  const post = async (some) => {
    if (asked.push(some.length) > 3) throw new Error("cut");
    return { kept: some.length - 1, refused: 1, answers: some.map(({ issue }) => ({ issue, status: 200, problem: null })) };
  };
  const all = await taken(steps, post, 2);
  assert.deepEqual([asked, all.kept, all.refused, all.left], [[2, 2, 1], 2, 3, 0]);
  assert.deepEqual(all.answers.map(({ issue }) => issue), [1, 2, 3, 4, 5]);
  const cut = await taken(steps, post, 5);
  assert.deepEqual([cut.answers, cut.error.message, cut.left], [[], "cut", 5]);
});

test("a question that was overtaken holds nobody up, one that failed does", async () => {
  const viewing = latest();
  const first = unlessOvertaken(viewing(() => new Promise((answer) => setTimeout(() => answer("old")))));
  const second = unlessOvertaken(viewing(async () => "new"));
  assert.deepEqual(await Promise.all([first, second]), [undefined, "new"]);
  await assert.rejects(unlessOvertaken(viewing(async () => Promise.reject(new TypeError("cut")))), TypeError);
});

test("the label of a hot spot stands out from the land, light or dark, and its words from it", () => {
  const channel = (hex, at) => parseInt(hex.slice(at, at + 2), 16) / 255;
  const light = (hex) => [[1, 0.2126], [3, 0.7152], [5, 0.0722]].reduce((sum, [at, share]) => sum + share * (channel(hex, at) <= 0.03928 ? channel(hex, at) / 12.92 : ((channel(hex, at) + 0.055) / 1.055) ** 2.4), 0);
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  for (const base of [0, 1]) {
    const { badge, lines: [[run]] } = spotLabel({ rank: 1, name: "文庙东巷", n: 31, before: 19 }, [100, 100], [0, 0, 400, 400], base);
    assert.ok(contrast(badge, TOKENS.ground.land[base]) >= 4.5);
    assert.ok(contrast(badge, run.colour) >= 7);
  }
});
