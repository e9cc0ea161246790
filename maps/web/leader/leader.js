// A leader's phone: what waits for a signature, departments that are late, ledgers, the month ahead.
import { address, ask, fillFrom, sentenceOf } from "../ask.js";
import { showScope, topBar } from "../bar.js";
import { config, el, icon, part, replace } from "../dom.js";
import { onceATap } from "../double_tap.js";
import { glyph } from "../glyphs.js";
import { stateWord } from "../issue_marks.js";
import { nearAddress, titleOf } from "../issues.js";
import { listen } from "../live.js";
import { roving } from "../roving.js";
import { clock, day, figure, say } from "../say.js";
import { watchNetwork } from "../stage.js";
import { aheadSaid, firstSaid, partsSaid } from "./ahead.js";
import { callCard, callsOf } from "./cards.js";
import { footBar } from "./foot.js";

/** @typedef {import("./cards.js").Waiting} Waiting @typedef {{scope_name: string, signs: boolean, rules: boolean, waiting: Waiting[], ledgers: Record<string, number>}} Told */

const { scope, who } = config();
const panel = part("panel");
const TABS = ["waiting", "fallback", "held", "appeals"];
const ROWS = 30;

const said = el("div", { role: "status" });
const tabs = el("div", { class: "tabs", role: "tablist", "aria-label": say("leader.tabs") });
const list = el("div", { id: "leader-list", role: "tabpanel" });
const [ahead, desk, rates] = [el("div", {}), el("div", {}), el("div", { class: "rates", hidden: true })];
const settle = roving(tabs, "[role=tab]");
let tab = "waiting";
/** @type {Told} */
let told;

const read = () => ask(address("/api/leader", { scope }));

function showTabs() {
  const count = (/** @type {string} */ name) => (name === "waiting" ? callsOf(mine()).length : told.ledgers[name]);
  const focused = document.activeElement?.getAttribute("data-tab");
  replace(tabs, TABS.map((name) => el("button", { type: "button", role: "tab", "data-tab": name, "aria-selected": String(name === tab), "aria-controls": "leader-list", onclick: () => {
    tab = name;
    void show();
  } }, say(`leader.${name}`), " ", el("b", {}, figure(count(name))))));
  settle();
  if (focused) /** @type {HTMLElement | null} */ (tabs.querySelector(`[data-tab="${focused}"]`))?.focus();
}

const RULINGS = ["ruling", "appeal"];
const isRuled = (/** @type {Waiting} */ { what }) => RULINGS.includes(what);
const of = (/** @type {string} */ kind) => told.waiting.filter(({ what }) => what === kind);
/** What is theirs to decide; whoever rules does that first, for nobody else can. */
const mine = () => told.waiting.filter((row) => !["late", "asked"].includes(row.what) && (told.rules || !isRuled(row))).sort((a, b) => Number(isRuled(b)) - Number(isRuled(a)));

async function show() {
  showTabs();
  ahead.hidden = tab !== "waiting";
  if (tab !== "waiting") return ledger(tab);
  const district = told.rules ? [] : told.waiting.filter(isRuled);
  const acts = { signs: told.signs, rules: told.rules, done: (/** @type {string} */ words) => void again(words), again: (/** @type {string | undefined} */ words) => void again(words) };
  replace(list, told.signs ? null : el("p", { class: "note" }, say("leader.not-yours")),
    mine().length ? callsOf(mine()).map((call) => callCard(call, acts)) : el("p", { class: "state empty" }, say("leader.empty")),
    section("leader.late", of("late"), acts), section("leader.granting", of("asked"), acts), section("leader.district", district, acts));
}

/** @param {string} title @param {Waiting[]} rows @param {Parameters<typeof callCard>[1]} acts */
function section(title, rows, acts) {
  return rows.length ? [el("h2", {}, say(title), " ", el("b", {}, figure(rows.length))), ...callsOf(rows).map((call) => callCard(call, acts))] : null;
}

/** @param {string} name */
async function ledger(name) {
  const found = await fillFrom(list, "what.ledger", () => ask(address(`/api/ledgers/${name}`, { scope })));
  list.removeAttribute("aria-busy");
  if (tab !== name) return;
  replace(list, found.entries.length ? el("ul", { class: "entries" }, found.entries.slice(0, ROWS).map(entry)) : el("p", { class: "state empty" }, say("leader.empty-ledger")),
    el("p", {}, el("a", { class: "button", href: `/ledgers?scope=${encodeURIComponent(scope)}` }, say("leader.ledgers"))));
}

/** @param {any} row of a ledger */
function entry(row) {
  const facts = [row.party_name ? say("leader.with", { who: row.party_name }) : "", row.review_on ? say("leader.until", { on: day(row.review_on) }) : row.since ? clock(row.since) : "", row.reason ?? ""].filter(Boolean).join(" · ");
  const title = titleOf(/** @type {any} */ ({ text: row.text, service: row.service_name, number: row.reference }));
  const about = [row.text ? row.service_name : "", row.grid_name ?? row.subdistrict_name, row.address && nearAddress(row)].filter(Boolean).join(" · ");
  return el("li", {}, glyph(row.state), el("div", {}, el("a", { href: `/issues/${row.issue}` }, el("span", { class: "unseen" }, `${stateWord(row.state)} `), title), [about, facts].map((line) => (line ? el("p", { class: "note" }, line) : null))));
}

/** @param {string} [words] */
async function again(words) {
  told = await read();
  if (words) {
    replace(said, el("p", { class: "sent", tabindex: "-1" }, icon("tick"), words));
    /** @type {HTMLElement} */ (said.firstElementChild).focus();
  }
  await show();
}

/** The month, read anew each time it is turned to; what was read before stays until then. @param {import("./foot.js").View} view */
async function month(view) {
  const [room, asked] = view === "sign" ? [ahead, ["rates"]] : [rates, ["rates", "parts"]];
  try {
    const [told, parts] = await Promise.all(asked.map((what) => ask(address(`/api/leader/${what}`, { scope }))));
    replace(room, parts ? [aheadSaid(told), partsSaid(parts)] : firstSaid(told));
  } catch (error) {
    room.querySelector(".month-fault")?.remove();
    room.prepend(el("p", { class: "note month-fault", role: "status" }, sentenceOf(error, "what.ahead")));
  }
}

const isOpen = () => list.querySelector("form, .sure, details[open]");
let missed = false;

/** Somebody else did something: shown anew, where a form or a card is open by then once it is closed. */
async function heard() {
  const fresh = isOpen() ? null : await read();
  missed = !fresh || Boolean(isOpen());
  if (missed) return;
  told = /** @type {Told} */ (fresh);
  await show();
}

/** What was missed while something was open is read once it is closed. */
function caughtUp() {
  setTimeout(() => missed && !isOpen() && void heard());
}

async function open() {
  replace(desk, tabs, list, ahead);
  replace(panel, el("h1", {}, say("leader.title")), said, desk, rates);
  if (!scope) {
    replace(panel, el("p", { class: "state empty" }, say("leader.nowhere")));
    return void (document.body.dataset.ready = "leader");
  }
  told = await fillFrom(list, "what.leader", read);
  list.removeAttribute("aria-busy");
  showScope([told.scope_name]);
  /** @type {HTMLElement} */ (panel.querySelector("h1")).textContent = told.scope_name;
  await show();
  footBar(scope, (view) => {
    [desk.hidden, rates.hidden] = [view !== "sign", view !== "rates"];
    void month(view);
  });
  list.addEventListener("click", caughtUp);
  list.addEventListener("toggle", caughtUp, true);
  listen(address("/api/events/stream", { noun: "issue", scope }), heard);
  document.body.dataset.ready = "leader";
}

topBar(who);
onceATap();
watchNetwork();
void open();
