// What lies around and under a draft: it comes after the draft itself, each part when it comes.
import { address, ask, later } from "../ask.js";
import { borderPath } from "../borders.js";
import { gridsOf, namesOf } from "../grids.js";
import { built, groundOf } from "../ground.js";
import { badgesOf, roadNames } from "../names.js";

/** @typedef {import("./paint.js").Scene} Scene */

/**
 * @param {HTMLElement} over @param {import("../chart.js").World} world @param {Scene} scene @param {{plan: string, scope: string}} of
 * @param {(...layers: ("ground" | "grids" | "names")[]) => void} repaint @param {(loads: number[]) => void} today told the households of today's grids
 */
export function backdrop(over, world, scene, { plan, scope }, repaint, today) {
  const areas = (/** @type {Record<string, string>} */ query) => ask(address("/api/areas.geojson", { scope, ...query })).then((told) => told.features);
  const admin = Promise.all([areas({ net: "admin", kind: "community" }), areas({ net: "admin", kind: "subdistrict" })]);
  const base = ask(address("/api/base.geojson", { scope }));
  later(over, "what.base", base, ({ features }) => {
    scene.ground = groundOf(world, features);
    scene.roads = roadNames(world, features);
    repaint("ground", "names");
  });
  later(over, "what.areas", admin, ([communities, subdistricts]) => {
    const around = subdistricts.length ? subdistricts : communities;
    scene.communities = borderPath(world, communities);
    scene.subdistricts = borderPath(world, subdistricts);
    scene.inside = world.pathOfAll(around.map((/** @type {GeoJSON.Feature} */ f) => f.geometry));
    scene.badges = badgesOf(world, communities, subdistricts);
    repaint("grids", "names");
  });
  later(over, "what.areas", Promise.all([areas({ net: "grid", kind: "grid", before: plan }), admin]), ([grids, [communities]]) => {
    const special = (/** @type {GeoJSON.Feature} */ f) => f.properties?.special;
    scene.specials = gridsOf(world, grids.filter(special), namesOf(communities));
    today(grids.filter((/** @type {GeoJSON.Feature} */ f) => !special(f)).map((/** @type {any} */ f) => f.properties.households ?? 0));
    repaint("grids", "names");
  });
  // The buildings are most of it: they come when the rest is there.
  later(over, "what.buildings", base.then(() => ask(address("/api/places.geojson", { scope, kind: "building" }))), ({ features }) => {
    scene.ground = built(scene.ground, world, features);
    repaint("ground");
  });
}
