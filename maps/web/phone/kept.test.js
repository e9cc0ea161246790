// What a phone keeps where its database comes late, is full, or is closed behind the page.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openKept } from "./kept.js";

const later = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** A database of rows by drawer. It opens when `let` says so; `full` keys are refused; `close` breaks its connections. */
function database() {
  const rows = { queue: new Map(), draft: new Map(), seen: new Map() };
  let connection = 0;
  const base = { rows, full: [], late: false, hangs: false, opened: 0, let: () => {}, close: () => { connection += 1; } };
  const begun = (drawer, mine) => {
    if (mine !== connection) throw new DOMException("closed", "InvalidStateError");
    const moved = { commit() {}, objectStore: () => store };
    let does = () => {};
    const store = {
      put: (row) => { does = () => rows[drawer].set(row.key, structuredClone(row)); return refused(row.key) ? (does = null) : {}; },
      delete: (key) => { does = () => rows[drawer].delete(key); return {}; },
      openCursor: () => {
        const asked = {};
        does = () => {
          const all = [...rows[drawer].values()].map((row) => structuredClone(row));
          const next = () => asked.onsuccess({ target: { result: all.length ? { value: all.shift(), continue: next } : null } });
          next();
        };
        return asked;
      },
    };
    const refused = (key) => base.full.includes(key);
    setImmediate(() => { if (base.hangs) return; if (does) { does(); moved.oncomplete(); } else { moved.error = new Error("full"); moved.onabort(); } });
    return moved;
  };
  base.open = () => {
    const asked = {};
    const mine = connection;
    const opens = () => { base.opened += 1; asked.result = { transaction: (drawer) => begun(drawer, mine) }; asked.onsuccess(); };
    if (base.late) base.let = opens; else setImmediate(opens);
    return asked;
  };
  return base;
}

let base = database();
let beside = new Map();
globalThis.window = /** @type {any} */ ({
  get indexedDB() { return base; },
  localStorage: {
    setItem: (name, text) => void beside.set(name, text), getItem: (name) => beside.get(name), removeItem: (name) => void beside.delete(name),
    key: (n) => [...beside.keys()][n], get length() { return beside.size; },
  },
});
beforeEach(() => { base = database(); beside = new Map(); });

const keys = async (kept) => (await kept.all("queue")).map(({ key }) => key).sort();

test("a connection that was closed behind the page is opened anew, and a photo is kept", async () => {
  const kept = await openKept(() => {});
  base.close();
  await kept.put("queue", { key: "a", photo: "data:" });
  assert.deepEqual([base.opened, [...base.rows.queue.keys()]], [2, ["a"]]);
  base.close();
  assert.deepEqual(await keys(kept), ["a"]);
});

test("a database that answers no more holds up nothing that is safe beside it", async (t) => {
  const kept = await openKept(() => {});
  t.mock.timers.enable({ apis: ["setTimeout"] });
  base.hangs = true;
  let done = 0;
  for (const row of [{ key: "a" }, { key: "b", photo: "data:" }]) void kept.put("queue", row).then(() => { done += 1; });
  await later();
  t.mock.timers.tick(3000);
  await later();
  assert.equal(done, 1, "a photo is not safe");
  assert.equal(beside.size, 1);
});

test("what was only read makes room for what waits, and for nothing else", async () => {
  const kept = await openKept(() => {});
  for (const key of ["told/1", "doors/B1"]) await kept.put("seen", { key });
  Object.defineProperty(base, "full", { get: () => (base.rows.seen.size ? ["photo", "told/2"] : ["none"]) });
  await assert.rejects(kept.put("seen", { key: "told/2" }));
  assert.equal(base.rows.seen.size, 2);
  await kept.put("queue", { key: "photo", photo: "data:" });
  assert.deepEqual([base.rows.seen.size, await keys(kept)], [0, ["photo"]]);
  await assert.rejects(kept.put("queue", { key: "none", photo: "data:" }), "there is nothing left to give up");
});

test("a row that was torn as it was written keeps no other from being read", async () => {
  beside.set("jingwei-phone/queue/torn", '{"key":"to');
  beside.set("jingwei-phone/queue/whole", '{"key":"whole"}');
  assert.deepEqual(await keys(await openKept(() => {})), ["whole"]);
});

test("a late database that cannot take everything over hides nothing of it", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  base.late = true;
  base.full = ["b"];
  let moved = 0;
  const opening = openKept(() => { moved += 1; });
  t.mock.timers.tick(3000);
  const kept = await opening;
  for (const key of ["a", "b"]) await kept.put("queue", { key, turn: 1 });
  base.let();
  for (let n = 0; n < 9; n += 1) await later();
  assert.deepEqual([moved, [...base.rows.queue.keys()]], [1, ["a"]]);
  assert.deepEqual(await keys(kept), ["a", "b"]);
  await kept.put("queue", { key: "b", turn: 2 });
  assert.deepEqual((await kept.all("queue")).map(({ key, turn }) => key + turn).sort(), ["a1", "b2"]);
});
