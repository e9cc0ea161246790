// The map of an inbox: where work waits, and one trip through what was chosen, numbered.
import { borderPath, drawBorder, line } from "../borders.js";
import { World, paintLayers, placed, placedPoint } from "../chart.js";
import { darkened, whenDarkened } from "../dom.js";
import { drawMark } from "../glyphs.js";
import { drawLabels } from "../labels.js";
import { badgeLabels, badgesOf } from "../names.js";
import { TOKENS } from "../tokens.js";
import { groundUnder } from "./base.js";

/** @typedef {import("./rows.js").Row} Row @typedef {import("../chart.js").View} View */
/** @typedef {{subdistricts: GeoJSON.Feature[], communities: GeoJSON.Feature[], ground: import("./base.js").Ground | null}} Area */
/** @typedef {{rows: Row[], trip: Row[], picked: number | null}} Shown */

const REACH = 18; // px from a mark that still picks it
const STOP = 13; // px: radius of a numbered stop

/** @param {Row} row @returns {[number, number]} */
export const spotOf = (row) => [Number(row.lon), Number(row.lat)];

/** @param {L.Map} map @param {Area} area @param {L.LatLng} centre */
export function inboxMap(map, area, centre) {
  let base = darkened();
  const world = new World(centre);
  const roads = area.ground ? groundUnder(map, area.ground, () => repaint("names")) : () => [];
  const borders = /** @type {const} */ (["communities", "subdistricts"]).map((kind) => borderPath(world, area[kind]));
  const badges = badgesOf(world, area.communities, area.subdistricts);
  /** @type {Shown} */
  let shown = { rows: [], trip: [], picked: null };
  const repaint = paintLayers(map, world, [
    ["frame", (ctx, view) => borders.forEach((path, i) => drawBorder(ctx, view, path, ["community", "subdistrict"][i], base))],
    ["names", (ctx, view, box) => drawLabels(ctx, [...badgeLabels(badges, view), ...roads()], base, box)],
    ["marks", marks],
  ]);
  /** @param {Row} row @param {View} view */
  const pointOf = (row, view) => placedPoint(world.xy(spotOf(row)), view);

  /** @param {CanvasRenderingContext2D} ctx @param {View} view */
  function marks(ctx, view) {
    const stops = new Map(shown.trip.map((row, i) => [row.task, i + 1]));
    const way = new Path2D();
    shown.trip.forEach((row, i) => (i ? way.lineTo(...world.xy(spotOf(row))) : way.moveTo(...world.xy(spotOf(row)))));
    ctx.lineJoin = "round";
    line(ctx, placed(way, view), TOKENS.casing[base], 7, [], 0.9);
    line(ctx, placed(way, view), TOKENS.interface.primary[base], 3.5, [], 1);
    for (const row of shown.rows) {
      if (stops.has(row.task)) continue;
      if (row.task === shown.picked) ring(ctx, pointOf(row, view));
      drawMark(ctx, ...pointOf(row, view), row, base);
    }
    for (const row of [...shown.trip].reverse()) stop(ctx, pointOf(row, view), stops.get(row.task) ?? 0, row.task === shown.picked);
  }
  /** @param {CanvasRenderingContext2D} ctx @param {[number, number]} at */
  function ring(ctx, [x, y]) {
    ctx.beginPath();
    ctx.arc(x, y, 13, 0, 7);
    ctx.lineWidth = 3;
    ctx.strokeStyle = TOKENS.interface.primary[base];
    ctx.stroke();
  }
  /** @param {CanvasRenderingContext2D} ctx @param {[number, number]} at @param {number} n @param {boolean} on */
  function stop(ctx, [x, y], n, on) {
    const [paper, ink] = [TOKENS.interface.surface[base], TOKENS.interface.primary[base]];
    ctx.beginPath();
    ctx.arc(x, y, STOP, 0, 7);
    ctx.fillStyle = on ? ink : paper;
    ctx.fill();
    ctx.lineWidth = 3;
    ctx.strokeStyle = on ? paper : ink;
    ctx.stroke();
    ctx.fillStyle = on ? paper : ink;
    ctx.font = "600 14px/1 sans-serif";
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(String(n), x, y + 0.5);
  }
  whenDarkened((now) => {
    base = now;
    repaint("frame", "names", "marks");
  });
  return {
    /** @param {Shown} now */
    show(now) {
      shown = { ...now, rows: now.rows.filter(isPlaced) };
      repaint("marks");
    },
    /** The row whose mark is nearest to a place of the map, if one is near enough. @param {L.LatLng} at @returns {Row | null} */
    at({ lng, lat }) {
      const view = world.view(map);
      const [x, y] = placedPoint(world.xy([lng, lat]), view);
      const far = (/** @type {Row} */ row) => Math.hypot(pointOf(row, view)[0] - x, pointOf(row, view)[1] - y);
      const near = shown.rows.filter((row) => far(row) <= REACH).sort((a, b) => far(a) - far(b));
      return near[0] ?? null;
    },
  };
}

/** @param {Row} row */
export function isPlaced(row) {
  return row.lon !== null && row.lat !== null;
}
