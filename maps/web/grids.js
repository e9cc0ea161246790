// Grids as the pages hold them: figures, names as people say them, paths in the world.
import { innermost } from "./labels.js";
import { boxOf } from "./chart.js";

/**
 * @typedef {{code: string, name: string, short: string, listed: string, households: number | null,
 *   low: number | null, high: number | null, rule: string, special: boolean, parent: string,
 *   path: Path2D, rings: [number, number][][], at: [number, number], box: import("./chart.js").Box}} Grid
 */

/** @param {import("./chart.js").World} world @param {GeoJSON.Feature[]} features @param {Map<string, string>} communities @returns {Grid[]} */
export function gridsOf(world, features, communities) {
  return features.filter((f) => f.geometry).map((feature) => {
    const held = feature.properties ?? {};
    const community = communities.get(held.parent) ?? "";
    const rings = world.parts(feature.geometry);
    return {
      code: String(held.code), name: String(held.name ?? ""), parent: String(held.parent ?? ""),
      short: shortName(String(held.name ?? held.code), community),
      listed: listedName(String(held.name ?? held.code), community),
      households: number(held.households), low: number(held.low), high: number(held.high),
      rule: String(held.rule ?? ""), special: Boolean(held.special),
      path: world.path(feature.geometry), rings, at: innermost(rings), box: boxOf(rings.flat()),
    };
  });
}

/** 文庙社区第3网格 inside 文庙社区 → 第3网格. @param {string} name @param {string} community */
export function shortName(name, community) {
  return community && name.startsWith(community) && name.length > community.length ? name.slice(community.length).trim() : name;
}

/** 文庙社区第3网格 → 文庙·第3网格, as lists may shorten it. @param {string} name @param {string} community */
export function listedName(name, community) {
  const short = shortName(name, community);
  if (short === name) return name;
  return `${community.replace(/(社区|村)$/u, "")}·${short}`;
}

/** @param {unknown} value */
function number(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** @param {GeoJSON.Feature[]} features @returns {Map<string, string>} */
export function namesOf(features) {
  return new Map(features.map((f) => [String(f.properties?.code), String(f.properties?.name ?? "")]));
}
