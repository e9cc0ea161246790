// The tools: what a pointer does with each of them. None of them speaks to the server: the desk does.
import { NONE } from "./sketch.js";

/** @typedef {[number, number]} Point in px of the world */
/** @typedef {{at: Point, px: Point, fresh: boolean}} Touch `fresh`: the pointer has hardly moved since it went down */
/**
 * @typedef {{desk: import("./desk.js").Desk, finder: import("./finder.js").Finder, scene: import("./paint.js").Scene,
 *   reach: () => number, showMoved: (touched: number[]) => void, live: () => void, tip: (stroke: Stroke | null, px?: Point) => void,
 *   pick: (number: number | null) => void, choose: (nodes: number[]) => void, warn: (key: string, values?: Record<string, unknown>) => void, position: (at: Point) => [number, number]}} Room
 * `reach`: radius of the brush in px of the world; `tip`: what the stroke does, beside it; `position`: lon, lat
 */
/** @typedef {{target: number, loads: Map<number, number>, nodes: Set<number>, left: Set<string>, last: Point, households: number}} Stroke `loads`: households before, by grid; `left`: why something was not painted */
/** @typedef {{down?: (touch: Touch) => void, move?: (touch: Touch) => void, up?: (touch: Touch) => void, enter?: () => void, back?: () => void, stop: () => void, hint: string, cursor: string}} Tool */

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

/** @param {Room} room @returns {Tool} */
export function lasso(room) {
  let drawing = false;
  /** @type {number[]} */
  let caught = [];
  const { scene, desk } = room;
  const hold = (/** @type {number[]} */ nodes) => {
    caught = nodes;
    room.choose(nodes);
  };
  const stop = () => {
    drawing = false;
    scene.drawn = [];
    scene.lasso = false;
    hold([]);
  };
  return { hint: "draw.hint-lasso", cursor: "crosshair", stop,
    down({ at }) {
      drawing = true;
      [scene.drawn, scene.lasso] = [[at], true];
    },
    move({ at }) {
      if (!drawing) return;
      scene.drawn.push(at);
      room.live();
    },
    up({ at, fresh }) {
      const ring = scene.drawn;
      drawing = false;
      [scene.drawn, scene.lasso] = [[], false];
      const number = fresh ? gridAt(room, at) : NONE;
      if (number !== NONE && caught.length) desk.move(caught.filter((node) => desk.sketch.takes(node, number)), number); // a click after the lasso says where to
      const nodes = fresh ? [] : [...nodesOf(room, room.finder.within(ring))];
      if (!fresh && !nodes.length) room.warn("draw.lasso-empty");
      hold(nodes);
    },
  };
}

const NEXT_POINT = 3; // px of the world between points drawn by hand

/** A line of clicks, or drawn in one go. @param {Room} room @returns {Tool} */
export function split(room) {
  const { scene } = room;
  /** @type {Point[]} */
  let fixed = [];
  let free = false;
  const stop = () => {
    [fixed, free, scene.drawn] = [[], false, []];
    room.live();
  };
  const show = (/** @type {Point} */ at) => {
    scene.drawn = [...fixed, at];
    room.live();
  };
  const finish = () => {
    const line = fixed;
    stop();
    if (line.length < 2) return;
    const number = scene.picked ?? mostOf(room, line);
    if (number === NONE) return room.warn("draw.no-grid");
    room.desk.post({ kind: "split", grid: room.desk.sketch.grids[number].code, line: line.map(room.position), datum: "wgs84" });
  };
  return { hint: "draw.hint-split", cursor: "crosshair", stop, enter: finish,
    back() {
      fixed = fixed.slice(0, -1);
      scene.drawn = fixed.slice();
      room.live();
    },
    down({ at }) {
      const last = fixed[fixed.length - 1];
      if (last && Math.hypot(at[0] - last[0], at[1] - last[1]) < NEXT_POINT) return finish(); // the second of two clicks
      fixed = [...fixed, at];
      free = fixed.length === 1;
    },
    move({ at, fresh }) {
      if (!fixed.length) return;
      if (free && !fresh && Math.hypot(at[0] - fixed[fixed.length - 1][0], at[1] - fixed[fixed.length - 1][1]) > NEXT_POINT) fixed = [...fixed, at];
      show(at);
    },
    up({ fresh }) {
      if (free && !fresh) finish();
      free = false;
    },
  };
}

const SAMPLES = 40;

/** The grid most of a line runs through. @param {Room} room @param {Point[]} line */
function mostOf(room, line) {
  /** @type {Map<number, number>} */
  const seen = new Map();
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1], line[i]];
    const metres = Math.hypot(b[0] - a[0], b[1] - a[1]);
    for (let step = 0; step < SAMPLES; step++) {
      const t = (step + 0.5) / SAMPLES;
      const number = gridAt(room, [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]);
      if (number !== NONE) seen.set(number, (seen.get(number) ?? 0) + metres);
    }
  }
  return [...seen].sort((a, b) => b[1] - a[1])[0]?.[0] ?? NONE;
}

/** The grid clicked first takes the others. @param {Room} room @returns {Tool} */
export function merge(room) {
  return { hint: "draw.hint-merge", cursor: "pointer", stop: () => undefined, up({ at, fresh }) {
    const number = fresh ? gridAt(room, at) : NONE;
    const { scene, desk } = room;
    if (number === NONE) return;
    if (scene.picked === null || scene.picked === number) return room.pick(scene.picked === number ? null : number);
    const [keeps, joins] = [desk.sketch.grids[scene.picked], desk.sketch.grids[number]];
    if (keeps.home !== joins.home) return room.warn("draw.other-community");
    desk.post({ kind: "merge", grids: [keeps.code, joins.code] });
  } };
}

/** @param {Room} room @returns {Tool} */
export function lock(room) {
  return { hint: "draw.hint-lock", cursor: "pointer", stop: () => undefined, up({ at, fresh }) {
    const number = fresh ? gridAt(room, at) : NONE;
    if (number === NONE) return;
    const grid = room.desk.sketch.grids[number];
    room.desk.post({ kind: grid.locked ? "unlock" : "lock", grids: [grid.code] });
  } };
}

/** Pull a border: what lies between where it was and the pointer goes over, and comes back with it. @param {Room} room @returns {Tool} */
export function edge(room) {
  /** @type {{from: Point, sides: [number, number], was: Map<number, number>, stroke: Stroke} | null} */
  let pull = null;
  const { desk, scene } = room;
  const stop = () => {
    scene.refused = false;
    ended(room, pull?.stroke ?? null, false);
    pull = null;
  };
  return { hint: "draw.hint-edge", cursor: "none", stop,
    down({ at }) {
      const sides = sidesAt(room, at);
      if (!sides) return room.warn("draw.no-border");
      if (sides.some((number) => desk.sketch.grids[number].locked)) return room.warn("draw.is-locked");
      const was = new Map(sides.flatMap((number) => desk.sketch.nodesOf(number).map((node) => /** @type {[number, number]} */ ([node, number]))));
      pull = { from: at, sides, was, stroke: begun(room, sides[0], at) };
      pull.stroke.loads.set(sides[1], desk.sketch.grids[sides[1]].load);
    },
    move({ at, px }) {
      if (!pull) return;
      scene.refused = !pulled(room, pull, at);
      room.tip(pull.stroke, px);
      room.live();
    },
    up() {
      if (!pull) return;
      scene.refused = false;
      ended(room, pull.stroke, true);
      pull = null;
    },
  };
}

/** The two grids whose border is under the brush, that under the pointer first. @param {Room} room @param {Point} at @returns {[number, number] | null} */
function sidesAt(room, at) {
  const own = gridAt(room, at);
  if (own === NONE) return null;
  const reach = room.reach() * 1.6;
  const home = room.desk.sketch.grids[own].home;
  for (let turn = 0; turn < 48; turn++) {
    const far = reach * (turn < 16 ? 0.35 : turn < 32 ? 0.7 : 1);
    const angle = (turn * Math.PI) / 8;
    const other = gridAt(room, [at[0] + far * Math.cos(angle), at[1] + far * Math.sin(angle)]);
    if (other !== NONE && other !== own && room.desk.sketch.grids[other].home === home) return [own, other];
  }
  return null;
}

/** @param {Room} room @param {{from: Point, sides: [number, number], was: Map<number, number>, stroke: Stroke}} pull @param {Point} at @returns {boolean} whether the border could follow */
function pulled({ desk, finder, reach, scene, showMoved }, pull, at) {
  const { sketch, look } = desk;
  const { nodeOf, weight } = sketch.ground;
  const under = pull.was.get(nodeOf[finder.at(at)] ?? -1);
  if (under === undefined) return false; // over a third grid
  const taker = pull.sides[under === pull.sides[0] ? 1 : 0];
  const nodes = new Set([...finder.under(pull.from, at, reach())].map((atom) => nodeOf[atom]).filter((node) => pull.was.get(node) === under));
  const before = new Map(pull.sides.flatMap((number) => sketch.nodesOf(number)).map((node) => [node, sketch.label[node]]));
  const pieces = pull.sides.map((number) => sketch.grids[number].broken);
  sketch.back(new Map([...pull.was].map(([node, number]) => [node, nodes.has(node) ? taker : number])));
  const broken = pull.sides.some((number, i) => sketch.grids[number].broken > pieces[i] || !sketch.grids[number].nodes);
  if (broken) sketch.back(before);
  else {
    pull.stroke.target = taker;
    pull.stroke.nodes = nodes;
    pull.stroke.households = [...nodes].reduce((sum, node) => sum + weight[node], 0);
    desk.stroke.clear();
    for (const node of nodes) desk.stroke.set(node, taker);
  }
  look.renew(pull.sides, false);
  scene.painted = look.landOf(pull.stroke.nodes).path;
  scene.target = pull.stroke.target;
  showMoved(pull.sides);
  return !broken;
}
