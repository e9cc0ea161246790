// The month ahead: each rate as it came to stand and as it may end, what it is made of; each area's own.
import { el } from "../dom.js";
import { figure, say, day } from "../say.js";
import { percent, trendOf } from "./trend.js";

/** @typedef {{name: string, part: number, whole: number, open: number, past: number | null, now: number | null, expected: number | null, low: number | null, high: number | null, trend: (number | null)[]}} Rate `trend`: of what came until each day */
/** @typedef {{since: string, until: string, days: string[], issues: number, struck: number, rates: Rate[]}} Ahead */
/** @typedef {{by: string, rows: (Record<string, number | null> & {code: string, name: string | null})[]}} Parts */

const COUNTED = ["response"]; // what is open is in the whole already
const FIRST = "on_time"; // what is shown beside what waits
const OF_PARTS = { on_time: "due", resolution: "called", satisfaction: "called", solved_in_grid: "done" }; // rate → what it is a share of

/** How a rate is reckoned, in figures. @param {Rate} rate */
export function formulaOf(rate) {
  const key = COUNTED.includes(rate.name) ? "leader.ahead-formula-in" : "leader.ahead-formula";
  return say(key, { part: figure(rate.part), open: figure(rate.open), past: percent(rate.past), whole: figure(rate.whole) });
}

/** The one rate that stands below what waits, and where the others are. @param {Ahead} ahead */
export function firstSaid(ahead) {
  const one = ahead.rates.filter(({ name }) => name === FIRST);
  return el("section", { class: "ahead" }, el("h2", {}, say("leader.ahead")), one.map((rate) => rateSaid(rate, ahead)), el("p", {}, el("a", { href: "#rates" }, say("leader.all-rates"))));
}

/** @param {Ahead} ahead */
export function aheadSaid(ahead) {
  return el("section", { class: "ahead" }, el("h2", {}, say("leader.ahead")), el("p", { class: "note" }, say("leader.ahead-note", { since: day(ahead.since), n: figure(ahead.issues), struck: figure(ahead.struck) })),
    ahead.rates.map((rate) => rateSaid(rate, ahead)), el("details", {}, el("summary", {}, say("leader.ahead-how")), el("dl", {}, ahead.rates.flatMap((rate) => [el("dt", {}, say(`rate.${rate.name}`)), el("dd", {}, rate.expected === null ? say("leader.ahead-none") : formulaOf(rate))])),
      el("p", { class: "note" }, say("leader.ahead-range"), say("leader.ahead-line"))));
}

/** @param {Rate} rate @param {Ahead} ahead */
function rateSaid(rate, ahead) {
  const words = { now: percent(rate.now), expected: percent(rate.expected), low: percent(rate.low), high: percent(rate.high), n: figure(rate.open) };
  return el("div", { class: "rate", "data-rate": rate.name }, el("b", { class: "rate-name" }, say(`rate.${rate.name}`)), el("b", { class: "rate-now" }, words.now), trendOf(rate, ahead), el("span", { class: "note" }, rate.expected === null ? say("leader.ahead-none") : say("leader.ahead-said", words)));
}

/** The rates of each area right below, by its code: nobody is ranked. @param {Parts} parts */
export function partsSaid({ by, rows }) {
  const names = Object.entries(OF_PARTS);
  const share = (/** @type {Parts["rows"][0]} */ row, /** @type {[string, string]} */ [rate, whole]) => el("div", {}, el("dt", {}, say(`rate.${rate}`)), el("dd", {}, el("b", {}, percent(row[rate])), row[rate] === null ? "" : ` ${say("leader.part-of", { n: figure(row[whole]) })}`));
  return el("section", { class: "parts" }, el("h2", {}, say(`leader.parts-${by}`)), rows.length ? rows.map((row) => el("article", {}, el("p", { class: "call-top" }, el("b", {}, row.name ?? row.code), el("span", { class: "note" }, say("leader.part-issues", { n: figure(row.issues) }))),
    el("dl", {}, names.map((each) => share(row, each))))) : el("p", { class: "state empty" }, say("leader.ahead-none")));
}
