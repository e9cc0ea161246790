// Borders by weight and dash, each drawn once: from shared lines, not twice from polygons.
import { mesh } from "topojson-client";
import { topology } from "topojson-server";
import { placed } from "./chart.js";
import { TOKENS } from "./tokens.js";

/** @typedef {import("./chart.js").World} World @typedef {import("./chart.js").View} View */

const CASING_OPACITY = 0.8;
const HALO_OPACITY = 0.22;
const FULL_WEIGHT = 4; // metres a px: up to here lines have their full weight, beyond it they thin out
const LEAST_WEIGHT = 0.4;

/** Share of its weight a line keeps at this scale, so that a district is not all borders. @param {number} metresPerPixel */
export function weightAt(metresPerPixel) {
  return Math.min(1, Math.max(LEAST_WEIGHT, FULL_WEIGHT / metresPerPixel));
}

/** Every border of a coverage once, as lines. @param {GeoJSON.Feature[]} features @returns {GeoJSON.MultiLineString} */
export function sharedLines(features) {
  const areas = features.filter((f) => f.geometry?.type.endsWith("Polygon"));
  if (!areas.length) return { type: "MultiLineString", coordinates: [] };
  const whole = topology({ areas: /** @type {any} */ ({ type: "FeatureCollection", features: areas }) });
  return mesh(/** @type {any} */ (whole), /** @type {any} */ (whole.objects.areas));
}

/** @param {World} world @param {GeoJSON.Feature[]} features */
export function borderPath(world, features) {
  return world.path(sharedLines(features));
}

/** @param {string} key */
export function borderStyle(key) {
  const found = TOKENS.borders.find((border) => border.key === key);
  if (!found) throw new Error(`no border style ${key}`);
  return found;
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Path2D} path @param {string} key @param {0 | 1} base */
export function drawBorder(ctx, view, path, key, base) {
  const style = borderStyle(key);
  const on = placed(path, view);
  const share = weightAt(view.metresPerPixel);
  ctx.save();
  ctx.lineJoin = "round";
  if (style.halo) line(ctx, on, TOKENS.halo[base], style.halo * share, [], HALO_OPACITY);
  if (style.casing) line(ctx, on, TOKENS.casing[base], (style.width + style.casing) * share, [], CASING_OPACITY);
  line(ctx, on, style.colour[base], style.width * share, style.dash.map((n) => n * share), 1);
  ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx @param {Path2D} on @param {string} colour @param {number} width @param {number[]} dash @param {number} opacity */
export function line(ctx, on, colour, width, dash, opacity) {
  ctx.globalAlpha = opacity;
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.stroke(on);
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}
