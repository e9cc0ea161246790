// What would become of the issue that is being entered, said beside the form.
import { el, replace } from "./dom.js";
import { glyph } from "./glyphs.js";
import { stateWord } from "./issue_marks.js";
import { reasonList, reasonsOf } from "./issue_reasons.js";
import { titleOf } from "./issues.js";
import { clock, english, figure, say, timeLeft } from "./say.js";

/**
 * @typedef {{lon: number, lat: number, grid: string | null, grid_name: string | null, community_name: string | null, subdistrict_name: string | null,
 *   lane_name: string | null, unclaimed: boolean, neighbours: {code: string, name: string, metres: number}[]}} Here
 * @typedef {{id: number, reference: string, text: string, address: string, service: string, state: string, metres: number, likeness: number, reported_at: string, same_reporter: boolean}} Near
 * @typedef {{code: string, as: string, title: string, kind: string, score: number, lon: number, lat: number, matched: {zh: string, en: string}[], contradicted: {zh: string, en: string, said: string, known: string}[]}} Candidate
 * @typedef {{located: {taken: string | null, area?: {as: string, title: string} | null, candidates: Candidate[]} | null, here: Here | null, route: import("./issue_reasons.js").Route,
 *   due: {due_at: string, yellow_at: string} | null, nearby: Near[], reporter: {nth: number, zh: string, en: string} | null}} Foreseen
 */

const ALIKE = 0.3; // below it is only near

/** @param {HTMLElement} room @param {Foreseen | null} told @param {number | null} into @param {(near: Near | null) => void} merge */
export function showForeseen(room, told, into, merge) {
  if (!told?.here && !told?.located) return replace(room, head(), el("p", { class: "state empty" }, say("entry.foreseen-empty")));
  return replace(room, head(),
    el("section", {}, el("h3", {}, say("entry.lies")), hereSaid(told)),
    nearbySaid(told, into, merge),
    el("section", {}, el("h3", {}, say("entry.goes")), ownerSaid(told), reasonList(reasonsOf(/** @type {any} */ (stood(told)), /** @type {any} */ (standing(told)), told.route))),
    el("section", {}, el("h3", {}, say("entry.due-head")), el("p", {}, told.due ? say("entry.due-said", { at: clock(told.due.due_at), left: timeLeft(told.due.due_at, Date.now()), warned: clock(told.due.yellow_at) }) : say("entry.due-unknown"))));
}

function head() {
  return el("div", { class: "card-head" }, el("h2", {}, say("entry.foreseen")), el("p", { class: "note" }, say("entry.foreseen-hint")));
}

/** @param {Foreseen} told */
function stood({ here }) {
  return { at: here && [here.lon, here.lat], grid: here?.grid ?? null, grid_name: here?.grid_name, accuracy_m: null };
}

/** @param {Foreseen} told */
function standing({ here }) {
  return { own: null, metres: NaN, near: here?.neighbours ?? [] };
}

/** @param {Foreseen} told */
function hereSaid({ here, located }) {
  if (!here && located?.area) return [el("p", { class: "big" }, located.area.title), el("p", { class: "note" }, say("why.no-grid"))];
  if (!here) return el("p", { class: "amber" }, say(located?.candidates.length ? "entry.choose-one" : "entry.not-found"));
  if (here.unclaimed) return el("p", { class: "amber" }, say("entry.outside"));
  const names = [here.subdistrict_name, here.community_name, here.lane_name].filter(Boolean).join(" › ");
  return [
    el("p", { class: "big" }, here.grid_name ?? say("why.no-grid")), el("p", { class: "note" }, names),
    ...(here.neighbours.length ? [el("p", { class: "amber" }, say("entry.near-edge", { names: here.neighbours.map((n) => say("entry.near-grid", { name: n.name, n: figure(n.metres) })).join(say("list-comma")) }))] : []),
  ];
}

/** @param {Foreseen} told */
function ownerSaid({ route, here, located }) {
  if (here ? here.unclaimed : !located?.area) return el("p", {}, say("entry.waits"));
  const assists = route.assists.map((each) => each.name ?? each.party);
  return [
    el("p", { class: "big" }, route.party_name ?? route.party ?? say("why.nobody-found"), route.provisional ? el("small", { class: "tag amber" }, say("entry.provisional")) : null),
    ...(assists.length ? [el("p", { class: "note" }, say("why.assists", { names: assists.join(say("list-comma")) }))] : []),
  ];
}

/** @param {Foreseen} told @param {number | null} into @param {(near: Near | null) => void} merge */
function nearbySaid({ nearby }, into, merge) {
  if (!nearby.length) return el("section", {}, el("h3", {}, say("entry.nearby")), el("p", { class: "note" }, say("entry.nearby-none")));
  const close = (/** @type {Near} */ near) => near.likeness >= ALIKE || near.same_reporter || near.id === into;
  const [alike, others] = [nearby.filter(close), nearby.filter((near) => !close(near))];
  const row = (/** @type {Near} */ near) => nearRow(near, near.id === into, merge);
  return el("section", { class: "alike" }, el("h3", {}, say("entry.nearby-n", { n: alike.length })), el("p", { class: "note" }, say("entry.nearby-hint")),
    el("ul", {}, alike.map(row)),
    others.length ? el("details", { open: !alike.length }, el("summary", {}, say("entry.less-alike", { n: others.length })), el("ul", {}, others.map(row))) : null);
}

/** @param {Near} near @param {boolean} on @param {(near: Near | null) => void} merge */
function nearRow(near, on, merge) {
  const title = titleOf(/** @type {any} */ ({ ...near, number: near.reference }));
  const facts = [say("entry.metres", { n: figure(near.metres) }), clock(near.reported_at), say("entry.alike", { n: Math.round(near.likeness * 100) })];
  return el("li", { class: on ? "on" : null }, glyph(near.state),
    el("div", {}, el("a", { href: `/issues/${near.id}`, target: "_blank", rel: "noopener" }, el("span", { class: "unseen" }, `${stateWord(near.state)} `), title),
      el("p", { class: "note" }, facts.join(" · "), near.same_reporter ? el("b", { class: "tag" }, say("entry.same-caller")) : null)),
    el("button", { type: "button", class: "button small", "aria-pressed": String(on), onclick: () => merge(on ? null : near) }, say(on ? "entry.merging" : "entry.merge-into")));
}

/** The places an address may name: scores, what contradicts, one to choose. @param {HTMLElement} room @param {Foreseen["located"]} located @param {string | null} chosen @param {(one: Candidate) => void} choose */
export function showCandidates(room, located, chosen, choose) {
  const focused = document.activeElement?.id;
  if (!located) return replace(room);
  if (!located.candidates.length) return replace(room, el("p", { class: "note" }, say("entry.no-candidate")));
  replace(room, el("fieldset", {}, el("legend", { class: "note" }, say(located.taken ? "entry.taken" : "entry.candidates", { n: located.candidates.length })),
    located.candidates.map((one, i) => {
      const mark = el("input", { type: "radio", name: "candidate", id: `candidate-${i}`, onchange: () => choose(one) });
      mark.checked = chosen ? chosen === one.as : one.code === located.taken;
      return el("label", { class: "candidate" }, mark, el("span", {}, one.title), el("b", {}, one.score.toFixed(2)), contradicted(one));
    })));
  if (focused?.startsWith("candidate-")) document.getElementById(focused)?.focus();
  return room;
}

/** @param {Candidate} one */
function contradicted(one) {
  if (!one.contradicted.length) return null;
  const parts = one.contradicted.map((part) => `${english ? part.en : part.zh} ${part.said}${part.known ? ` ≠ ${part.known}` : ""}`);
  return el("small", { class: "amber" }, parts.join(say("list-comma")));
}
