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
