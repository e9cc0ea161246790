// What the page of a draft shows, made of what the server told, and the layers it is painted on.
import { World, layersOver } from "../chart.js";
import { darkened, el } from "../dom.js";
import { drawGround, groundOf } from "../ground.js";
import { say } from "../say.js";
import { onceAFrame } from "../stage.js";
import { shapesOf } from "./arcs.js";
import { Look, union } from "./look.js";
import { drawGrids, drawLive, drawNames } from "./paint.js";
import { Sketch, groundFrom } from "./sketch.js";

/** @typedef {import("./paint.js").Scene} Scene */

export const RADII = [5, 9, 14, 22, 34]; // px, of the brush

/** @param {any} ground what /ground answers */
export function sceneOf(ground) {
  const [lon, lat] = ground.features[0].geometry.coordinates.flat(Infinity);
  const world = new World(L.latLng(lat, lon));
  const sketch = new Sketch(groundFrom(ground));
  const shapes = shapesOf(ground.features, (position) => world.xy(position));
  const look = new Look(sketch, shapes);
  const nothing = new Path2D();
  const inside = new Path2D();
  inside.rect(-1e7, -1e7, 2e7, 2e7);
  /** @type {Scene} */
  const scene = {
    base: darkened(), only: null, look, ground: groundOf(world, []), specials: [], communities: nothing, subdistricts: nothing, inside,
    badges: [], roads: [], showToday: true, today: null, moved: null, picked: null, target: null, chosen: null, painted: null, drawn: [], lasso: false,
    settled: false, pointer: null, radius: RADII[2], brush: false, refused: false, loads: null, department: null, torn: [], cursor: null, pinned: [],
  };
  const [left, top, right, bottom] = union(shapes.boxes);
  return { world, sketch, shapes, look, scene, bounds: L.latLngBounds(world.latLng(left, bottom), world.latLng(right, top)) };
}

/** @param {L.Map} map @param {Scene} scene @param {World} world */
export function layersOf(map, scene, world) {
  return layersOver(map, world, [
    ["ground", (ctx, view, box) => drawGround(ctx, view, box, scene.ground, scene.base)],
    ["grids", (ctx, view, box) => scene.settled && drawGrids(ctx, view, box, scene)],
    ["names", (ctx, view, box) => scene.settled && drawNames(ctx, view, box, scene)],
    ["live", (ctx, view, box) => drawLive(ctx, view, box, scene)],
  ]);
}

/** What may be shown or not: borders in force under the draft, last quarter's issues. @param {HTMLElement} over @param {Scene} scene @param {() => void} repaint @param {(on: boolean) => void} load */
export function switches(over, scene, repaint, load) {
  const today = el("input", { type: "checkbox", checked: scene.showToday, onchange: () => {
    scene.showToday = today.checked;
    repaint();
  } });
  const issues = el("input", { type: "checkbox", disabled: true, onchange: () => load(issues.checked) });
  const room = el("div", { class: "switches" }, el("label", {}, today, el("span", {}, say("draw.show-today"))), el("label", {}, issues, el("span", {}, say("draw.show-load"))));
  over.append(room);
  return { room, able: () => void (issues.disabled = false) };
}

/** Calls of one frame as one, with all that they named. @param {(touched: number[]) => void} act */
export function onceAFrameGathered(act) {
  /** @type {Set<number>} */
  const all = new Set();
  const soon = onceAFrame(() => {
    const touched = [...all];
    all.clear();
    act(touched);
  });
  return (/** @type {number[]} */ touched) => {
    for (const number of touched) all.add(number);
    soon();
  };
}
