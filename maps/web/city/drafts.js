// A draft over the grids in force: its borders, for whoever may see it.
import { address, ask, later } from "../ask.js";
import { isOpen } from "../comments.js";
import { el, replace } from "../dom.js";
import { choice, field } from "../field.js";
import { say } from "../say.js";
import { tileLayer } from "./layers.js";
import { paintDraft } from "./paint.js";
import { Tiles } from "./tiles.js";

/** @typedef {{id: number, title: string, state: string, scope: string, scope_name: string | null}} Plan */
/**
 * @typedef {{over: HTMLElement, bounds: L.LatLngBounds, failed: (error: unknown) => void, changed: () => void, show: (box: [number, number, number, number]) => void}} Acts
 * `show`: west, south, east, north are to be in view
 */

/**
 * The choice of a draft; nothing where there is none to see.
 * @param {L.Map} map @param {HTMLElement} room @param {import("./paint.js").Scene} scene @param {string | null} asked number of the draft shown first @param {Acts} acts
 */
export function draftsOver(map, room, scene, asked, { over, bounds, failed, changed, show }) {
  /** @type {ReturnType<typeof tileLayer> | null} */
  let drawn = null;
  let shown = asked ?? "";
  const note = el("p", { class: "note", hidden: true });

  /** @param {Plan[]} plans @param {string} id @param {boolean} isPicked then the map goes there */
  function choose(plans, id, isPicked) {
    const plan = plans.find((each) => String(each.id) === id);
    drawn?.layer.remove();
    shown = plan ? id : "";
    note.hidden = !plan;
    changed();
    if (!plan) return;
    replace(note, say("city.draft-note"), " ", el("a", { href: `/plans/${plan.id}` }, say("plans.compare")));
    drawn = tileLayer(map, "draft", 230, new Tiles((_, { z, x, y }) => `/tiles/grids/${z}/${x}/${y}.mvt?plan=${plan.id}`), (ctx, layers, at) => paintDraft(ctx, layers, at, scene), { bounds, failed });
    drawn.layer.once("load", () => void (document.body.dataset.draft = shown)).addTo(map);
    if (isPicked) later(over, "what.area", ask(address("/api/areas/named", { q: plan.scope })), (found) => {
      const box = found.find((/** @type {any} */ each) => each.code === plan.scope)?.box;
      if (box) show(box);
    });
  }
  later(over, "what.plans", ask("/api/plans"), (/** @type {Plan[]} */ all) => {
    const plans = all.filter(({ state }) => isOpen(state));
    if (!plans.length) return void (shown = "");
    const word = (/** @type {Plan} */ { id, title, scope, scope_name: name, state }) => `${title || `#${id}`} · ${name ?? scope} · ${say(`plan-state.${state}`)}`;
    const choices = plans.map((plan) => /** @type {[string, string]} */ ([String(plan.id), word(plan)]));
    replace(room, field("city.draft", choice("draft", [["", say("city.draft-none")], ...choices], (id) => choose(plans, id, true), shown)).room, note);
    if (shown) choose(plans, shown, false);
  });
  return { repaint: () => drawn?.repaint(), /** Number of the draft that is shown, or nothing. */ get shown() {
    return shown;
  } };
}
