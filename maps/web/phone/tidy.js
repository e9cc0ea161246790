// What a phone keeps of what it has read goes when its link is over, or when nobody has read it for
// long; never what waits to be sent, and nothing that is shown with it.

/** @typedef {{key: string, at?: number, told?: any}} Row */
var DAY = 86400000; // ms
var READ_FOR = 14 * DAY; // what nobody has opened since
var TYPED_FOR = 30 * DAY; // words for a step of a task, that nobody has gone on with
var MOST = 60; // of each kind: the oldest go first
var OF_LINKS = ["told", "grids"]; // the other kinds, door charts and land, are of whoever opens them
var PAGES = "jingwei-phone-1"; // where the worker keeps pages

/** The number of a link whose page stands under an address; "" for what is none. @param {string} url */
function linkOf(url) {
  var found = /\/phone\/(\d+)$/.exec(url);
  return found ? found[1] : "";
}

/** Keys of what was read and is needed no more. @param {Row[]} rows @param {Record<string, boolean>} spared links whose page is open, or by which something waits @param {number} now ms, by the city's clock @returns {string[]} */
export function outworn(rows, spared, now) {
  /** @type {Record<string, boolean>} */
  var over = {};
  /** @type {Record<string, number>} */
  var count = {};
  rows.forEach(function (row) {
    var ends = row.told && row.told.expires_at ? Date.parse(row.told.expires_at) : NaN;
    if (ends + DAY < now) over[row.key.split("/")[1]] = true;
  });
  // What was kept before it had a date is the first to go where there is too much, and never too old.
  return rows.slice().sort(function (a, b) { return (b.at || 0) - (a.at || 0); }).filter(function (row) {
    var parts = row.key.split("/"), ofLink = OF_LINKS.indexOf(parts[0]) >= 0;
    if (ofLink && spared[parts[1]]) return false;
    count[parts[0]] = (count[parts[0]] || 0) + 1;
    return (ofLink && over[parts[1]]) || now - (row.at || now) > READ_FOR || count[parts[0]] > MOST;
  }).map(function (row) { return row.key; });
}

/** Keys of words that were begun for a step of a task that no page here is of any more. @param {Row[]} rows @param {Row[]} read what was read, and stays @param {number} now ms, by the phone's clock @returns {string[]} */
export function leftLying(rows, read, now) {
  /** @type {Record<string, boolean>} */
  var here = {};
  read.forEach(function (row) { ((row.told && row.told.tasks) || []).forEach(function (/** @type {any} */ task) { here[task.task] = true; }); });
  return rows.filter(function (row) {
    var task = /^draft\/(\d+)\//.exec(row.key);
    return task && !here[task[1]] && row.at && now - row.at > TYPED_FOR;
  }).map(function (row) { return row.key; });
}

/** Puts in order what is kept; what cannot be removed stays until the next time. @param {import("./kept.js").Kept} kept @param {number} link of the page that is open @param {number} now ms, by the city's clock @returns {Promise<any>} */
export function tidied(kept, link, now) {
  return Promise.all(["queue", "seen", "draft"].map(function (drawer) { return kept.all(drawer); })).then(function (drawers) {
    /** @type {Record<string, boolean>} */
    var spared = {};
    spared[link] = true;
    drawers[0].forEach(function (item) { if (item.state !== "done") spared[item.link] = true; });
    var gone = outworn(drawers[1], spared, now);
    var stays = drawers[1].filter(function (row) { return gone.indexOf(row.key) < 0; });
    stays.forEach(function (row) { if (row.key.indexOf("told/") === 0) spared[row.key.slice(5)] = true; });
    return Promise.all([dropped(kept, "seen", gone), dropped(kept, "draft", leftLying(drawers[2], stays, Date.now())), pagesTidied(spared, gone, now)]);
  }).catch(function () {});
}

/** @param {import("./kept.js").Kept} kept @param {string} drawer @param {string[]} keys */
function dropped(kept, drawer, keys) {
  return Promise.all(keys.map(function (key) { return kept.drop(drawer, key); }));
}

/** Pages of links that are over, or of which nothing is known; one just opened elsewhere may not have said yet. @param {Record<string, boolean>} spared @param {string[]} gone @param {number} now */
function pagesTidied(spared, gone, now) {
  return eachPage(function (room, request) {
    if (spared[linkOf(request.url)]) return undefined;
    if (gone.indexOf("told/" + linkOf(request.url)) >= 0) return room.delete(request);
    return room.match(request).then(function (/** @type {Response} */ answer) {
      var read = Date.parse((answer && answer.headers.get("date")) || "");
      return now - read < DAY ? undefined : room.delete(request);
    });
  });
}

/** Forgets a link that opens no more, unless something waits by it: its page says so then. @param {import("./kept.js").Kept} kept @param {number} link @returns {Promise<any>} */
export function forgotten(kept, link) {
  return kept.all("queue").then(function (items) {
    var waits = items.some(function (item) { return item.link === link && item.state !== "done"; });
    return Promise.all([dropped(kept, "seen", ["told/" + link, "grids/" + link]), waits ? undefined : eachPage(function (room, request) {
      return linkOf(request.url) === String(link) ? room.delete(request) : undefined;
    })]);
  }).catch(function () {});
}

/** @param {(room: any, request: Request) => any} act for each page that is kept @returns {Promise<any>} */
function eachPage(act) {
  var stores = /** @type {any} */ (window).caches; // none on old phones, nor without https
  if (!stores) return Promise.resolve();
  return stores.open(PAGES).then(function (/** @type {any} */ room) {
    return room.keys().then(function (/** @type {Request[]} */ asked) {
      return Promise.all(asked.filter(function (request) { return linkOf(request.url); }).map(function (request) { return act(room, request); }));
    });
  });
}
