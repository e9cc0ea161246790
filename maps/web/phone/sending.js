// 待送出: what this phone sends of a task, in order, each with how it stands.
import { el, icon, replace } from "./dom.js";
import { either, hour, say, stepWord } from "./say.js";

/** @type {Record<string, boolean>} */
var asked = {}; // keys of what is thrown away by one more tap: news may draw the list anew meanwhile

/** @param {HTMLElement} room @param {{task: number | string}} task @param {import("./task.js").Site} site */
export function queueList(room, task, site) {
  var items = site.queue.items().filter(function (item) { return item.task === task.task; });
  room.hidden = !items.length;
  if (!items.length) return void replace(room, null);
  replace(room, [el("h2", {}, [say("phone.queue"), el("span", { class: "end" }, say("phone.queue-said"))]), listed(items, site, false)]);
}

/** @param {import("./queue.js").Item[]} items @param {import("./task.js").Site} site @param {boolean} titled whether each says what it is of */
export function listed(items, site, titled) {
  return el("ul", { class: "queue", "aria-live": "polite" }, items.map(function (item, n) { return row(item, n + 1, site, titled); }));
}

/** @param {import("./queue.js").Item} item */
export function itemWord(item) {
  if (item.kind === "photo") return say("phone.photo-one", { stage: say(`phone.${item.stage}`) });
  if (item.kind === "report") return say("phone.report-one", { text: item.said });
  if (item.kind === "visit") return say("phone.visit-one", { door: item.said, found: say(`phone.${item.name}`) });
  return stepWord({ step: item.name, zh: item.name, en: item.name, needs: [] }, item.above);
}

/** How an item stands: what was on its way when the network went waits for it; a photo is not safe before it is written. @param {import("./queue.js").Item} item @param {import("./task.js").Site} site */
export function standing(item, site) {
  if (item.state === "waiting" && item.photo && item.unkept === undefined) return "writing";
  return item.state === "sending" && !site.online() ? "waiting" : item.state;
}

/** @param {import("./queue.js").Item} item @param {number} n @param {import("./task.js").Site} site @param {boolean} titled */
function row(item, n, site, titled) {
  var before = site.queue.items().filter(function (other) { return other.key === item.after; })[0];
  var state = item.link !== site.link ? "stranded" : standing(item, site);
  var behind = state === "waiting" && before && before.state === "stuck";
  var how = /** @type {any} */ ({ done: "phone.arrived", waiting: site.queue.closed() ? "phone.needs-link" : behind ? "phone.behind" : "phone.waits", writing: "phone.writing", sending: "phone.sending", stuck: "phone.stuck", stranded: "phone.needs-link" })[state];
  var size = item.bytes && item.state !== "done" ? Math.round(item.bytes / 1024) + " kB · " : "";
  return el("li", { class: "is-" + state, "data-name": item.name, "data-state": state }, [el("span", { class: "nth" }, n), el("span", { class: "how" }, size + hour(item.at) + " · " + say(how)),
    itemWord(item), icon(item.state === "done" ? "tick" : state === "stuck" || state === "stranded" ? "warn" : "clock"), state === "stuck" || state === "stranded" ? undecided(item, site, state === "stuck", titled) : null]);
}

/** What the server said, and what may be done: nothing goes away by itself. @param {import("./queue.js").Item} item @param {import("./task.js").Site} site @param {boolean} isMine @param {boolean} titled */
function undecided(item, site, isMine, titled) {
  var drop = el("button", { type: "button", class: "button", "data-act": "drop", onclick: function () {
    if (asked[item.key]) return site.queue.drop(item.key);
    asked[item.key] = true;
    replace(drop, say("phone.drop-sure"));
  } }, say(asked[item.key] ? "phone.drop-sure" : "phone.drop"));
  var again = el("button", { type: "button", class: "button", "data-act": "again", onclick: function () { site.queue.again(item.key, null); } }, say("phone.again"));
  var told = item.json || {};
  return el("div", {}, [el("p", { class: "fault", role: "alert" }, !isMine ? say("phone.stranded") : item.fault ? either(item.fault) : ""),
    [titled && item.title, told.result, told.reason].map(function (words) { return words ? el("p", { class: "note" }, words) : null; }),
    el("div", { class: "pair" }, [drop, isMine ? again : null])]);
}
