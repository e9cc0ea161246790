// The tool that pulls a border between two grids.
import { begun, ended, gridAt } from "./hands.js";
import { NONE } from "./sketch.js";

/** @typedef {import("./hands.js").Room} Room @typedef {import("./hands.js").Tool} Tool @typedef {import("./hands.js").Stroke} Stroke @typedef {[number, number]} Point */

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
      const why = pulled(room, pull, at);
      scene.refused = why !== "";
      pull.stroke.left = new Set(why ? [why] : []);
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

/** @param {Room} room @param {{from: Point, sides: [number, number], was: Map<number, number>, stroke: Stroke}} pull @param {Point} at @returns {"" | "crossing" | "broken"} why the border could not follow */
function pulled({ desk, finder, reach, scene, showMoved }, pull, at) {
  const { sketch, look } = desk;
  const { nodeOf, weight } = sketch.ground;
  const under = pull.was.get(nodeOf[finder.at(at)] ?? -1);
  if (under === undefined) return "crossing"; // over a third grid
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
  return broken ? "broken" : "";
}
