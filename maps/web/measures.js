// The measures a comparison shows, how each is written, and which way is better.
import { figure, say } from "./say.js";

/** @typedef {number | [number, number] | null} Measured */
/** @typedef {{key: string, better: "high" | "low" | "near", write: (value: any) => string}} Measure */

const pair = (/** @type {[number, number]} */ [a, b]) => `${figure(a)} / ${figure(b)}`;
const share = (/** @type {number} */ value) => `${Math.round(value * 100)}%`;
const hundredths = (/** @type {number} */ value) => value.toFixed(2);

/** Mirrors MEASURES of maps/plan_page.py. @type {Measure[]} */
export const MEASURES = [
  { key: "in_band", better: "high", write: pair },
  { key: "moved", better: "low", write: figure },
  { key: "people", better: "low", write: figure },
  { key: "most_least", better: "near", write: pair },
  { key: "pieces", better: "low", write: figure },
  { key: "compactness", better: "high", write: hundredths },
  { key: "edges", better: "high", write: share },
  { key: "load", better: "low", write: figure },
  { key: "split_estates", better: "low", write: figure },
];

/** @param {Measure} measure @param {Measured} value */
export function written(measure, value) {
  return value === null || value === undefined ? say("none") : measure.write(value);
}

/** Which of several is better than all others as they are written, or -1 when none is: of those without a figure none. @param {Measure} measure @param {Measured[]} values */
export function bestOf(measure, values) {
  const worths = values.map((value) => (value === null || value === undefined ? null : worth(measure, value)));
  const known = worths.filter((each) => each !== null);
  const most = Math.max(...known);
  const best = worths.indexOf(most);
  const first = values.filter((value, i) => worths[i] === most || (worths[i] !== null && written(measure, value) === written(measure, values[best])));
  return known.length > 1 && first.length === 1 ? best : -1;
}

/** Higher is better. @param {Measure} measure @param {number | [number, number]} value */
function worth(measure, value) {
  if (measure.better === "near" && Array.isArray(value)) return value[1] - value[0];
  const plain = Array.isArray(value) ? value[0] / (value[1] || 1) : value;
  return measure.better === "low" ? -plain : plain;
}
