// Vector tiles as shapes in px of the screen: asked for once, decoded once, kept while they are near.
import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import { Refusal } from "../ask.js";

export const SIDE = 512; // px a tile is wide on the screen
const EXTENT = 4096; // of a tile's own measure
const MARGIN = 64; // beyond its edge, to which shapes are cut
const MOST = 150; // tiles kept
const TOGETHER_MS = 150; // that what has come waits at most for what has not

/** @typedef {{x: number, y: number}} Point @typedef {{z: number, x: number, y: number}} Address */
/** @typedef {{held: Record<string, any>, type: number, rings: Point[][], box: import("../chart.js").Box}} Shape in units of the tile */
/** @typedef {{shapes: Shape[], borders: Path2D | null, whole?: Drawn, lines?: Map<Shape, Point[][]>}} Drawn one layer of a tile, or those of its shapes that are in view */
/** @typedef {"areas" | "ground" | "draft"} Group layers that come together, in one tile: an answer for each of them would cost a request each */

export class Tiles {
  /** @param {(group: Group, at: Address) => string} where a tile's address */
  constructor(where) {
    this.where = where;
    /** @type {Map<string, Map<string, Drawn>>} */
    this.kept = new Map();
    this.coming = 0;
    /** @type {(() => void)[]} */
    this.waiting = [];
    this.timer = 0;
  }

  /**
   * Until all that was asked for has come, or some of it has waited for a while: what is painted one by one
   * costs the browser a frame each, and a third of a step of the zoom. @returns {Promise<void>}
   */
  others() {
    return new Promise((done) => {
      this.waiting.push(done);
      if (!this.coming) this.#go();
      else this.timer ||= Number(setTimeout(() => this.#go(), TOGETHER_MS));
    });
  }

  #go() {
    clearTimeout(this.timer);
    this.timer = 0;
    for (const done of this.waiting.splice(0)) done();
  }

  /** What is there already of a layer. @param {string} layer @param {Address} at */
  peek(layer, { z, x, y }) {
    return this.kept.get(`${GROUND.has(layer) ? "ground" : "areas"}/${z}/${x}/${y}`)?.get(layer) ?? null;
  }

  /** Layers of a tile by name; those without a shape are missing. @param {Group} group @param {Address} at @param {AbortSignal} [signal] @returns {Promise<Map<string, Drawn>>} */
  async get(group, at, signal) {
    const key = `${group}/${at.z}/${at.x}/${at.y}`;
    const kept = this.kept.get(key);
    if (kept) return this.#keep(key, kept);
    this.coming++;
    try {
      return this.#keep(key, await this.#fetched(group, at, signal));
    } finally {
      this.coming--;
      if (!this.coming) this.#go();
    }
  }

  /** @param {Group} group @param {Address} at @param {AbortSignal} [signal] */
  async #fetched(group, at, signal) {
    const answer = await fetch(this.where(group, at), { signal });
    if (!answer.ok) throw new Refusal(answer.status, await answer.json().catch(() => ({})));
    return layersOf(await answer.arrayBuffer());
  }

  /** @param {string} key @param {Map<string, Drawn>} drawn */
  #keep(key, drawn) {
    this.kept.delete(key);
    this.kept.set(key, drawn);
    if (this.kept.size > MOST) this.kept.delete(/** @type {string} */ (this.kept.keys().next().value));
    return drawn;
  }
}

const GROUND = new Set(["base", "places"]);

/** @param {ArrayBuffer} data @returns {Map<string, Drawn>} */
function layersOf(data) {
  return new Map(Object.entries(new VectorTile(new PbfReader(data)).layers).map(([name, held]) => [name, drawnOf(held)]));
}

/** @param {import("@mapbox/vector-tile").VectorTileLayer} held @returns {Drawn} */
function drawnOf(held) {
  return { shapes: Array.from({ length: held.length }, (_, i) => shapeOf(held.feature(i))), borders: null };
}

/** @param {import("@mapbox/vector-tile").VectorTileFeature} feature @returns {Shape} */
function shapeOf(feature) {
  const rings = feature.loadGeometry();
  return { held: feature.properties, type: feature.type, rings, box: boxAround(rings) };
}

/** @param {Point[][]} rings @returns {import("../chart.js").Box} */
function boxAround(rings) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (const { x, y } of ring) {
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
  }
  return [left, top, right, bottom];
}

/** Px of the screen in one unit of a tile. */
export const SCALE = SIDE / EXTENT;

/**
 * Shapes of a tile as one path, in px from its corner. Rings end where they begin, so none is closed:
 * `closePath` looks through all of the path each time. @param {Shape[]} shapes
 */
export function pathOf(shapes) {
  const path = new Path2D();
  for (const { rings } of shapes) for (const ring of rings) addLine(path, ring);
  return path;
}

const TOGETHER = 8; // shapes a path

/** The same as paths of a few shapes each: to fill one of thousands takes three times as long. @param {Shape[]} shapes */
export function pathsOf(shapes) {
  return Array.from({ length: Math.ceil(shapes.length / TOGETHER) }, (_, i) => pathOf(shapes.slice(i * TOGETHER, (i + 1) * TOGETHER)));
}

/** @param {Path2D} path @param {Point[]} line */
function addLine(path, line) {
  path.moveTo(line[0].x * SCALE, line[0].y * SCALE);
  for (let i = 1; i < line.length; i++) path.lineTo(line[i].x * SCALE, line[i].y * SCALE);
}

/** Every border of a tile's areas once, without the edges that cutting made. @param {Drawn} drawn */
export function bordersOf(drawn) {
  const lines = linesIn(drawn.whole ?? drawn);
  drawn.borders ??= pathAlong(drawn.shapes.flatMap((shape) => lines.get(shape) ?? []));
  return drawn.borders;
}

/** @param {Shape[]} shapes */
export const outlines = (shapes) => pathAlong([...linesOf(shapes).values()].flat());

/** @param {Point[][]} lines */
function pathAlong(lines) {
  const path = new Path2D();
  for (const one of lines) addLine(path, one);
  return path;
}

/** The borders of each shape of a layer, found once: of some shapes the same lines, dash by dash, as of all. @param {Drawn} layer */
export function linesIn(layer) {
  layer.lines ??= linesOf(layer.shapes);
  return layer.lines;
}

/** Borders that each shape has for its own: where two share one it is the first's. @param {Shape[]} shapes @returns {Map<Shape, Point[][]>} */
export function linesOf(shapes) {
  const seen = new Set();
  return new Map(shapes.map((shape) => [shape, shape.rings.flatMap((ring) => ownLines(ring, seen))]));
}

/** @param {Point[]} ring @param {Set<number>} seen */
function ownLines(ring, seen) {
  /** @type {Point[][]} */
  const lines = [];
  let going = false;
  for (let i = 1; i < ring.length; i++) {
    const [a, b] = [ring[i - 1], ring[i]];
    const key = edgeKey(a, b);
    if (seen.has(key) || isCut(a, b)) {
      going = false;
      continue;
    }
    seen.add(key);
    if (going) lines[lines.length - 1].push(b);
    else lines.push([a, b]);
    going = true;
  }
  return lines;
}

const WIDE = 8192; // more than there are units across, margins and all

/** The same for both ways along an edge. @param {Point} a @param {Point} b */
function edgeKey(a, b) {
  const [one, other] = [(a.x + MARGIN) * WIDE + a.y + MARGIN, (b.x + MARGIN) * WIDE + b.y + MARGIN];
  return one < other ? one * WIDE * WIDE + other : other * WIDE * WIDE + one;
}

/** @param {Point} a @param {Point} b */
function isCut(a, b) {
  const outside = (/** @type {number} */ p, /** @type {number} */ q) => p === q && (p <= -MARGIN || p >= EXTENT + MARGIN);
  return outside(a.x, b.x) || outside(a.y, b.y);
}

/** The shape of a tile over a point of it, in units of the tile. @param {Shape[]} shapes @param {number} x @param {number} y */
export function shapeAt(shapes, x, y) {
  return shapes.find(({ box, rings }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && holds(rings, x, y)) ?? null;
}

/** Is a point inside these rings (even-odd)? @param {Point[][]} rings @param {number} x @param {number} y */
function holds(rings, x, y) {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [a, b] = [ring[i], ring[j]];
      if (b.y > y !== a.y > y && x < ((a.x - b.x) * (y - b.y)) / (a.y - b.y) + b.x) odd = !odd;
    }
  }
  return odd;
}
