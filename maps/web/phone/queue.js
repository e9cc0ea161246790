// What is to be sent: kept first, sent in order, told of one by one; nothing leaves it unseen.
import { ask } from "./http.js";

/**
 * One thing to be sent. `turn` counts what was written of it. `after` is the key of the step before it on the same task: it goes on the
 * version that step left, and waits while that one waits or is stuck.
 * @typedef {{key: string, turn: number, order: number, link: number, party?: string, task: number | string, kind: "step" | "photo" | "visit" | "report", said?: string, title?: string, unkept?: boolean, name: string, path: string, at: number,
 *   json?: any, photo?: string, bytes?: number, stage?: string, version?: number | null, above?: import("./say.js").Above, after?: string | null,
 *   state: "waiting" | "sending" | "done" | "stuck", status?: number, fault?: {zh: string, en: string} | null, answer?: any}} Item
 * @typedef {{link: number, party: string, task: number | null}} Own the link of this page: whose it is, its one task; null: a day
 * @typedef {{items: () => Item[], stranded: () => Item[], reopen: () => void, add: (item: any) => Promise<Item>, again: (key: string, version: number | null) => void, drop: (key: string) => void, look: () => Promise<void>, pump: () => void, closed: () => boolean}} Queue
 */
var WAITS = [2000, 5000, 15000, 30000, 60000]; // ms between tries while nobody answers
var TOLD = "jingwei-phone-told"; // where tabs hear of each other
var DONE_KEPT = 36 * 3600000; // ms that what was delivered stays on the list

/** A key nobody else chooses. */
export function freshKey() {
  var parts = [Date.now().toString(36)];
  var room = /** @type {any} */ (window).crypto;
  if (room && room.getRandomValues) {
    var words = room.getRandomValues(new Uint32Array(4));
    for (var i = 0; i < 4; i += 1) parts.push(words[i].toString(36));
  } else parts.push(String(Math.random()).slice(2), String(Math.random()).slice(2));
  return parts.join("-");
}

/** The bytes behind a data address. @param {string} address */
export function bytesOf(address) {
  var text = atob(address.slice(address.indexOf(",") + 1));
  var bytes = new Uint8Array(text.length);
  for (var i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Whether an answer says: not now, try again. 408 and 425 are of what stands between. @param {number} status */
export function isForLater(status) {
  return status === 0 || status === 408 || status === 425 || status === 429 || status >= 500;
}

/** The next that may go: in order, none before the step it rests on, none by a link that is shut or of a task the server fails on. @param {Item[]} items @param {Record<number, boolean>} [shut] @param {Record<string, boolean>} [failing] @returns {Item | null} */
export function nextOf(items, shut, failing) {
  /** @type {Record<string, Item>} */
  var known = {};
  items.forEach(function (item) { known[item.key] = item; });
  for (var i = 0; i < items.length; i += 1) {
    var item = items[i];
    var before = item.after ? known[item.after] : null;
    if ((shut && shut[item.link]) || (failing && failing[item.task])) continue;
    if (item.state === "waiting" && (!before || before.state === "done")) return item;
  }
  return null;
}

/** Whether what another link left may go by this one: the same person's, and of what this one reaches. @param {Item} item @param {Own} own */
export function mayTake(item, own) {
  return (!item.party || item.party === own.party) && (own.task === null || own.task === item.task);
}

/**
 * What this tab has with what the phone keeps: another tab may be ahead, and what was read may be older
 * than what happened here since. Each writing counts one more; the higher holds. What is on its way from
 * here is known best here, and what was thrown away here stays away. What is not there was thrown away
 * elsewhere, if it was kept before it was asked for.
 * @param {Item[]} mine @param {Item[]} rows @param {Record<string, boolean>} [gone] @param {Record<string, boolean>} [before] keys of what was kept by then; not told: all @returns {Item[]}
 */
export function takenIn(mine, rows, gone, before) {
  /** @type {Record<string, Item>} */
  var stored = {};
  rows.forEach(function (row) {
    row.turn = row.turn || 0; // of a page before it was counted
    if (!gone || !gone[row.key]) stored[row.key] = row;
  });
  var left = mine.filter(function (item) {
    return stored[item.key] || item.unkept !== false || item.state === "sending" || (before && !before[item.key]);
  });
  left.forEach(function (item) {
    var row = stored[item.key];
    delete stored[item.key];
    if (!row || item.state === "sending" || item.state === "done" || row.turn <= item.turn) return;
    Object.keys(row).forEach(function (name) { /** @type {any} */ (item)[name] = /** @type {any} */ (row)[name]; });
    if (row.state === "sending") item.state = "waiting";
    if (row.state === "done") delete item.photo;
    item.unkept = false;
  });
  rows.forEach(function (row) {
    if (!stored[row.key]) return;
    if (row.state === "sending") row.state = "waiting"; // asked again under its key, nothing is done twice
    row.unkept = false;
    left.push(row);
  });
  return left.sort(function (a, b) { return a.order - b.order; });
}

/** What cannot be shown stops nothing that is sent; whoever looks for errors sees it. @template T @param {(told: T) => void} show @returns {(told: T) => void} */
function shielded(show) {
  return function (told) {
    try {
      show(told);
    } catch (error) {
      setTimeout(function () { throw error; }, 0);
    }
  };
}

/** @param {import("./kept.js").Kept} kept @param {Own} own @param {() => void} paint @param {(item: Item) => void} heard @param {() => void} [lost] called where nobody answers @returns {Promise<Queue>} */
export function openQueue(kept, own, paint, heard, lost) {
  var changed = /** @type {() => void} */ (shielded(paint)), delivered = shielded(heard);
  var link = own.link;
  /** @type {Item[]} */
  var items = [];
  var busy = false;
  var tries = 0;
  /** @type {any} */
  var timer = null;
  /** @type {Record<number, boolean>} */
  var shut = {}; // links that open no more
  /** @type {Record<string, boolean>} */
  var failing = {}; // tasks the server failed on, until the next time that all is tried
  /** @type {Record<string, boolean>} */
  var gone = {}; // keys of what was thrown away here
  var looks = 0, looked = 0; // how often was read what is kept; which of them was taken in last

  /** What this link sends: what others left here is sent, too, but shown on their own pages. */
  function mine() {
    return items.filter(function (item) { return item.link === link; });
  }

  /** What others left, that goes neither by its own link nor by this one. */
  function stranded() {
    return items.filter(function (item) { return shut[item.link] && item.link !== link && item.state !== "done"; });
  }

  /** @param {Item} item */
  function keep(item) {
    item.turn += 1;
    var written = kept.put("queue", item).then(function () { wasKept(item); }, function () {}); // it is sent all the same, and stays on screen
    changed();
    return written;
  }

  /** @param {Item} item */
  function wasKept(item) {
    if (item.unkept) setTimeout(changed, 0); // it could not be before: no more to be warned of
    item.unkept = false;
    tell();
  }

  /** Other tabs of this phone look again: they hear of what is written there. */
  function tell() {
    try {
      window.localStorage.setItem(TOLD, freshKey());
    } catch (error) { /* they look when they are looked at */ }
  }

  /** What another tab has kept, sent or thrown away since. @returns {Promise<void>} */
  function look() {
    var nth = looks += 1;
    /** @type {Record<string, boolean>} */
    var before = {};
    items.forEach(function (item) { before[item.key] = item.unkept === false; });
    return kept.all("queue").then(function (rows) {
      if (nth < looked) return; // what was read after it is known
      looked = nth;
      var open = items.filter(function (item) { return item.state !== "done"; });
      items = takenIn(items, rows, gone, before);
      open.forEach(function (item) { if (item.state === "done") delivered(item); });
      changed();
      pump();
    }).catch(function () {});
  }

  /** Sends what may go, all of it. */
  function pump() {
    failing = {};
    next();
  }

  function next() {
    if (busy) return;
    clearTimeout(timer);
    var item = nextOf(items, shut, failing);
    if (!item) return void (Object.keys(failing).length && rest());
    busy = true;
    var task = item.task;
    send(item).then(function (goes) {
      busy = false;
      if (goes) tries = 0;
      if (goes || failing[task]) next();
      else rest();
    });
  }

  function rest() {
    timer = setTimeout(pump, WAITS[Math.min(tries, WAITS.length - 1)]);
    tries += 1;
  }

  /** Whether to go on with the next. @param {Item} item @returns {Promise<boolean>} */
  function send(item) {
    item.state = "sending";
    changed();
    return new Promise(function (resolve) {
      resolve(ask("POST", item.path, sentOf(item)));
    }).then(function (/** @type {import("./http.js").Answer} */ answer) {
      if (isForLater(answer.status)) {
        item.state = "waiting";
        if (answer.status === 500) failing[item.task] = true; // a fault with this one, perhaps: others go meanwhile
        changed();
        if (answer.status === 0 && lost) lost();
        return false;
      }
      item.status = answer.status;
      if (answer.status < 300) {
        item.state = "done";
        item.answer = answer.told;
        delete item.photo; // it is there now
        delivered(item); // first: what it did is shown before it counts as no longer waiting
        return keep(item).then(function () { return true; });
      }
      if (answer.told && answer.told.code === "LinkClosed") return closed(item).then(function () { return true; });
      item.state = "stuck";
      item.fault = answer.told && answer.told.zh ? { zh: answer.told.zh, en: answer.told.en } : { zh: "服务器没有收下（" + answer.status + "）。", en: "Not taken (" + answer.status + ")." };
      return keep(item).then(function () { return true; });
    }, function () { // what cannot even be sent holds up nothing else; somebody decides
      item.state = "stuck";
      item.fault = { zh: "手机里存的这一样读不出来，送不了：请重做一次，再把它去掉。", en: "What this phone kept of it cannot be read: do it again, then remove this one." };
      return keep(item).then(function () { return true; });
    });
  }

  /** Its link opens no more: what was left there goes by this one, if it reaches it; else it waits for a new one. @param {Item} item @returns {Promise<any>} */
  function closed(item) {
    var closing = item.link;
    shut[closing] = true;
    item.state = "waiting";
    var taken = closing === link ? [item] : items.filter(function (other) { return other.link === closing && other.state !== "done" && mayTake(other, own); });
    taken.forEach(function (other) {
      other.path = other.path.replace("/api/phone/" + closing + "/", "/api/phone/" + link + "/");
      other.link = link;
    });
    changed();
    return Promise.all(taken.map(keep));
  }

  /** @param {Item} item */
  function sentOf(item) {
    /** @type {Record<string, string>} */
    var headers = { "idempotency-key": item.key };
    if (item.kind === "photo") return { blob: new Blob([bytesOf(String(item.photo))], { type: "image/jpeg" }), type: "image/jpeg", headers: headers };
    var before = items.filter(function (other) { return other.key === item.after; })[0];
    var version = before && before.answer ? before.answer.version : item.version;
    if (version) headers["if-match"] = '"' + version + '"';
    return { json: item.json, headers: headers };
  }

  /** @param {string} key */
  function find(key) {
    return items.filter(function (item) { return item.key === key; })[0];
  }

  return kept.all("queue").catch(function () { return []; }).then(function (rows) {
    rows.sort(function (a, b) { return a.order - b.order; });
    rows.forEach(function (row) {
      if (row.state === "done" && Date.now() - row.at > DONE_KEPT) return void kept.drop("queue", row.key);
      if (row.state === "sending") row.state = "waiting"; // the page closed before the answer came
      row.unkept = false;
      row.turn = row.turn || 0;
      items.push(row);
    });
    window.addEventListener("storage", function (event) { if (event.key === TOLD) void look(); });
    return {
      items: mine,
      stranded: stranded,
      closed: function () { return Boolean(shut[link]); },
      reopen: function () { delete shut[link]; },
      pump: pump,
      add: function (told) {
        var last = items.length ? items[items.length - 1].order : 0;
        var item = told;
        item.key = freshKey();
        item.link = link;
        item.party = own.party;
        item.at = Date.now();
        item.order = Math.max(item.at, last + 1);
        item.state = "waiting";
        item.turn = 1;
        items.push(item); // at once: what is asked for next rests on it
        changed();
        return kept.put("queue", item).then(function () { return true; }, function () { return false; }).then(function (safe) {
          item.unkept = !safe && item.unkept !== false;
          changed();
          tell();
          tries = 0;
          pump();
          return item;
        });
      },
      look: look,
      again: function (key, version) {
        var item = find(key);
        if (!item) return; // thrown away in another tab
        item.state = "waiting";
        item.after = null;
        item.version = version;
        item.fault = null;
        void keep(item).then(pump);
      },
      drop: function (key) {
        var thrown = find(key);
        /** @type {(item: Item) => boolean} */
        var goes = function (item) { return item.key === key || (item.after === key && item.kind === "photo"); }; // photos of a report go with it
        items.filter(goes).forEach(function (item) { gone[item.key] = true; void kept.drop("queue", item.key).then(tell); });
        items = items.filter(function (item) { return !goes(item); });
        items.forEach(function (other) { if (other.after === key) { other.after = thrown && thrown.after || null; void keep(other); } });
        changed();
        pump();
      },
    };
  });
}
