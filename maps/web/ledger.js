// Ledgers of what nobody owned, of what is held, of appeals: read, counted, ruled on where one may.
import { address, ask, fillFrom, sentenceOf } from "./ask.js";
import { showScope, topBar } from "./bar.js";
import { config, el, icon, part, replace } from "./dom.js";
import { choice, field } from "./field.js";
import { glyph } from "./glyphs.js";
import { stateWord } from "./issue_marks.js";
import { titleOf } from "./issues.js";
import { partiesCalled } from "./parties.js";
import { picker } from "./picker.js";
import { clock, day, english, figure, say } from "./say.js";
import { drawnAnew, sheet, under } from "./sheet.js";
import { watchNetwork } from "./stage.js";
import { segments } from "./segments.js";

/**
 * @typedef {{service: string | null, service_name: string | null, subdistrict_name: string | null, district_name: string | null, grid_name?: string | null, text?: string}} Entry what every ledger tells of an issue
 * @typedef {Entry & {kind: "provisional" | "unclaimed", issue: number, reference: string, district: string | null,
 *   subdistrict: string | null, task: number | null, party_name: string | null, state: string, since: string, faults: {zh: string, en: string}[]}} Nobodys
 * @typedef {Entry & {issue: number, reference: string, task: number, party_name: string | null, state: string, held_at: string | null, review_on: string | null, overdue: boolean}} Held
 * @typedef {Entry & {issue: number, reference: string, task: number, party_name: string | null, state: string, since: string, reason: string}} Appeal
 * @typedef {{total: number, counts: {district: string | null, subdistrict: string | null, subdistrict_name: string | null, service: string | null, service_name: string | null, n: number, since: string}[], entries: Nobodys[]}} Fallback
 */

const { scope, who } = config();
const panel = part("panel");
const GROUPS = 8;
const ROWS = 100;

/** @type {[string, string][]} */
const TABS = [["fallback", "ledger.fallback"], ["held", "ledger.held"], ["appeals", "ledger.appeals"]];
const query = { scope: scope || null };
const read = () => Promise.all(TABS.map(([name]) => ask(address(`/api/ledgers/${name}`, query))));

async function open() {
  let ledgers = await fillFrom(panel, "what.ledger", read);
  let newest = Promise.resolve(ledgers);
  let at = Math.max(0, TABS.findIndex(([name]) => location.hash === `#${name}`));
  const [said, room, lead, files] = [el("div", { role: "status" }), el("div", {}), el("p", { class: "lead" }), el("span", { class: "row" })];
  const tabs = segments("ledger.title", TABS, TABS[at][0], (chosen) => {
    at = TABS.findIndex(([name]) => name === chosen);
    history.replaceState(null, "", `#${chosen}`);
    show();
  });
  panel.removeAttribute("aria-busy");
  replace(panel, el("div", { class: "sheet-head" }, el("h1", {}, say("ledger.title")), tabs, files), lead, said, room);
  show();
  document.body.dataset.ready = "ledger";

  function show() {
    const [name] = TABS[at];
    tabs.querySelectorAll("button").forEach((button, i) => replace(button, say(TABS[i][1]), " ", el("b", {}, figure(ledgers[i].total))));
    lead.textContent = say(`ledger.${name}-lead`);
    replace(files, el("span", { class: "note" }, say("ledger.files")), ["xlsx", "csv"].map((form) => el("a", { class: "button small", href: address(`/api/ledgers/${name}.${form}`, query), download: true }, form === "csv" ? "CSV" : "Excel")));
    if (name === "held") showHeld(room, ledgers[at].entries, told);
    else if (name === "appeals") showAppeals(room, ledgers[at].entries, told);
    else showFallback(room, ledgers[at], told);
  }
  /** What was done; the ledgers are read anew. @param {string} words */
  async function told(words) {
    replace(said, el("p", { class: "sent", tabindex: "-1" }, icon("tick"), words));
    /** @type {HTMLElement} */ (said.firstElementChild).focus();
    const asked = newest = read();
    const answer = await asked;
    if (asked !== newest) return;
    ledgers = answer;
    drawnAnew(room, show);
  }
}

/** @param {HTMLElement} room @param {Fallback} fallback @param {(words: string) => void} told */
function showFallback(room, fallback, told) {
  if (!fallback.total) return replace(room, el("p", { class: "state empty" }, say("ledger.empty-fallback")));
  const rows = el("div", {});
  const list = (/** @type {Nobodys[]} */ entries) => more(rows, entries, ROWS, (shown) => fallbackSheet(shown, fallback.entries, told));
  const groups = fallback.counts.slice(0, GROUPS);
  const named = (/** @type {Fallback["counts"][0]} */ g) => `${g.subdistrict_name ?? say("ledger.nowhere")} · ${g.service_name ?? g.service ?? say("ledger.no-service")}`;
  const filters = groups.length < 2 ? null : el("div", { class: "row groups", role: "group", "aria-label": say("ledger.groups") },
    [null, ...groups].map((group) => el("button", { type: "button", class: "button small", "aria-pressed": String(!group), onclick: (/** @type {Event} */ event) => {
      filters?.querySelectorAll("button").forEach((each) => each.setAttribute("aria-pressed", String(each === event.currentTarget)));
      list(group ? fallback.entries.filter((e) => e.subdistrict === group.subdistrict && e.service === group.service && e.district === group.district) : fallback.entries);
    } }, group ? named(group) : say("ledger.every"), " ", el("b", {}, figure(group ? group.n : fallback.total)))));
  list(fallback.entries);
  return replace(room, who?.role === "approver" ? null : el("p", { class: "note" }, say("ledger.not-yours")), filters, rows);
}

/** The first of many rows, and a button for more. @template T @param {HTMLElement} room @param {T[]} entries @param {number} most @param {(shown: T[]) => Node} draw */
function more(room, entries, most, draw) {
  const left = entries.length - most;
  replace(room, draw(entries.slice(0, most)), left > 0 ? el("button", { type: "button", class: "button", onclick: () => more(room, entries, most + ROWS, draw) }, say("ledger.more", { n: figure(Math.min(left, ROWS)) })) : null);
}

/** @param {Nobodys[]} entries @param {Nobodys[]} all of the ledger @param {(words: string) => void} told */
function fallbackSheet(entries, all, told) {
  const heads = ["number", "service", "place", "with", "since", "do"].map((key) => say(`ledger.${key}`));
  return sheet(say("ledger.fallback"), heads, entries.map((entry) => [
    link(entry), [...aboutOf(entry), faultsOf(entry)], placeOf(entry),
    entry.party_name ?? say("none"), clock(entry.since), deed(entry, all, told),
  ]), entries.map((entry) => entry.issue));
}

/** @param {{issue: number, reference: string, state: string}} entry */
function link({ issue, reference, state }) {
  return [glyph(state), " ", el("a", { href: `/issues/${issue}` }, el("span", { class: "unseen" }, `${stateWord(state)} `), reference)];
}

/** @param {{service: string | null, service_name: string | null}} entry */
const serviceOf = ({ service, service_name: name }) => name ?? service ?? say("ledger.no-service");

/** What it is about, and its first words for whoever may read them. @param {Entry} entry */
const aboutOf = (entry) => [serviceOf(entry), entry.text ? el("small", {}, titleOf(/** @type {any} */ (entry))) : null];

/** Where it lies, as near as is known. @param {Entry} entry */
const placeOf = ({ subdistrict_name: subdistrict, district_name: district, grid_name: grid }) => (subdistrict ? [`${district ?? ""} ${subdistrict}`.trim(), grid ? el("small", {}, grid) : null] : say("ledger.nowhere"));

/** @param {Nobodys} entry */
function faultsOf({ faults }) {
  return faults.length ? el("small", { class: "amber" }, say("ledger.faults", { faults: faults.map((each) => (english ? each.en : each.zh)).join(say("list-comma")) })) : null;
}

/** @param {Nobodys} entry @param {Nobodys[]} all @param {(words: string) => void} told */
function deed(entry, all, told) {
  if (entry.kind === "unclaimed") return el("a", { class: "button small", href: `/issues/${entry.issue}` }, say("ledger.place-it"));
  if (who?.role !== "approver") return el("a", { class: "button small", href: `/issues/${entry.issue}` }, say("ledger.open"));
  return el("button", { type: "button", class: "button small networked", onclick: (/** @type {Event} */ event) => {
    const row = /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (event.currentTarget).closest("tr"));
    const made = under(row, rulingForm(entry, all, told, () => made.remove()));
    made.querySelector("input")?.focus();
  } }, say("ledger.rule"));
}

/** What waits of the same service in the district, or in the subdistrict alone. @param {Nobodys} entry @param {Nobodys[]} all @param {boolean} near */
const alikeOf = (entry, all, near) => all.filter((each) => entry.service && each.kind === "provisional" && each.issue !== entry.issue && each.service === entry.service
  && each.district === entry.district && (!near || each.subdistrict === entry.subdistrict)).length;

/** @param {Nobodys} entry @param {Nobodys[]} all @param {(words: string) => void} told @param {() => void} close */
function rulingForm(entry, all, told, close) {
  let [code, name] = ["", ""];
  const party = picker({ id: "ruling-party", find: partiesCalled, hint: say("step.party-hint"), took: (one) => void ([code, name] = [one?.code ?? "", one?.name ?? ""]) });
  const reason = el("textarea", { id: "ruling-reason", rows: 2 });
  const area = choice("ruling-area", [["", say("ledger.district")], [entry.subdistrict ?? "", say("ledger.subdistrict")]]);
  const [alike, alikeSaid] = [el("input", { type: "checkbox", id: "ruling-alike" }), el("span", {})];
  const alikeRoom = el("label", { class: "tick" }, alike, alikeSaid);
  const count = () => {
    const n = alikeOf(entry, all, area.value !== "");
    alikeRoom.hidden = !n;
    alikeSaid.textContent = say("ledger.alike", { n: figure(n) });
  };
  area.addEventListener("change", count);
  count();
  const [who_, why, where] = [field("ledger.who", party.input, { room: party.room }), field("ledger.why", reason), field("ledger.area", area)];
  const said = el("p", { class: "fault", role: "alert" });
  const go = el("button", { type: "submit", class: "button main networked" }, say("ledger.send"));
  return el("form", { class: "form ruling", novalidate: true, oninput: () => [who_, why].forEach((each) => each.fault("")), onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && close(), onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    who_.fault(code ? "" : say("step.needed"));
    why.fault(reason.value.trim() ? "" : say("step.needed"));
    if (!code || !reason.value.trim() || go.disabled) return;
    go.disabled = true;
    try {
      const { row, stands, alike: others } = await ask(`/api/ledgers/fallback/${entry.issue}/ruling`, "POST", { told: { party: code, reason: reason.value.trim(), area: area.value || null, alike: alike.checked && !alikeRoom.hidden } });
      close();
      const how = row !== null ? "ledger.ruled" : stands === null ? "ledger.ruled-alone" : "ledger.ruled-beside";
      told(say(how, { number: entry.reference, who: name, row: row ?? stands }) + (others.length ? say("ledger.ruled-alike", { n: figure(others.length) }) : ""));
    } catch (error) {
      said.textContent = sentenceOf(error, "what.ruling");
    }
    go.disabled = false;
  } }, el("div", { class: "pair" }, who_.room, where.room), why.room, alikeRoom, said, el("div", { class: "row" }, go, el("button", { type: "button", class: "button", onclick: close }, say("step.cancel"))));
}

/** @param {HTMLElement} room @param {Held[]} entries @param {(words: string) => void} told */
function showHeld(room, entries, told) {
  if (!entries.length) return replace(room, el("p", { class: "state empty" }, say("ledger.empty-held")));
  const heads = ["number", "service", "place", "holder", "state", "review", "do"].map((key) => say(`ledger.${key}`));
  more(room, entries, ROWS, (shown) => sheet(say("ledger.held"), heads, shown.map((entry) => [
    link(entry), aboutOf(entry), placeOf(entry), entry.party_name ?? say("none"),
    entry.state === "held" ? `${stateWord("held")} · ${day(entry.held_at)}` : say("ledger.asks"),
    [entry.review_on ? day(entry.review_on) : say("none"), entry.overdue ? el("b", { class: "tag amber" }, say("ledger.overdue")) : null], heldDeed(entry, told),
  ]), shown.map((entry) => entry.task)));
  return room;
}

/** @param {Held} entry @param {(words: string) => void} told */
function heldDeed(entry, told) {
  const step = entry.state === "held" ? "resume" : "hold";
  const said = el("small", { class: "fault", role: "alert" });
  return [el("button", { type: "button", class: "button small networked", onclick: async () => {
    try {
      await ask(`/api/issues/${entry.issue}/steps`, "POST", { told: { step, task: entry.task } });
      told(say("step.done", { step: `${say(step === "resume" ? "ledger.resume" : "ledger.grant")} ${entry.reference}` }));
    } catch (error) {
      said.textContent = sentenceOf(error, "what.step");
    }
  } }, say(step === "resume" ? "ledger.resume" : "ledger.grant")), said];
}

/** @param {HTMLElement} room @param {Appeal[]} entries @param {(words: string) => void} told */
function showAppeals(room, entries, told) {
  if (!entries.length) return replace(room, el("p", { class: "state empty" }, say("ledger.empty-appeals")));
  const heads = ["number", "service", "place", "appellant", "since", "reason", "do"].map((key) => say(`ledger.${key}`));
  more(room, entries, ROWS, (shown) => sheet(say("ledger.appeals"), heads, shown.map((entry) => [
    link(entry), aboutOf(entry), placeOf(entry), entry.party_name ?? say("none"), clock(entry.since), entry.reason, appealDeed(entry, told),
  ]), shown.map((entry) => entry.task)));
  return room;
}

/** @param {Appeal} entry @param {(words: string) => void} told */
function appealDeed(entry, told) {
  if (who?.role !== "approver") return el("a", { class: "button small", href: `/issues/${entry.issue}` }, say("ledger.open"));
  return el("div", { class: "row" }, ["strike", "dismiss"].map((step) => el("button", { type: "button", class: "button small networked", onclick: (/** @type {Event} */ event) => {
    const row = /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (event.currentTarget).closest("tr"));
    const made = under(row, verdictForm(entry, step, told, () => made.remove()));
    made.querySelector("textarea")?.focus();
  } }, say(`ledger.${step}`))));
}

/** @param {Appeal} entry @param {string} step @param {(words: string) => void} told @param {() => void} close */
function verdictForm(entry, step, told, close) {
  const reason = el("textarea", { id: "verdict-reason", rows: 2 });
  const why = field("ledger.why", reason);
  const go = el("button", { type: "submit", class: "button main networked" }, say(`ledger.${step}`));
  return el("form", { class: "form ruling", novalidate: true, oninput: () => why.fault(""), onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && close(), onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!reason.value.trim()) return why.fault(say("step.needed"));
    go.disabled = true;
    try {
      await ask(`/api/issues/${entry.issue}/steps`, "POST", { told: { step, task: entry.task, reason: reason.value.trim() } });
      close();
      told(say("step.done", { step: `${say(`ledger.${step}`)} ${entry.reference}` }));
    } catch (error) {
      why.fault(sentenceOf(error, "what.step"));
    }
    go.disabled = false;
  } }, why.room, el("div", { class: "row" }, go, el("button", { type: "button", class: "button", onclick: close }, say("step.cancel"))));
}

topBar(who);
showScope([]);
watchNetwork();
open();
