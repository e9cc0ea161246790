// Rows as a table at the desk, as cards on a phone: each cell knows the name of its column.
import { el, undisturbed } from "./dom.js";

/** @typedef {import("./dom.js").Child} Child */

/** @param {string} caption @param {string[]} heads @param {(Child | Child[])[][]} rows @param {unknown[]} [keys] what tells one row from another when they are read anew */
export function sheet(caption, heads, rows, keys = []) {
  return el("table", { class: "rows-table" }, el("caption", { class: "unseen" }, caption),
    el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, rows.map((cells, at) => el("tr", { "data-key": keys[at] }, cells.map((cell, i) => el("td", { "data-head": heads[i] }, el("div", {}, cell)))))));
}

/** A row under another, as wide as the table. @param {HTMLElement} row @param {Node} inside */
export function under(row, inside) {
  row.parentElement?.querySelectorAll("tr.under").forEach((each) => each.remove());
  const made = el("tr", { class: "under" }, el("td", { colspan: row.children.length }, inside));
  row.after(made);
  return made;
}

/** Draw the rows in `room` anew; what is open under one stays open under it, with what was typed. @param {HTMLElement} room @param {() => void} draw */
export function drawnAnew(room, draw) {
  const open = room.querySelector("tr.under");
  const key = open?.previousElementSibling?.getAttribute("data-key");
  undisturbed(() => {
    draw();
    const row = [...room.querySelectorAll("tr[data-key]")].find((each) => each.getAttribute("data-key") === key);
    if (open) row?.after(open);
  });
}
