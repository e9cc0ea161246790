// How the two sides of a comparison are painted.
import { classOf, fillOf, signOf } from "./balance.js";
import { drawBorder, line } from "./borders.js";
import { inside, placed, placedPoint } from "./chart.js";
import { drawVeil } from "./ground.js";
import { drawLabels } from "./labels.js";
import { badgeLabels, roadLabels } from "./names.js";
import { pattern } from "./patterns.js";
import { figure } from "./say.js";
import { TOKENS } from "./tokens.js";

/** @typedef {import("./chart.js").View} View @typedef {import("./chart.js").Box} Box @typedef {import("./grids.js").Grid} Grid */
/** @typedef {{grids: Grid[], borders: Path2D}} Side */
/**
 * @typedef {{world: import("./chart.js").World, bounds: L.LatLngBounds, base: 0 | 1, selected: string | null,
 *   only: number | null, spans: Record<"now" | "draft", import("./labels.js").Span>, ground: import("./ground.js").Ground, now: Side, draft: Side, communities: Path2D,
 *   subdistricts: Path2D, inside: Path2D, badges: import("./names.js").Badge[], roads: import("./names.js").RoadName[],
 *   pinned: [number, number][]}} Scene places in the world under the pins of comments
 */

const FILTERED = 0.14;
const PATTERN_INK = ["rgba(22, 32, 43, 0.42)", "rgba(232, 238, 244, 0.42)"];
const MOVED_INK = ["rgba(22, 32, 43, 0.34)", "rgba(232, 238, 244, 0.34)"];
const PIN = [-16, -36, 16, 0]; // px around a place, of the pin of a comment

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Scene} scene @param {"now" | "draft"} which */
export function drawSide(ctx, view, scene, which) {
  const side = scene[which];
  for (const grid of side.grids) fillGrid(ctx, view, grid, scene);
  if (which === "draft") hatchMoved(ctx, view, scene);
  drawBorder(ctx, view, side.borders, "grid", scene.base);
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Grid} grid @param {Scene} scene */
export function fillGrid(ctx, view, grid, scene) {
  const found = grid.special ? null : classOf(grid);
  const entry = TOKENS.balance[found ?? 3];
  const on = placed(grid.path, view);
  const dimmed = scene.only !== null && found !== scene.only;
  ctx.globalAlpha = dimmed ? FILTERED : entry.opacity;
  ctx.fillStyle = fillOf(found, scene.base);
  ctx.fill(on, "evenodd");
  ctx.globalAlpha = 1;
  if (!entry.pattern || dimmed || found === null) return;
  ctx.fillStyle = pattern(ctx, entry.pattern === "dots" ? "dots" : "hatch", PATTERN_INK[scene.base]);
  ctx.fill(on, "evenodd");
}

/** Land that a draft gives to another grid: inside the draft's grid, outside today's of that code. @param {CanvasRenderingContext2D} ctx @param {View} view @param {Scene} scene */
function hatchMoved(ctx, view, scene) {
  const before = new Map(scene.now.grids.map((grid) => [grid.code, grid]));
  if (!before.size) return;
  for (const grid of scene.draft.grids) {
    const old = before.get(grid.code);
    ctx.save();
    ctx.clip(placed(grid.path, view), "evenodd");
    if (old) ctx.clip(outside(old, view), "evenodd");
    ctx.fillStyle = pattern(ctx, "moved", MOVED_INK[scene.base]);
    ctx.fill(placed(grid.path, view), "evenodd");
    ctx.restore();
  }
}

/** @param {Grid} grid @param {View} view */
function outside(grid, view) {
  const path = placed(grid.path, view);
  path.rect(-1e5, -1e5, 2e5, 2e5);
  return path;
}

/** What both sides share: the veil outside the scope, the heavier borders, the grid picked. @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {Scene} scene */
export function drawFrame(ctx, view, box, scene) {
  drawVeil(ctx, view, box, scene.inside, scene.base);
  drawBorder(ctx, view, scene.communities, "community", scene.base);
  drawBorder(ctx, view, scene.subdistricts, "subdistrict", scene.base);
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {Scene} scene @param {"now" | "draft"} which */
export function drawNames(ctx, view, box, scene, which) {
  const { grids } = scene[which];
  const picked = grids.find((grid) => grid.code === scene.selected);
  if (picked) outlinePicked(ctx, view, picked, scene.base);
  const labels = [
    ...badgeLabels(scene.badges, view),
    ...grids.filter((grid) => roomFor(grid, view)).map((grid) => gridLabel(grid, view, scene)),
    ...roadLabels(scene.roads, view, scene.base),
  ];
  drawLabels(ctx, labels, scene.base, box, scene.spans[which]);
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Grid} grid @param {0 | 1} base */
export function outlinePicked(ctx, view, grid, base) {
  const on = placed(grid.path, view);
  ctx.lineJoin = "round";
  line(ctx, on, TOKENS.casing[base], 7, [], 1);
  line(ctx, on, TOKENS.interface.live[base], 3.6, [], 1);
}

/** @param {Grid} grid @param {View} view */
function roomFor(grid, view) {
  return (grid.box[2] - grid.box[0]) * view.scale > 34 && (grid.box[3] - grid.box[1]) * view.scale > 24;
}

/** Where the pin of a comment on a place stands. @param {[number, number]} point @returns {Box} */
const pinAt = ([x, y]) => [x + PIN[0], y + PIN[1], x + PIN[2], y + PIN[3]];

/** @param {Grid} grid @param {View} view @param {Scene} scene @returns {import("./labels.js").Label} */
export function gridLabel(grid, view, scene) {
  const [x, y] = placedPoint(grid.at, view);
  const ink = TOKENS.interface.ink[scene.base];
  const name = { text: grid.short, size: 12, weight: 400, colour: ink };
  const holds = (/** @type {number} */ a, /** @type {number} */ b) => inside(grid.rings, (a - view.dx) / view.scale, (b - view.dy) / view.scale);
  const avoids = scene.pinned.map((at) => pinAt(placedPoint(at, view)));
  if (grid.special) return { x, y, rank: 50, holds, avoids, lines: [[{ ...name, colour: TOKENS.interface["ink-2"][scene.base] }]] };
  const count = { text: figure(grid.households), size: 15, weight: 600, colour: ink };
  const sign = signOf(grid);
  const run = { text: "", sign, size: 12, weight: 600, colour: TOKENS.interface[sign.startsWith("▲") ? "up" : "down"][scene.base] };
  return { x, y, rank: 1000 + (grid.households ?? 0), holds, avoids, lines: [[name], sign ? [count, run] : [count]] };
}
