// Hot spots: where most issues of the period lie together, and how that has changed.
import { drawLabels } from "./labels.js";
import { placedPoint } from "./chart.js";
import { figure, say } from "./say.js";
import { TOKENS } from "./tokens.js";

/** @typedef {import("./issues.js").Issue} Issue @typedef {import("./labels.js").Label} Label */
/** @typedef {{issue: Issue, at: [number, number]}} Placed an issue and its place in the world */
/** @typedef {{name: string, count: number, change: number | null, at: [number, number]}} HotSpot */

const MOST = 3;
const SMALL = 600; // px: a narrower map has room for one label
const LEAST = 5; // issues: fewer are no hot spot
const APART = 2.5; // reaches between two hot spots
const REACH_METRES = 120;
const REACH_PX = 36;

/** How far around a place issues belong together, in units of the world. @param {import("./chart.js").View} view */
export function reachAt(view) {
  return Math.max(REACH_METRES / view.metresPerPixel, REACH_PX) / view.scale;
}

/**
 * The densest places, densest first.
 * @param {Placed[]} issues of the period @param {Placed[] | null} before of the period before, null where there is none @param {number} reach @param {number} [most]
 * @returns {HotSpot[]}
 */
export function hotSpots(issues, before, reach, most = MOST) {
  /** @type {HotSpot[]} */
  const found = [];
  for (const { at, held } of candidates(issues, reach)) {
    if (found.length === most || held.length < LEAST) break;
    if (found.some((spot) => distance(spot.at, at) < APART * reach)) continue;
    const then = before && before.filter((b) => distance(b.at, at) <= reach).length;
    found.push({ name: nameOf(held), count: held.length, change: then === null ? null : held.length - then, at });
  }
  return found;
}

/** The middle of every cell that holds something, with what lies within reach of it. @param {Placed[]} issues @param {number} reach */
function candidates(issues, reach) {
  const cells = byKey(issues, ({ at: [x, y] }) => `${Math.floor(x / reach)} ${Math.floor(y / reach)}`);
  const made = [...cells].map(([key, own]) => {
    const [column, row] = key.split(" ").map(Number);
    const around = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => cells.get(`${column + dx} ${row + dy}`) ?? []));
    const at = middle(own);
    return { at, held: around.filter((placed) => distance(placed.at, at) <= reach) };
  });
  return made.sort((a, b) => b.held.length - a.held.length);
}

/** @template T @param {T[]} rows @param {(row: T) => string} keyOf @returns {Map<string, T[]>} */
function byKey(rows, keyOf) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const row of rows) {
    const held = groups.get(keyOf(row));
    if (held) held.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

/** @param {Placed[]} held @returns {[number, number]} */
function middle(held) {
  const sum = held.reduce(([x, y], { at }) => [x + at[0], y + at[1]], [0, 0]);
  return [sum[0] / held.length, sum[1] / held.length];
}

/** @param {[number, number]} a @param {[number, number]} b */
const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** What people would call it: the lane most of them lie on, else their grid. @param {Placed[]} held */
function nameOf(held) {
  const names = held.map(({ issue }) => issue.lane || issue.grid_name || "").filter(Boolean);
  const counted = [...byKey(names, (name) => name)].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  return counted.length ? counted[0][0] : say("spot.unnamed");
}

/** ▲ 12 more than before, ▼ 4 fewer, nothing where it is the same. @param {number | null} change */
export function changeSaid(change) {
  if (!change) return "";
  return `${change > 0 ? "▲" : "▼"}${figure(Math.abs(change))}`;
}

/** How many a map of this width has room for. @param {number} width */
export const roomFor = (width) => (width < SMALL ? 1 : MOST);

/** What the labels say, for those who do not see them. @param {HotSpot[]} spots */
export function spotsSaid(spots) {
  return spots.map(({ name, count, change }, i) => {
    const key = change === null ? "spot.said" : change > 0 ? "spot.said-more" : change < 0 ? "spot.said-fewer" : "spot.said-same";
    return say(key, { rank: i + 1, name, n: figure(count), by: figure(Math.abs(change ?? 0)) });
  }).join(" ");
}

/** @param {CanvasRenderingContext2D} ctx @param {import("./chart.js").View} view @param {import("./chart.js").Box} box @param {HotSpot[]} spots @param {0 | 1} base */
export function drawHotSpots(ctx, view, box, spots, base) {
  const labels = spots.map((spot, i) => spotLabel(spot, i, placedPoint(spot.at, view), box));
  labels.forEach((label, i) => drawLeader(ctx, placedPoint(spots[i].at, view), label, base));
  drawLabels(ctx, labels, base, box);
}

const [ASIDE, ABOVE] = [84, 58];

/** @param {HotSpot} spot @param {number} i @param {[number, number]} at @param {import("./chart.js").Box} box @returns {Label} */
function spotLabel(spot, i, [x, y], box) {
  const white = TOKENS.interface["bar-ink"][0];
  const run = (/** @type {string} */ text, /** @type {number} */ weight) => ({ text, size: 13, weight, colour: white });
  const words = [run(`${i + 1} ${spot.name}`, 600), run(`  ${say("spot.count", { n: figure(spot.count) })} ${changeSaid(spot.change)}`.trimEnd(), 400)];
  const inward = x < (box[0] + box[2]) / 2 ? ASIDE : -ASIDE;
  return { x: x + inward, y: y - ABOVE, lines: [words], rank: 3e7 - i, badge: TOKENS.interface.bar[0] };
}

/** @param {CanvasRenderingContext2D} ctx @param {[number, number]} from @param {Label} to @param {0 | 1} base */
function drawLeader(ctx, [x, y], to, base) {
  for (const [colour, width] of /** @type {[string, number][]} */ ([[TOKENS.casing[base], 3.4], [TOKENS.interface.bar[0], 1.6]])) {
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
