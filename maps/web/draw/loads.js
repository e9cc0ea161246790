// What lies on the grids of a draft besides households: last quarter's issues, and people.
import { el, replace } from "../dom.js";
import { figure, say } from "../say.js";
import { TOKENS } from "../tokens.js";
import { NONE } from "./sketch.js";

/** @typedef {import("./sketch.js").Sketch} Sketch */
/** @typedef {{issues: Float64Array, people: Float64Array, median: number, unplaced: number}} Loads by node; `median`: issues of an ordinary grid when they came */

const SHARES = [0.5, 1, 1.5, 2]; // of the median: above the last a grid is heavy
const OPACITY = 0.62;

/** @param {{issues: number[], people: number[], unplaced: number}} told by atom @param {Sketch} sketch @returns {Loads} */
export function loadsOf(told, sketch) {
  const byNode = (/** @type {number[]} */ counts) => {
    const sums = new Float64Array(sketch.label.length);
    counts.forEach((count, atom) => {
      const node = sketch.ground.nodeOf[atom];
      if (node >= 0) sums[node] += count;
    });
    return sums;
  };
  const issues = byNode(told.issues);
  const each = byGrid(sketch, issues);
  const ordinary = sketch.present().filter((number) => !sketch.grids[number].special).map((number) => each[number]).sort((a, b) => a - b);
  const median = ordinary.length ? (ordinary[(ordinary.length - 1) >> 1] + ordinary[ordinary.length >> 1]) / 2 : 0;
  return { issues, people: byNode(told.people), median: Math.max(1, median), unplaced: told.unplaced };
}

/** What nodes bear, summed by number of the grid. @param {Sketch} sketch @param {Float64Array} borne */
export function byGrid(sketch, borne) {
  const sums = new Float64Array(sketch.grids.length);
  for (let node = 0; node < borne.length; node++) if (sketch.label[node] !== NONE) sums[sketch.label[node]] += borne[node];
  return sums;
}

/** People who would be another grid's. @param {Sketch} sketch @param {Loads} loads */
export function peopleMoved({ ground, label, grids }, { people }) {
  let moved = 0;
  for (let node = 0; node < people.length; node++) {
    if (label[node] !== NONE && ground.today[node] !== null && ground.today[node] !== grids[label[node]].code) moved += people[node];
  }
  return moved;
}

/** The step of the heat's colours, 0 to 4. @param {number} issues @param {number} median */
export function stepOf(issues, median) {
  return SHARES.filter((share) => issues > share * median).length;
}

/** @param {CanvasRenderingContext2D} ctx @param {Path2D} on @param {number} step @param {0 | 1} base */
export function fillLoad(ctx, on, step, base) {
  ctx.globalAlpha = OPACITY;
  ctx.fillStyle = TOKENS.heat[step][base];
  ctx.fill(on, "evenodd");
  ctx.globalAlpha = 1;
}

/** What the colours of the load mean, in place of the legend's households. @param {HTMLElement} room @param {Loads} loads */
export function loadLegend(room, loads) {
  const steps = stepsSaid(loads.median).map(([step, said]) => el("span", { class: "load-step" }, el("i", { css: { background: `var(--heat-${step + 1})` } }), said));
  replace(room, el("b", {}, say("draw.load-legend")), steps,
    el("span", { class: "note" }, say("draw.load-rule", { n: figure(Math.round(loads.median)), heavy: figure(Math.floor(SHARES[SHARES.length - 1] * loads.median)) }),
      loads.unplaced ? ` ${say("draw.load-unplaced", { n: figure(loads.unplaced) })}` : ""));
}

/** The steps that a whole number of issues can fall into, each in words. @param {number} median @returns {[number, string][]} */
export function stepsSaid(median) {
  const ends = SHARES.map((share) => Math.floor(share * median));
  const from = (/** @type {number} */ step) => (step ? ends[step - 1] + 1 : 0);
  return TOKENS.heat.map((_, step) => step).filter((step) => step === ends.length || from(step) <= ends[step]).map((step) => {
    if (step === ends.length) return [step, `> ${figure(ends[step - 1])}`];
    return [step, from(step) === ends[step] ? figure(ends[step]) : `${figure(from(step))}–${figure(ends[step])}`];
  });
}
