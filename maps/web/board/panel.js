// Filters as fields and chips: what is chosen drives list, map and figures, and is said.
import { ask } from "../ask.js";
import { el, icon, replace } from "../dom.js";
import { choice, field } from "../field.js";
import { sourceWord, stateWord } from "../issue_marks.js";
import { fitting, picker } from "../picker.js";
import { say } from "../say.js";
import { TOKENS } from "../tokens.js";
import { CHIPS } from "./filters.js";

/** @typedef {import("./filters.js").Filter} Filter @typedef {import("./questions.js").Told} Told */
/** @typedef {{code: string, name: string}} Named */

const MOST = 30;

/** @param {HTMLElement} room @param {Named[]} areas to choose from @param {(part: Partial<Filter>) => void} change */
export function filterPanel(room, areas, change) {
  const chips = el("div", { class: "row chips" });
  const button = el("button", { type: "button", class: "button small", "aria-expanded": "false", "aria-controls": "filters", onclick: () => open(form.hidden) }, icon("filter"), el("span", {}, say("filter.open")));
  const form = el("div", { id: "filters", class: "form filters", hidden: true });
  replace(room, el("div", { class: "filter-row" }, button, chips), form);
  /** @type {Named[] | null} */
  let services = null;
  /** @type {Told | null} */
  let told = null;
  /** @type {Filter | null} */
  let now = null;

  /** @param {boolean} shown */
  async function open(shown) {
    form.hidden = !shown;
    button.setAttribute("aria-expanded", String(shown));
    if (!shown || !now) return;
    services ??= await ask("/api/services").catch(() => []);
    fields(now);
    /** @type {HTMLElement | null} */ (form.querySelector("input, select"))?.focus();
  }
  /** @param {Filter} filter */
  function fields(filter) {
    const any = /** @type {[string, string]} */ (["", say("filter.any")]);
    const sources = Object.keys({ ...(told?.sources ?? {}), ...(filter.source ? { [filter.source]: 0 } : {}) });
    const select = (/** @type {"source" | "state" | "card"} */ key, /** @type {[string, string][]} */ choices) => field(`filter.${key}`, choice(`filter-${key}`, [any, ...choices], (value) => change({ [key]: value }), filter[key])).room;
    const open = el("input", { type: "checkbox", id: "filter-open", onchange: () => change({ open: open.checked }) });
    open.checked = filter.open;
    replace(form, named("service", services ?? [], filter), named("area", areas, filter),
      el("div", { class: "pair" }, select("source", sources.map((key) => [key, sourceWord(key)])), select("state", TOKENS.states.map(({ key }) => [key, stateWord(key)]))),
      el("div", { class: "pair" }, select("card", ["yellow", "red"].map((key) => [key, say(`card.${key}`)])), el("label", { class: "tick" }, open, el("span", {}, say("issue.open-only")))));
  }
  /** @param {"service" | "area"} key @param {Named[]} all @param {Filter} filter */
  function named(key, all, filter) {
    const made = picker({ id: `filter-${key}`, find: (words) => fitting(all, words, MOST), hint: say("filter.any"), took: (one, words) => {
      if (one ?? !words) change({ [key]: one?.code ?? "" });
    } });
    made.set(nameOf(key, filter[key]));
    return field(`filter.${key}`, made.input, { room: made.room }).room;
  }
  /** @param {keyof Filter} key @param {string | boolean | number} value */
  function nameOf(key, value) {
    const list = { service: services, area: areas }[/** @type {"service" | "area"} */ (key)];
    return list?.find(({ code }) => code === value)?.name ?? String(value);
  }
  /** @param {keyof Filter} key @param {Filter} filter */
  function chipWord(key, filter) {
    const value = String(filter[key]);
    if (key === "source") return sourceWord(value);
    if (key === "state") return stateWord(value);
    if (key === "card") return say(`card.${value}`);
    return key === "open" ? say("issue.open-only") : nameOf(key, value);
  }
  return {
    /** @param {Filter} filter @param {Told | null} counted */
    show(filter, counted) {
      [now, told] = [filter, counted ?? told];
      const chosen = CHIPS.filter((key) => filter[key]);
      if (filter.service && !services) ask("/api/services").then((all) => void (services = all)).then(() => now === filter && this.show(filter, null), () => undefined);
      /** @type {HTMLElement} */ (button.lastElementChild).textContent = chosen.length ? say("filter.open-n", { n: chosen.length }) : say("filter.open");
      replace(chips, chosen.map((key) => el("button", { type: "button", class: "chip", "aria-label": say("filter.without", { name: chipWord(key, filter) }), onclick: () => change({ [key]: key === "open" ? false : "" }) }, chipWord(key, filter), " ×")),
        chosen.length ? el("span", { class: "note" }, say("filter.drives")) : null);
      if (!form.hidden && !form.contains(document.activeElement)) fields(filter);
    },
  };
}
