// Tools that catch atoms inside a ring: to give them to a grid, or to cut them out as a special one.
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
  return ring(room, "draw.hint-lasso", hold, (number) => {
    if (caught.length) give(room, caught, number);
    hold([]);
  });
}

/** What was caught, or the grid clicked, becomes a special grid once it has a name. @param {Room} room @returns {Tool} */
export function special(room) {
  const { sketch } = room.desk;
  const cut = (/** @type {number[]} */ nodes) => {
    if (sketch.homesOf(nodes).size > 1) return room.warn("draw.apart");
    if (nodes.some((node) => sketch.grids[sketch.label[node]]?.locked)) return room.warn("draw.is-locked");
    if (nodes.length) room.cutOut(nodes);
  };
  return ring(room, "draw.hint-special", cut, (number) => cut(sketch.nodesOf(number)));
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
