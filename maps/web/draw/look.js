// What the map shows of a draft: grids with their shapes, made anew only where something moved.
import { boxOf } from "../chart.js";
import { listedName, shortName } from "../grids.js";
import { innermost } from "../labels.js";
import { edgesOf, pathOfArcs, pathOfRings, ringsFrom } from "./arcs.js";
import { NONE } from "./sketch.js";

/** @typedef {import("../grids.js").Grid} Grid @typedef {import("../chart.js").Box} Box @typedef {import("./arcs.js").Shapes} Shapes @typedef {import("./sketch.js").Sketch} Sketch */

const NEAR = 16; // px of the world that a name may stand off the innermost point

export class Look {
  /** @param {Sketch} sketch @param {Shapes} shapes */
  constructor(sketch, shapes) {
    this.sketch = sketch;
    this.shapes = shapes;
    this.byNode = arcsByNode(sketch, shapes);
    /** @type {Map<number, Grid>} */
    this.grids = new Map();
    this.atoms = pathOfArcs(shapes.arcs);
  }

  /** Number of an atom's grid. @param {number} atom */
  gridOf(atom) {
    const node = atom < 0 ? -1 : this.sketch.ground.nodeOf[atom];
    return node < 0 ? NONE : this.sketch.label[node];
  }

  /** Make grids anew: those touched, or all. @param {Iterable<number>} [numbers] @param {boolean} [settled] false while a stroke goes on: names stay where they are */
  renew(numbers = this.sketch.grids.keys(), settled = true) {
    for (const number of [...numbers]) {
      if (!this.sketch.grids[number].nodes) this.grids.delete(number);
      else this.grids.set(number, this.#grid(number, settled));
    }
  }

  /** @param {number} number @param {boolean} settled @returns {Grid} */
  #grid(number, settled) {
    const { code, name, home, load, special } = this.sketch.grids[number];
    const community = this.sketch.ground.communities[home];
    const rings = ringsFrom(this.#edges(number));
    const old = this.grids.get(number);
    return {
      code, name, parent: community.code, short: shortName(name || code, community.name), listed: listedName(name || code, community.name),
      households: load, ...this.sketch.bandOf(number), rule: community.rule ?? "", special,
      path: pathOfRings(rings), rings, at: settled || !old ? innermost(rings, NEAR) : old.at, box: boxOf(rings.flat()),
    };
  }

  /** Arcs around a grid. @param {number} number */
  #edges(number) {
    const found = new Set();
    const { label } = this.sketch;
    for (let node = 0; node < label.length; node++) {
      if (label[node] !== number) continue;
      for (const arc of this.byNode[node]) if ((this.gridOf(arc.left) === number) !== (this.gridOf(arc.right) === number)) found.add(arc);
    }
    return /** @type {import("./arcs.js").Arc[]} */ ([...found]);
  }

  /** The land of some nodes. @param {Iterable<number>} nodes */
  landOf(nodes) {
    const chosen = new Set(nodes);
    const { nodeOf } = this.sketch.ground;
    const inside = (/** @type {number} */ atom) => atom >= 0 && chosen.has(nodeOf[atom]);
    const around = new Set([...chosen].flatMap((node) => this.byNode[node]));
    const rings = ringsFrom(edgesOf([...around], inside));
    return { rings, path: pathOfRings(rings), box: boxOf(rings.flat()) };
  }

  /** Arcs between two grids, or at the edge, within a box. @param {Box} [box] */
  borders(box) {
    return pathOfArcs(this.shapes.arcs.filter((arc) => (!box || meet(arc.box, box)) && this.gridOf(arc.left) !== this.gridOf(arc.right)));
  }

  /** Borders in force that the draft has not kept. */
  todays() {
    const { nodeOf, today } = this.sketch.ground;
    const was = (/** @type {number} */ atom) => (atom < 0 || nodeOf[atom] < 0 ? null : today[nodeOf[atom]]);
    return pathOfArcs(this.shapes.arcs.filter((arc) => was(arc.left) !== was(arc.right) && this.gridOf(arc.left) === this.gridOf(arc.right)));
  }

  /** Nodes whose households would change grid. */
  moved() {
    const { today } = this.sketch.ground;
    const found = [];
    for (let node = 0; node < today.length; node++) {
      const number = this.sketch.label[node];
      if (number !== NONE && today[node] !== null && today[node] !== this.sketch.grids[number].code) found.push(node);
    }
    return found;
  }

  /** Boxes of some grids as one. @param {Iterable<number>} numbers @returns {Box} */
  boxOf(numbers) {
    const boxes = [...numbers].map((number) => this.grids.get(number)?.box).filter((box) => box !== undefined);
    return union(boxes);
  }
}

/** @param {Sketch} sketch @param {Shapes} shapes */
function arcsByNode(sketch, shapes) {
  /** @type {import("./arcs.js").Arc[][]} */
  const byNode = Array.from(sketch.label, () => []);
  for (const arc of shapes.arcs) {
    for (const atom of [arc.left, arc.right]) {
      const node = atom < 0 ? -1 : sketch.ground.nodeOf[atom];
      if (node >= 0) byNode[node].push(arc);
    }
  }
  return byNode;
}

/** @param {Box} a @param {Box} b */
export function meet(a, b) {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

/** @param {Box[]} boxes @returns {Box} */
export function union(boxes) {
  return boxes.reduce((all, box) => [Math.min(all[0], box[0]), Math.min(all[1], box[1]), Math.max(all[2], box[2]), Math.max(all[3], box[3])], /** @type {Box} */ ([Infinity, Infinity, -Infinity, -Infinity]));
}
