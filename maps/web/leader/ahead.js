// The month ahead: each rate as it stands and as it may end, with what it is made of.
import { el, svg } from "../dom.js";
import { figure, say, day } from "../say.js";

/** @typedef {{name: string, part: number, whole: number, open: number, past: number | null, now: number | null, expected: number | null, low: number | null, high: number | null}} Rate */
/** @typedef {{since: string, issues: number, struck: number, rates: Rate[]}} Ahead */

const COUNTED = ["response"]; // what is open is in the whole already

/** @param {number | null} share */
export const percent = (share) => (share === null ? say("none") : `${(share * 100).toFixed(1)}%`);

/** How a rate is reckoned, in figures. @param {Rate} rate */
export function formulaOf(rate) {
  const key = COUNTED.includes(rate.name) ? "leader.ahead-formula-in" : "leader.ahead-formula";
  return say(key, { part: figure(rate.part), open: figure(rate.open), past: percent(rate.past), whole: figure(rate.whole) });
}

/** @param {Ahead} ahead */
export function aheadSaid(ahead) {
  return el("section", { class: "ahead" }, el("h2", {}, say("leader.ahead")), el("p", { class: "note" }, say("leader.ahead-note", { since: day(ahead.since), n: figure(ahead.issues), struck: figure(ahead.struck) })),
    ahead.rates.map(rateSaid), el("details", {}, el("summary", {}, say("leader.ahead-how")), el("dl", {}, ahead.rates.flatMap((rate) => [el("dt", {}, say(`rate.${rate.name}`)), el("dd", {}, rate.expected === null ? say("leader.ahead-none") : formulaOf(rate))])), el("p", { class: "note" }, say("leader.ahead-range"))));
}

/** @param {Rate} rate */
function rateSaid(rate) {
  const words = { name: say(`rate.${rate.name}`), now: percent(rate.now), expected: percent(rate.expected), low: percent(rate.low), high: percent(rate.high) };
  return el("div", { class: "rate" }, el("b", { class: "rate-name" }, words.name), el("b", { class: "rate-now" }, words.now), rate.expected === null ? null : bar(rate, words), el("span", { class: "note" }, rate.expected === null ? say("leader.ahead-none") : say("leader.ahead-said", words)));
}

/** @param {Rate} rate @param {Record<string, string>} words */
function bar({ now, expected, low, high }, words) {
  const at = (/** @type {number | null} */ share) => (share ?? 0) * 300;
  return svg("svg", { viewBox: "0 0 300 18", class: "rate-bar", role: "img", "aria-label": say("leader.bar", words), preserveAspectRatio: "none" },
    svg("rect", { class: "rate-all", x: 0, y: 6, width: 300, height: 6 }), svg("rect", { class: "rate-range", x: at(low), y: 3, width: Math.max(2, at(high) - at(low)), height: 12 }),
    now === null ? null : svg("rect", { class: "rate-is", x: at(now) - 1.5, y: 0, width: 3, height: 18 }), svg("rect", { class: "rate-will", x: at(expected) - 1.5, y: 0, width: 3, height: 18 }));
}
