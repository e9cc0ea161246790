// Opens the phone's pages again where there is no network: the page as it was last, its files as they are.
const ROOM = "jingwei-phone-1";
const PATIENCE = 6000; // ms a bad network may take for a page that is kept

let keeping = 0; // pages that are being kept

const self_ = /** @type {any} */ (self);
self_.addEventListener("install", () => self_.skipWaiting());
self_.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(self_.clients.claim().then(keepOpenPages)));
self_.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self_.location.origin) return;
  if (isFile(request.url)) event.respondWith(file(request));
  else if (request.mode === "navigate" && pathname.startsWith("/phone/")) event.respondWith(page(request));
});

/** Pages that were open before this worker was there: kept with what they link to. */
async function keepOpenPages() {
  const pages = await self_.clients.matchAll({ type: "window" });
  await Promise.all(pages.map(async (/** @type {any} */ shown) => {
    const answer = await fetch(shown.url.split("#")[0], { credentials: "same-origin" });
    if (answer.ok) await keep(new Request(shown.url.split("#")[0]), answer);
  }));
}

/** Named by what they hold: the same for ever. @param {Request} request */
async function file(request) {
  const held = await caches.match(request);
  if (held) return held;
  const answer = await fetch(request);
  if (answer.ok) await quietly(caches.open(ROOM).then((room) => room.put(request, answer.clone())));
  return answer;
}

/** What cannot be kept, on a phone that is full, is shown all the same. @param {Promise<any>} kept */
function quietly(kept) {
  return kept.catch(() => {});
}

/** Fresh where it comes in time, else as it was. @param {Request} request */
async function page(request) {
  const held = await caches.match(request, { ignoreSearch: true });
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok && !answer.redirected) await quietly(keep(request, answer.clone()));
    else if (answer.status === 403 || answer.status === 404) await (await caches.open(ROOM)).delete(request, { ignoreSearch: true });
    return answer;
  });
  if (!held) return fresh;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const best = fresh.then((answer) => (answer.status === 429 || answer.status >= 500 ? held : answer), () => held);
  return Promise.race([best, late.then(() => held)]);
}

/** A page after the files it cannot be shown without. @param {Request} request @param {Response} answer */
async function keep(request, answer) {
  const room = await caches.open(ROOM);
  let added = 0;
  keeping += 1;
  try {
    const files = filesOf(await answer.clone().text());
    await Promise.all(files.map(async (path) => (await room.match(path)) || (added += 1, room.add(path))));
    await room.put(request.url.split("?")[0], answer);
  } finally {
    keeping -= 1;
  }
  if (added) await tidy(room);
}

/** Files that no kept page is shown with: those of pages that are gone, and of former versions. @param {Cache} room */
async function tidy(room) {
  const asked = await room.keys();
  const used = new Set();
  for (const each of asked.filter(({ url }) => !isFile(url))) {
    const page = await room.match(each);
    if (page) for (const path of filesOf(await page.text())) used.add(path);
  }
  if (keeping) return; // a page that is being kept may rest on any of them
  await Promise.all(asked.filter(({ url }) => isFile(url) && !used.has(new URL(url).pathname)).map((each) => room.delete(each)));
}

/** @param {string} html */
function filesOf(html) {
  return [...html.matchAll(/(?:src|href)="(\/(?:static|pages)\/[^"]+)"/g)].map((found) => found[1]);
}

/** @param {string} url */
function isFile(url) {
  return /^\/(static|pages)\//.test(new URL(url).pathname);
}
