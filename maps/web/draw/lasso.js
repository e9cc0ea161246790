// Tools that catch atoms inside a ring: to give them to a grid, or to cut them out as a special one.
import { figure, say } from "../say.js";
import { give, gridAt, nodesOf } from "./hands.js";
import { NONE } from "./sketch.js";

/** @typedef {import("./hands.js").Room} Room @typedef {import("./hands.js").Tool} Tool @typedef {[number, number]} Point */

/** What was caught goes to the picked grid, or to the one clicked next. @param {Room} room @returns {Tool} */
export function lasso(room) {
  /** @type {number[]} */
  let caught = [];
  const hold = (/** @type {number[]} */ nodes) => {
    caught = nodes;
    room.choose(nodes);
  };
  const giveTo = (/** @type {number} */ number) => {
    if (caught.length) give(room, caught, number);
    hold([]);
  };
  return { ...ring(room, "draw.hint-lasso", hold, giveTo),
    space(at) {
      hold(turned(caught, room, at));
      told(room, caught);
    },
    enter(at) {
      const number = at && caught.length ? gridAt(room, at) : NONE;
      if (number !== NONE) giveTo(number);
      return number !== NONE;
    },
  };
}

/** Nodes with that of a place, or without it where it was among them. @param {number[]} nodes @param {Room} room @param {Point} at */
function turned(nodes, room, at) {
  const here = [...nodesOf(room, [room.finder.at(at)])];
  return nodes.includes(here[0]) ? nodes.filter((node) => node !== here[0]) : [...nodes, ...here];
}

/** What the keys have caught so far is said aloud. @param {Room} room @param {number[]} nodes */
function told({ aloud, desk }, nodes) {
  aloud(say("draw.caught", { n: figure(nodes.length), households: figure(nodes.reduce((sum, node) => sum + desk.sketch.ground.weight[node], 0)) }));
}

/** What was caught, or the grid clicked, becomes a special grid once it has a name. @param {Room} room @returns {Tool} */
export function special(room) {
  const { sketch } = room.desk;
  const cut = (/** @type {number[]} */ nodes) => {
    if (sketch.homesOf(nodes).size > 1) return room.warn("draw.apart");
    if (nodes.some((node) => sketch.grids[sketch.label[node]]?.locked)) return room.warn("draw.is-locked");
    if (nodes.length) room.cutOut(nodes);
  };
  /** @type {number[]} */
  let caught = []; // by keys, one by one
  const hold = (/** @type {number[]} */ nodes) => {
    caught = nodes;
    room.scene.chosen = nodes.length ? room.desk.look.landOf(nodes).path : null;
    room.live();
  };
  const whole = (/** @type {number} */ number) => cut(sketch.nodesOf(number));
  const by = ring(room, "draw.hint-special", cut, whole);
  return { ...by,
    stop() {
      by.stop();
      hold([]);
    },
    space(at) {
      hold(turned(caught, room, at));
      told(room, caught);
    },
    enter(at) {
      const number = at ? gridAt(room, at) : NONE;
      if (caught.length) cut(caught);
      else if (number !== NONE) whole(number);
      return caught.length > 0 || number !== NONE;
    },
  };
}

/** @param {Room} room @param {string} hint @param {(nodes: number[]) => void} hold @param {(number: number) => void} clicked @returns {Tool} */
function ring(room, hint, hold, clicked) {
  const { scene } = room;
  let drawing = false;
  const end = () => {
    drawing = false;
    [scene.drawn, scene.lasso] = [[], false];
  };
  return { hint, cursor: "crosshair",
    stop() {
      end();
      hold([]);
    },
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
      const drawn = scene.drawn;
      end();
      const number = fresh ? gridAt(room, at) : NONE;
      if (number !== NONE) return clicked(number);
      const nodes = fresh ? [] : [...nodesOf(room, room.finder.within(drawn))];
      if (!fresh && !nodes.length) room.warn("draw.lasso-empty");
      hold(nodes);
    },
  };
}
