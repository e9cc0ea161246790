// Hot spots, found by the server: labels of the map with a leader to where they are.
import { placedPoint } from "../chart.js";
import { drawLabels } from "../labels.js";
import { figure, say } from "../say.js";
import { TOKENS } from "../tokens.js";

/** @typedef {import("../labels.js").Label} Label @typedef {import("./questions.js").Spot & {at: [number, number]}} Spot */

const MOST = 3; // labels of the map; a narrower one has room for one
const SMALL = 600;
const [ASIDE, ABOVE] = [84, 58];
const LEAST_REACH_M = 120;
const MOST_REACH_M = 600;
const REACH_PX = 30;

/** How far apart issues belong together at a scale, in metres: rounded, so that a small move asks nothing new. @param {number} metresPerPixel */
export function reachAt(metresPerPixel) {
  const wanted = Math.min(MOST_REACH_M, Math.max(LEAST_REACH_M, REACH_PX * metresPerPixel));
  return Math.round(wanted / 60) * 60;
}

/** ▲ 12 more than before, ▼ 4 fewer, nothing where it is the same. @param {number} change */
export function changeSaid(change) {
  if (!change) return "";
  return `${change > 0 ? "▲" : "▼"}${figure(Math.abs(change))}`;
}

/** @param {{name: string}} spot */
export const spotName = (spot) => spot.name || say("spot.unnamed");

/** What the labels say, for those who do not see them. @param {Spot[]} spots */
export function spotsSaid(spots) {
  return spots.map((spot) => {
    const change = spot.n - spot.before;
    const key = change > 0 ? "spot.said-more" : change < 0 ? "spot.said-fewer" : "spot.said-same";
    return say(key, { rank: spot.rank, name: spotName(spot), n: figure(spot.n), by: figure(Math.abs(change)) });
  }).join(" ");
}

/** @param {CanvasRenderingContext2D} ctx @param {import("../chart.js").View} view @param {import("../chart.js").Box} box @param {Spot[]} all @param {0 | 1} base */
export function drawSpots(ctx, view, box, all, base) {
  const spots = all.slice(0, view.size.x < SMALL ? 1 : MOST).filter((spot) => inside(placedPoint(spot.at, view), box));
  const labels = spots.map((spot) => spotLabel(spot, placedPoint(spot.at, view), box, base));
  labels.forEach((label, i) => drawLeader(ctx, placedPoint(spots[i].at, view), label, base));
  drawLabels(ctx, labels, base, box);
}

/** @param {[number, number]} at @param {import("../chart.js").Box} box */
const inside = ([x, y], box) => x > box[0] && x < box[2] && y > box[1] && y < box[3];

/** Ink on a light map, paper on a dark one: found at a glance on both. @param {Spot} spot @param {[number, number]} at @param {import("../chart.js").Box} box @param {0 | 1} base @returns {Label} */
export function spotLabel(spot, [x, y], box, base) {
  const [badge, colour] = base ? [TOKENS.interface.ink[1], TOKENS.interface.surface[1]] : [TOKENS.interface.bar[0], TOKENS.interface["bar-ink"][0]];
  const run = (/** @type {string} */ text, /** @type {number} */ weight) => ({ text, size: 13, weight, colour });
  const words = [run(`${spot.rank} ${spotName(spot)}`, 600), run(`  ${say("spot.count", { n: figure(spot.n) })} ${changeSaid(spot.n - spot.before)}`.trimEnd(), 400)];
  const inward = x < (box[0] + box[2]) / 2 ? ASIDE : -ASIDE;
  return { x: x + inward, y: y - ABOVE, lines: [words], rank: 3e7 - spot.rank, badge };
}

/** @param {CanvasRenderingContext2D} ctx @param {[number, number]} from @param {Label} to @param {0 | 1} base */
function drawLeader(ctx, [x, y], to, base) {
  for (const [colour, width] of /** @type {[string, number][]} */ ([[TOKENS.casing[base], 3.4], [base ? "#FFFFFF" : TOKENS.interface.bar[0], 1.6]])) {
    ctx.strokeStyle = ctx.fillStyle = colour;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(to.x, to.y);
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(x, y, 2 + width / 2, 0, 7);
    ctx.fill();
  }
}
