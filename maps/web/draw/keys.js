// The map by keys: arrows walk the atoms, Space paints, Enter picks the grid; each step is said aloud.
import { figure, say } from "../say.js";
import { TOOLS } from "./rail.js";
import { NONE } from "./sketch.js";

/** @typedef {[number, number]} Point */
/** @type {Record<string, Point>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LEAST_COSINE = 0.35; // of the angle between where a key points and where an atom lies

/** The atom that lies best in a direction: near, and straight ahead; -1 where none does. @param {Point} from @param {Point} way @param {Iterable<number>} atoms @param {Point[]} middles */
export function ahead(from, way, atoms, middles) {
  let [best, least] = [-1, Infinity];
  for (const atom of atoms) {
    const [dx, dy] = [middles[atom][0] - from[0], middles[atom][1] - from[1]];
    const far = Math.hypot(dx, dy);
    const cosine = far ? (dx * way[0] + dy * way[1]) / far : -1;
    if (cosine < LEAST_COSINE) continue;
    const cost = far / cosine ** 2;
    if (cost < least) [best, least] = [atom, cost];
  }
  return best;
}

export class Keys {
  /** @param {import("./hands.js").Room} room @param {L.Map} map @param {import("../chart.js").World} world @param {(text: string) => void} aloud */
  constructor(room, map, world, aloud) {
    this.atom = -1;
    this.room = room;
    this.map = map;
    this.world = world;
    this.aloud = aloud;
  }

  /** Whether a key was one of these. @param {KeyboardEvent} event @param {boolean} edits */
  press(event, edits) {
    const way = WAYS[event.key];
    if (way && event.shiftKey) this.map.panBy([way[0] * 120, way[1] * 120], { animate: false });
    else if (way) this.#walk(way);
    else if (event.key === " " && this.atom >= 0) this.#paint(edits);
    else if (event.key === "Enter" && this.atom >= 0) this.#pick();
    else return false;
    return true;
  }

  /** @param {Point} way */
  #walk(way) {
    const { finder, desk } = this.room;
    const { middles } = finder.shapes;
    if (this.atom < 0) {
      const centre = this.world.xy([this.map.getCenter().lng, this.map.getCenter().lat]);
      const all = middles.map((_, atom) => atom).filter((atom) => desk.sketch.ground.nodeOf[atom] >= 0);
      const far = (/** @type {number} */ atom) => Math.hypot(middles[atom][0] - centre[0], middles[atom][1] - centre[1]);
      return this.#stand(all.reduce((best, atom) => (far(atom) < far(best) ? atom : best), all[0]));
    }
    const node = desk.sketch.ground.nodeOf[this.atom];
    const beside = new Set(desk.look.byNode[node].flatMap((arc) => [arc.left, arc.right]));
    beside.delete(-1);
    for (const atom of desk.sketch.ground.atoms[node]) beside.delete(atom);
    let next = ahead(middles[this.atom], way, beside, middles);
    if (next < 0) next = ahead(middles[this.atom], way, finder.near(grown(finder.shapes.boxes[this.atom], finder.side * 3)), middles);
    if (next >= 0 && desk.sketch.ground.nodeOf[next] >= 0) this.#stand(next);
  }

  /** @param {number} atom */
  #stand(atom) {
    const { desk, scene, finder, live } = this.room;
    this.atom = atom;
    const node = desk.sketch.ground.nodeOf[atom];
    const number = desk.sketch.label[node];
    const grid = desk.look.grids.get(number);
    scene.cursor = { path: desk.look.landOf([node]).path };
    this.map.panInside(this.world.latLng(...finder.shapes.middles[atom]), { padding: [80, 80], animate: false });
    live();
    this.aloud(say("draw.at-atom", { n: figure(desk.sketch.ground.weight[node]), name: grid?.name ?? say("draw.in-none"), total: figure(grid?.households) }));
  }

  /** @param {boolean} edits */
  #paint(edits) {
    const { desk, scene, warn } = this.room;
    const node = desk.sketch.ground.nodeOf[this.atom];
    if (scene.picked === null) return this.#pick();
    if (!edits || desk.sketch.label[node] === scene.picked) return;
    if (!desk.sketch.takes(node, scene.picked)) return warn(desk.sketch.ground.home[node] === desk.sketch.grids[scene.picked].home ? "draw.left-locked" : "draw.left-elsewhere");
    desk.move([node], scene.picked);
  }

  #pick() {
    const number = this.room.desk.sketch.label[this.room.desk.sketch.ground.nodeOf[this.atom]];
    if (number === NONE) return;
    this.room.pick(this.room.scene.picked === number ? null : number);
    this.aloud(say("draw.picked", { name: this.room.desk.sketch.grids[number].name }));
  }
}

/** @param {import("../chart.js").Box} box @param {number} by @returns {import("../chart.js").Box} */
function grown([left, top, right, bottom], by) {
  return [left - by, top - by, right + by, bottom + by];
}

/** The keys there are, and what each does. @returns {[string, string][]} */
export function keysSaid() {
  return [
    ...TOOLS.map(({ name, key }) => /** @type {[string, string]} */ ([key, say(`draw.${name}-does`)])),
    ["Ctrl + Z", say("draw.undo-does")], ["Ctrl + Y", say("draw.redo-does")], ["[ + ]", say("draw.key-radius")], ["Esc", say("draw.key-escape")],
    ["Enter", say("draw.key-enter")], ["Backspace", say("draw.key-back")], ["N", say("draw.key-new")], ["← + → + ↑ + ↓", say("draw.key-walk")], [say("plan.space"), say("draw.key-paint")], ["?", say("draw.help")],
  ];
}
