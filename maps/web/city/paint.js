// How tiles of the city are painted: the ground, areas by what they are measured by, borders once.
import { borderStyle, line, weightAt } from "../borders.js";
import { PUBLIC, shade, widthOf } from "../ground.js";
import { pattern } from "../patterns.js";
import { TOKENS } from "../tokens.js";
import { MEASURES } from "./measures.js";
import { SIDE, bordersOf, pathOf, pathsOf } from "./tiles.js";

/** @typedef {import("./tiles.js").Drawn} Drawn @typedef {import("./tiles.js").Shape} Shape @typedef {import("./tiles.js").Address} Address */
/** @typedef {{base: 0 | 1, measure: keyof typeof MEASURES, open: Map<string, number>, only: number | null, latitude: number}} Scene */

const CASED_FROM = 11;
const PATTERN_INK = "rgba(22, 32, 43, 0.42)";
const FILTERED = 0.1;
const THIN = 0.5;
const SLIM = 1.3; // px
const EDGE = 0.9; // px of the border of what is coloured
const AROUND = 40075016.686; // metres around the equator

/** Whose borders stand above what is coloured, the lowest first; a tile holds those of its zoom. */
const ABOVE = /** @type {const} */ ([["communities", "community"], ["subdistricts", "subdistrict"], ["districts", "district"]]);
/** @type {Drawn} */
const NOTHING = { shapes: [], borders: null };

/** @param {number} z of a tile @param {number} latitude */
export function metresAPixel(z, latitude) {
  return (AROUND * Math.cos((latitude * Math.PI) / 180)) / SIDE / 2 ** z;
}

/** @param {CanvasRenderingContext2D} ctx @param {Map<string, Drawn>} drawn @param {Address} at @param {Scene} scene */
export function paintAreas(ctx, drawn, { z }, scene) {
  const coloured = drawn.get("grids") ?? NOTHING;
  fillAreas(ctx, coloured.shapes, scene);
  const share = weightAt(metresAPixel(z, scene.latitude));
  ctx.lineJoin = "round";
  const near = share > THIN; // thinner lines go without what stands under them: it would not be seen
  if (near) line(ctx, bordersOf(coloured), TOKENS.casing[scene.base], (EDGE + 1.5) * share, [], 0.6);
  line(ctx, bordersOf(coloured), borderStyle("grid").colour[scene.base], EDGE * share, [], 0.8);
  for (const [name, kind] of ABOVE) {
    const above = drawn.get(name);
    if (!above) continue;
    const style = borderStyle(kind);
    const path = bordersOf(above);
    if (style.halo) line(ctx, path, TOKENS.halo[scene.base], style.halo * share, [], 0.22);
    if (near || style.halo) line(ctx, path, TOKENS.casing[scene.base], (style.width + style.casing) * share, [], 0.8);
    line(ctx, path, style.colour[scene.base], slim(style.width * share), style.dash.map((n) => n * share), 1);
  }
}

/** The borders of a draft, heavier than those in force. @param {CanvasRenderingContext2D} ctx @param {Map<string, Drawn>} drawn @param {Address} at @param {Scene} scene */
export function paintDraft(ctx, drawn, { z }, { base, latitude }) {
  const grids = drawn.get("grids");
  if (!grids) return;
  const [style, share] = [borderStyle("grid"), Math.max(THIN, weightAt(metresAPixel(z, latitude)))];
  ctx.lineJoin = "round";
  line(ctx, bordersOf(grids), TOKENS.casing[base], (style.width + style.casing) * share, [], 0.8);
  line(ctx, bordersOf(grids), style.colour[base], style.width * share, [], 1);
}

/** Lines of up to a px are drawn ten times as quickly, dashes and all: those hardly wider are no wider. @param {number} width */
const slim = (width) => (width < SLIM ? Math.min(1, width) : width);

/** @param {CanvasRenderingContext2D} ctx @param {Shape[]} shapes @param {Scene} scene */
function fillAreas(ctx, shapes, { measure, open, base, only }) {
  const { steps, stepOf } = MEASURES[measure];
  /** @type {Map<number, Shape[]>} */
  const classes = new Map();
  for (const shape of shapes) {
    const step = stepOf(shape.held, open);
    if (step !== null) gather(classes, step, shape);
  }
  const looks = steps(base);
  for (const [step, of] of classes) {
    const paths = pathsOf(of);
    const dimmed = only !== null && only !== step;
    ctx.globalAlpha = dimmed ? FILTERED : looks[step].opacity;
    fill(ctx, paths, looks[step].colour);
    ctx.globalAlpha = 1;
    if (looks[step].pattern && !dimmed) fill(ctx, paths, pattern(ctx, looks[step].pattern === "dots" ? "dots" : "hatch", PATTERN_INK));
  }
}

/** @param {Map<number, Shape[]>} by @param {number} key @param {Shape} shape */
function gather(by, key, shape) {
  const held = by.get(key);
  if (held) held.push(shape);
  else by.set(key, [shape]);
}

/** @param {CanvasRenderingContext2D} ctx @param {Map<string, Drawn>} drawn @param {Address} at @param {Scene} scene */
export function paintGround(ctx, drawn, { z }, { base, latitude }) {
  ctx.fillStyle = shade("land", base);
  ctx.fillRect(0, 0, SIDE, SIDE);
  ctx.lineJoin = ctx.lineCap = "round";
  const [ground, places] = [drawn.get("base") ?? NOTHING, drawn.get("places")];
  const of = (/** @type {(held: Record<string, any>, type: number) => boolean} */ test) => pathOf(ground.shapes.filter(({ held, type }) => test(held, type)));
  fill(ctx, [of(({ kind }) => kind === "green")], shade("green", base));
  const water = of(({ kind }, type) => kind === "water" && type === 3);
  fill(ctx, [water], shade("water", base));
  line(ctx, water, shade("water-edge", base), 1, [], 1);
  const metres = metresAPixel(z, latitude);
  line(ctx, of(({ kind }, type) => kind === "water" && type === 2), shade("water", base), Math.max(1.2, 10 / metres), [], 1);
  if (places) paintBuildings(ctx, places.shapes, base);
  line(ctx, of(({ kind }) => kind === "rail"), shade("rail", base), z < CASED_FROM ? 1 : 2, [], 1);
  paintRoads(ctx, ground.shapes.filter(({ held }) => held.kind === "road"), z, metres, base);
}

/** @param {CanvasRenderingContext2D} ctx @param {Path2D[]} paths @param {string | CanvasPattern} colour */
function fill(ctx, paths, colour) {
  ctx.fillStyle = colour;
  for (const path of paths) ctx.fill(path, "evenodd");
}

/** @param {CanvasRenderingContext2D} ctx @param {Shape[]} shapes @param {0 | 1} base */
function paintBuildings(ctx, shapes, base) {
  for (const wanted of [false, true]) {
    const some = shapes.filter(({ held }) => PUBLIC.test(held.class ?? "") === wanted);
    const points = new Path2D();
    for (const { type, rings: [[at]] } of some) if (type === 1) points.rect((at.x * SIDE) / 4096 - 1.5, (at.y * SIDE) / 4096 - 1.5, 3, 3);
    fill(ctx, [...pathsOf(some.filter(({ type }) => type === 3)), points], shade(wanted ? "public" : "dwelling", base));
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {Shape[]} roads @param {number} z @param {number} metres a px @param {0 | 1} base */
function paintRoads(ctx, roads, z, metres, base) {
  /** @type {Map<number, Shape[]>} */
  const byWidth = new Map();
  for (const road of roads) {
    gather(byWidth, widthOf(road.held.class), road);
  }
  const sorted = [...byWidth].sort(([a], [b]) => a - b).map(([width, some]) => /** @type {const} */ ([Math.min(22, Math.max(width / 14, width / metres)), pathOf(some)]));
  if (z < CASED_FROM) return sorted.forEach(([width, path]) => line(ctx, path, shade("road-casing", base), width * 0.7, [], 1));
  for (const [width, path] of sorted) line(ctx, path, shade("road-casing", base), width + 1.6, [], 1);
  for (const [width, path] of sorted) line(ctx, path, shade("road", base), width, [], 1);
}
