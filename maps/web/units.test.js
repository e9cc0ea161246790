import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "./ask.js";
import { sharedLines, weightAt } from "./borders.js";
import { inside, mercator } from "./chart.js";
import { unsteered } from "./dom.js";
import { cornersOf, grouped, placeOf } from "./findings.js";
import { listedName, shortName } from "./grids.js";
import { heatLimits, nice } from "./heat.js";
import { edgeDistance, reasonsOf, standOf } from "./issue_reasons.js";
import { nearAddress, titleOf } from "./issues.js";
import { beside, clearOf, innermost, withoutCollisions } from "./labels.js";
import { gathering } from "./live.js";
import { middleOf } from "./names.js";
import { buildingSaid, nearAddress as nearGrid } from "./phone/say.js";
import { nextOf } from "./roving.js";
import { clock, fill, inMinutes, timeLeft } from "./say.js";
import { roomWithin } from "./stage.js";
import { keyTarget } from "./swipe.js";

const square = (x, y) => ({
  type: "Feature", properties: {},
  geometry: { type: "Polygon", coordinates: [[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]] },
});
const DAY = 86_400_000;
const issue = (more) => ({ number: "1", state: "new", grid: "g", text: "", service: "", address: "", card: null, time: 10 * DAY, ...more });

test("what does not come from the server is no answer, and nothing at all may be one", async (t) => {
  const answers = [new Response("<html>sign in</html>"), new Response(null, { status: 204 }), Response.json(null)];
  t.mock.method(globalThis, "fetch", async () => answers.shift());
  await assert.rejects(ask("/api/plans/7/edits", "POST"), TypeError);
  assert.deepEqual([await ask("/a"), await ask("/b")], [{}, null]);
});

test("a shared border is one line", () => {
  const lines = sharedLines([square(0, 0), square(1, 0)]).coordinates;
  const shared = lines.flatMap((line) => line.slice(1).map((p, i) => [line[i], p].map(String).sort().join(" ")));
  assert.equal(new Set(shared).size, shared.length);
  assert.equal(shared.length, 7);
});

test("a place is where the map has it", () => {
  const across = 2 ** 26;
  assert.deepEqual(mercator([0, 0]), [across / 2, across / 2]);
  for (const lat of [89, 85.0511287798]) assert.ok(Math.abs(mercator([-180, lat])[1]) < 1e-3);
  const [x, y] = mercator([117.0208, 36.6663]);
  const back = (360 / Math.PI) * Math.atan(Math.exp(Math.PI * (1 - (2 * y) / across))) - 90;
  assert.ok(Math.abs(back - 36.6663) < 1e-9 && Math.abs((x / across) * 360 - 180 - 117.0208) < 1e-9);
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
  assert.deepEqual([1, 2, "1,001"].map((n) => fill("{n} {n:edit is|edits are} kept", { n })), ["1 edit is kept", "2 edits are kept", "1,001 edits are kept"]);
});

test("a clock shows the city's time on any screen", () => {
  assert.match(clock("2026-11-20T17:30:00Z"), /21.* 01:30$/);
});

test("limits of heat grow with the zoom and with the period", () => {
  assert.deepEqual(heatLimits(16, 7), [1, 2, 4, 8, 16]);
  assert.deepEqual(heatLimits(15, 7), [0.5, 1, 2, 4, 8]);
  assert.deepEqual(heatLimits(15.4, 7), [0.8, 1.5, 3, 6, 12]);
  assert.deepEqual(heatLimits(16, 30), [2.5, 5, 10, 20, 40]);
  assert.equal(nice(0.098), 0.1);
});

test("an address does not repeat the community", () => {
  assert.equal(nearAddress({ address: "历下区解放路街道解放桥社区 北园路17号", community_name: "解放桥社区" }), "北园路17号");
  assert.equal(nearAddress({ address: "北园路17号", community_name: null }), "北园路17号");
  assert.deepEqual(buildingSaid({ name: "2号楼", code: "B", address: "历下区甲社区 书院路1号匡山新区 2号楼" }, "甲社区第1网格"), ["书院路1号匡山新区 2号楼", ""], "there are many 2号楼");
  assert.deepEqual(buildingSaid({ name: "文庙里 12 号楼", code: "B", address: "" }, "甲社区第1网格"), ["文庙里 12 号楼", ""]);
  assert.deepEqual(buildingSaid({ name: "供销大厦", code: "B", address: "书院路3号" }, "甲社区第1网格"), ["供销大厦", "书院路3号"]);
});

test("an address on the phone does not repeat the community of its grid", () => {
  const full = "历下区解放路街道解放桥社区 北园路17号";
  assert.equal(nearGrid(full, "解放桥社区第1网格"), "北园路17号");
  assert.deepEqual([nearGrid(full, "后坡街小学"), nearGrid(full, null), nearGrid("解放桥社区", "解放桥社区第1网格"), nearGrid(null, "甲社区第1网格")], [full, full, "解放桥社区", null]);
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

test("a short window keeps most of itself for the map", () => {
  const wanted = { top: 76, right: 24, bottom: 150, left: 24 };
  assert.deepEqual(roomWithin(wanted, { x: 1000, y: 800 }), wanted);
  const { top, bottom } = roomWithin(wanted, { x: 720, y: 225 });
  assert.ok(Math.abs(top + bottom - 90) < 1e-9);
});

test("a figure steps aside from the divider or is left out, never cut", () => {
  const anywhere = () => true;
  assert.deepEqual(beside([40, 0, 60, 10], [-Infinity, 100], anywhere), [40, 0, 60, 10]);
  assert.deepEqual(beside([90, 0, 110, 10], [-Infinity, 100], anywhere), [77, 0, 97, 10]);
  assert.deepEqual(beside([90, 0, 110, 10], [100, Infinity], anywhere), [103, 0, 123, 10]);
  assert.equal(beside([90, 0, 110, 10], [100, Infinity], (x) => x < 115), null);
  assert.equal(beside([90, 0, 110, 10], [100, 105], anywhere), null);
});

test("borders thin out from afar and never vanish", () => {
  assert.equal(weightAt(1), 1);
  assert.equal(weightAt(8), 0.5);
  assert.equal(weightAt(1000), 0.4);
});

test("time left is told in days and hours, and what is over as over", () => {
  const now = Date.parse("2026-11-23T12:00:00+08:00");
  assert.equal(timeLeft("2026-11-24T14:30:00+08:00", now), "剩 1 天 2 小时");
  assert.equal(timeLeft("2026-11-23T10:00:00+08:00", now), "已超期 2 小时");
  assert.equal(timeLeft("2026-11-23T12:20:00+08:00", now), "剩 20 分钟");
  assert.equal(timeLeft(null, now), "");
});

test("what took less than a minute is not told as nothing", () => {
  assert.deepEqual([0.004, 0.49, 0.5, 24.3, 1763].map(inMinutes), ["<1", "<1", "1", "24", "1,763"]);
});

test("a point near an edge names the grid across it, and one step decides", () => {
  const box = (left) => [[[left, 0], [left + 10, 0], [left + 10, 10], [left, 10], [left, 0]]];
  const grids = [{ code: "g", name: "甲", rings: box(0) }, { code: "h", name: "乙", rings: box(10) }];
  assert.equal(edgeDistance(box(0), [9, 5]), 1);
  const near = standOf(issue({ accuracy_m: 1 }), [9, 5], grids, 2);
  assert.equal(near.metres, 2);
  assert.deepEqual(near.near.map((g) => g.name), ["乙"]);
  assert.deepEqual(standOf(issue({ accuracy_m: null }), [9, 5], grids, 2).near, []);
  const rung = (more) => ({ rung: "list", area: "a", area_name: "甲街道", service: "s", service_name: "路灯", role: null, party: null, party_name: null, passed_over_names: [], row: null, basis: "", faults: [], faults_said: [], ...more });
  const broken = rung({ row: 15, faults: ["leads-clash"], faults_said: [{ zh: "两个牵头单位", en: "two" }] });
  const chains = [[rung({ row: 12, party: "p", party_name: "城管局", passed_over_names: ["某局"] })], [broken, rung({ rung: "role", role: "grid_leader", party: "q" })], [rung({})], []];
  for (const reasons of chains.map((chain) => reasonsOf(issue({ at: [0, 0], grid_name: "甲" }), near, { reasons: chain, assists: [] }))) {
    assert.equal(reasons.length, 5);
    assert.equal(reasons.filter((r) => r.role === "decides").length, 1);
  }
  const said = reasonsOf(issue({ at: [0, 0] }), near, { reasons: chains[0], assists: [] });
  assert.deepEqual([said[1].said, said[4].said], ["第 12 行，路灯 · 甲街道：城管局", "被投诉方及其下属不承办：跳过 某局"]);
  const byHand = reasonsOf(issue({ at: [0, 0] }), near, { reasons: [], assists: [], sent: [{ step: "whistle", person: "x", party: null }, { step: "send", person: "p", person_name: "阎云思", party: "q", party_name: "黄涛文" }] });
  assert.deepEqual(byHand.map((r) => [r.key, r.role]), [["place", "used"], ["hand", "decides"]]);
  assert.equal(byHand[1].said, "阎云思指定给黄涛文，没有按规则");
  assert.equal(reasonsOf(issue({ at: [0, 0] }), near, { reasons: chains[1], assists: [] })[1].said, "第 15 行须处理：两个牵头单位");
  assert.deepEqual(reasonsOf(issue({ at: [0, 0] }), near, { withheld: true, reasons: [], assists: [] }).map((reason) => reason.key), ["place", "secret"]);
});

test("a name steps under or over the pin of a comment, and stays where neither is its place", () => {
  const [name, pin] = [[0, 0, 40, 20], [10, -14, 30, 4]];
  const over = (box) => box[1] < pin[3] && pin[1] < box[3];
  const under = clearOf(name, [pin], () => true);
  assert.ok(under[1] > pin[3] && !over(under));
  assert.ok(clearOf(name, [pin], (_, y) => y < 5)[3] < pin[1]);
  assert.deepEqual(clearOf(name, [pin], () => false), name);
  assert.deepEqual(clearOf(name, [[100, 0, 120, 20]], () => true), name);
  const two = [pin, [10, 8, 30, 26]];
  assert.ok(two.every((each) => { const box = clearOf(name, two, () => true); return box[1] > each[3] || box[3] < each[1]; }));
});

test("a name cannot turn the figures beside it", () => {
  assert.equal(unsteered("\u202e第3网格\u2066\u202c"), "第3网格");
  assert.equal(unsteered("عربي ${x} <b>"), "عربي ${x} <b>");
});

test("the map of an import goes where most of what was found is", () => {
  const city = [117, 36, 118, 37];
  assert.deepEqual(cornersOf([], city), city);
  assert.deepEqual(cornersOf([[117.5, 36.5], [0, 0]], city), city);
  assert.deepEqual(cornersOf([[-118, 34], [-117, 33], [117.5, 36.5]], city), [-118, 33, 117.5, 36.5]);
  assert.equal(cornersOf([], null), null);
});

test("arrows walk a list and stay inside it", () => {
  assert.deepEqual(["ArrowUp", "ArrowDown", "End", "Home"].map((key) => nextOf(key, 0, 3)), [0, 1, 2, 0]);
  assert.equal(nextOf("ArrowRight", 2, 3), 2);
  assert.equal(nextOf("Enter", 1, 3), null);
});

test("numbers are asked for together, and again where the question failed", async () => {
  const asked = [];
  let fails = true;
  const gathered = gathering(async (numbers) => {
    asked.push(numbers);
    if (fails) throw new Error("away");
  }, { gather: 1, again: 1 });
  for (const number of ["1", "2", "1"]) gathered.one(number);
  while (asked.length < 1) await new Promise((next) => setTimeout(next, 1));
  fails = false;
  while (asked.length < 2) await new Promise((next) => setTimeout(next, 1));
  gathered.every();
  while (asked.length < 3) await new Promise((next) => setTimeout(next, 1));
  assert.deepEqual(asked, [["1", "2"], ["1", "2"], null]);
});

test("the first sentence of a text is its title", () => {
  assert.equal(titleOf(issue({ text: "井盖裂了。有人摔倒" })), "井盖裂了");
});
