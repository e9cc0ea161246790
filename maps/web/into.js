// Which issue another is merged into: one nearby, or one found by its number, its address or its words.
import { address, ask } from "./ask.js";
import { el, replace } from "./dom.js";
import { field } from "./field.js";
import { issuesOf, titleOf } from "./issues.js";
import { picker } from "./picker.js";
import { say } from "./say.js";

/** @typedef {{id: number, reference: string, text: string, metres: number, likeness: number}} Near */

const LETTERS = 300; // of a text that what is nearby is compared with: an address of a request is not endless
const MOST = 5;
const OURS = /^#?(\d{1,9})$/u; // a number of this system

/** Open issues nearby that may be the same, the likeliest first. @param {{id?: number, at?: GeoJSON.Position | null, text?: string, service?: string}} issue @returns {Promise<Near[]>} */
export async function nearbyOf({ id, at, text = "", service }) {
  if (!at) return [];
  const found = await ask(address("/api/issues/nearby", { lon: String(at[0]), lat: String(at[1]), datum: "wgs84", service: service ?? null, text: [...text].slice(0, LETTERS).join("") }));
  return found.filter((/** @type {Near} */ one) => one.id !== id);
}

/** @param {string} words @param {number} own @returns {Promise<import("./picker.js").Choice[]>} */
async function found(words, own) {
  if (!words) return [];
  const { features } = await ask(address("/api/board/issues", { words, is_open: "true", limit: String(MOST + 1) }));
  return issuesOf(features).filter(({ id }) => id !== own).slice(0, MOST).map((issue) => ({ code: String(issue.id), name: titleOf(issue), hint: [issue.number, issue.grid_name].filter(Boolean).join(" · ") }));
}

/** @param {string} id @param {string} key @param {{id: number, at?: GeoJSON.Position | null, text?: string}} told @returns {import("./steps.js").Asked} */
export function intoAsked(id, key, told) {
  /** @type {number | null} */
  let into = null;
  const near = el("div", { class: "candidates" });
  const made = picker({ id, find: (words) => found(words, told.id), hint: say("step.into-find"), took: (one, words) => {
    if (!one && !words && near.querySelector(":checked")) return; // the field was only passed through
    into = one ? Number(one.code) : null;
    near.querySelectorAll("input").forEach((each) => void (each.checked = false));
  } });
  const row = (/** @type {Near} */ each) => el("label", { class: "candidate" }, el("input", { type: "radio", name: "into", onchange: () => {
    made.set("");
    into = each.id;
  } }), el("span", {}, [...each.text].slice(0, 40).join("") || each.reference), el("b", {}, say("entry.metres", { n: Math.round(each.metres) })));
  nearbyOf(told).then((all) => replace(near, all.slice(0, MOST).map(row)), () => replace(near, el("p", { class: "note" }, say("step.into-unread"))));
  const typed = () => OURS.exec(made.input.value.trim())?.[1];
  return { ...field(key, made.input, { room: made.room, beside: near, hint: say("step.into-hint") }), value: () => into ?? (typed() ? Number(typed()) : "") };
}
