// The tools: what a pointer does with each of them. None of them speaks to the server: the desk does.
import { say } from "../say.js";
import { NONE } from "./sketch.js";

/** @typedef {[number, number]} Point in px of the world */
/** @typedef {{at: Point, px: Point, fresh: boolean}} Touch `fresh`: the pointer has hardly moved since it went down */
/**
 * @typedef {{desk: import("./desk.js").Desk, finder: import("./finder.js").Finder, scene: import("./paint.js").Scene,
 *   reach: () => number, showMoved: (touched: number[]) => void, live: () => void, tip: (stroke: Stroke | null, px?: Point) => void,
 *   pick: (number: number | null) => void, choose: (nodes: number[]) => void, cutOut: (nodes: number[]) => void, warn: (key: string, values?: Record<string, unknown>) => void, aloud: (text: string) => void, position: (at: Point) => [number, number]}} Room
 * `reach`: radius of the brush in px of the world; `tip`: what the stroke does, beside it; `position`: lon, lat
 */
/** @typedef {{target: number, loads: Map<number, number>, nodes: Set<number>, left: Set<string>, last: Point, households: number}} Stroke `loads`: households before, by grid; `left`: why something was not painted */
/**
 * @typedef {{down?: (touch: Touch) => void, move?: (touch: Touch) => void, up?: (touch: Touch) => void, stop: () => void, hint: string, cursor: string,
 *   space?: (at: Point) => void, enter?: (at: Point | null) => boolean, back?: () => void}} Tool
 * `space`, `enter`: what the keys do in the middle of the atom where they stand; `enter` tells whether it did anything
 */

/** @param {Room} room @param {Point} at */
export function gridAt({ desk, finder }, at) {
  return desk.look.gridOf(finder.at(at));
}

/** @param {Room} room @param {Iterable<number>} atoms */
export function nodesOf({ desk }, atoms) {
  const found = new Set([...atoms].map((atom) => desk.sketch.ground.nodeOf[atom]));
  found.delete(-1);
  return found;
}

/** @param {Room} room @param {number} target @param {Point} at @returns {Stroke} */
export function begun({ desk }, target, at) {
  return { target, loads: new Map([[target, desk.sketch.grids[target].load]]), nodes: new Set(), left: new Set(), last: at, households: 0 };
}

/** Paint nodes: the figures follow at once. @param {Room} room @param {Stroke} stroke @param {Iterable<number>} nodes */
export function painted({ desk, scene, showMoved }, stroke, nodes) {
  const { sketch, look } = desk;
  const able = [];
  for (const node of nodes) {
    const from = sketch.label[node];
    if (from === stroke.target) continue;
    if (!sketch.takes(node, stroke.target)) {
      stroke.left.add(sketch.ground.home[node] === sketch.grids[stroke.target].home ? "locked" : "elsewhere");
      continue;
    }
    if (from !== NONE && !stroke.loads.has(from)) stroke.loads.set(from, sketch.grids[from].load);
    stroke.households += stroke.nodes.has(node) ? 0 : sketch.ground.weight[node];
    stroke.nodes.add(node);
    desk.stroke.set(node, stroke.target);
    able.push(node);
  }
  if (!able.length) return;
  const touched = sketch.give(able, stroke.target);
  look.renew(touched, false);
  scene.painted = look.landOf(stroke.nodes).path;
  scene.target = stroke.target;
  showMoved(touched);
}

/** Give what a lasso caught to a grid; how much of it could not go there is said. @param {Pick<Room, "desk" | "warn">} room @param {number[]} nodes @param {number} number */
export function give({ desk, warn }, nodes, number) {
  const { sketch } = desk;
  const apart = nodes.filter((node) => sketch.label[node] !== number);
  const able = apart.filter((node) => sketch.takes(node, number));
  desk.move(able, number);
  if (able.length < apart.length) warn("draw.left-caught", { n: apart.length - able.length });
}

/** The stroke ends: it is sent, or as if it had never been. @param {Room} room @param {Stroke | null} stroke @param {boolean} keep */
export function ended({ desk, scene, tip, live }, stroke, keep) {
  desk.stroke.clear();
  [scene.painted, scene.target] = [null, null];
  tip(null);
  if (keep && stroke?.nodes.size) desk.move(stroke.nodes, stroke.target);
  else if (stroke) desk.show();
  live();
}

/** @param {Room} room @returns {Tool} */
export function select(room) {
  return { hint: "draw.hint-select", cursor: "", stop: () => undefined, up: ({ at, fresh }) => {
    if (!fresh) return;
    const number = gridAt(room, at);
    room.pick(number === NONE || number === room.scene.picked ? null : number);
  } };
}

/** Paint from the picked grid, else from the one where the stroke begins. @param {Room} room @returns {Tool} */
export function brush(room) {
  /** @type {Stroke | null} */
  let stroke = null;
  const stop = () => {
    ended(room, stroke, false);
    stroke = null;
  };
  return { hint: "draw.hint-brush", cursor: "none", stop,
    down({ at }) {
      const target = room.scene.picked ?? gridAt(room, at);
      if (target === NONE) return room.warn("draw.no-grid");
      if (room.desk.sketch.grids[target].locked) return room.warn("draw.is-locked");
      stroke = begun(room, target, at);
    },
    move({ at, px }) {
      if (!stroke) return;
      painted(room, stroke, nodesOf(room, room.finder.under(stroke.last, at, room.reach())));
      stroke.last = at;
      room.tip(stroke, px);
    },
    up({ at, fresh }) {
      if (!stroke) return;
      const [done, wasPicked] = [stroke, room.scene.picked !== null];
      if (fresh && wasPicked) painted(room, done, nodesOf(room, [room.finder.at(at)].filter((atom) => atom >= 0)));
      ended(room, done, true);
      stroke = null;
      if (fresh && !wasPicked) room.pick(done.target);
    },
  };
}

/** The grid clicked first takes the others. @param {Room} room @returns {Tool} */
export function merge(room) {
  const join = (/** @type {Point} */ at) => {
    const number = gridAt(room, at);
    const { scene, desk } = room;
    if (number === NONE) return;
    if (scene.picked === null || scene.picked === number) {
      if (scene.picked === null) room.aloud(say("draw.picked", { name: desk.sketch.grids[number].name }));
      return room.pick(scene.picked === number ? null : number);
    }
    const [keeps, joins] = [desk.sketch.grids[scene.picked], desk.sketch.grids[number]];
    if (keeps.home !== joins.home) return room.warn("draw.other-community");
    desk.post({ kind: "merge", grids: [keeps.code, joins.code] });
  };
  return { hint: "draw.hint-merge", cursor: "pointer", stop: () => undefined, space: join, up: ({ at, fresh }) => void (fresh && join(at)) };
}

/** @param {Room} room @returns {Tool} */
export function lock(room) {
  const turn = (/** @type {Point} */ at) => {
    const number = gridAt(room, at);
    if (number === NONE) return;
    const grid = room.desk.sketch.grids[number];
    room.desk.post({ kind: grid.locked ? "unlock" : "lock", grids: [grid.code] });
  };
  return { hint: "draw.hint-lock", cursor: "pointer", stop: () => undefined, space: turn, up: ({ at, fresh }) => void (fresh && turn(at)) };
}

/** A comment on the place that is clicked. @param {Room} room @param {(at: [number, number]) => void} begin @returns {Tool} */
export function comment(room, begin) {
  return { hint: "draw.hint-comment", cursor: "crosshair", stop: () => undefined,
    up: ({ at, fresh }) => void (fresh && begin(room.position(at))),
    enter(at) {
      if (at) begin(room.position(at));
      return at !== null;
    },
  };
}
