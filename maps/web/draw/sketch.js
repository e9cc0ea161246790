// A draft as it is being drawn: the grid of each node, and figures that follow every move at once.
// Nodes are atoms, or estates that move as one; who borders on whom is the server's own graph.

/**
 * @typedef {{code: string, name: string, rule: string | null, low: number | null, high: number | null}} Community
 * @typedef {{codes: string[], households: Float64Array, weight: Float64Array, home: Int32Array, today: (string | null)[], area: Float64Array, around: Float64Array,
 *   first: Int32Array, to: Int32Array, metres: Float64Array, atoms: number[][], nodeOf: Int32Array, communities: Community[]}} Ground
 * `codes`, `households` by atom; `weight`, `home`, `today`, `area`, `around`, `atoms` by node; arcs of node i are first[i] to first[i + 1]
 * @typedef {{code: string, name: string, home: number, load: number, area: number, outline: number, nodes: number, broken: number, locked: boolean, special: boolean}} Figures
 */

export const NONE = -1;

/** @param {any} told what /api/plans/P/ground answers @returns {Ground} */
export function groundFrom(told) {
  const count = told.area.length;
  const held = told.features.map((/** @type {any} */ f) => f.properties);
  const nodeOf = Int32Array.from(held, (/** @type {any} */ p) => p.node);
  const weight = new Float64Array(count);
  const home = new Int32Array(count).fill(NONE);
  /** @type {(string | null)[]} */
  const today = new Array(count).fill(null);
  /** @type {number[][]} */
  const atoms = Array.from({ length: count }, () => []);
  held.forEach((/** @type {any} */ p, /** @type {number} */ i) => {
    if (p.node < 0) return;
    weight[p.node] += p.households;
    home[p.node] = p.home;
    today[p.node] ??= p.today;
    atoms[p.node].push(i);
  });
  const households = Float64Array.from(held, (/** @type {any} */ p) => p.households);
  return { codes: held.map((/** @type {any} */ p) => p.code), households, weight, home, today, atoms, nodeOf, communities: told.communities,
    area: Float64Array.from(told.area), around: Float64Array.from(told.around), ...linksOf(told.links, count) };
}

/** Both ways of every link, by node. @param {number[]} flat two nodes and metres, one after the other @param {number} count */
function linksOf(flat, count) {
  const first = new Int32Array(count + 1);
  for (let i = 0; i < flat.length; i += 3) {
    first[flat[i] + 1]++;
    first[flat[i + 1] + 1]++;
  }
  for (let i = 0; i < count; i++) first[i + 1] += first[i];
  const place = first.slice();
  const to = new Int32Array(first[count]);
  const metres = new Float64Array(first[count]);
  for (let i = 0; i < flat.length; i += 3) {
    for (const [a, b] of [[flat[i], flat[i + 1]], [flat[i + 1], flat[i]]]) {
      to[place[a]] = b;
      metres[place[a]++] = flat[i + 2];
    }
  }
  return { first, to, metres };
}

export class Sketch {
  /** @param {Ground} ground */
  constructor(ground) {
    this.ground = ground;
    this.label = new Int32Array(ground.weight.length).fill(NONE);
    /** @type {Figures[]} */
    this.grids = [];
    /** @type {Map<string, number>} */
    this.number = new Map();
    this.seen = new Int32Array(ground.weight.length);
    this.mark = 0;
  }

  /** The number of a grid, made where there is none. @param {string} code @param {number} home @param {string} [name] */
  numberOf(code, home, name = "") {
    const known = this.number.get(code);
    if (known !== undefined) {
      if (name) this.grids[known].name = name;
      return known;
    }
    this.number.set(code, this.grids.length);
    this.grids.push({ code, name, home, load: 0, area: 0, outline: 0, nodes: 0, broken: 0, locked: false, special: false });
    return this.grids.length - 1;
  }

  /** Put every node into its grid. @param {ArrayLike<number>} label by node */
  place(label) {
    for (const grid of this.grids) Object.assign(grid, { load: 0, area: 0, outline: 0, nodes: 0, broken: 0 });
    this.label.fill(NONE);
    for (let node = 0; node < label.length; node++) this.#shift(node, label[node]);
    this.grids.forEach((_, number) => this.count(number));
  }

  /** Atoms have other households. @param {Iterable<[number, number]>} counts atom and what it has now @returns {number[]} the numbers of the grids touched */
  weigh(counts) {
    const { households, nodeOf, weight } = this.ground;
    const touched = new Set();
    for (const [atom, now] of counts) {
      const more = now - households[atom];
      if (!more) continue;
      households[atom] = now;
      const node = nodeOf[atom];
      if (node < 0) continue;
      weight[node] += more;
      const number = this.label[node];
      if (number !== NONE) touched.add(number), (this.grids[number].load += more);
    }
    return /** @type {number[]} */ ([...touched]);
  }

  /** Give nodes to a grid; those it cannot take are left. @param {Iterable<number>} nodes @param {number} number @returns {number[]} the numbers of the grids touched */
  give(nodes, number) {
    const touched = new Set([number]);
    for (const node of nodes) {
      if (!this.takes(node, number)) continue;
      touched.add(this.label[node]);
      this.#shift(node, number);
    }
    touched.delete(NONE);
    for (const each of touched) this.count(each);
    return [...touched];
  }

  /** Put nodes back where they were. @param {Map<number, number>} before label by node */
  back(before) {
    const touched = new Set();
    for (const [node, number] of before) {
      touched.add(number).add(this.label[node]);
      this.#shift(node, number);
    }
    touched.delete(NONE);
    for (const each of touched) this.count(each);
    return /** @type {number[]} */ ([...touched]);
  }

  /** May this node go into that grid? @param {number} node @param {number} number */
  takes(node, number) {
    const from = this.label[node];
    const grid = this.grids[number];
    return from !== number && this.ground.home[node] === grid.home && !grid.locked && !(from !== NONE && this.grids[from].locked);
  }

  /** @param {number} node @param {number} number */
  #shift(node, number) {
    const { weight, area, around, first, to, metres } = this.ground;
    const from = this.label[node];
    if (from === number) return;
    let [left, joined] = [0, 0];
    for (let arc = first[node]; arc < first[node + 1]; arc++) {
      const beside = this.label[to[arc]];
      if (beside === NONE) continue;
      if (beside === from) left += metres[arc];
      else if (beside === number) joined += metres[arc];
    }
    if (from !== NONE) add(this.grids[from], -weight[node], -area[node], 2 * left - around[node], -1);
    if (number !== NONE) add(this.grids[number], weight[node], area[node], around[node] - 2 * joined, 1);
    this.label[node] = number;
  }

  /** Places of the communities that nodes lie in. @param {number[]} nodes */
  homesOf(nodes) {
    return new Set(nodes.map((node) => this.ground.home[node]));
  }

  /** Nodes of a grid. @param {number} number */
  nodesOf(number) {
    const found = [];
    for (let node = 0; node < this.label.length; node++) if (this.label[node] === number) found.push(node);
    return found;
  }

  /** Count the pieces of a grid beyond one. @param {number} number */
  count(number) {
    const grid = this.grids[number];
    grid.broken = grid.nodes > 1 && !grid.special ? this.piecesOf(number).length - 1 : 0;
  }

  /** Pieces of a grid, the main one (most households, then most nodes) first. @param {number} number @returns {number[][]} */
  piecesOf(number) {
    const { first, to, weight } = this.ground;
    const mark = ++this.mark;
    const pieces = [];
    for (let start = 0; start < this.label.length; start++) {
      if (this.label[start] !== number || this.seen[start] === mark) continue;
      const piece = [start];
      this.seen[start] = mark;
      for (let i = 0; i < piece.length; i++) {
        for (let arc = first[piece[i]]; arc < first[piece[i] + 1]; arc++) {
          const next = to[arc];
          if (this.label[next] !== number || this.seen[next] === mark) continue;
          this.seen[next] = mark;
          piece.push(next);
        }
      }
      pieces.push(piece);
    }
    const load = (/** @type {number[]} */ piece) => piece.reduce((sum, node) => sum + weight[node], 0);
    return pieces.sort((a, b) => load(b) - load(a) || b.length - a.length);
  }

  /** @param {number} number */
  bandOf(number) {
    const { home, special } = this.grids[number];
    const { low, high } = this.ground.communities[home];
    return special ? { low: null, high: null } : { low, high };
  }

  /** Numbers of the grids that hold a node. */
  present() {
    return this.grids.map((_, number) => number).filter((number) => this.grids[number].nodes > 0);
  }

  /** What the panel says of the whole. */
  totals() {
    const { weight, today } = this.ground;
    const there = this.present();
    let [counted, fine, broken, form] = [0, 0, 0, 0];
    for (const number of there) {
      const { low, high } = this.bandOf(number);
      const { load, broken: more } = this.grids[number];
      broken += more;
      form += compactness(this.grids[number]);
      if (low === null || high === null) continue;
      counted++;
      if (load >= low && load <= high) fine++;
    }
    let [moved, all, loose] = [0, 0, 0];
    const codes = this.grids.map((grid) => grid.code);
    for (let node = 0; node < weight.length; node++) {
      all += weight[node];
      const number = this.label[node];
      if (number === NONE) loose++;
      else if (today[node] !== null && today[node] !== codes[number]) moved += weight[node];
    }
    return { grids: there.length, counted, fine, broken, moved, all, loose, compactness: there.length ? form / there.length : null };
  }
}

/** @param {Figures} grid @param {number} load @param {number} area @param {number} outline @param {number} nodes */
function add(grid, load, area, outline, nodes) {
  grid.load += load;
  grid.area += area;
  grid.outline += outline;
  grid.nodes += nodes;
}

/** Polsby-Popper. @param {{area: number, outline: number}} grid */
export function compactness({ area, outline }) {
  return outline > 0 ? Math.min(1, (4 * Math.PI * area) / outline ** 2) : 0;
}
