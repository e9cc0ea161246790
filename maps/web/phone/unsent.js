// What this phone could not send, of any task: refused, or waiting for a new link; and what may be done.
import { el, icon, replace } from "./dom.js";
import { either, hour, say } from "./say.js";
import { itemWord, listed } from "./sending.js";

/** @param {import("./queue.js").Queue} queue */
export function refusedOf(queue) {
  return queue.items().filter(function (item) { return item.state === "stuck"; });
}

/** @param {HTMLElement} room @param {import("./task.js").Site} site */
export function unsentRoom(room, site) {
  var list = el("div", {});
  function paint() {
    var items = refusedOf(site.queue).concat(site.queue.stranded());
    replace(list, [el("h1", {}, say("phone.unsent")), items.length ? listed(items, site, true) : el("p", { class: "note" }, say("phone.unsent-none"))]);
  }
  var back = el("button", { type: "button", class: "back", onclick: function () { window.location.hash = ""; } }, [icon("back"), say("phone.return")]);
  replace(room, el("main", { class: "sheet", tabindex: "-1" }, [back, list]));
  paint();
  return { paint: paint, draw: null, renew: function () {} };
}

/** What waits on this phone, on the page that says why a link opens no more. @param {HTMLElement} room @param {any[]} rows */
export function waitingHere(room, rows) {
  var open = rows.filter(function (row) { return row.state !== "done"; }).sort(function (a, b) { return a.order - b.order; });
  if (!open.length) return;
  replace(room, [el("h2", {}, say("phone.kept-here", { n: open.length })), el("p", { class: "note" }, say("phone.kept-for")),
    el("ul", { class: "queue" }, open.map(function (row, n) {
      return el("li", { "data-name": row.name }, [el("span", { class: "nth" }, n + 1), el("span", { class: "how" }, hour(row.at)), itemWord(row), row.title ? el("p", { class: "note" }, row.title) : null,
        row.fault ? el("p", { class: "fault" }, either(row.fault)) : null]);
    }))]);
}
