// Names of roads and communities as labels of the map.
import { innermost } from "./labels.js";
import { boxOf, placedPoint } from "./chart.js";
import { widthOf } from "./ground.js";
import { TOKENS } from "./tokens.js";

/** @typedef {import("./chart.js").View} View @typedef {import("./labels.js").Label} Label */
/** @typedef {{name: string, at: [number, number], angle: number, width: number, length: number}} RoadName */
/** @typedef {{name: string, at: [number, number], width: number, rank: number}} Badge an area's name, and how wide it is in the world */

const MAIN_ROAD = 14; // metres drawn: collectors and wider
const ALL_FROM_ZOOM = 16.5;

/** One label a road: on its longest straight piece. @param {import("./chart.js").World} world @param {GeoJSON.Feature[]} base @returns {RoadName[]} */
export function roadNames(world, base) {
  /** @type {Map<string, RoadName>} */
  const found = new Map();
  for (const feature of base) {
    const { kind, name } = feature.properties ?? {};
    if (kind !== "road" || !name) continue;
    for (const part of world.parts(feature.geometry)) {
      const here = middleOf(part);
      const best = found.get(name);
      if (!best || here.length > best.length) found.set(name, { name, width: widthOf(feature.properties?.class), ...here });
    }
  }
  return [...found.values()];
}

/** Where a line is half way, and how it runs there. @param {[number, number][]} part */
export function middleOf(part) {
  const steps = part.slice(1).map((p, i) => Math.hypot(p[0] - part[i][0], p[1] - part[i][1]));
  const length = steps.reduce((a, b) => a + b, 0);
  let left = length * 0.42;
  let i = 0;
  while (i < steps.length - 1 && left > steps[i]) left -= steps[i++];
  const [a, b] = [part[i], part[i + 1] ?? part[i]];
  const t = steps[i] ? left / steps[i] : 0;
  const before = part[Math.max(0, i - 1)];
  const after = part[Math.min(part.length - 1, i + 2)];
  return {
    at: /** @type {[number, number]} */ ([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]),
    angle: readable(Math.atan2(after[1] - before[1], after[0] - before[0])), length,
  };
}

/** Never upside down. @param {number} angle */
function readable(angle) {
  if (angle > Math.PI / 2 + 0.2) return angle - Math.PI;
  return angle < -Math.PI / 2 + 0.2 ? angle + Math.PI : angle;
}

/** @param {RoadName[]} roads @param {View} view @param {0 | 1} base @returns {Label[]} */
export function roadLabels(roads, view, base) {
  const long = (/** @type {RoadName} */ r) => r.length * view.scale > r.name.length * 15 + 40;
  const wide = (/** @type {RoadName} */ r) => r.width >= MAIN_ROAD || view.zoom >= ALL_FROM_ZOOM;
  return roads.filter((road) => wide(road) && long(road)).map((road) => {
    const [x, y] = placedPoint(road.at, view);
    const run = { text: road.name, size: 12, weight: 400, colour: TOKENS.ground.name[base] };
    return { x, y, angle: road.angle, spacing: 4, lines: [[run]], rank: road.width };
  });
}

/** Names of communities, near the upper edge of each, and of subdistricts in the middle of each where there is more than one. @param {import("./chart.js").World} world @param {GeoJSON.Feature[]} communities @param {GeoJSON.Feature[]} subdistricts @returns {Badge[]} */
export function badgesOf(world, communities, subdistricts) {
  const upper = communities.map((f) => badgeOf(world, f, false));
  const middle = subdistricts.length > 1 ? subdistricts.map((f) => badgeOf(world, f, true)) : [];
  return [...upper, ...middle].filter((badge) => badge.name && badge.width > 0);
}

/** @param {import("./chart.js").World} world @param {GeoJSON.Feature} feature @param {boolean} above of the higher rank @returns {Badge} */
function badgeOf(world, feature, above) {
  const rings = world.parts(feature.geometry);
  const centre = innermost(rings);
  const [left, , right] = boxOf(rings.flat());
  const at = /** @type {[number, number]} */ (above ? centre : [centre[0], topAt(rings, centre)]);
  return { name: String(feature.properties?.name ?? ""), at, width: right - left, rank: above ? 2e7 : 1e7 };
}

/** @param {[number, number][][]} rings @param {[number, number]} centre */
function topAt(rings, [x, y]) {
  let top = -Infinity;
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [a, b] = [ring[i - 1], ring[i]];
      if (a[0] > x === b[0] > x) continue;
      const crossing = a[1] + ((x - a[0]) * (b[1] - a[1])) / (b[0] - a[0]);
      if (crossing < y && crossing > top) top = crossing;
    }
  }
  return top === -Infinity ? y : top;
}

const BADGE_ROOM = 96; // px an area must be wide to be named by a badge

/** @param {Badge[]} badges @param {View} view @returns {Label[]} */
export function badgeLabels(badges, view) {
  return badges.filter((badge) => badge.width * view.scale > BADGE_ROOM).map((badge) => {
    const [x, y] = placedPoint(badge.at, view);
    const run = { text: badge.name, size: 13, weight: 500, colour: "#FFFFFF" };
    return { x, y: y + 2, lines: [[run]], rank: badge.rank, badge: "rgba(18, 38, 58, 0.88)" };
  });
}
