// What a phone forgets of what it has read, and what it never does.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { forgotten, leftLying, outworn, tidied } from "./tidy.js";

const NOW = Date.parse("2026-11-28T12:00:00Z");
const DAY = 86400000;
const told = (link, days, tasks = []) => ({ key: `told/${link}`, at: NOW - 5 * DAY, told: { expires_at: new Date(NOW + days * DAY).toISOString(), tasks: tasks.map((task) => ({ task })) } });

/** What is kept, by drawer. */
const kept = (rows) => /** @type {any} */ ({
  all: async (drawer) => [...(rows[drawer] || [])], drop: async (drawer, key) => { rows[drawer] = rows[drawer].filter((row) => row.key !== key); },
});
let pages = new Map();
beforeEach(() => {
  pages = new Map();
  const room = {
    keys: async () => [...pages.keys()].map((url) => ({ url })), delete: async ({ url }) => pages.delete(url),
    match: async ({ url }) => ({ headers: new Headers({ date: pages.get(url) }) }),
  };
  globalThis.window = /** @type {any} */ ({ caches: { open: async () => room } });
});
const page = (link, days) => pages.set(`https://city.example/phone/${link}`, new Date(NOW - days * DAY).toUTCString());

test("of a link that is over goes what was read by it, but of no page that is open or by which something waits", () => {
  const rows = [told(1, -2), { key: "grids/1", at: NOW }, told(2, 0.5), { key: "grids/2", at: NOW }, told(3, -2), told(4, -2), told(5, -0.5)];
  assert.deepEqual(outworn(rows, { 3: true, 4: true }, NOW).sort(), ["grids/1", "told/1"]);
});

test("what nobody has opened for two weeks goes, and of sixty and more the oldest; what has no date is never too old", () => {
  const doors = Array.from({ length: 62 }, (_, n) => ({ key: `doors/B${n}`, at: NOW - n * 1000 }));
  assert.deepEqual(outworn(doors, {}, NOW), ["doors/B60", "doors/B61"]);
  assert.deepEqual(outworn([{ key: "doors/B/1" }, { key: "doors/B2", at: NOW - 15 * DAY }, ...doors.slice(0, 60)], {}, NOW), ["doors/B2", "doors/B/1"]);
  assert.deepEqual(outworn([{ key: "doors/B1" }], {}, NOW), []);
});

test("words for a step stay as long as a page here has its task, and a month beyond it", () => {
  const typed = [{ key: "draft/7/finish", at: NOW - 31 * DAY }, { key: "draft/8/finish", at: NOW - 31 * DAY }, { key: "draft/9/finish", at: NOW - 29 * DAY }, { key: "draft/9/return" }, { key: "draft/report", at: 1 }];
  assert.deepEqual(leftLying(typed, [told(1, 1, [7])], NOW), ["draft/8/finish"]);
});

test("a page goes with what was read by it; one that was read today has not said yet what it is", async () => {
  const rows = { queue: [{ key: "a", link: 3, state: "waiting" }, { key: "b", link: 4, state: "done" }], seen: [told(1, 1), told(2, -2), told(3, -2), told(4, -2)], draft: [] };
  for (const [link, days] of [[1, 5], [2, 0], [3, 5], [4, 5], [5, 0.1], [6, 5]]) page(link, days);
  await tidied(kept(rows), 9, NOW);
  assert.deepEqual([rows.seen.map(({ key }) => key), rows.queue.length], [["told/1", "told/3"], 2]);
  assert.deepEqual([...pages.keys()].map((url) => url.slice(-1)).sort(), ["1", "3", "5"]);
});

test("a link that opens no more is forgotten at once; its page stays where something waits by it", async () => {
  const rows = { queue: [{ key: "a", link: 3, state: "stuck" }], seen: [told(2, 1), { key: "grids/2" }, told(3, 1)], draft: [] };
  page(2, 0);
  page(3, 0);
  await forgotten(kept(rows), 2);
  await forgotten(kept(rows), 3);
  assert.deepEqual([rows.seen, [...pages.keys()].map((url) => url.slice(-1))], [[], ["3"]]);
});
