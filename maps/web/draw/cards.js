// Cards on the map: a broken piece with the way to mend it, a lasso's catch with where it may go.
import { figure, say } from "../say.js";
import { callouts } from "./floats.js";
import { tornOf } from "./torn.js";

/** @typedef {[number, number]} Point */

/**
 * @param {HTMLElement} over @param {L.Map} map @param {import("../chart.js").World} world @param {import("./desk.js").Desk} desk
 * @param {import("./paint.js").Scene} scene @param {boolean} edits @param {(key: string) => void} warn
 */
export function cardsOf(over, map, world, desk, scene, edits, warn) {
  const shown = callouts(over);
  const { sketch, look } = desk;
  /** @type {ReturnType<typeof tornOf>} */
  let torn = [];
  /** @type {number[]} */
  let caught = [];
  let at = 0;
  let located = false;

  function show() {
    torn = tornOf(desk);
    scene.torn = torn.map(({ path }) => ({ path }));
    scene.chosen = caught.length ? look.landOf(caught).path : null;
    shown.show([...brokenCard(), ...caughtCard()]);
    place();
  }
  function place() {
    const view = world.view(map);
    const { x, y } = map.getSize();
    shown.place(([a, b]) => {
      const p = map.layerPointToContainerPoint([a * view.scale + view.dx, b * view.scale + view.dy]);
      return [p.x, p.y];
    }, [x, y]);
  }
  /** One piece at a time has a card: rings show the others. */
  function brokenCard() {
    at = Math.min(at, Math.max(0, torn.length - 1));
    const piece = torn[at];
    if (!piece) return [];
    const { offer } = piece;
    /** @type {[string, () => void, string?][]} */
    const acts = offer && edits ? [[say("draw.mend", { name: piece.taker }), () => desk.post(offer.edit)]] : [];
    if (torn.length > 1) acts.push([say("draw.next-piece", { i: at + 1, n: torn.length }), locate, "link"]);
    const n = figure(piece.households);
    if (piece.loose) return [{ at: piece.at, kind: "broken", title: say("draw.loose"), note: say("draw.loose-note", { n }), acts }];
    return [{ at: piece.at, kind: "broken", title: say("draw.broken", { name: piece.name }), note: say(offer ? "draw.broken-note" : "draw.broken-alone", { n }), acts }];
  }
  function caughtCard() {
    if (!caught.length) return [];
    const { box } = look.landOf(caught);
    const households = caught.reduce((sum, node) => sum + sketch.ground.weight[node], 0);
    return [{ at: /** @type {Point} */ ([box[2], box[1]]), title: say("draw.caught", { n: figure(caught.length), households: figure(households) }), note: say("draw.caught-hint"),
      acts: /** @type {[string, () => void, string?][]} */ ([[say("draw.new-grid"), newGrid], [say("draw.let-go"), () => hold([]), "link"]]) }];
  }
  /** @param {number[]} nodes */
  function hold(nodes) {
    caught = nodes;
    show();
  }
  function newGrid() {
    const nodes = caught;
    if (sketch.homesOf(nodes).size > 1) return warn("draw.apart");
    hold([]);
    desk.move(nodes, null);
  }
  /** To the next broken piece. */
  function locate() {
    if (!torn.length) return;
    if (located) at = (at + 1) % torn.length;
    located = true;
    const [left, top, right, bottom] = torn[at].box;
    map.fitBounds(L.latLngBounds(world.latLng(left, bottom), world.latLng(right, top)), { maxZoom: 17.5, padding: [200, 160], animate: false });
    show();
  }
  return { show, place, locate, hold, newGrid, get caught() { return caught; } };
}
