// What stands over the board's map: what it shows, how it is counted, and what went wrong.
import { el } from "../dom.js";
import { figure, say } from "../say.js";
import { segments, unpressed } from "../segments.js";
import { MEASURES } from "./filters.js";

/** @typedef {import("./filters.js").Filter} Filter @typedef {import("./filters.js").Shown} Shown */

/**
 * @param {HTMLElement} over @param {{filter: Filter, shown: Shown}} board @param {number} leftOut grids that were too many to read
 * @param {{change: (some: Partial<Filter>) => void, view: (some: Partial<Shown>) => void}} acts
 */
export function toolsOver(over, { filter, shown }, leftOut, { change, view }) {
  const pill = (/** @type {string} */ name) => el("p", { class: name, role: "status", hidden: true });
  const [tooMany, trouble] = [pill("pill crowded"), pill("pill")];
  const measures = el("select", { class: "measures-choice", "aria-label": say("measure.label"), onchange: () => view({ measure: measures.value }) },
    MEASURES.map((key) => el("option", { value: key, selected: key === shown.measure }, say(`measure.${key}`))));
  const openOnly = el("button", { type: "button", onclick: () => change({ open: !filter.open }) }, say("issue.open-only"));
  const byWhom = segments("issue.by", [["n", "issue.by-issue"], ["reporters", "issue.by-reporter"]], shown.by, (by) => view({ by: /** @type {Shown["by"]} */ (by) }));
  const periods = segments("issue.period", [[7, "issue.week"], [30, "issue.month"], [0, "issue.ever"]], filter.from ? -1 : filter.days, (days) => change({ days, from: "", to: "" }));
  over.append(el("div", { class: "tools" },
    segments("issue.layers", [["heat", "issue.heat"], ["grids", "issue.grids"]], shown.layer, (layer) => view({ layer: /** @type {Shown["layer"]} */ (layer) })),
    el("div", { class: "segments" }, openOnly),
    periods,
    byWhom, measures, tooMany, trouble, leftOut ? el("p", { class: "pill", role: "note" }, say("map.left-out", { n: figure(leftOut) })) : null));
  return {
    /** Heat is counted by issue or by person, grids by one of several measures. @param {Shown["layer"]} layer */
    layer: (layer) => void ([byWhom.hidden, measures.hidden] = [layer === "grids", layer !== "grids"]),
    /** @param {boolean} on */
    open: (on) => openOnly.setAttribute("aria-pressed", String(on)),
    /** Days were chosen below, one by one. */
    chosen: () => unpressed(periods),
    /** How many lie in view, where they are too many for a mark each; 0: they are not. @param {number} n */
    crowded(n) {
      tooMany.hidden = !n;
      tooMany.textContent = say("issue.too-many", { n: figure(n) });
    },
    /** What could not be read; '' once it could. @param {string} words */
    trouble(words) {
      trouble.hidden = !words;
      trouble.textContent = words;
    },
  };
}
