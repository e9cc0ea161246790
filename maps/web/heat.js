// Heat that can be read: issues a hectare in five steps, limits fixed by zoom and period.
import { contourDensity } from "d3-contour";
import { TOKENS } from "./tokens.js";

const BANDWIDTH = 26; // px: what lies this near adds up
const REFERENCE_ZOOM = 16;
const COARSE = 0.4;
const WEEK = 7;
const MEAN_SHARE = 0.6; // of the mean: what is rarer has no colour
const NICE = [1, 1.2, 1.5, 1.6, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100];

/** Limits in issues a hectare for a zoom and a period: the same for every place, never from the data. @param {number} zoom @param {number} days */
export function heatLimits(zoom, days) {
  const factor = 2 ** (Math.round(2 * zoom) / 2 - REFERENCE_ZOOM) * periodFactor(days);
  return TOKENS.heatLimits.map((limit) => nice(limit * factor));
}

/**
 * The same limits, doubled as often as the mean of the whole area asks for: where a city has a hundred
 * issues a hectare, a scale that begins at one would be one colour. The mean is of all that is chosen, not
 * of the view, so the scale stays while one moves.
 * @param {number[]} limits @param {number} mean issues a hectare
 */
export function raisedLimits(limits, mean) {
  const doubled = Math.ceil(Math.log2(Math.max(1, (MEAN_SHARE * mean) / limits[0])));
  return limits.map((limit) => nice(limit * 2 ** doubled));
}

/** Longer periods hold more issues. @param {number} days */
export function periodFactor(days) {
  if (days <= WEEK) return 1;
  return days <= 31 ? 2.5 : 6;
}

/** The nearest figure one would write on a legend. @param {number} value */
export function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = value / power;
  const near = NICE.reduce((best, n) => (Math.abs(n - lead) < Math.abs(best - lead) ? n : best), 1);
  return Number((near * power).toPrecision(3));
}

/**
 * Bands of density as paths in layer px, lowest first; each leaves out the one above it.
 * @param {[number, number, number?][]} points on the layer, each counted once or as often as said @param {import("./chart.js").Box} box
 * @param {number[]} limits issues a hectare @param {number} metresPerPixel
 */
export function heatBands(points, box, limits, metresPerPixel) {
  if (!points.length) return [];
  const margin = 3 * BANDWIDTH;
  const [left, top] = [box[0] - margin, box[1] - margin];
  const size = /** @type {[number, number]} */ ([Math.ceil(box[2] - left + margin), Math.ceil(box[3] - top + margin)]);
  const near = points.filter(([x, y]) => x > left && y > top && x < left + size[0] && y < top + size[1]);
  const hectare = 10000 / metresPerPixel ** 2; // px²
  const density = /** @type {import("d3-contour").ContourDensity<[number, number, number?]>} */ (contourDensity()).x((d) => d[0] - left).y((d) => d[1] - top).size(size).cellSize(8).bandwidth(BANDWIDTH)
    .weight((d) => d[2] ?? 1).thresholds(limits.map((limit) => limit / hectare));
  return bandPaths(density(near), left, top);
}

/** @param {import("d3-contour").ContourMultiPolygon[]} contours @param {number} left @param {number} top */
function bandPaths(contours, left, top) {
  const paths = contours.map((contour) => ringPath(contour.coordinates, left, top));
  return paths.map((own, i) => {
    const band = new Path2D(own);
    if (paths[i + 1]) band.addPath(paths[i + 1]);
    return band;
  });
}

/** @param {GeoJSON.Position[][][]} polygons @param {number} left @param {number} top */
function ringPath(polygons, left, top) {
  const path = new Path2D();
  for (const ring of polygons.flat()) {
    ring.forEach(([x, y], i) => (i ? path.lineTo(x + left, y + top) : path.moveTo(x + left, y + top)));
    path.closePath();
  }
  return path;
}

/** Bands on a coarser canvas, drawn larger: soft edges for the price of a quarter of the px. @param {CanvasRenderingContext2D} ctx @param {Path2D[]} bands @param {import("./chart.js").Box} box @param {0 | 1} base */
export function drawHeat(ctx, bands, box, base) {
  if (!bands.length || box[2] - box[0] < 1 / COARSE || box[3] - box[1] < 1 / COARSE) return;
  const sheet = document.createElement("canvas");
  sheet.width = (box[2] - box[0]) * COARSE;
  sheet.height = (box[3] - box[1]) * COARSE;
  const on = /** @type {CanvasRenderingContext2D} */ (sheet.getContext("2d"));
  on.setTransform(COARSE, 0, 0, COARSE, -box[0] * COARSE, -box[1] * COARSE);
  bands.forEach((band, i) => {
    on.globalAlpha = TOKENS.heatOpacity[i];
    on.fillStyle = TOKENS.heat[i][base];
    on.fill(band, "evenodd");
  });
  ctx.drawImage(sheet, box[0], box[1], box[2] - box[0], box[3] - box[1]);
}
