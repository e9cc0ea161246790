// The queue where its phone is slow, other tabs are ahead, and what answers is not the server.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openQueue } from "./queue.js";

const OWN = { link: 7, party: "P1", task: 1 };
const later = () => new Promise((resolve) => setTimeout(resolve, 5));
/** What was asked, each answered by the test. @type {any[]} */
let asked = [];

globalThis.window = /** @type {any} */ ({
  addEventListener() {},
  localStorage: { setItem() {} },
});
globalThis.XMLHttpRequest = /** @type {any} */ (class {
  open(method, url) { Object.assign(this, { method, url, headers: {} }); }
  setRequestHeader(name, value) { this.headers[name] = value; }
  send() { asked.push(this); }
  answer(status, told) {
    Object.assign(this, { status, responseText: typeof told === "string" ? told : JSON.stringify(told) });
    this.onload();
    return later();
  }
});
beforeEach(() => { asked = []; });

/** What a phone keeps; `hold` makes readings wait until `let`. */
function phone(rows = []) {
  const drawer = new Map(rows.map((row) => [row.key, row]));
  const held = [];
  const kept = {
    kind: "indexed", hold: false, full: false, rows: () => [...drawer.values()],
    put: async (_, row) => {
      if (kept.full) throw new Error("full");
      drawer.set(row.key, structuredClone(row));
    },
    all: () => {
      const found = structuredClone(kept.rows());
      return kept.hold ? new Promise((resolve) => held.push(() => resolve(found))) : Promise.resolve(found);
    },
    drop: async (_, key) => void drawer.delete(key),
    let: (nth) => { held[nth](); return later(); },
  };
  return kept;
}

const opened = (kept, heard = () => {}) => openQueue(kept, OWN, () => {}, heard);
const step = (name, after = null) => ({ kind: "step", name, task: 1, path: `/${name}`, json: { step: name }, version: 1, after });
const row = (key, state, told = {}) => ({ key, state, turn: 1, order: 1, at: Date.now(), link: 7, party: "P1", ...step(key), ...told });
const stands = (queue) => queue.items().map(({ name, state }) => `${name} ${state}`);

test("that nobody answers is told at once; what the server answers is no such thing", async () => {
  let lost = 0;
  const queue = await openQueue(phone(), OWN, () => {}, () => {}, () => { lost += 1; });
  await queue.add(step("take"));
  await asked[0].answer(0, "");
  assert.equal(lost, 1);
  queue.pump();
  await asked[1].answer(429, { zh: "请稍等", en: "wait" });
  queue.pump();
  await asked[2].answer(200, { version: 2 });
  assert.equal(lost, 1);
});

test("what was kept after it was asked what is kept is not taken for thrown away", async () => {
  const kept = phone();
  const queue = await opened(kept);
  kept.hold = true;
  queue.look();
  await queue.add(step("take"));
  await kept.let(0);
  assert.deepEqual(stands(queue), ["take sending"]);
  await asked[0].answer(0, "");
  assert.deepEqual(stands(queue), ["take waiting"]);
});

test("what was thrown away elsewhere while it was on its way from here is known until it is answered", async () => {
  const kept = phone([row("take", "waiting"), row("finish", "waiting", { order: 2, after: "take" })]);
  const queue = await opened(kept);
  queue.pump();
  await kept.drop("queue", "take");
  await queue.look();
  assert.deepEqual(stands(queue), ["take sending", "finish waiting"]);
  await asked[0].answer(200, { task: 1, version: 5 });
  assert.equal(asked[1].headers["if-match"], '"5"', "the next goes on what it left");
});

test("of two readings the older one does not undo the newer", async () => {
  const kept = phone();
  const queue = await opened(kept);
  kept.hold = true;
  queue.look();
  await kept.put("queue", row("take", "stuck"));
  queue.look();
  await kept.let(1);
  await kept.let(0);
  assert.deepEqual(stands(queue), ["take stuck"]);
});

test("what cannot be read any more waits for somebody, and holds up nothing", async () => {
  const kept = phone([row("torn", "waiting", { kind: "photo", photo: undefined }), row("take", "waiting", { order: 2 })]);
  const queue = await opened(kept);
  queue.pump();
  await later();
  assert.deepEqual(stands(queue), ["torn stuck", "take sending"]);
  assert.match(queue.items()[0].fault.zh, /读不出来/);
});

test("what does not come from the server takes nothing off the list", async () => {
  const kept = phone([row("take", "waiting")]);
  const queue = await opened(kept);
  queue.pump();
  await asked[0].answer(200, "<html>请先登录无线网</html>");
  assert.deepEqual(stands(queue), ["take waiting"]);
  queue.pump();
  await asked[1].answer(200, { task: 1, version: 2 });
  assert.deepEqual(stands(queue), ["take done"]);
});

test("what could not be kept is no more warned of once it could", async () => {
  const kept = phone();
  kept.full = true;
  const queue = await opened(kept);
  await queue.add(step("take"));
  assert.equal(queue.items()[0].unkept, true);
  kept.full = false;
  await asked[0].answer(409, { zh: "不行", en: "no" });
  assert.deepEqual([stands(queue)[0], queue.items()[0].unkept], ["take stuck", false]);
});

test("what shows the page wrongly stops nothing that is sent", async (t) => {
  const kept = phone([row("take", "waiting"), row("finish", "waiting", { order: 2 })]);
  let heard = 0;
  const queue = await opened(kept, () => { heard += 1; if (heard === 1) throw new Error("of the page"); });
  const wait = setTimeout;
  const thrown = [];
  t.mock.method(globalThis, "setTimeout", (act, ms) => wait(() => { try { act(); } catch (error) { thrown.push(error.message); } }, ms));
  queue.pump();
  await asked[0].answer(200, { task: 1, version: 2 });
  assert.deepEqual(thrown, ["of the page"], "whoever looks for errors sees it");
  assert.deepEqual(stands(queue), ["take done", "finish sending"]);
  assert.equal(kept.rows()[0].state, "done");
});

test("what the server fails on holds up no other task, and is tried again", async () => {
  const kept = phone([row("photo", "waiting"), row("finish", "waiting", { order: 2 }), row("other", "waiting", { order: 3, task: 2 })]);
  const queue = await opened(kept);
  queue.pump();
  await asked[0].answer(500, { zh: "出错了", en: "failed" });
  assert.deepEqual(asked.map(({ url }) => url), ["/photo", "/other"], "and nothing of its own task goes past it");
  await asked[1].answer(200, { task: 2, version: 2 });
  assert.equal(asked.length, 2);
  queue.pump();
  await asked[2].answer(503, {});
  assert.deepEqual(stands(queue), ["photo waiting", "finish waiting", "other done"]);
  assert.equal(asked.length, 3, "a server that is away is away for all");
});
