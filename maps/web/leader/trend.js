// How a rate came to where it stands this month, and between what it may end: a line, a dot, a fan.
import { svg } from "../dom.js";
import { day, say } from "../say.js";

/** @typedef {import("./ahead.js").Rate} Rate @typedef {import("./ahead.js").Ahead} Ahead */

const [WIDE, HIGH, SIDE, FOOT] = [320, 96, 40, 18]; // px; room for the scale at the left, for words below
const STEP = 0.1; // the scale begins and ends at whole tenths

/** @param {number | null} share */
export const percent = (share) => (share === null ? say("none") : `${(share * 100).toFixed(1)}%`);

/** From which share to which one is drawn, so that all of it can be seen. @param {(number | null)[]} shares @returns {[number, number]} */
export function scaleOf(shares) {
  const known = shares.filter((share) => share !== null);
  const low = Math.floor((Math.min(...known) + 1e-9) / STEP) * STEP;
  const high = Math.ceil((Math.max(...known) - 1e-9) / STEP) * STEP;
  return [Math.max(0, high - low < STEP ? high - STEP : low), Math.min(1, Math.max(high, low + STEP))];
}

/** @param {Rate} rate @param {Ahead} ahead */
export function trendOf(rate, { days, until }) {
  const { now, expected, low, high, trend } = rate;
  if (expected === null) return null;
  const [from, to] = scaleOf([...trend, now, expected, low, high]);
  const last = Number(until.slice(-2)) - 1;
  const x = (/** @type {number} */ at) => SIDE + (at / last) * (WIDE - SIDE - 4);
  const y = (/** @type {number | null} */ share) => 6 + ((to - (share ?? 0)) / (to - from)) * (HIGH - FOOT - 12);
  const at = (/** @type {number} */ n, /** @type {number | null} */ share) => `${x(n).toFixed(1)},${y(share).toFixed(1)}`;
  const today = days.length - 1;
  const begun = trend.flatMap((share, n) => (share === null ? [] : [at(n, share)]));
  const word = (/** @type {number} */ left, /** @type {number} */ top, /** @type {string} */ words, anchor = "start") => svg("text", { x: left, y: top, "text-anchor": anchor }, words);
  const aside = x(last) - x(today) < 44; // there is no room for both words
  return svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "rate-trend", role: "img", "aria-label": saidOf(rate, days) },
    [from, to].map((share) => [svg("line", { class: "rate-edge", x1: SIDE, x2: WIDE - 4, y1: y(share), y2: y(share) }), word(SIDE - 6, y(share) + 4, `${Math.round(share * 100)}%`, "end")]).flat(),
    now === null ? null : svg("polygon", { class: "rate-range", points: [at(today, now), at(last, high), at(last, low)].join(" ") }),
    svg("line", { class: "rate-ends", x1: x(last), x2: x(last), y1: y(high), y2: y(low) }),
    now === null ? null : svg("polyline", { class: "rate-will", points: `${at(today, now)} ${at(last, expected)}` }),
    svg("line", { class: "rate-today", x1: x(today), x2: x(today), y1: 2, y2: HIGH - FOOT }), svg("polyline", { class: "rate-line", points: begun.join(" ") }),
    now === null ? null : svg("circle", { class: "rate-is", cx: x(today), cy: y(now), r: 4.5 }),
    word(x(today), HIGH - 4, say("leader.today"), today < 2 ? "start" : aside ? "end" : "middle"), word(WIDE - 4, HIGH - 4, aside ? "" : say("leader.month-end"), "end"));
}

/** The same as a sentence. @param {Rate} rate @param {string[]} days */
function saidOf({ name, now, expected, low, high, trend }, days) {
  const first = trend.findIndex((share) => share !== null);
  const began = first < 0 ? "" : say("leader.began", { on: day(`${days[first]}T12:00:00+08:00`), share: percent(trend[first]) });
  return began + say("leader.bar", { name: say(`rate.${name}`), now: percent(now), expected: percent(expected), low: percent(low), high: percent(high) });
}
