// Names and figures over the tiles: of what is in view, each once, where it is widest.
import { paintLayer, pane } from "../chart.js";
import { signOf } from "../balance.js";
import { shortName } from "../grids.js";
import { widthOf } from "../ground.js";
import { drawLabels, innermost } from "../labels.js";
import { middleOf } from "../names.js";
import { outlinePicked } from "../plan_paint.js";
import { figure } from "../say.js";
import { TOKENS } from "../tokens.js";
import { meanOf } from "./measures.js";
import { SCALE, SIDE, outlines } from "./tiles.js";

/** @typedef {import("./tiles.js").Shape} Shape @typedef {import("./tiles.js").Address} Address */
/** @typedef {{shape: Shape, dx: number, dy: number}} Seen a shape, and where its tile lies on the layer */

const ROOM = { grid: 44, community: 96, subdistrict: 70, district: 60, road: 60 }; // px across, from which each is named
const BADGE = "rgba(18, 38, 58, 0.88)";

/** The shapes of a layer of tiles that are in view, the widest part of each. @param {L.Map} map @param {import("./tiles.js").Tiles} tiles @param {Address[]} addresses @param {string} layer @returns {Map<string, Seen>} */
export function seenOf(map, tiles, addresses, layer) {
  const origin = map.getPixelOrigin();
  /** @type {Map<string, Seen>} */
  const found = new Map();
  for (const at of addresses) {
    const [dx, dy] = [at.x * SIDE - origin.x, at.y * SIDE - origin.y];
    for (const shape of tiles.peek(layer, at)?.shapes ?? []) {
      const key = String(shape.held.code ?? shape.held.name ?? "");
      const before = found.get(key);
      if (key && (!before || acrossOf(shape) > acrossOf(before.shape))) found.set(key, { shape, dx, dy });
    }
  }
  return found;
}

/** @param {Shape} shape */
const acrossOf = ({ box }) => (box[2] - box[0]) * (box[3] - box[1]);

/** Where a shape is named, in px of the layer. @param {Seen} seen @returns {[number, number]} */
function middleAt({ shape, dx, dy }) {
  const held = /** @type {any} */ (shape);
  held.middle ??= innermost(shape.rings.map((ring) => ring.map(({ x, y }) => /** @type {[number, number]} */ ([x, y]))), 24);
  return [held.middle[0] * SCALE + dx, held.middle[1] * SCALE + dy];
}

/**
 * The layer of names over a map of tiles.
 * @param {L.Map} map @param {import("../chart.js").World} world
 * @param {() => {base: 0 | 1, measure: string, picked: string | null, told: (held: any) => string, of: (layer: string) => Map<string, Seen>, parts: (code: string) => Seen[]}} look
 */
export function namesLayer(map, world, look) {
  pane(map, "names", 240);
  return paintLayer(world, (ctx, _view, box) => {
    const now = look();
    if (now.picked) outline(ctx, now.parts(now.picked), now.base);
    const communities = now.of("communities");
    drawLabels(ctx, [...badges(now.of("districts"), "district", 3e7), ...badges(now.of("subdistricts"), "subdistrict", 2e7), ...badges(communities, "community", 1e7),
      ...grids(now, [...communities.values()].map(({ shape }) => shape.held.name ?? "")), ...roads(now)], now.base, box);
  }, { pane: "names", padding: 0.05 }).addTo(map);
}

/** @param {CanvasRenderingContext2D} ctx @param {Seen[]} parts @param {0 | 1} base */
function outline(ctx, parts, base) {
  const whole = new Path2D();
  for (const { shape, dx, dy } of parts) whole.addPath(outlines([shape]), new DOMMatrix([1, 0, 0, 1, dx, dy]));
  outlinePicked(ctx, /** @type {any} */ ({ scale: 1, dx: 0, dy: 0 }), /** @type {any} */ ({ path: whole }), base);
}

/** @param {Map<string, Seen>} seen @param {"district" | "subdistrict" | "community"} kind @param {number} rank @returns {import("../labels.js").Label[]} */
function badges(seen, kind, rank) {
  return [...seen.values()].filter(({ shape }) => shape.held.kind === kind && shape.held.name && wide(shape) > ROOM[kind]).map((one) => {
    const [x, y] = middleAt(one);
    const size = kind === "community" ? 12 : kind === "subdistrict" ? 13 : 14;
    return { x, y, rank: rank + wide(one.shape), badge: BADGE, lines: [[{ text: one.shape.held.name, size, weight: 500, colour: "#FFFFFF" }]] };
  });
}

/** @param {Shape} shape */
const wide = ({ box }) => (box[2] - box[0]) * SCALE;

/** @param {ReturnType<Parameters<typeof namesLayer>[2]>} now @param {string[]} communities @returns {import("../labels.js").Label[]} */
function grids({ of, base, measure, told }, communities) {
  const ink = TOKENS.interface.ink[base];
  return [...of("grids").values()].filter(({ shape }) => shape.held.kind === "grid" && shape.held.name && wide(shape) > ROOM.grid).map((one) => {
    const [x, y] = middleAt(one);
    const { held } = one.shape;
    const community = communities.find((name) => name && held.name.startsWith(name)) ?? "";
    const sign = measure === "open" ? "" : signOf(meanOf(held));
    const text = measure === "open" ? told(held) : figure(held.households ?? 0);
    const count = { text, size: 14, weight: 600, colour: ink };
    const run = { text: "", sign, size: 12, weight: 600, colour: TOKENS.interface[sign.startsWith("▲") ? "up" : "down"][base] };
    return { x, y, rank: 1000 + (held.households ?? 0), lines: [[{ text: shortName(held.name, community), size: 12, weight: 400, colour: ink }], sign ? [count, run] : [count]] };
  });
}

/** @param {{of: (layer: string) => Map<string, Seen>, base: 0 | 1}} now @returns {import("../labels.js").Label[]} */
export function roads({ of, base }) {
  return [...of("base").values()].filter(({ shape }) => shape.held.kind === "road" && shape.held.name).flatMap(({ shape, dx, dy }) => {
    const part = shape.rings.map((ring) => ring.map(({ x, y }) => /** @type {[number, number]} */ ([x * SCALE + dx, y * SCALE + dy]))).sort((a, b) => b.length - a.length)[0];
    const { at: [x, y], angle, length } = middleOf(part);
    if (length < Math.max(ROOM.road, shape.held.name.length * 15 + 40)) return [];
    return [{ x, y, angle, spacing: 4, rank: widthOf(shape.held.class), lines: [[{ text: shape.held.name, size: 12, weight: 400, colour: TOKENS.ground.name[base] }]] }];
  });
}
