// The base map from our own layers: paper for the data to lie on, low in chroma.
import { placed } from "./chart.js";
import { TOKENS } from "./tokens.js";

/** @typedef {import("./chart.js").World} World @typedef {import("./chart.js").View} View */
/** @typedef {{path: Path2D, width: number}} RoadClass */
/** @typedef {{green: Path2D, water: Path2D, streams: Path2D, rail: Path2D, dwellings: Path2D, public: Path2D, roads: RoadClass[]}} Ground */

// Width in metres of the drawn road, by class, thinnest first; they widen with the zoom.
const ROADS = [["lane", 5], ["branch", 7], ["local", 8], ["minor", 8], ["street", 10], ["secondary", 14], ["collector", 14], ["main", 18], ["primary", 20], ["arterial", 22], ["ring", 26], ["expressway", 28], ["motorway", 28]];
const OTHER_ROAD = 8;
export const PUBLIC = /school|hospital|market|office|public|kindergarten|station|temple|shop|mall|govern/;
const BUILDINGS_FROM_ZOOM = 14.5;

/** @param {string} key @param {0 | 1} base */
export const shade = (key, base) => TOKENS.ground[key][base];

/** The ground without buildings, which come later. @param {World} world @param {GeoJSON.Feature[]} base @returns {Ground} */
export function groundOf(world, base) {
  const of = (/** @type {(f: GeoJSON.Feature) => boolean} */ test) => world.pathOfAll(base.filter(test).map((f) => f.geometry));
  const polygon = (/** @type {GeoJSON.Feature} */ f) => f.geometry?.type.endsWith("Polygon");
  return {
    green: of((f) => f.properties?.kind === "green"),
    water: of((f) => f.properties?.kind === "water" && polygon(f)),
    streams: of((f) => f.properties?.kind === "water" && !polygon(f)),
    rail: of((f) => f.properties?.kind === "rail"),
    dwellings: new Path2D(), public: new Path2D(), roads: roadClasses(world, base),
  };
}

/** The same ground with its buildings. @param {Ground} ground @param {World} world @param {GeoJSON.Feature[]} buildings @returns {Ground} */
export function built(ground, world, buildings) {
  const drawn = buildings.filter((f) => f.geometry?.type.endsWith("Polygon"));
  const [homes, others] = [false, true].map((kind) => drawn.filter((f) => PUBLIC.test(f.properties?.class ?? "") === kind));
  return { ...ground, dwellings: world.pathOfAll(homes.map((f) => f.geometry)), public: world.pathOfAll(others.map((f) => f.geometry)) };
}

/** @param {World} world @param {GeoJSON.Feature[]} base @returns {RoadClass[]} */
function roadClasses(world, base) {
  /** @type {Map<number, (GeoJSON.Geometry | null)[]>} */
  const byWidth = new Map();
  for (const feature of base) {
    if (feature.properties?.kind !== "road") continue;
    const width = widthOf(feature.properties?.class);
    const held = byWidth.get(width);
    if (held) held.push(feature.geometry);
    else byWidth.set(width, [feature.geometry]);
  }
  return [...byWidth].sort((a, b) => a[0] - b[0]).map(([width, held]) => ({ width, path: world.pathOfAll(held) }));
}

/** Metres a road of this class is drawn wide. @param {unknown} name */
export function widthOf(name) {
  const found = ROADS.find(([key]) => key === name);
  return found ? Number(found[1]) : OTHER_ROAD;
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {import("./chart.js").Box} box @param {Ground} ground @param {0 | 1} base */
export function drawGround(ctx, view, box, ground, base) {
  ctx.fillStyle = shade("land", base);
  ctx.fillRect(box[0], box[1], box[2] - box[0], box[3] - box[1]);
  ctx.lineJoin = ctx.lineCap = "round";
  fill(ctx, view, ground.green, shade("green", base));
  fill(ctx, view, ground.water, shade("water", base));
  stroke(ctx, view, ground.water, shade("water-edge", base), 1);
  stroke(ctx, view, ground.streams, shade("water", base), Math.max(1.5, 10 / view.metresPerPixel));
  if (view.zoom >= BUILDINGS_FROM_ZOOM) {
    fill(ctx, view, ground.dwellings, shade("dwelling", base));
    fill(ctx, view, ground.public, shade("public", base));
  }
  drawRail(ctx, view, ground, base);
  drawRoads(ctx, view, ground, base);
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Ground} ground @param {0 | 1} base */
function drawRoads(ctx, view, ground, base) {
  for (const road of ground.roads) stroke(ctx, view, road.path, shade("road-casing", base), roadWidth(road, view) + 1.6);
  for (const road of ground.roads) stroke(ctx, view, road.path, shade("road", base), roadWidth(road, view));
}

/** @param {RoadClass} road @param {View} view */
function roadWidth(road, view) {
  return Math.min(22, Math.max(road.width / 14, road.width / view.metresPerPixel));
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Ground} ground @param {0 | 1} base */
function drawRail(ctx, view, ground, base) {
  stroke(ctx, view, ground.rail, shade("rail", base), 3.2);
  ctx.lineCap = "butt";
  stroke(ctx, view, ground.rail, shade("road", base), 1.8, [7, 7]);
  ctx.lineCap = "round";
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Path2D} path @param {string} colour */
function fill(ctx, view, path, colour) {
  ctx.fillStyle = colour;
  ctx.fill(placed(path, view), "evenodd");
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Path2D} path @param {string} colour @param {number} width @param {number[]} [dash] */
function stroke(ctx, view, path, colour, width, dash = []) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.stroke(placed(path, view));
  ctx.setLineDash([]);
}

/** Veil what lies outside a path. @param {CanvasRenderingContext2D} ctx @param {View} view @param {import("./chart.js").Box} box @param {Path2D} inside @param {0 | 1} base */
export function drawVeil(ctx, view, box, inside, base, opacity = 0.62) {
  const veil = placed(inside, view);
  veil.rect(box[0] - 9, box[1] - 9, box[2] - box[0] + 18, box[3] - box[1] + 18);
  ctx.globalAlpha = opacity;
  ctx.fillStyle = TOKENS.interface.canvas[base];
  ctx.fill(veil, "evenodd");
  ctx.globalAlpha = 1;
}
