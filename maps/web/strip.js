// The strip under the map: issues of each day, the period, and the legend of what is shown.
import { el, replace, svg } from "./dom.js";
import { glyph } from "./glyphs.js";
import { stateWord } from "./issue_card.js";
import { daily } from "./issues.js";
import { day, figure, say } from "./say.js";
import { TOKENS } from "./tokens.js";

const DAYS = 30;
const DAY = 86_400_000;
const PERIODS = /** @type {[number, string][]} */ ([[7, "issue.week"], [30, "issue.month"], [0, "issue.ever"]]);

/** Buttons of which one is pressed. @template T @param {string} label @param {[T, string][]} choices @param {T} at @param {(value: T) => void} choose */
export function segments(label, choices, at, choose) {
  const buttons = choices.map(([value, key]) => el("button", { type: "button", "aria-pressed": String(value === at), onclick: (/** @type {Event} */ e) => press(/** @type {HTMLElement} */ (e.currentTarget), value) }, say(key)));
  const press = (/** @type {HTMLElement} */ pressed, /** @type {T} */ value) => {
    buttons.forEach((b) => b.setAttribute("aria-pressed", String(b === pressed)));
    choose(value);
  };
  return el("div", { class: "segments", role: "group", "aria-label": say(label) }, buttons);
}

/** @param {number} at @param {(days: number) => void} choose */
export function periods(at, choose) {
  return segments("issue.period", PERIODS, at, choose);
}

/** @param {HTMLElement} over */
export function strip(over) {
  const bars = el("div", { class: "strip-bars" });
  const key = el("div", { class: "heat-key" });
  over.append(el("div", { class: "strip" }, el("div", { class: "strip-top" }, bars, key), glyphKey()));
  return {
    /** @param {import("./issues.js").Issue[]} all @param {number} count @param {number} until @param {number} days */
    showPeriod(all, count, until, days) {
      const counts = daily(all, until, DAYS);
      const from = days ? until - days * DAY : all.reduce((first, i) => Math.min(first, i.time || first), until);
      const said = say("issue.period-said", { from: day(new Date(from)), to: day(new Date(until)), n: figure(count) });
      replace(bars, barDrawing(counts, days || DAYS, said),
        el("div", { class: "strip-days" }, el("span", {}, day(new Date(until - DAYS * DAY))), el("b", { role: "status" }, said), el("span", {}, day(new Date(until)))));
    },
    /** @param {string} unit @param {string[]} colours @param {number[]} opacities @param {string[]} limits */
    showKey(unit, colours, opacities, limits) {
      replace(key, say(unit), el("div", { class: "colours" }, colours.map((c, i) => el("i", { css: { background: c, opacity: String(opacities[i] + 0.2) } }))),
        el("div", { class: "values" }, limits.map((limit) => el("span", {}, limit))));
    },
  };
}

/** @param {number[]} counts @param {number} days @param {string} said */
function barDrawing(counts, days, said) {
  const most = Math.max(1, ...counts);
  return svg("svg", { viewBox: `0 0 ${counts.length * 10} 44`, preserveAspectRatio: "none", role: "img", "aria-label": said },
    counts.map((n, i) => svg("rect", { x: i * 10 + 1, width: 8, y: 44 - Math.max(1.5, (n / most) * 42), height: Math.max(1.5, (n / most) * 42), class: i >= counts.length - days ? "on" : "" }, svg("title", {}, figure(n)))));
}

function glyphKey() {
  const flag = (/** @type {string} */ kind) => el("span", {}, el("i", { class: `flag ${kind}` }), say(`card.${kind}`));
  return el("div", { class: "glyph-key" }, TOKENS.states.map((s) => el("span", {}, glyph(s.key), stateWord(s.key))), flag("yellow"), flag("red"), el("span", {}, el("i", { class: "dot" }), say("issue.crowded")));
}
