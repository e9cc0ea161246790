// A field that offers what fits as one types: parties, services. Arrows walk, Enter takes, Escape closes;
// a name typed out, of which there is only one, is taken when the field is left.
import { el, replace } from "./dom.js";
import { say } from "./say.js";

/** @typedef {{code: string, name: string, hint?: string}} Choice */
/**
 * @typedef {{id: string, find: (words: string) => Choice[] | Promise<Choice[]>, took: (choice: Choice | null, words: string) => void, free?: boolean, hint?: string, required?: boolean}} Wants
 * `took` is told what was chosen, or null and the words where nothing was
 */

const WAIT_MS = 180;

/** @param {Wants} wants */
export function picker({ id, find, took, hint }) {
  const list = el("ul", { id: `${id}-list`, role: "listbox", class: "choices", hidden: true, "aria-label": say("pick.offered") });
  const input = el("input", {
    id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": `${id}-list`, placeholder: hint, oninput: typed, onkeydown: pressed, onfocus: typed, onblur: left,
  });
  /** @type {Choice[]} */
  let offered = [];
  let at = -1;
  let timer = 0;
  let asked = 0;

  function typed() {
    if (document.activeElement === input) took(null, input.value.trim());
    clearTimeout(timer);
    timer = Number(setTimeout(offer, WAIT_MS));
  }
  async function offer() {
    const mine = ++asked;
    const found = await Promise.resolve(find(input.value.trim())).catch(() => []);
    if (mine !== asked) return;
    offered = found;
    at = -1;
    if (document.activeElement !== input) return settle();
    if (!found.length && !input.value.trim()) return shut();
    replace(list, found.length ? found.map(option) : el("li", { class: "note", role: "option", "aria-disabled": "true" }, say("pick.none")));
    open(true);
  }
  /** @param {Choice} choice @param {number} i */
  function option(choice, i) {
    return el("li", { id: `${id}-${i}`, role: "option", "aria-selected": "false", onmousedown: (/** @type {Event} */ event) => {
      event.preventDefault();
      take(i);
    } }, el("b", {}, choice.name), choice.hint ? el("small", {}, choice.hint) : null);
  }
  /** @param {number} i */
  function take(i) {
    const choice = offered[i];
    if (!choice) return;
    input.value = choice.name;
    took(choice, choice.name);
    shut();
  }
  function settle() {
    const words = input.value.trim();
    const same = offered.filter(({ name }) => name === words);
    if (same.length === 1) take(offered.indexOf(same[0]));
  }
  function left() {
    settle();
    setTimeout(shut, 120);
  }
  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      return shut();
    }
    if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      return take(at);
    }
    if (event.key === "Enter") return settle();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    if (list.hidden) return void offer();
    at = (at + step + offered.length) % Math.max(1, offered.length);
    walk();
  }
  function walk() {
    [...list.children].forEach((each, i) => each.setAttribute("aria-selected", String(i === at)));
    input.setAttribute("aria-activedescendant", at < 0 ? "" : `${id}-${at}`);
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }
  function shut() {
    open(false);
  }
  /** @param {boolean} shown */
  function open(shown) {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    if (!shown) input.removeAttribute("aria-activedescendant");
  }
  return { input, room: el("div", { class: "picker" }, input, list), set: (/** @type {string} */ words) => void (input.value = words) };
}

/** Choices of a list whose name, code or hint has all these words, beginnings first. @param {Choice[]} all @param {string} words @param {number} most @returns {Choice[]} */
export function fitting(all, words, most) {
  const parts = words.toLowerCase().split(/\s+/u).filter(Boolean);
  const text = (/** @type {Choice} */ c) => `${c.name} ${c.hint ?? ""} ${c.code}`.toLowerCase();
  const fit = all.filter((choice) => parts.every((part) => text(choice).includes(part)));
  const begins = (/** @type {Choice} */ c) => (parts[0] && c.name.toLowerCase().startsWith(parts[0]) ? 0 : 1);
  return [...fit].sort((a, b) => begins(a) - begins(b)).slice(0, most);
}
