// The first page: who begins where, and the plans there are.
import { ask, fillFrom, showEmpty } from "./ask.js";
import { el, icon, part, replace } from "./dom.js";
import { say } from "./say.js";
import { keepAddressInLanguageLink } from "./stage.js";

const DOORS = [["planner", "/plans"], ["dispatcher", "/issues"], ["worker", "/issues"], ["importer", "/docs"]];

/** @param {string} who @param {string} address */
function door(who, address) {
  return el("section", { class: "door" }, el("h2", {}, say(`home.${who}`)), el("p", {}, say(`home.${who}-does`)),
    el("a", { href: address }, say(`home.${who}-go`), icon("go")));
}

/** @param {any} plan */
function planRow(plan) {
  return el("li", {}, el("a", { href: `/plans/${encodeURIComponent(plan.id)}` }, el("b", {}, plan.title || `#${plan.id}`),
    el("small", {}, say("home.plan-state", { state: say(`plan-state.${plan.state}`), scope: plan.scope_name || plan.scope }))));
}

async function open() {
  const list = el("div", { class: "plans" });
  part("panel").append(el("div", { class: "doors" }, DOORS.map(([who, address]) => door(who, address))), el("h2", {}, say("home.plans")), list);
  const plans = await fillFrom(list, "what.plans", () => ask("/api/plans"));
  list.removeAttribute("aria-busy");
  if (!plans.length) showEmpty(list, say("home.plans-empty"));
  else replace(list, el("ul", {}, plans.map(planRow)));
  document.body.dataset.ready = "home";
}

keepAddressInLanguageLink();
open();
