// The plans there are, and a new draft: of an area in force, or forked from another plan.
import { address, ask, fillFrom, sentenceOf } from "./ask.js";
import { topBar } from "./bar.js";
import { config, el, part, replace } from "./dom.js";
import { picker } from "./picker.js";
import { revisionsOf } from "./revisions.js";
import { day, say } from "./say.js";
import { sheet } from "./sheet.js";
import { watchNetwork } from "./stage.js";

/** @typedef {{id: number, title: string, state: string, scope: string, scope_name: string | null, version: number, made_at: string, forkable: boolean}} Plan @typedef {{code: string, name: string, hint: string}} Place */

const { who, scope } = config();
const panel = part("panel");
const MOST_OFFERED = 12;

/** @param {number} plan */
const drawing = (plan) => `/plans/${encodeURIComponent(plan)}/draw${location.search}`;

/** Subdistricts and communities that words may mean, those of the person first. @param {string} words @param {Place[]} places */
export function placesCalled(words, places) {
  const fits = places.filter(({ code, name, hint }) => `${hint}${name} ${code}`.includes(words));
  return fits.slice(0, MOST_OFFERED);
}

/** @returns {Promise<Place[]>} */
async function places() {
  const of = (/** @type {string} */ kind) => ask(address("/api/areas.geojson", { net: "admin", kind, scope })).then(({ features }) => features.map((/** @type {any} */ f) => f.properties));
  const [subdistricts, communities] = await Promise.all([of("subdistrict"), of("community")]);
  const names = new Map(subdistricts.map((/** @type {any} */ each) => [each.code, each.name]));
  const place = (/** @type {any} */ { code, name, parent }) => ({ code, name, hint: names.get(parent) ?? "" });
  return [...subdistricts.map(place), ...communities.map(place)];
}

function beginForm() {
  let chosen = "";
  const known = places();
  const area = picker({ id: "plan-scope", hint: say("plans.scope-hint"), find: async (words) => placesCalled(words, await known), took: (choice) => void (chosen = choice?.code ?? "") });
  void known.then((all) => {
    const own = all.find(({ code }) => code === scope);
    if (!own || area.input.value) return;
    area.set(own.name);
    chosen = own.code;
  }, () => undefined);
  const title = el("input", { id: "plan-title", type: "text", maxlength: 200, value: say("plans.title-default", { day: day(new Date()) }) });
  const fault = el("p", { class: "fault", role: "alert" });
  const begin = el("button", { class: "button main networked" }, say("plans.begin"));
  const form = el("form", { class: "begin", "aria-label": say("plans.new"), onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    fault.textContent = chosen ? "" : say("plans.scope-missing");
    if (!chosen) return;
    begin.disabled = true;
    fault.textContent = say("plans.beginning");
    ask("/api/plans", "POST", { told: { scope: chosen, title: title.value.trim() } }).then(({ plan }) => location.assign(drawing(plan)), (error) => {
      begin.disabled = false;
      fault.textContent = sentenceOf(error, "what.plan");
    });
  } }, el("h2", {}, say("plans.new")), el("div", { class: "row fields" },
    el("div", { class: "field" }, el("label", { for: "plan-scope" }, say("plans.scope")), area.room),
    el("div", { class: "field" }, el("label", { for: "plan-title" }, say("plans.name")), title), begin), fault);
  return form;
}

/** @param {Plan} plan @param {HTMLElement} fault */
function acts({ id, state, forkable }, fault) {
  const fork = () => ask(`/api/plans/${id}/fork`, "POST", { told: {} }).then(({ plan }) => location.assign(drawing(plan)), (error) => void (fault.textContent = sentenceOf(error, "what.plan")));
  return el("div", { class: "row" },
    el("a", { class: "button small", href: drawing(id) }, say(state === "draft" && forkable ? "plans.draw" : "plans.look")),
    el("a", { class: "button small", href: `/plans/${id}${location.search}` }, say("plans.compare")),
    forkable ? el("button", { type: "button", class: "button small networked", onclick: fork }, say("plans.fork")) : null);
}

async function open() {
  /** @type {Plan[]} */
  const plans = await fillFrom(panel, "what.plans", () => ask("/api/plans"));
  panel.removeAttribute("aria-busy");
  const fault = el("p", { class: "fault", role: "alert" });
  const rows = plans.map((plan) => [el("b", {}, plan.title || `#${plan.id}`), plan.scope_name ?? plan.scope, el("span", { class: "tag" }, say(`plan-state.${plan.state}`)), day(plan.made_at), acts(plan, fault)]);
  replace(panel, el("div", { class: "sheet-head" }, el("h1", {}, say("plans.title"))), beginForm(), fault,
    plans.length ? sheet(say("plans.title"), ["plans.name", "plans.scope", "plans.state", "plans.made", "plans.acts"].map((key) => say(key)), rows) : el("p", { class: "state empty" }, say("plans.empty")),
    revisionsOf(new Map(plans.map((plan) => [plan.id, plan])), () => void open()));
  document.body.dataset.ready = "plans";
}

topBar(who);
watchNetwork();
open();
