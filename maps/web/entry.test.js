// Units of entering: what is pasted, what is kept.
import assert from "node:assert/strict";
import { test } from "node:test";
import { KEPT_MS, isBegun, keptOf, madeReference, shelf } from "./draft.js";
import { pasted } from "./pasted.js";

test("a map's link says position and datum by its maker's rules", () => {
  const cases = /** @type {[string, number, number, string][]} */ ([
    ["https://uri.amap.com/marker?position=117.02,36.66&name=a", 117.02, 36.66, "gcj02"],
    ["看这里 https://uri.amap.com/marker?position=117.02%2C36.66&coordinate=wgs84 谢谢", 117.02, 36.66, "wgs84"],
    ["https://uri.amap.com/navigation?to=117.02,36.66,%E8%B7%AF&mode=car", 117.02, 36.66, "gcj02"],
    ["http://api.map.baidu.com/marker?location=36.66,117.02&title=x&output=html", 117.02, 36.66, "bd09"],
    ["http://api.map.baidu.com/marker?location=36.66,117.02&coord_type=gcj02", 117.02, 36.66, "gcj02"],
    ["https://apis.map.qq.com/uri/v1/marker?marker=coord:36.66,117.02;title:a", 117.02, 36.66, "gcj02"],
    ["https://apis.map.qq.com/uri/v1/marker?marker=coord:36.66,117.02&coord_type=1", 117.02, 36.66, "wgs84"],
    ["https://maps.apple.com/?ll=36.66,117.02&q=x", 117.02, 36.66, "gcj02"],
    ["geo:36.66,117.02;u=30", 117.02, 36.66, "wgs84"],
  ]);
  for (const [text, lon, lat, datum] of cases) {
    const { lon: x, lat: y, datum: d } = pasted(text) ?? {};
    assert.deepEqual([x, y, d], [lon, lat, datum], text);
  }
});

test("bare numbers are taken in either order and never get a datum", () => {
  for (const text of ["117.02, 36.66", "36.66 117.02", "117.02，36.66", "（117.02；36.66）", "经度117.02 纬度36.66", "１１７．０２,36.66", "lng:117.02,lat:36.66"]) {
    assert.deepEqual(pasted(text), { lon: 117.02, lat: 36.66, datum: null, from: "" }, text);
  }
  const dms = pasted("117°1'12\"E 36°39'36\"N");
  assert.ok(dms && Math.abs(dms.lon - 117.02) < 1e-9 && Math.abs(dms.lat - 36.66) < 1e-9);
});

test("an address, a telephone or a place elsewhere is no position", () => {
  for (const text of ["", "文化东路88号3号楼", "解放路 12 号 36 栋", "13805310000", "0531-88888888", "2.3, 48.8", "https://evil.cn/?position=117,36", "https://amap.com.evil.cn/?position=117,36", "javascript:alert(1)", "117.02"]) {
    assert.equal(pasted(text), null, text);
  }
});

test("a number of the desk is of today in the city and of chance", () => {
  const at = new Date("2026-11-26T18:00:00Z");
  assert.equal(madeReference(at, new Uint8Array(8)), "desk-20261127-22222222");
  assert.match(madeReference(at, new Uint8Array([1, 99, 200, 255, 3, 4, 5, 6])), /^desk-20261127-[2-9a-z]{8}$/);
});

/** @returns {Storage} */
function memory() {
  const held = new Map();
  return /** @type {any} */ ({
    get length() { return held.size; }, key: (/** @type {number} */ i) => [...held.keys()][i] ?? null,
    getItem: (/** @type {string} */ k) => held.get(k) ?? null, setItem: (/** @type {string} */ k, /** @type {string} */ v) => held.set(k, v), removeItem: (/** @type {string} */ k) => held.delete(k),
  });
}

test("a draft never holds the reporter's number, and nothing of what is confidential", () => {
  assert.deepEqual(keptOf({ reference: "r", text: "a", contact: "138", lon: null, address: "" }), { reference: "r", text: "a" });
  assert.deepEqual(keptOf({ reference: "r", source: "web", number: "7", text: "a", address: "b", confidential: true }), { reference: "r", source: "web", number: "7", confidential: true });
});

test("drafts are one person's, and go after a shift", () => {
  const store = memory();
  let now = 0;
  const mine = shelf(store, "p1", () => now);
  mine.keep("a", { text: "甲" });
  shelf(store, "p2", () => now).keep("b", { text: "乙" });
  assert.deepEqual(mine.all().map((draft) => draft.id), ["a"]);
  store.setItem("jingwei.draft.p1.broken", "{");
  store.setItem("other", "stays");
  now = KEPT_MS;
  mine.keep("c", { text: "丙" }, true);
  assert.deepEqual(mine.all().map(({ id, sending }) => [id, sending]), [["c", true]]);
  assert.equal(store.length, 2);
  mine.drop("c");
  assert.deepEqual(mine.all(), []);
});

test("an entry is begun by words or a place, not by a number made for it", () => {
  assert.equal(isBegun({ reference: "r", source: "hotline", text: "", address: "", service: "", lon: null, contact: "", against: "" }), false);
  assert.equal(isBegun({ text: "a" }), true);
});
