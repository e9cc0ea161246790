// Which atom lies under the pointer, under a brush, inside a lasso: a lattice over their boxes.
import { inside } from "../chart.js";

/** @typedef {import("./arcs.js").Shapes} Shapes @typedef {[number, number]} Point */

const PER_CELL = 2; // atoms, about

export class Finder {
  /** @param {Shapes} shapes */
  constructor(shapes) {
    this.shapes = shapes;
    const { boxes } = shapes;
    this.box = boxes.reduce((all, box) => [Math.min(all[0], box[0]), Math.min(all[1], box[1]), Math.max(all[2], box[2]), Math.max(all[3], box[3])], [Infinity, Infinity, -Infinity, -Infinity]);
    const [wide, tall] = [Math.max(1, this.box[2] - this.box[0]), Math.max(1, this.box[3] - this.box[1])];
    this.side = Math.sqrt((wide * tall) / Math.max(1, boxes.length / PER_CELL));
    this.columns = Math.ceil(wide / this.side) + 1;
    /** @type {Map<number, number[]>} */
    this.cells = new Map();
    boxes.forEach((box, atom) => {
      for (const cell of this.#cells(box)) this.cells.set(cell, [...(this.cells.get(cell) ?? []), atom]);
    });
  }

  /** @param {number[]} box */
  #cells([left, top, right, bottom]) {
    const at = (/** @type {number} */ value, /** @type {number} */ from) => Math.floor((value - from) / this.side);
    const found = [];
    for (let row = at(top, this.box[1]); row <= at(bottom, this.box[1]); row++) {
      for (let column = Math.max(0, at(left, this.box[0])); column <= Math.min(this.columns - 1, at(right, this.box[0])); column++) found.push(row * this.columns + column);
    }
    return found;
  }

  /** Atoms whose box meets this one. @param {number[]} box */
  near(box) {
    const found = new Set();
    for (const cell of this.#cells(box)) for (const atom of this.cells.get(cell) ?? []) found.add(atom);
    return /** @type {Set<number>} */ (found);
  }

  /** The atom at a point, or -1. @param {Point} point */
  at([x, y]) {
    for (const atom of this.near([x, y, x, y])) if (inside(this.shapes.rings[atom], x, y)) return atom;
    return -1;
  }

  /** Atoms a brush touches on its way: those it runs through, and those whose middle it covers. @param {Point} from @param {Point} to @param {number} radius */
  under(from, to, radius) {
    const box = [Math.min(from[0], to[0]) - radius, Math.min(from[1], to[1]) - radius, Math.max(from[0], to[0]) + radius, Math.max(from[1], to[1]) + radius];
    const close = [...this.near(box)].filter((atom) => distance(this.shapes.middles[atom], from, to) <= radius);
    const found = new Set(close);
    const steps = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / Math.max(2, this.side / 8)));
    for (let i = 0; i <= steps; i++) {
      const atom = this.at([from[0] + ((to[0] - from[0]) * i) / steps, from[1] + ((to[1] - from[1]) * i) / steps]);
      if (atom >= 0) found.add(atom);
    }
    return found;
  }

  /** Atoms whose middle lies inside a ring. @param {Point[]} ring */
  within(ring) {
    const xs = ring.map((p) => p[0]);
    const ys = ring.map((p) => p[1]);
    const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    return [...this.near(box)].filter((atom) => inside([ring], ...this.shapes.middles[atom]));
  }
}

/** Of a point from a stretch. @param {Point} p @param {Point} a @param {Point} b */
export function distance(p, a, b) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const long = dx * dx + dy * dy;
  const t = long ? Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / long)) : 0;
  return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
}
