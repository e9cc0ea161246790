// How the map of issues is painted: heat or grids, borders, names, marks.
import { borderStyle, drawBorder, line, weightAt } from "./borders.js";
import { placed, placedPoint } from "./chart.js";
import { drawDot, drawMark } from "./glyphs.js";
import { drawHeat, heatBands, heatLimits, periodFactor } from "./heat.js";
import { drawHotSpots, hotSpots, reachAt, roomFor } from "./hotspots.js";
import { byUrgency, cellsOf, spread } from "./issues.js";
import { drawLabels } from "./labels.js";
import { badgeLabels, roadLabels } from "./names.js";
import { outlinePicked } from "./plan_paint.js";
import { figure } from "./say.js";
import { TOKENS } from "./tokens.js";

/** @typedef {import("./chart.js").View} View @typedef {import("./chart.js").Box} Box @typedef {import("./issues.js").Issue} Issue */
/**
 * @typedef {{world: import("./chart.js").World, bounds: L.LatLngBounds, base: 0 | 1, layer: "heat" | "grids",
 *   picked: Issue | null, issues: Issue[], beyond: import("./issues.js").Cell[], shown: Issue[], former: Issue[] | null, marked?: Issue[], badged?: Box[], spots?: import("./hotspots.js").HotSpot[], unmarked?: number, counts: Map<string, number>, until: number, now: number,
 *   filter: import("./issues.js").Filter, ground: import("./ground.js").Ground, grids: import("./grids.js").Grid[],
 *   borders: Path2D, communities: Path2D, subdistricts: Path2D, inside: Path2D, scoped: boolean, badges: import("./names.js").Badge[],
 *   roads: import("./names.js").RoadName[], places: Map<Issue, [number, number]>}} Board
 */

const VEIL = 0.5;
const MOST_MARKS = 500;
const APART = 34; // px between two marks: nearer ones become dots, so that the heat can be read
const GRID_NAMED = 150; // px across, from which heat leaves room for the name of a grid
const EVER_DAYS = 90;
// Issues a grid in a week: five soft steps like the heat.
const GRID_STEPS = [1, 5, 10, 20, 40];

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {Board} board */
export function drawFields(ctx, view, box, board) {
  if (board.layer === "grids") return drawGrids(ctx, view, board);
  /** @type {[number, number, number?][]} */
  const points = board.shown.filter((i) => i.at).map((i) => placedPoint(/** @type {[number, number]} */ (board.places.get(i)), view));
  points.push(...cellsOf(board.beyond, board.filter).map(({ at, n }) => /** @type {[number, number, number]} */ ([...placedPoint(at, view), n])));
  const limits = heatLimits(view.zoom, board.filter.days || EVER_DAYS);
  ctx.save();
  if (board.scoped) ctx.clip(placed(board.inside, view), "evenodd");
  drawHeat(ctx, heatBands(points, box, limits, view.metresPerPixel), box, board.base);
  ctx.restore();
}

/** @param {Board} board */
function gridLimits(board) {
  return GRID_STEPS.map((step) => Math.round(step * periodFactor(board.filter.days || EVER_DAYS)));
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Board} board */
function drawGrids(ctx, view, board) {
  const limits = gridLimits(board);
  for (const grid of board.grids) {
    const step = limits.filter((limit) => (board.counts.get(grid.code) ?? 0) >= limit).length - 1;
    if (step < 0) continue;
    ctx.globalAlpha = TOKENS.heatOpacity[step];
    ctx.fillStyle = TOKENS.heat[step][board.base];
    ctx.fill(placed(grid.path, view), "evenodd");
  }
  ctx.globalAlpha = 1;
}

/** What the legend says of the field shown. @param {Board} board @param {number} zoom */
export function fieldKey(board, zoom) {
  const heat = board.layer === "heat";
  const limits = heat ? heatLimits(zoom, board.filter.days || EVER_DAYS) : gridLimits(board);
  const written = limits.map((n) => (Number.isInteger(n) ? figure(n) : String(Number(n.toPrecision(2)))));
  return { unit: heat ? "issue.heat-unit" : "issue.grid-unit", colours: TOKENS.heat.map((c) => c[board.base]), opacities: TOKENS.heatOpacity, limits: written };
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {Board} board */
export function drawIssueFrame(ctx, view, box, board) {
  if (board.scoped) drawVeil(ctx, view, box, board);
  const share = weightAt(view.metresPerPixel);
  line(ctx, placed(board.borders, view), TOKENS.casing[board.base], 2.4 * share, [], 0.6);
  line(ctx, placed(board.borders, view), borderStyle("grid").colour[board.base], 0.9 * share, [], 0.8);
  drawBorder(ctx, view, board.communities, "community", board.base);
  drawBorder(ctx, view, board.subdistricts, "subdistrict", board.base);
  const own = board.grids.find((grid) => grid.code === board.picked?.grid);
  if (own) outlinePicked(ctx, view, own, board.base);
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {Board} board */
function drawVeil(ctx, view, box, board) {
  const veil = placed(board.inside, view);
  veil.rect(box[0] - 9, box[1] - 9, box[2] - box[0] + 18, box[3] - box[1] + 18);
  ctx.globalAlpha = VEIL;
  ctx.fillStyle = TOKENS.interface.canvas[board.base];
  ctx.fill(veil, "evenodd");
  ctx.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {Board} board */
export function drawIssueNames(ctx, view, box, board) {
  const ink = TOKENS.interface[board.layer === "grids" ? "ink" : "ink-2"][board.base];
  const least = board.layer === "grids" ? 50 : GRID_NAMED;
  const grids = board.grids.filter((g) => (g.box[2] - g.box[0]) * view.scale > least).map((grid) => {
    const [x, y] = placedPoint(grid.at, view);
    const name = { text: grid.short, size: 12, weight: 400, colour: ink };
    const count = { text: figure(board.counts.get(grid.code) ?? 0), size: 15, weight: 600, colour: ink };
    return { x, y, rank: 100 + (board.counts.get(grid.code) ?? 0), lines: board.layer === "grids" ? [[name], [count]] : [[name]] };
  });
  const badges = badgeLabels(board.badges, view);
  board.badged = drawLabels(ctx, [...badges, ...grids, ...roadLabels(board.roads, view, board.base)], board.base, box).slice(0, badges.length);
}

/** Single marks only where fewer than 500 fall in view. @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {Board} board */
export function drawMarks(ctx, view, box, board) {
  const at = (/** @type {Issue} */ issue) => placedPoint(/** @type {[number, number]} */ (board.places.get(issue)), view);
  const seen = board.shown.filter((issue) => issue.at && within(at(issue), box));
  board.unmarked = seen.length < MOST_MARKS ? 0 : seen.length;
  board.marked = seen.length < MOST_MARKS && board.layer === "heat" ? seen : [];
  const urgent = byUrgency(board.marked);
  const apart = spread(urgent.map(at), APART);
  const clear = urgent.map((issue, i) => apart[i] && !(board.badged ?? []).some((badge) => within(at(issue), grown(badge))));
  urgent.forEach((issue, i) => !clear[i] && drawDot(ctx, ...at(issue), board.base));
  for (const issue of urgent.filter((_, i) => clear[i]).reverse()) drawMark(ctx, ...at(issue), { state: issue.state, card: issue.state === "closed" ? null : issue.card }, board.base);
  if (board.picked?.at) drawPin(ctx, at(board.picked), board);
}

const MARK = 10;

/** A box with room for a mark around it. @param {Box} box @returns {Box} */
const grown = ([left, top, right, bottom]) => [left - MARK, top - MARK, right + MARK, bottom + MARK];

/** @param {[number, number]} point @param {Box} box */
function within([x, y], box) {
  return x > box[0] && x < box[2] && y > box[1] && y < box[3];
}

/** Where issues gather, named: over the heat, and with what they were the period before. @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {Board} board */
export function drawSpots(ctx, view, box, board) {
  board.spots = [];
  if (board.layer !== "heat" || board.picked) return;
  const placedOf = (/** @type {Issue[]} */ issues) => issues.filter((issue) => issue.at).map((issue) => ({ issue, at: /** @type {[number, number]} */ (board.places.get(issue)) }));
  board.spots = hotSpots(placedOf(board.shown), board.former && placedOf(board.former), reachAt(view), roomFor(view.size.x));
  drawHotSpots(ctx, view, box, board.spots, board.base);
}

/** The issue picked: a pin that stands on its place. @param {CanvasRenderingContext2D} ctx @param {[number, number]} at @param {Board} board */
function drawPin(ctx, [x, y], board) {
  ctx.save();
  ctx.translate(x, y);
  const pin = new Path2D("M0 0C-5 -9 -16 -14 -16 -27A16 16 0 1 1 16 -27C16 -14 5 -9 0 0Z");
  ctx.strokeStyle = "#FFFFFF";
  ctx.lineWidth = 4;
  ctx.stroke(pin);
  ctx.fillStyle = TOKENS.interface.primary[board.base];
  ctx.fill(pin);
  ctx.restore();
  if (board.picked) drawMark(ctx, x, y - 27, board.picked, board.base);
}
