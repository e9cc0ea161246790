// How the board's map is painted: heat or grids, borders, names, marks, hot spots.
import { borderStyle, drawBorder, line, weightAt } from "../borders.js";
import { placed, placedPoint } from "../chart.js";
import { drawDot, drawMark } from "../glyphs.js";
import { drawVeil } from "../ground.js";
import { drawHeat, heatBands, heatLimits, periodFactor, raisedLimits } from "../heat.js";
import { drawLabels } from "../labels.js";
import { badgeLabels, roadLabels } from "../names.js";
import { outlinePicked } from "../plan_paint.js";
import { figure } from "../say.js";
import { TOKENS } from "../tokens.js";
import { lengthOf } from "./filters.js";
import { byUrgency, spread } from "./marks.js";
import { drawSpots } from "./spots.js";

/** @typedef {import("../chart.js").View} View @typedef {import("../chart.js").Box} Box @typedef {import("../issues.js").Issue} Issue */
/** @typedef {{id: number, at: [number, number], state: string, card: "yellow" | "red" | null}} Mark */
/**
 * @typedef {{world: import("../chart.js").World, bounds: L.LatLngBounds, base: 0 | 1, picked: Issue | null, lifted: string | null,
 *   filter: import("./filters.js").Filter, shown: import("./filters.js").Shown, period: import("./filters.js").Period, now: number,
 *   told: import("./questions.js").Told | null, rows: Issue[],
 *   cells: {at: [number, number], n: number, reporters: number}[], marks: Mark[] | null, seen: number, marked: Mark[], badged: Box[],
 *   spots: (import("./questions.js").Spot & {at: [number, number]})[], counts: Map<string, import("./questions.js").AreaCount>,
 *   ground: import("../ground.js").Ground, grids: import("../grids.js").Grid[], kind: string,
 *   borders: Path2D, communities: Path2D, subdistricts: Path2D, inside: Path2D, scoped: boolean, hectares: number,
 *   badges: import("../names.js").Badge[], roads: import("../names.js").RoadName[]}} Board
 */

const VEIL = 0.5;
const APART = 34; // px between two marks: nearer ones become dots, so that the heat can be read
const GRID_NAMED = 150; // px across, from which heat leaves room for the name of a grid
const EVER_DAYS = 90;
const MARK = 10;
const COUNTED = ["n", "reporters", "is_open", "overdue"];
const PERIODIC = ["n", "reporters", "households"]; // more come in a month; a share grows by none
/** Measure → its five steps in a week. @type {Record<string, number[]>} */
const STEPS = { n: [1, 5, 10, 20, 40], reporters: [1, 5, 10, 20, 40], is_open: [1, 5, 10, 20, 40], overdue: [1, 2, 4, 8, 16], households: [0.5, 1, 2, 4, 8], solved_in_grid: [0.2, 0.4, 0.6, 0.7, 0.8] };

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {Board} board */
export function drawFields(ctx, view, box, board) {
  if (board.shown.layer === "grids") return drawGrids(ctx, view, board);
  const points = board.cells.map((cell) => /** @type {[number, number, number]} */ ([...placedPoint(cell.at, view), cell[board.shown.by]]));
  ctx.save();
  if (board.scoped) ctx.clip(placed(board.inside, view), "evenodd");
  drawHeat(ctx, heatBands(points, box, limitsOf(board, view.zoom), view.metresPerPixel), box, board.base);
  ctx.restore();
}

/** @param {Board} board @param {number} zoom */
function limitsOf({ period, filter, told, hectares }, zoom) {
  const limits = heatLimits(zoom, lengthOf(period) ?? EVER_DAYS);
  const total = (filter.queue ? told?.queues[filter.queue] : told?.total) ?? 0;
  return hectares ? raisedLimits(limits, total / hectares) : limits;
}

/** The figure of a grid that is shown; null where there is none. @param {Board} board @param {import("../grids.js").Grid} grid @returns {number | null} */
export function measured({ counts, shown: { measure } }, grid) {
  const found = counts.get(grid.code);
  if (measure === "solved_in_grid") return found?.solved_in_grid ?? null;
  if (measure !== "households") return found ? /** @type {any} */ (found)[measure] : 0;
  return grid.households ? ((found?.n ?? 0) / grid.households) * 100 : null;
}

/** Where the steps of a measure begin: what is counted begins at a whole number. @param {string} measure @param {import("./filters.js").Period} period */
export function stepsOf(measure, period) {
  const factor = PERIODIC.includes(measure) ? periodFactor(lengthOf(period) ?? EVER_DAYS) : 1;
  const steps = STEPS[measure].map((step) => Number((step * factor).toPrecision(2)));
  return COUNTED.includes(measure) ? steps.map(Math.ceil) : steps;
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Board} board */
function drawGrids(ctx, view, board) {
  const steps = stepsOf(board.shown.measure, board.period);
  for (const grid of board.grids) {
    const value = measured(board, grid) ?? -1;
    const step = steps.filter((limit) => value >= limit).length - 1;
    if (step < 0) continue;
    ctx.globalAlpha = TOKENS.heatOpacity[step];
    ctx.fillStyle = TOKENS.heat[step][board.base];
    ctx.fill(placed(grid.path, view), "evenodd");
  }
  ctx.globalAlpha = 1;
}

/** @param {string} measure @param {number | null} value */
export function measureSaid(measure, value) {
  if (value === null) return "–";
  if (measure === "solved_in_grid") return `${Math.round(value * 100)}%`;
  return measure === "households" ? value.toFixed(1) : figure(value);
}

/** What the legend says of the field shown. @param {Board} board @param {number} zoom */
export function fieldKey(board, zoom) {
  const { layer, by, measure } = board.shown;
  const limits = layer === "heat" ? limitsOf(board, zoom) : stepsOf(measure, board.period);
  const written = limits.map((n) => (measure === "solved_in_grid" && layer === "grids" ? measureSaid(measure, n) : Number.isInteger(n) ? figure(n) : String(Number(n.toPrecision(2)))));
  const unit = layer === "heat" ? (by === "n" ? "issue.heat-unit" : "issue.heat-unit-reporters") : `measure.${measure}`;
  return { unit, colours: TOKENS.heat.map((c) => c[board.base]), opacities: TOKENS.heatOpacity, limits: written };
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {Board} board */
export function drawFrame(ctx, view, box, board) {
  if (board.scoped) drawVeil(ctx, view, box, board.inside, board.base, VEIL);
  const share = weightAt(view.metresPerPixel);
  line(ctx, placed(board.borders, view), TOKENS.casing[board.base], 2.4 * share, [], 0.6);
  line(ctx, placed(board.borders, view), borderStyle("grid").colour[board.base], 0.9 * share, [], 0.8);
  drawBorder(ctx, view, board.communities, "community", board.base);
  drawBorder(ctx, view, board.subdistricts, "subdistrict", board.base);
  const outlined = board.grids.find((grid) => grid.code === (board.lifted ?? board.picked?.grid));
  if (outlined) outlinePicked(ctx, view, outlined, board.base);
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {Board} board */
export function drawNames(ctx, view, box, board) {
  const coloured = board.shown.layer === "grids";
  const ink = TOKENS.interface[coloured ? "ink" : "ink-2"][board.base];
  const least = coloured ? 50 : GRID_NAMED;
  const grids = board.grids.filter((g) => (g.box[2] - g.box[0]) * view.scale > least).map((grid) => {
    const [x, y] = placedPoint(grid.at, view);
    const value = measured(board, grid);
    const name = { text: grid.short, size: 12, weight: 400, colour: ink };
    const count = { text: measureSaid(board.shown.measure, value), size: 15, weight: 600, colour: ink };
    return { x, y, rank: 100 + (value ?? 0), lines: coloured ? [[name], [count]] : [[name]] };
  });
  const badges = badgeLabels(board.badges, view);
  board.badged = drawLabels(ctx, [...badges, ...grids, ...roadLabels(board.roads, view, board.base)], board.base, box).slice(0, badges.length);
}

/** Single marks only where few fall in view: the server says when. @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {Board} board */
export function drawMarks(ctx, view, box, board) {
  const at = (/** @type {Mark} */ mark) => placedPoint(mark.at, view);
  board.marked = board.shown.layer === "heat" ? (board.marks ?? []).filter((mark) => within(at(mark), box)) : [];
  const urgent = byUrgency(board.marked);
  const apart = spread(urgent.map(at), APART);
  const clear = urgent.map((mark, i) => apart[i] && !board.badged.some((badge) => within(at(mark), grown(badge))));
  urgent.forEach((mark, i) => !clear[i] && drawDot(ctx, ...at(mark), board.base));
  for (const mark of urgent.filter((_, i) => clear[i]).reverse()) drawMark(ctx, ...at(mark), { state: mark.state, card: mark.state === "closed" ? null : mark.card }, board.base);
  if (board.picked?.at) drawPin(ctx, placedPoint(board.world.xy(board.picked.at), view), board);
}

/** A box with room for a mark around it. @param {Box} box @returns {Box} */
const grown = ([left, top, right, bottom]) => [left - MARK, top - MARK, right + MARK, bottom + MARK];

/** @param {[number, number]} point @param {Box} box */
function within([x, y], box) {
  return x > box[0] && x < box[2] && y > box[1] && y < box[3];
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {Board} board */
export function drawHot(ctx, view, box, board) {
  if (board.shown.layer === "heat") drawSpots(ctx, view, box, board.spots, board.base);
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
