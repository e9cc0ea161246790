// The tool that parts a grid along a line.
import { figure, say } from "../say.js";
import { gridAt } from "./hands.js";
import { NONE } from "./sketch.js";

/** @typedef {import("./hands.js").Room} Room @typedef {import("./hands.js").Tool} Tool @typedef {import("./hands.js").Stroke} Stroke @typedef {[number, number]} Point */

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
  return { hint: "draw.hint-split", cursor: "crosshair", stop,
    space(at) {
      fixed = [...fixed, at];
      show(at);
      room.aloud(say("draw.point", { n: figure(fixed.length) }));
    },
    enter() {
      const drawn = fixed.length > 0;
      finish();
      return drawn;
    },
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
