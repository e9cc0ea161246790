// The bar at the foot of a leader's phone: what is looked at here, and the two pages beside it.
import { address } from "../ask.js";
import { el, icon } from "../dom.js";
import { say } from "../say.js";

/** @typedef {"sign" | "rates"} View */

/** Which one the address names. @returns {View | null} null: another place of the page */
function named() {
  const name = location.hash.slice(1);
  return name === "" || name === "sign" ? "sign" : name === "rates" ? name : null;
}

/** @param {string} scope @param {(view: View) => void} turned */
export function footBar(scope, turned) {
  const ways = /** @type {[string, string, string][]} */ ([["sign", "pen", "#sign"], ["map", "map", address("/issues", { scope })], ["ledgers", "list", address("/ledgers", { scope })], ["rates", "people", "#rates"]]);
  const links = ways.map(([key, shape, href]) => el("a", { href, "data-way": key }, icon(shape), el("span", {}, say(`leader.way-${key}`))));
  document.body.append(el("nav", { class: "foot-bar", "aria-label": say("leader.ways") }, links));
  let view = /** @type {View | null} */ (null);
  const turn = () => {
    const now = named() ?? view ?? "sign";
    if (now === view) return;
    const before = view;
    view = now;
    links.forEach((link) => (link.dataset.way === now ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current")));
    if (before) window.scrollTo(0, 0);
    turned(now);
  };
  window.addEventListener("hashchange", turn);
  turn();
}
