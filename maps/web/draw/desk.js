// A draft on the desk: what the server holds, what is on its way, and what is shown of both.
import { NONE } from "./sketch.js";
import { outboxOf } from "./outbox.js";

/** @typedef {import("./sketch.js").Sketch} Sketch @typedef {import("./look.js").Look} Look @typedef {import("./outbox.js").Edit} Edit @typedef {import("./outbox.js").Waiting} Waiting */
/** @typedef {{code: string, households: number, edit: {kind: string, atoms: string[], grid: string}}} Offer a way to mend a broken grid */
/** @typedef {{shown: (touched: number[]) => void, said: (answer: any, edit: Edit) => void, refused: (error: any, edit: Edit) => void, cut: (error: unknown) => void, changed: () => void, stale: () => void}} Heard */

export class Desk {
  /**
   * @param {Sketch} sketch @param {Look} look @param {any} told what /draft?labels=true answered
   * @param {{shelf: ReturnType<typeof import("./outbox.js").shelfOf>, send: (edit: Edit, version: number) => Promise<any>, letGo?: () => void, read: () => Promise<any>, now?: () => number}} way
   * @param {Heard} heard
   */
  constructor(sketch, look, told, way, heard) {
    this.sketch = sketch;
    this.look = look;
    this.way = way;
    this.heard = heard;
    this.atomNode = new Map(sketch.ground.codes.map((code, atom) => [code, sketch.ground.nodeOf[atom]]));
    this.atomAt = new Map(sketch.ground.codes.map((code, atom) => [code, atom]));
    /** Grids whose households were counted anew, and not shown yet. @type {number[]} */
    this.weighed = [];
    this.homes = new Map(sketch.ground.communities.map(({ code }, home) => [code, home]));
    this.server = new Int32Array(sketch.label.length).fill(NONE);
    /** @type {Map<string, Offer[]>} */
    this.offers = new Map();
    /** What the hand is just doing: grid by node. @type {Map<number, number>} */
    this.stroke = new Map();
    this.canUndo = false;
    this.canRedo = false;
    this.savedAt = 0;
    this.outbox = outboxOf({
      version: told.version, shelf: way.shelf, now: way.now ?? Date.now, send: way.send,
      answered: (answer, one) => this.#answered(answer, one),
      refused: (error, one) => this.#refused(error, one),
      cut: heard.cut, changed: heard.changed, aside: () => this.show(), stale: (one, again) => this.#second(one, again),
    });
    this.#take(told);
    sketch.place(this.#wanted());
    look.renew();
  }

  /** @param {Edit} edit */
  post(edit) {
    this.outbox.put(edit);
    this.show();
  }

  /** Nodes as the edit of moving them names them. @param {Iterable<number>} nodes @param {number | null} number null: to a new grid */
  move(nodes, number) {
    const { atoms, codes } = this.sketch.ground;
    const named = [...nodes].flatMap((node) => atoms[node].map((atom) => codes[atom]));
    if (named.length) this.post({ kind: "move", atoms: named, grid: number === null ? null : this.sketch.grids[number].code });
  }

  /** Bring what is shown to what the server holds and what is on its way. */
  show() {
    const wanted = this.#wanted();
    const changes = new Map();
    for (let node = 0; node < wanted.length; node++) if (wanted[node] !== this.sketch.label[node]) changes.set(node, wanted[node]);
    const touched = [...new Set([...this.sketch.back(changes), ...this.weighed])];
    this.weighed = [];
    this.look.renew(touched);
    this.heard.shown(touched);
  }

  /** Wait no longer for an edit of a kind. @param {string} kind @returns {Promise<boolean>} whether nothing came of it, as far as can be told */
  async letGo(kind) {
    const { version } = this.outbox;
    if (!this.outbox.withdraw(kind)) return true;
    this.way.letGo?.();
    await this.refresh().catch(() => undefined); // without a network the version of the next edit tells
    return this.outbox.version === version;
  }

  /** Read it all again: somebody else has drawn. Nothing is taken over while a hand draws on what it sees. @param {() => boolean} [drawing] */
  async refresh(drawing = () => false) {
    const told = await this.way.read();
    const before = this.server.slice();
    if (drawing() || told.version < this.outbox.version) return { before, touched: /** @type {Set<number>} */ (new Set()) };
    this.outbox.version = told.version;
    this.#take(told);
    const touched = new Set(this.weighed);
    this.show();
    this.server.forEach((number, node) => number !== before[node] && touched.add(number).add(before[node]));
    touched.delete(NONE);
    return { before, touched: /** @type {Set<number>} */ (touched) };
  }

  #wanted() {
    const wanted = this.server.slice();
    for (const { edit } of this.outbox?.waiting ?? []) if (edit.kind === "move") this.#lay(wanted, edit);
    for (const [node, number] of this.stroke) wanted[node] = number;
    return wanted;
  }

  /** @param {Int32Array} wanted @param {Edit} edit */
  #lay(wanted, { atoms, grid }) {
    const nodes = /** @type {string[]} */ (atoms).map((code) => this.atomNode.get(code) ?? -1).filter((node) => node >= 0);
    if (!nodes.length) return;
    const home = this.sketch.ground.home[nodes[0]];
    const number = this.sketch.numberOf(grid === null ? `+${home}` : String(grid), home);
    for (const node of nodes) wanted[node] = number;
  }

  /** @param {any} told */
  #take(told) {
    for (const grid of told.grids) {
      const number = this.sketch.numberOf(grid.code, this.homes.get(grid.within) ?? 0, grid.name);
      this.sketch.grids[number].special = grid.special;
      this.offers.delete(grid.code);
    }
    for (const code of told.gone ?? []) this.offers.delete(code);
    for (const offer of told.offers) this.offers.set(offer.code, [...(this.offers.get(offer.code) ?? []), offer]);
    const locked = new Set(told.locked);
    for (const grid of this.sketch.grids) grid.locked = locked.has(grid.code);
    this.weighed.push(...this.sketch.weigh(this.#counts(told)));
    if (told.labels) this.#takeLabels(told);
    else told.atoms.forEach((/** @type {string} */ atom, /** @type {number} */ i) => this.#put(this.atomNode.get(atom) ?? -1, told.placed[i]));
    this.canUndo = told.can_undo;
    this.canRedo = told.can_redo;
  }

  /** Atoms and their households, of all or of those that were counted anew. @param {any} told @returns {[number, number][]} */
  #counts({ counted, counts }) {
    if (counted) return [...counted.entries()];
    return Object.entries(counts ?? {}).map(([code, now]) => [this.atomAt.get(code) ?? -1, now]);
  }

  /** @param {{codes: string[], labels: number[]}} told */
  #takeLabels({ codes, labels }) {
    this.server.fill(NONE);
    labels.forEach((place, atom) => this.#put(this.sketch.ground.nodeOf[atom], place < 0 ? null : codes[place]));
  }

  /** @param {number} node @param {string | null} code */
  #put(node, code) {
    if (node >= 0) this.server[node] = code === null ? NONE : this.sketch.numberOf(code, this.sketch.ground.home[node]);
  }

  /** @param {any} answer @param {Waiting} one */
  #answered(answer, one) {
    this.#take(answer);
    this.savedAt = (this.way.now ?? Date.now)();
    this.show();
    this.heard.said(answer, one.edit);
  }

  /** @param {any} error @param {Waiting} one */
  #refused(error, one) {
    this.show();
    this.heard.refused(error, one.edit);
  }

  /** Somebody else was first: what nobody touched meanwhile is sent on, the rest waits for a word. @param {Waiting} one @param {boolean} again @returns {Promise<import("./outbox.js").Verdict>} */
  async #second({ edit }, again) {
    const { before, touched } = await this.refresh();
    this.heard.stale();
    const nodes = edit.kind === "move" ? /** @type {string[]} */ (edit.atoms).map((code) => this.atomNode.get(code) ?? -1) : [];
    const target = edit.grid === null ? undefined : this.sketch.number.get(String(edit.grid));
    if (again && nodes.length && target !== undefined && nodes.every((node) => this.server[node] === target)) return "done";
    const apart = nodes.length > 0 && target !== undefined && !touched.has(target) && nodes.every((node) => this.server[node] === before[node] && !touched.has(this.server[node]));
    return apart && !again ? "again" : "hold";
  }
}
