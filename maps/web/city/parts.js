// Of a tile what is in view: painted first, since of all tiles in view more than half lies beyond its edge.
import { SCALE, SIDE } from "./tiles.js";

/** @typedef {import("./tiles.js").Drawn} Drawn @typedef {import("../chart.js").Box} Box */

/** All of a tile, and nothing of it: left, top, right, bottom in px from its corner. @type {Box} */
export const WHOLE = [0, 0, SIDE, SIDE];
/** @type {Box} */
export const NOTHING = [0, 0, 0, 0];
const STEP = 8; // px: a canvas as wide as some of these has whole pixels at every usual ratio of the screen
const BESIDE = 24; // px from which lines and points reach into a part

/** What is in view of a tile. @param {Box} view in px of the world at the zoom of the map @param {{x: number, y: number}} at @returns {Box} */
export function partIn(view, { x, y }) {
  const [left, top] = [view[0] - x * SIDE, view[1] - y * SIDE].map((px) => Math.max(0, Math.floor(px / STEP) * STEP));
  const [right, bottom] = [view[2] - x * SIDE, view[3] - y * SIDE].map((px) => Math.min(SIDE, Math.ceil(px / STEP) * STEP));
  return left < right && top < bottom ? [left, top, right, bottom] : NOTHING;
}

/** Is there nothing more to paint? @param {Box} part */
export const isWhole = (part) => part.every((px, i) => px === WHOLE[i]);

/** Layers of a tile with the shapes that reach into a part. @param {Map<string, Drawn>} layers @param {Box} part @returns {Map<string, Drawn>} */
export function reaching(layers, part) {
  if (isWhole(part)) return layers;
  const [left, top, right, bottom] = [part[0] - BESIDE, part[1] - BESIDE, part[2] + BESIDE, part[3] + BESIDE].map((px) => px / SCALE);
  const reaches = (/** @type {import("./tiles.js").Shape} */ { box }) => box[2] >= left && box[0] <= right && box[3] >= top && box[1] <= bottom;
  return new Map([...layers].map(([name, whole]) => [name, { whole, shapes: whole.shapes.filter(reaches), borders: null }]));
}
