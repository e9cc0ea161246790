// The legend under the map: always in view, so that it never hides a grid.
import { IN_BAND, limits, tokenOf } from "../balance.js";
import { el, replace } from "../dom.js";
import { english, figure, say } from "../say.js";
import { TOKENS } from "../tokens.js";

/** @param {HTMLElement} room @param {{low: number, high: number}} band @param {(only: number | null) => void} filter */
export function legendStrip(room, band, filter) {
  const bounds = limits(band.low, band.high);
  /** @type {HTMLButtonElement[]} */
  const steps = TOKENS.balance.map((entry, i) => el("button", {
    type: "button", class: `step ${entry.pattern}`, "aria-pressed": "false", css: { background: tokenOf(i) },
    "aria-label": `${i === IN_BAND ? say("balance.in-band") : entry.sign} ${say("draw.only", { what: named(i, bounds) })}`, title: say("draw.only", { what: named(i, bounds) }), onclick: () => press(i),
  }, el("span", {}, i === IN_BAND ? say("balance.in-band") : entry.sign)));
  const press = (/** @type {number} */ i) => {
    const on = steps[i].getAttribute("aria-pressed") !== "true";
    steps.forEach((step, j) => step.setAttribute("aria-pressed", String(on && i === j)));
    filter(on ? i : null);
  };
  replace(room,
    el("div", { class: "legend-name" }, el("b", {}, say("draw.legend")), el("span", { class: "note" }, say("plan.band", band))),
    el("div", { class: "legend-steps" }, el("div", { class: "steps" }, steps),
      el("div", { class: "limits", "aria-hidden": "true" }, bounds.map((limit, i) => el("span", { css: { left: `${[12.5, 25, 37.5, 62.5, 75, 87.5][i]}%` } }, figure(limit))))),
    el("div", { class: "legend-lines" }, ["subdistrict", "community", "grid", "today"].map((key) => sample(key, borderName(key))), sample("moved", say("plan.moved")), sample("broken", borderName("broken")), sample("department", borderName("department"), true)));
}

/** @param {string} name @param {string} word @param {boolean} [hidden] until there is such a line */
function sample(name, word, hidden = false) {
  return el("span", { hidden }, el("i", { class: `sample ${name}`, "aria-hidden": "true" }), word);
}

/** @param {string} key */
function borderName(key) {
  const found = TOKENS.borders.find((border) => border.key === key);
  return (english ? found?.en : found?.zh) ?? key;
}

/** @param {number} i @param {number[]} bounds */
function named(i, bounds) {
  const unit = ` ${say("households")}`;
  if (i === 0) return `< ${figure(bounds[0])}${unit}`;
  if (i === TOKENS.balance.length - 1) return `> ${figure(bounds[5])}${unit}`;
  const from = i > IN_BAND ? bounds[i - 1] + 1 : bounds[i - 1];
  return `${figure(from)}–${figure(i < IN_BAND ? bounds[i] - 1 : bounds[i])}${unit}`;
}
