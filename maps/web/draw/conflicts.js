// Where a department's net and the draft disagree: who lives in an area and a grid that do not belong together.
import { boxOf, inside } from "../chart.js";
import { NONE } from "./sketch.js";

/** @typedef {{name: string, rings: [number, number][][], box: import("../chart.js").Box}} Area */
/** @typedef {{number: number, area: number, households: number, metres: number, nodes: number[]}} Overlap `metres`: square */

/** @param {import("../chart.js").World} world @param {GeoJSON.Feature[]} features @returns {Area[]} */
export function areasOf(world, features) {
  const areas = features.map(({ geometry, properties }) => ({ name: String(properties?.name || properties?.code || ""), rings: world.parts(geometry) }));
  return areas.filter(({ rings }) => rings.length).map((area) => ({ ...area, box: boxOf(area.rings.flat()) }));
}

/** The area each node lies in, by the middle of its first atom; -1: in none. @param {import("./sketch.js").Sketch} sketch @param {[number, number][]} middles by atom @param {Area[]} areas */
export function areaByNode(sketch, middles, areas) {
  return sketch.ground.atoms.map(([atom]) => {
    const [x, y] = middles[atom];
    return areas.findIndex(({ rings, box }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && inside(rings, x, y));
  });
}

/**
 * Overlaps that belong to neither side: most of the grid lies in another area, and most of the area in
 * another grid. Most households first.
 * @param {import("./sketch.js").Sketch} sketch @param {number[]} areas by node @returns {Overlap[]}
 */
export function conflictsOf(sketch, areas) {
  const { weight, area: metres } = sketch.ground;
  /** @type {Map<string, Overlap>} */
  const found = new Map();
  areas.forEach((area, node) => {
    const number = sketch.label[node];
    if (area < 0 || number === NONE) return;
    const key = `${number} ${area}`;
    const one = found.get(key) ?? { number, area, households: 0, metres: 0, nodes: [] };
    one.households += weight[node];
    one.metres += metres[node];
    one.nodes.push(node);
    found.set(key, one);
  });
  const all = [...found.values()];
  const [ofGrid, ofArea] = [most(all, "number"), most(all, "area")];
  return all.filter((one) => ofGrid.get(one.number) !== one && ofArea.get(one.area) !== one).sort((a, b) => b.households - a.households || b.metres - a.metres);
}

/** The overlap with most households, by one side. @param {Overlap[]} all @param {"number" | "area"} side */
function most(all, side) {
  /** @type {Map<number, Overlap>} */
  const best = new Map();
  for (const one of all) {
    const other = best.get(one[side]);
    if (!other || one.households > other.households || (one.households === other.households && one.metres > other.metres)) best.set(one[side], one);
  }
  return best;
}
