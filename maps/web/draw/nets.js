// Departments' nets over the draft: one at a time, with where it disagrees, so that both can be brought together.
import { ask, sentenceOf } from "../ask.js";
import { borderPath } from "../borders.js";
import { el, replace } from "../dom.js";
import { figure, say } from "../say.js";
import { areaByNode, areasOf, conflictsOf } from "./conflicts.js";

const MOST_ROWS = 40;
const HECTARE = 10_000;

/**
 * @param {string} at address of the plan @param {import("../chart.js").World} world @param {import("./desk.js").Desk} desk @param {import("./paint.js").Scene} scene
 * @param {{repaint: () => void, failed: (words: string) => void, show: (nodes: number[]) => void}} acts `show`: what a row is about
 */
export function netsOver(at, world, desk, scene, { repaint, failed, show }) {
  const [count, list, more] = [el("span", {}), el("ul", { class: "comments" }), el("p", { class: "note" })];
  const room = el("section", { "data-list": "conflicts", hidden: true }, el("h2", {}, el("span", {}, say("draw.conflicts"), " ", count)), list, more);
  /** @type {import("./conflicts.js").Area[]} */
  let areas = [];
  /** @type {number[]} */
  let byNode = [];
  let turn = 0;

  /** A choice of nets in the box of switches, where there are any. @param {HTMLElement} switches */
  function offer(switches) {
    ask(`${at}/nets`).then((/** @type {{net: string, name: string}[]} */ nets) => {
      if (!nets.length) return;
      const choice = el("select", { id: "department-net", onchange: () => void choose(choice.value) }, el("option", { value: "" }, say("draw.no-net")), nets.map(({ net, name }) => el("option", { value: net }, name)));
      switches.append(el("label", { for: "department-net" }, el("span", {}, say("draw.show-net")), choice));
    }, (error) => failed(sentenceOf(error, "what.nets")));
  }
  /** @param {string} net */
  async function choose(net) {
    const mine = ++turn;
    const told = net ? await ask(`${at}/nets/${encodeURIComponent(net)}`).catch((error) => void failed(sentenceOf(error, "what.nets"))) : null;
    if (mine !== turn) return; // another has been chosen since
    scene.department = told ? borderPath(world, told.features) : null;
    areas = told ? areasOf(world, told.features) : [];
    byNode = areaByNode(desk.sketch, desk.look.shapes.middles, areas);
    room.hidden = !told;
    document.querySelector(".sample.department")?.parentElement?.toggleAttribute("hidden", !told);
    renew();
    repaint();
  }
  /** What is said once a stroke has ended. */
  function renew() {
    if (room.hidden) return;
    const found = conflictsOf(desk.sketch, byNode);
    count.textContent = figure(found.length);
    replace(list, found.slice(0, MOST_ROWS).map((one) => el("li", {}, el("button", { type: "button", onclick: () => show(one.nodes) },
      say("draw.conflict", { grid: desk.look.grids.get(one.number)?.listed ?? "", area: areas[one.area].name }),
      el("small", {}, say("draw.conflict-of", { n: figure(one.households), ha: (one.metres / HECTARE).toFixed(1) }))))));
    more.textContent = found.length ? say("draw.conflicts-hint") : say("draw.conflicts-none");
  }
  return { room, offer, renew };
}
