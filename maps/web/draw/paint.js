// How a draft being drawn is painted; during a stroke only the box of what moved.
import { borderStyle, drawBorder, line, weightAt } from "../borders.js";
import { placed, placedPoint } from "../chart.js";
import { drawVeil } from "../ground.js";
import { drawLabels } from "../labels.js";
import { badgeLabels, roadLabels } from "../names.js";
import { pattern } from "../patterns.js";
import { fillGrid, gridLabel } from "../plan_paint.js";
import { figure, say } from "../say.js";
import { TOKENS } from "../tokens.js";
import { byGrid, fillLoad, stepOf } from "./loads.js";
import { meet } from "./look.js";

/** @typedef {import("../chart.js").View} View @typedef {import("../chart.js").Box} Box @typedef {[number, number]} Point */
/**
 * @typedef {{base: 0 | 1, only: number | null, look: import("./look.js").Look, ground: import("../ground.js").Ground,
 *   communities: Path2D, subdistricts: Path2D, inside: Path2D, specials: import("../grids.js").Grid[],
 *   badges: import("../names.js").Badge[], roads: import("../names.js").RoadName[],
 *   showToday: boolean, today: Path2D | null, moved: Path2D | null, picked: number | null, target: number | null,
 *   chosen: Path2D | null, painted: Path2D | null, drawn: Point[], lasso: boolean, settled: boolean, pointer: Point | null, radius: number,
 *   brush: boolean, refused: boolean, loads: import("./loads.js").Loads | null, department: Path2D | null, torn: {path: Path2D}[], cursor: {path: Path2D} | null, pinned: Point[]}} Scene
 */

const ATOM_ROOM = 3.2; // metres a px: beyond it single atoms would be a grey haze
const INK = ["rgba(22, 32, 43, 0.34)", "rgba(232, 238, 244, 0.34)"];

/** Grids, what moves, and every border once. @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box in layer px @param {Scene} scene */
export function drawGrids(ctx, view, box, scene) {
  const seen = worldBox(view, box);
  const grids = [...scene.look.grids.values(), ...scene.specials].filter((grid) => meet(grid.box, seen));
  const borne = scene.loads && byGrid(scene.look.sketch, scene.loads.issues);
  for (const grid of grids) {
    const number = borne ? scene.look.sketch.number.get(grid.code) : undefined;
    if (scene.loads && borne && number !== undefined) fillLoad(ctx, placed(grid.path, view), stepOf(borne[number], scene.loads.median), scene.base);
    else fillGrid(ctx, view, grid, /** @type {any} */ (scene));
  }
  if (scene.moved && scene.showToday) {
    ctx.fillStyle = pattern(ctx, "moved", INK[scene.base]);
    ctx.fill(placed(scene.moved, view), "evenodd");
  }
  if (view.metresPerPixel < ATOM_ROOM) line(ctx, placed(scene.look.atoms, view), borderStyle("atom").colour[scene.base], 0.5, [], 0.16);
  if (scene.today && scene.showToday) drawBorder(ctx, view, scene.today, "today", scene.base);
  drawBorder(ctx, view, scene.look.borders(seen), "grid", scene.base);
  drawFrame(ctx, view, box, scene);
  if (scene.department) drawBorder(ctx, view, scene.department, "department", scene.base);
}

/** What lies outside the scope is veiled. @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {Scene} scene */
function drawFrame(ctx, view, box, scene) {
  drawVeil(ctx, view, box, scene.inside, scene.base);
  drawBorder(ctx, view, scene.communities, "community", scene.base);
  drawBorder(ctx, view, scene.subdistricts, "subdistrict", scene.base);
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {Scene} scene */
export function drawNames(ctx, view, box, scene) {
  const borne = scene.loads && byGrid(scene.look.sketch, scene.loads.issues);
  const labels = [
    ...badgeLabels(scene.badges, view),
    ...[...scene.look.grids.values(), ...scene.specials].filter((grid) => roomFor(grid, view)).map((grid) => named(grid, view, scene, borne)),
    ...roadLabels(scene.roads, view, scene.base),
  ];
  drawLabels(ctx, labels, scene.base, box);
  drawLocks(ctx, view, scene);
}

/** @param {import("../grids.js").Grid} grid @param {View} view */
function roomFor(grid, view) {
  return (grid.box[2] - grid.box[0]) * view.scale > 34 && (grid.box[3] - grid.box[1]) * view.scale > 24;
}

/** A grid's name over the figure that its colour tells of: households, or the issues it bears. @param {import("../grids.js").Grid} grid @param {View} view @param {Scene} scene @param {Float64Array | null} borne by number of the grid */
function named(grid, view, scene, borne) {
  const label = gridLabel(grid, view, /** @type {any} */ (scene));
  const number = borne ? scene.look.sketch.number.get(grid.code) : undefined;
  if (!borne || number === undefined) return label;
  const run = { text: say("draw.load-row", { n: figure(borne[number]) }), size: 15, weight: 600, colour: TOKENS.interface.ink[scene.base] };
  return { ...label, lines: [label.lines[0], [run]] };
}

/** A lock over the name of each locked grid. @param {CanvasRenderingContext2D} ctx @param {View} view @param {Scene} scene */
function drawLocks(ctx, view, scene) {
  for (const [number, grid] of scene.look.grids) {
    if (!scene.look.sketch.grids[number].locked || !roomFor(grid, view)) continue;
    const [x, y] = placedPoint(grid.at, view);
    drawLock(ctx, x, y - 27, scene.base);
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {0 | 1} base */
function drawLock(ctx, x, y, base) {
  ctx.fillStyle = TOKENS.interface.surface[base];
  ctx.strokeStyle = TOKENS.interface.line[base];
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.arc(x, y, 10, 0, 7);
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = ctx.strokeStyle = TOKENS.interface.ink[base];
  ctx.lineWidth = 1.6;
  ctx.beginPath();
  ctx.roundRect(x - 4.5, y - 1, 9, 6.5, 1);
  ctx.fill();
  ctx.beginPath();
  ctx.arc(x, y - 1, 2.8, Math.PI, 0);
  ctx.stroke();
}

/** What is under the hand: the picked grid, the stroke, the line, broken pieces. @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} _ @param {Scene} scene */
export function drawLive(ctx, view, _, scene) {
  const { base } = scene;
  const live = TOKENS.interface.live[base];
  ctx.lineJoin = ctx.lineCap = "round";
  if (scene.painted) tint(ctx, placed(scene.painted, view), live, 0.34, 1.4);
  if (scene.chosen) tint(ctx, placed(scene.chosen, view), live, 0.26, 2);
  const picked = scene.picked === null ? undefined : scene.look.grids.get(scene.picked);
  if (picked) outline(ctx, placed(picked.path, view), base);
  const target = scene.target === null ? undefined : scene.look.grids.get(scene.target);
  if (target && target !== picked) outline(ctx, placed(target.path, view), base);
  for (const { path } of scene.torn) {
    const style = borderStyle("broken");
    line(ctx, placed(path, view), TOKENS.casing[base], style.width + style.casing, [], 0.9);
    ctx.lineCap = "butt";
    line(ctx, placed(path, view), style.colour[base], style.width, style.dash, 1);
  }
  if (scene.cursor) {
    line(ctx, placed(scene.cursor.path, view), TOKENS.casing[base], 5, [], 1);
    line(ctx, placed(scene.cursor.path, view), TOKENS.interface.ink[base], 2.4, [], 1);
  }
  if (scene.drawn.length > 1) drawDrawn(ctx, view, scene, live);
  if (scene.brush && scene.pointer) drawBrush(ctx, view, scene, live);
}

/** @param {CanvasRenderingContext2D} ctx @param {Path2D} on @param {string} colour @param {number} opacity @param {number} width */
function tint(ctx, on, colour, opacity, width) {
  ctx.globalAlpha = opacity;
  ctx.fillStyle = colour;
  ctx.fill(on, "evenodd");
  line(ctx, on, colour, width, [], 0.9);
}

/** @param {CanvasRenderingContext2D} ctx @param {Path2D} on @param {0 | 1} base */
function outline(ctx, on, base) {
  line(ctx, on, TOKENS.casing[base], 7, [], 1);
  line(ctx, on, TOKENS.interface.live[base], 3.6, [], 1);
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Scene} scene @param {string} live */
function drawDrawn(ctx, view, scene, live) {
  const path = new Path2D();
  scene.drawn.forEach((point, i) => {
    const [x, y] = placedPoint(point, view);
    if (i) path.lineTo(x, y);
    else path.moveTo(x, y);
  });
  if (scene.lasso) path.closePath();
  line(ctx, path, TOKENS.casing[scene.base], 5, [], 0.9);
  line(ctx, path, live, 2.4, scene.lasso ? [6, 5] : [], 1);
  if (scene.lasso) return;
  for (const point of scene.drawn.slice(0, -1)) {
    const [x, y] = placedPoint(point, view);
    ctx.fillStyle = TOKENS.interface.surface[scene.base];
    ctx.strokeStyle = live;
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.arc(x, y, 4, 0, 7);
    ctx.fill();
    ctx.stroke();
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Scene} scene @param {string} live */
function drawBrush(ctx, view, scene, live) {
  const [x, y] = placedPoint(/** @type {Point} */ (scene.pointer), view);
  const circle = new Path2D();
  circle.arc(x, y, scene.radius, 0, 7);
  ctx.globalAlpha = 0.16;
  ctx.fillStyle = live;
  ctx.fill(circle);
  line(ctx, circle, TOKENS.casing[scene.base], 4, [], 0.8);
  line(ctx, circle, scene.refused ? TOKENS.interface["red-text"][scene.base] : live, 2, [], 1);
  if (!scene.refused) return;
  const cross = new Path2D();
  for (const turn of [1, -1]) {
    cross.moveTo(x - 6, y - 6 * turn);
    cross.lineTo(x + 6, y + 6 * turn);
  }
  line(ctx, cross, TOKENS.interface["red-text"][scene.base], 2.6, [], 1);
}

/** A box of the layer in px of the world. @param {View} view @param {Box} box @returns {Box} */
export function worldBox(view, box) {
  const to = (/** @type {number} */ value, /** @type {number} */ shift) => (value - shift) / view.scale;
  return [to(box[0], view.dx), to(box[1], view.dy), to(box[2], view.dx), to(box[3], view.dy)];
}

/** A box of the world in px of the layer, with room for what is drawn around its edge. @param {View} view @param {Box} box @returns {Box} */
export function layerBox(view, box) {
  const room = 8 * weightAt(view.metresPerPixel) + 6;
  const [left, top] = placedPoint([box[0], box[1]], view);
  const [right, bottom] = placedPoint([box[2], box[3]], view);
  return [Math.floor(left - room), Math.floor(top - room), Math.ceil(right + room), Math.ceil(bottom + room)];
}

