// Whom to whistle for: departments that the list names first, each with its reason and its load, and who signs.
import { ask } from "./ask.js";
import { el, replace } from "./dom.js";
import { partiesCalled } from "./parties.js";
import { fitting } from "./picker.js";
import { clock, figure, inMinutes, say, timeLeft } from "./say.js";

/**
 * @typedef {{party: string, name: string, above: string | null, lead: boolean | null, row_number: number | null, basis: string, service_name: string | null, area_name: string | null, open: number, overdue: number, minutes: number | null}} Department
 * @typedef {{departments: Department[], signers: {party: string, name: string, area_name: string | null}[], on_the_spot_minutes: number}} Calling
 * @typedef {import("./steps.js").Task} Task
 */

const TICK_MS = 15_000;
const OVER = ["closed", "withdrawn"];
const MOST = 12; // offered in a field

/**
 * The departments as rows to check. What is checked stands in `chosen` (code → name), of those that the list calls to assist in `helping`; the step's form begins with them.
 * @param {HTMLElement} room hidden until it is known whom to call @param {{id: number, tasks: Task[]}} told @param {{chosen: Map<string, string>, helping: Map<string, string>}} called @param {() => void} whistle opens the form
 */
export async function showCalling(room, told, { chosen, helping }, whistle) {
  /** @type {Calling} */
  const calling = await ask(`/api/issues/${told.id}/whistle`);
  const busy = new Set(told.tasks.filter(({ state }) => !OVER.includes(state)).map(({ party }) => party));
  const go = el("button", { type: "button", class: "button networked", "data-call": "go", onclick: whistle });
  const count = () => {
    const n = chosen.size + helping.size;
    go.disabled = !n;
    go.textContent = n ? say("call.go", { n: figure(n) }) : say("call.none-chosen");
  };
  const row = (/** @type {Department} */ one) => {
    const marked = one.lead === false ? helping : chosen;
    const box = el("input", { type: "checkbox", disabled: busy.has(one.party), onchange: () => {
      if (box.checked) marked.set(one.party, one.name);
      else marked.delete(one.party);
      count();
    } });
    box.checked = marked.has(one.party);
    return el("label", { class: "call", "data-party": one.party }, box, el("span", { class: "call-who" }, el("b", {}, one.name), one.lead === null ? null : el("span", { class: "tag" }, say(one.lead ? "file.lead" : "file.assist")), el("small", {}, reasonSaid(one))),
      el("small", { class: one.overdue ? "call-load amber" : "call-load" }, busy.has(one.party) ? say("call.at-work") : loadSaid(one)));
  };
  const [named, others] = [calling.departments.filter(({ lead }) => lead !== null), calling.departments.filter(({ lead }) => lead === null)];
  const open = others.some(({ party }) => chosen.has(party)) || !named.length;
  count();
  replace(room, el("h3", {}, say("call.title"), el("small", {}, say("call.how"))), named.map(row),
    others.length ? el("details", { class: "call-others", open }, el("summary", {}, say("call.others", { n: figure(others.length) })), others.map(row)) : null,
    el("p", { class: calling.signers.length ? "note" : "note amber" }, signerSaid(calling)), el("div", { class: "row" }, go));
  room.hidden = false;
}

/** What a field offers as whom to call: departments, those of the list first, each with its load; then whoever else is called so. @param {number} issue 0: several of them, which have no one list */
export function callable(issue) {
  const known = !issue ? Promise.resolve([]) : ask(`/api/issues/${issue}/whistle`).then(({ departments }) => departments.map((/** @type {Department} */ one) => ({ code: one.party, name: one.name, hint: [reasonSaid(one), loadSaid(one)].filter(Boolean).join(" · ") })), () => []);
  return async (/** @type {string} */ words) => {
    const [first, others] = await Promise.all([known, partiesCalled(words)]);
    const fit = fitting(first, words, MOST);
    return [...fit, ...others.filter(({ code }) => !fit.some((one) => one.code === code))].slice(0, MOST);
  };
}

/** @param {Department} one */
function reasonSaid(one) {
  if (one.lead === null) return one.above ?? "";
  return [one.row_number === null ? say("call.list-bare") : say("call.list", { row: one.row_number }), [one.area_name, one.service_name].filter(Boolean).join(" "), one.basis].filter(Boolean).join(say("comma"));
}

/** @param {Department} one */
function loadSaid({ open, overdue, minutes }) {
  return [say("call.load", { n: figure(open) }), overdue ? say("call.overdue", { n: figure(overdue) }) : "", minutes === null ? "" : say("call.minutes", { n: inMinutes(minutes) })].filter(Boolean).join(" · ");
}

/** @param {Calling} calling */
function signerSaid({ signers }) {
  if (!signers.length) return say("call.no-signer");
  const [{ name, area_name: area }] = signers;
  return say(signers.length > 1 ? "call.signers" : "call.signer", { name, area: area ?? "", n: figure(signers.length) });
}

/** Whether somebody who was called is on the spot, kept up to date while it is looked at. @param {Task} task */
export function arrivalLine(task) {
  const line = el("p", { class: "note arrival" });
  const tick = () => {
    line.textContent = arrivalSaid(task, Date.now());
    line.classList.toggle("amber", !task.arrived_at && Date.parse(task.arrive_by ?? "") < Date.now());
  };
  tick();
  if (!line.textContent) return null;
  const timer = setInterval(() => (line.isConnected ? tick() : clearInterval(timer)), TICK_MS);
  return line;
}

/** Since when, or how long there is left. @param {Task} task @param {number} now */
export function arrivalSaid({ arrived_at: arrived, arrive_by: by, sent_at: sent, state }, now) {
  if (arrived) return say("call.arrived", { at: clock(arrived), n: inMinutes((Date.parse(arrived) - Date.parse(sent)) / 60_000) });
  if (!by || OVER.includes(state) || state === "done") return "";
  return say("call.arrive-by", { at: clock(by), left: timeLeft(by, now) });
}
