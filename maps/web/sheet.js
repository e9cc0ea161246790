// Rows as a table at the desk, as cards on a phone: each cell knows the name of its column.
import { el } from "./dom.js";

/** @typedef {import("./dom.js").Child} Child */

/** @param {string} caption @param {string[]} heads @param {(Child | Child[])[][]} rows */
export function sheet(caption, heads, rows) {
  return el("table", { class: "rows-table" }, el("caption", { class: "unseen" }, caption),
    el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, rows.map((cells) => el("tr", {}, cells.map((cell, i) => el("td", { "data-head": heads[i] }, el("div", {}, cell)))))));
}

/** A row under another, as wide as the table. @param {HTMLElement} row @param {Node} inside */
export function under(row, inside) {
  row.parentElement?.querySelectorAll("tr.under").forEach((each) => each.remove());
  const made = el("tr", { class: "under" }, el("td", { colspan: row.children.length }, inside));
  row.after(made);
  return made;
}
