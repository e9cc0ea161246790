// What a board stands on: grids and borders in force, roads and water, and the view it opens with.
import { address, ask } from "../ask.js";
import { borderPath } from "../borders.js";
import { World } from "../chart.js";
import { darkened } from "../dom.js";
import { gridsOf, namesOf } from "../grids.js";
import { groundOf } from "../ground.js";
import { areaOf } from "../labels.js";
import { badgesOf, roadNames } from "../names.js";
import { periodOf, readAddress } from "./filters.js";

/** @typedef {import("./paint.js").Board} Board */

/** Grids, what holds them, and the ground. @param {string} scope */
export async function readLand(scope) {
  const areas = (/** @type {Record<string, string>} */ query) => ask(address("/api/areas.geojson", { scope, ...query }));
  const [grids, communities, subdistricts, base] = await Promise.all([
    areas({ net: "grid", kind: "grid" }), areas({ net: "admin", kind: "community" }), areas({ net: "admin", kind: "subdistrict" }), ask(address("/api/base.geojson", { scope })),
  ]);
  return { grids, communities, subdistricts, base: base.features };
}

/** What a board shows before anything was counted. @param {L.Map} map @param {Awaited<ReturnType<typeof readLand>>} data @returns {Board} */
export function boardOf(map, { grids, communities, subdistricts, base }) {
  const levels = /** @type {[string, GeoJSON.Feature[]][]} */ ([["grid", grids.features], ["community", communities.features], ["subdistrict", subdistricts.features]]);
  const [kind, coloured] = levels.find(([, features]) => features.length) ?? levels[0];
  const shown = [subdistricts.features, grids.features].find((list) => list.some((/** @type {GeoJSON.Feature} */ f) => f.geometry)) ?? [];
  const drawn = L.geoJSON(/** @type {any} */ ({ type: "FeatureCollection", features: shown.filter((/** @type {GeoJSON.Feature} */ f) => f.geometry) })).getBounds();
  const bounds = drawn.isValid() ? drawn : map.getBounds();
  const world = new World(bounds.getCenter());
  const asked = readAddress(location.search);
  return {
    world, bounds, base: darkened(), picked: null, lifted: null, filter: asked.filter, shown: asked.shown, now: Date.now(),
    period: asked.filter.from ? periodOf(asked.filter.from, asked.filter.to) : { since: null, until: null },
    told: null, rows: [], cells: [], marks: null, seen: 0, marked: [], badged: [], spots: [], counts: new Map(), kind,
    ground: groundOf(world, base),
    grids: gridsOf(world, coloured, kind === "grid" ? namesOf(communities.features) : new Map()), borders: borderPath(world, grids.features),
    communities: borderPath(world, communities.features), subdistricts: borderPath(world, subdistricts.features),
    inside: world.pathOfAll(subdistricts.features.map((/** @type {GeoJSON.Feature} */ f) => f.geometry)),
    scoped: subdistricts.features.length > 0, hectares: hectaresOf(map, world, subdistricts.features),
    badges: badgesOf(world, communities.features, subdistricts.features), roads: roadNames(world, base),
  };
}

/** Areas to filter by. @param {Awaited<ReturnType<typeof readLand>>} data @returns {{code: string, name: string}[]} */
export const choicesOf = ({ subdistricts, communities }) => [...subdistricts.features, ...communities.features].map((f) => ({ code: String(f.properties?.code), name: String(f.properties?.name ?? f.properties?.code) }));


/** How much land these areas have. @param {L.Map} map @param {World} world @param {GeoJSON.Feature[]} features */
function hectaresOf(map, world, features) {
  const metres = world.view(map).metresPerPixel * world.view(map).scale;
  const rings = features.flatMap((f) => world.parts(f.geometry));
  return (Math.abs(rings.reduce((sum, ring) => sum + areaOf(ring), 0)) * metres ** 2) / 10_000;
}
