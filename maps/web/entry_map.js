// The map of the entry page: a click puts the issue there; its grid, those beside it, and what is open nearby.
import { address, ask } from "./ask.js";
import { borderPath, borderStyle, drawBorder, line, weightAt } from "./borders.js";
import { World, paintLayers, placed, placedPoint } from "./chart.js";
import { darkened, whenDarkened } from "./dom.js";
import { drawDot, drawMark } from "./glyphs.js";
import { gridsOf, namesOf } from "./grids.js";
import { built, drawGround, groundOf } from "./ground.js";
import { drawLabels } from "./labels.js";
import { badgeLabels, badgesOf, roadLabels, roadNames } from "./names.js";
import { outlinePicked } from "./plan_paint.js";
import { TOKENS } from "./tokens.js";

/** @typedef {import("./chart.js").View} View @typedef {import("./chart.js").Box} Box @typedef {import("./entry_foreseen.js").Foreseen} Foreseen */
/** @typedef {{at: [number, number] | null, grid: string | null, neighbours: string[], nearby: {at: [number, number] | null, state: string}[]}} Shown */

const NAMED = 90; // px across, from which a grid is named

/** @param {string} scope */
export async function readArea(scope) {
  const areas = (/** @type {Record<string, string>} */ query) => ask(address("/api/areas.geojson", { scope, ...query }));
  const [grids, communities, subdistricts, base] = await Promise.all([
    areas({ net: "grid", kind: "grid" }), areas({ net: "admin", kind: "community" }), areas({ net: "admin", kind: "subdistrict" }),
    ask(address("/api/base.geojson", { scope })),
  ]);
  return { grids: grids.features, communities: communities.features, subdistricts: subdistricts.features, base: base.features };
}

/** @typedef {Awaited<ReturnType<typeof readArea>>} Area */

/** What there is to see of an area; null: nothing has a shape. @param {Area} data @returns {L.LatLngBounds | null} */
export function boundsOf(data) {
  const drawn = L.geoJSON(/** @type {any} */ ({ type: "FeatureCollection", features: [...data.subdistricts, ...data.grids].filter((f) => f.geometry) })).getBounds();
  return drawn.isValid() ? drawn : null;
}

/** @param {Area} data @param {World} world */
function landOf(data, world) {
  return {
    ground: groundOf(world, data.base), grids: gridsOf(world, data.grids, namesOf(data.communities)),
    borders: borderPath(world, data.grids), communities: borderPath(world, data.communities), subdistricts: borderPath(world, data.subdistricts),
    badges: badgesOf(world, data.communities, data.subdistricts), roads: roadNames(world, data.base),
  };
}

/** Paints an area and what is chosen in it. @param {L.Map} map @param {Area} data */
export function entryMap(map, data) {
  let base = darkened();
  const world = new World((boundsOf(data) ?? map.getBounds()).getCenter());
  let land = landOf(data, world);
  /** @type {Shown} */
  let shown = { at: null, grid: null, neighbours: [], nearby: [] };
  const repaint = paintLayers(map, world, [
    ["ground", (ctx, view, box) => drawGround(ctx, view, box, land.ground, base)],
    ["frame", (ctx, view) => frame(ctx, view)],
    ["names", (ctx, view, box) => names(ctx, view, box)],
    ["marks", (ctx, view) => marks(ctx, view)],
  ]);

  /** @param {CanvasRenderingContext2D} ctx @param {View} view */
  function frame(ctx, view) {
    const share = weightAt(view.metresPerPixel);
    for (const grid of land.grids.filter((each) => shown.neighbours.includes(each.code))) {
      ctx.globalAlpha = 0.22;
      ctx.fillStyle = TOKENS.interface.yellow[base];
      ctx.fill(placed(grid.path, view), "evenodd");
      ctx.globalAlpha = 1;
    }
    line(ctx, placed(land.borders, view), TOKENS.casing[base], 2.4 * share, [], 0.6);
    line(ctx, placed(land.borders, view), borderStyle("grid").colour[base], 0.9 * share, [], 0.8);
    drawBorder(ctx, view, land.communities, "community", base);
    drawBorder(ctx, view, land.subdistricts, "subdistrict", base);
    const own = land.grids.find((grid) => grid.code === shown.grid);
    if (own) outlinePicked(ctx, view, own, base);
  }
  /** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box */
  function names(ctx, view, box) {
    const grids = land.grids.filter((grid) => (grid.box[2] - grid.box[0]) * view.scale > NAMED).map((grid) => {
      const [x, y] = placedPoint(grid.at, view);
      return { x, y, rank: 100, lines: [[{ text: grid.short, size: 12, weight: 400, colour: TOKENS.interface["ink-2"][base] }]] };
    });
    drawLabels(ctx, [...badgeLabels(land.badges, view), ...grids, ...roadLabels(land.roads, view, base)], base, box);
  }
  /** @param {CanvasRenderingContext2D} ctx @param {View} view */
  function marks(ctx, view) {
    for (const each of shown.nearby) if (each.at) drawMark(ctx, ...placedPoint(world.xy(each.at), view), { state: each.state }, base);
    if (shown.at) drawPin(ctx, placedPoint(world.xy(shown.at), view), base);
  }
  whenDarkened((now) => {
    base = now;
    repaint("ground", "frame", "names", "marks");
  });
  return {
    /** @param {string | null} grid */
    has: (grid) => land.grids.some((each) => each.code === grid),
    /** Another area in place of this one. @param {Area} other */
    lay(other) {
      land = landOf(other, world);
      repaint("ground", "frame", "names", "marks");
    },
    /** @param {GeoJSON.Feature[]} buildings */
    build(buildings) {
      land = { ...land, ground: built(land.ground, world, buildings) };
      repaint("ground");
    },
    /** @param {Shown} now */
    show(now) {
      shown = now;
      repaint("frame", "marks");
    },
  };
}

/** @param {CanvasRenderingContext2D} ctx @param {[number, number]} at @param {0 | 1} base */
function drawPin(ctx, [x, y], base) {
  ctx.save();
  ctx.translate(x, y);
  const pin = new Path2D("M0 0C-5 -9 -16 -14 -16 -27A16 16 0 1 1 16 -27C16 -14 5 -9 0 0Z");
  ctx.strokeStyle = TOKENS.casing[base];
  ctx.lineWidth = 4;
  ctx.stroke(pin);
  ctx.fillStyle = TOKENS.interface.primary[base];
  ctx.fill(pin);
  ctx.restore();
  drawDot(ctx, x, y - 27, base);
}
