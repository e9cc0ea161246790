// The panel of a comparison: measures, dot plot, legend, reasons, and the list that mirrors the map.
import { IN_BAND, classOf, excess, limits, signOf, tokenOf, usualBand, verdict } from "./balance.js";
import { dotPlot } from "./dots.js";
import { el, icon, replace } from "./dom.js";
import { MEASURES, bestOf, written } from "./measures.js";
import { roving } from "./roving.js";
import { english, figure, say } from "./say.js";
import { TOKENS } from "./tokens.js";

/** @typedef {import("./plan_paint.js").Scene} Scene @typedef {import("./grids.js").Grid} Grid */
/** @typedef {{select: (code: string) => void, filter: (only: number | null) => void}} Acts */

const BAR_END = 750;

/** @param {HTMLElement} room @param {any} compare @param {Scene} scene @param {Acts} acts */
export function planPanel(room, compare, scene, acts) {
  const band = usualBand(scene.draft.grids) ?? compare.band ?? { low: 300, high: 500 };
  room.removeAttribute("aria-busy");
  const list = gridList(scene, acts);
  const words = sideWords(compare);
  replace(room,
    el("div", { class: "panel-head" }, el("h1", {}, say("plan.title")), el("span", { class: "note" }, say(`plan-state.${compare.state ?? "draft"}`))),
    staleNote(compare, scene),
    recountedNote(compare),
    measureTable(compare),
    el("section", {}, dotPlot([scene.now.grids, scene.draft.grids], band, words)),
    legend(band, acts),
    reasons(compare, scene),
    el("section", {}, el("h2", {}, say("plan.grids"), el("small", {}, say("plan.grids-sort", words))), list));
  return { mark: (/** @type {string | null} */ code, /** @type {boolean} */ scroll) => mark(list, code, scroll) };
}

/** What the two sides are: today and a draft or, once published, what was before it and after. @param {any} compare */
export function sideWords(compare) {
  if (compare.beside) return { now: compare.beside.title || say("plan.draft"), draft: compare.title || say("plan.draft") };
  const published = ["in_force", "superseded"].includes(compare.state);
  return published ? { now: say("plan.former"), draft: say("plan.published") } : { now: say("plan.now"), draft: say("plan.draft") };
}

const NAMED = 5;

/** What is said when the ground of an open plan has moved under it. @param {any} compare @param {Scene} scene */
function staleNote({ stale, revision }, scene) {
  if (!stale) return null;
  const listed = new Map(scene.now.grids.map((g) => [g.code, g.listed]));
  const names = stale.areas.slice(0, NAMED).map((/** @type {string} */ code) => listed.get(code) ?? code).join(say("list-comma"));
  return note(say("plan.stale", { n: revision }), say("plan.stale-what", { base: stale.base, n: figure(stale.areas.length), names: names + (stale.areas.length > NAMED ? "…" : "") }));
}

/** What is said when the buildings under an open plan have been counted anew. @param {any} compare */
function recountedNote({ recounted }) {
  return recounted ? note(say("plan.recounted", { drawn: figure(recounted.drawn), now: figure(recounted.now), n: figure(recounted.atoms) }), say("plan.recounted-what")) : null;
}

/** @param {string} what @param {string} why */
function note(what, why) {
  return el("div", { class: "stale", role: "status" }, icon("warn"), el("div", {}, el("b", {}, what), el("p", {}, why)));
}

/** Today and the plan; between them the plan it is held against, where there is one. @param {any} compare */
function measureTable(compare) {
  const { beside } = compare;
  const of = (/** @type {any} */ one) => new Map((one.measures ?? []).map((/** @type {any} */ m) => [m.key, m]));
  const [held, other] = [of(compare), of(beside ?? {})];
  const rows = MEASURES.filter((m) => held.has(m.key)).map((m) => measureRow(m, [held.get(m.key).now, ...(beside ? [other.get(m.key)?.draft] : []), held.get(m.key).draft]));
  const words = sideWords({ ...compare, beside: null });
  const head = [say("plan.measure"), words.now, ...(beside ? [beside.title || words.draft] : []), compare.title || words.draft];
  return el("table", { class: "measures", id: "measures" },
    el("thead", {}, el("tr", {}, head.map((word, i) => el("th", { scope: "col" }, i ? word : el("span", { class: "unseen" }, word))))),
    el("tbody", {}, rows));
}

/** @param {import("./measures.js").Measure} measure @param {import("./measures.js").Measured[]} values */
function measureRow(measure, values) {
  const best = bestOf(measure, values);
  return el("tr", {}, el("th", { scope: "row" }, say(`measure.${measure.key}`)), values.map((value, i) => {
    const text = written(measure, value);
    return el("td", {}, i === best ? [el("b", {}, text), el("span", { class: "better" }, say("plan.better"))] : text);
  }));
}

/** @param {{low: number, high: number}} band @param {Acts} acts */
function legend(band, acts) {
  const bounds = limits(band.low, band.high);
  const signs = TOKENS.balance.map((entry, i) => (i === IN_BAND ? say("balance.in-band") : entry.sign));
  /** @type {HTMLButtonElement[]} */
  const steps = TOKENS.balance.map((entry, i) => el("button", {
    type: "button", class: `step ${entry.pattern}`, "aria-pressed": "false", css: { background: tokenOf(i) },
    "aria-label": `${signs[i]} ${stepName(i, bounds)}`, title: stepName(i, bounds), onclick: () => press(i),
  }, el("span", {}, signs[i])));
  const note = el("p", { class: "note", "aria-live": "polite" }, say("plan.legend-rule", band));
  const press = (/** @type {number} */ i) => {
    const on = steps[i].getAttribute("aria-pressed") !== "true";
    steps.forEach((step, j) => step.setAttribute("aria-pressed", String(on && i === j)));
    note.textContent = on ? say("plan.filtered", { what: stepName(i, bounds) }) : say("plan.legend-rule", band);
    acts.filter(on ? i : null);
  };
  return el("section", { class: "legend", "aria-label": say("plan.legend") },
    el("h2", {}, say("plan.legend"), el("small", {}, say("plan.legend-unit"))),
    el("div", { class: "steps" }, steps),
    el("div", { class: "limits", "aria-hidden": "true" }, bounds.map((limit, i) => el("span", { css: { left: `${LIMIT_AT[i]}%` } }, figure(limit)))),
    lineSamples(), note);
}

// Where each limit stands under the seven steps; the band is twice as wide as the others.
const LIMIT_AT = [12.5, 25, 37.5, 62.5, 75, 87.5];

/** @param {number} i @param {number[]} bounds */
function stepName(i, bounds) {
  const unit = ` ${say("households")}`;
  if (i === 0) return `< ${figure(bounds[0])}${unit}`;
  if (i === 6) return `> ${figure(bounds[5])}${unit}`;
  const from = i > IN_BAND ? bounds[i - 1] + 1 : bounds[i - 1];
  return `${figure(from)}–${figure(i < IN_BAND ? bounds[i] - 1 : bounds[i])}${unit}`;
}

function lineSamples() {
  const sample = (/** @type {string} */ name, /** @type {string} */ word) => el("span", {}, el("i", { class: `sample ${name}` }), word);
  const named = ["subdistrict", "community", "grid"].map((key) => {
    const border = TOKENS.borders.find((b) => b.key === key);
    return sample(key, (english ? border?.en : border?.zh) ?? key);
  });
  return el("div", { class: "samples" }, named, sample("moved", say("plan.moved")));
}

/** @param {any} compare @param {Scene} scene */
function reasons(compare, scene) {
  const given = compare.reasons ?? [];
  const missed = worstFirst(scene.draft.grids.filter((g) => !g.special && excess(g) !== 0));
  const out = missed.length;
  const words = sideWords(compare);
  const title = out ? say("plan.reasons", { n: out, ...words }) : say("plan.reasons-none", words);
  const items = given.map((/** @type {any} */ r) => el("li", {}, el("b", {}, r.name), " ", english ? r.en : r.zh));
  return el("section", { class: "reasons" }, el("h2", {}, title),
    given.length ? [el("p", { class: "note" }, say("plan.reasons-hint")), el("ul", {}, items)] : out ? el("p", { class: "note" }, missedSaid(missed)) : null);
}

/** Furthest from the band first. @param {Grid[]} grids */
function worstFirst(grids) {
  return [...grids].sort((a, b) => Math.abs(excess(b)) - Math.abs(excess(a)) || (a.code < b.code ? -1 : 1));
}

/** The grids out of band by name, the first few of them. @param {Grid[]} missed */
function missedSaid(missed) {
  const named = missed.slice(0, NAMED).map((grid) => `${grid.listed} ${verdict(grid)}`).join(say("list-comma"));
  return missed.length > NAMED ? `${named}…` : named;
}

/** @param {Scene} scene @param {Acts} acts */
function gridList(scene, acts) {
  const before = new Map(scene.now.grids.map((g) => [g.code, g]));
  const after = new Set(scene.draft.grids.map((g) => g.code));
  const sorted = worstFirst(scene.draft.grids);
  const gone = scene.now.grids.filter((g) => !after.has(g.code));
  const list = el("ul", { class: "rows", id: "grids" },
    sorted.map((grid) => gridRow(grid, before.size && !before.has(grid.code) ? say("plan.fresh") : "", acts)),
    gone.map((grid) => gridRow(grid, say("plan.gone"), acts)));
  roving(list, "button")();
  return list;
}

/** @param {Grid} grid @param {string} tag @param {Acts} acts */
function gridRow(grid, tag, acts) {
  const word = grid.special ? say("plan.special") : verdict(grid);
  const tone = signOf(grid).startsWith("▲") ? "more" : signOf(grid) ? "fewer" : "fine";
  return el("li", {}, el("button", { type: "button", "data-code": grid.code, "aria-pressed": "false", onclick: () => acts.select(grid.code) },
    el("span", { class: "row-name" }, rowName(grid), tag ? el("small", { class: "tag" }, tag) : null),
    balanceBar(grid),
    el("span", { class: "row-figure" }, figure(grid.households)),
    el("span", { class: `row-verdict ${grid.special ? "" : tone}` }, word)));
}

/** The name of a grid in a row: where there is little room its community is cut, not its number. @param {Grid} grid */
export function rowName({ name, listed }) {
  const at = listed.lastIndexOf("·") + 1;
  return el("span", { class: "name", title: name }, at ? el("span", { class: "of" }, listed.slice(0, at)) : null, el("span", {}, listed.slice(at)));
}

/** @param {Grid} grid */
export function balanceBar(grid) {
  const at = (/** @type {number} */ n) => `${Math.min(100, (n / BAR_END) * 100)}%`;
  const found = grid.special ? null : classOf(grid);
  const colour = found === null || found === IN_BAND ? "var(--mark)" : tokenOf(found);
  const banded = grid.low !== null && grid.high !== null && !grid.special;
  const width = { left: at(grid.low ?? 0), width: at((grid.high ?? 0) - (grid.low ?? 0)) };
  return el("span", { class: "meter", "aria-hidden": "true" },
    banded ? el("i", { class: "meter-band", css: width }) : null,
    el("i", { class: "meter-fill", css: { width: at(grid.households ?? 0), background: colour } }),
    banded ? [el("i", { class: "meter-tick", css: { left: at(grid.low ?? 0) } }), el("i", { class: "meter-tick", css: { left: at(grid.high ?? 0) } })] : null);
}

/** @param {HTMLElement} list @param {string | null} code @param {boolean} scroll */
function mark(list, code, scroll) {
  for (const button of list.querySelectorAll("button")) {
    const on = button.dataset.code === code;
    button.setAttribute("aria-pressed", String(on));
    if (on && scroll) button.scrollIntoView({ block: "nearest" });
  }
}
