// The worker of the phone's pages, on a phone that has no room left.
import assert from "node:assert/strict";
import { test } from "node:test";

const ORIGIN = "https://city.example";
/** @type {Record<string, (event: any) => void>} */
const heard = {};
globalThis.self = /** @type {any} */ ({ location: { origin: ORIGIN }, addEventListener: (name, act) => { heard[name] = act; } });
const full = async () => { throw new DOMException("full", "QuotaExceededError"); };
globalThis.caches = /** @type {any} */ ({ match: async () => undefined, open: async () => ({ match: async () => undefined, add: full, put: full, delete: full }) });
globalThis.fetch = /** @type {any} */ (async () => new Response('<script src="/static/phone.js"></script>'));
await import("./phone_worker.js");

test("a page and its files are shown, even where they cannot be kept", async () => {
  for (const [path, mode] of [["/phone/7", "navigate"], ["/static/phone.js", "no-cors"]]) {
    const shown = await new Promise((resolve) => heard.fetch({ request: { method: "GET", url: ORIGIN + path, mode }, respondWith: resolve }));
    assert.match(await shown.text(), /script/);
  }
});

test("of the files that are kept go those that no kept page is shown with", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const held = new Map();
  const path = (asked) => new URL(asked.url || asked, ORIGIN).pathname;
  const room = {
    keys: async () => [...held.keys()].map((each) => new Request(ORIGIN + each)),
    match: async (asked) => held.get(path(asked))?.clone(), put: async (asked, answer) => { held.set(path(asked), answer.clone()); },
    add: async (asked) => { held.set(path(asked), new Response("file")); }, delete: async (asked) => held.delete(path(asked)),
  };
  let shownWith = "";
  globalThis.caches = /** @type {any} */ ({ match: room.match, open: async () => room });
  globalThis.fetch = /** @type {any} */ (async () => new Response(shownWith));
  const open = async (page, ...files) => {
    shownWith = files.map((file) => `<script src="/static/${file}"></script>`).join("");
    const request = { method: "GET", url: ORIGIN + page, mode: "navigate" };
    await (await new Promise((resolve) => heard.fetch({ request, respondWith: resolve }))).text();
  };
  await open("/phone/1", "old.js", "mark.svg");
  await open("/phone/2", "new.js", "mark.svg");
  assert.deepEqual([...held.keys()].sort(), ["/phone/1", "/phone/2", "/static/mark.svg", "/static/new.js", "/static/old.js"], "both pages open without a network");
  await open("/phone/1", "newer.js", "mark.svg");
  assert.deepEqual([...held.keys()].sort(), ["/phone/1", "/phone/2", "/static/mark.svg", "/static/new.js", "/static/newer.js"]);
});
