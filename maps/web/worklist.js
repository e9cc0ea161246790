// The worklist: queues as tabs with counts, rows that mirror the marks of the map.
import { el, icon, replace } from "./dom.js";
import { glyph } from "./glyphs.js";
import { cardBadge, sourceWord, stateWord } from "./issue_card.js";
import { QUEUES, inQueue, nearAddress, titleOf } from "./issues.js";
import { roving } from "./roving.js";
import { clock, figure, say, timeLeft } from "./say.js";

/** @typedef {import("./issues.js").Issue} Issue */
/** @typedef {{queue: (key: string) => void, words: (text: string) => void, pick: (issue: Issue) => void}} Acts */

const ROWS = 60;

/** @typedef {{name: string, beyond: boolean}} Place what the list is about; `beyond` what the person may see */

/** @param {HTMLElement} room @param {Place} place @param {Acts} acts */
export function worklist(room, place, acts) {
  const count = el("span", { class: "note", role: "status" });
  const tabs = el("div", { class: "queues", role: "tablist", "aria-label": say("issue.queues") });
  const field = el("input", { type: "search", placeholder: say("issue.search"), "aria-label": say("issue.search"), oninput: () => acts.words(field.value) });
  const rows = el("div", { class: "worklist", id: "worklist", role: "tabpanel", tabindex: "0", "aria-label": say("issue.title") });
  const settle = [roving(tabs, "[role=tab]"), roving(rows, "button.work")];
  room.removeAttribute("aria-busy");
  replace(room, el("div", { class: "panel-head" }, el("h1", {}, say("issue.title")), count), tabs,
    el("label", { class: "search" }, icon("search"), field), rows);

  /** @param {Issue[]} issues @param {import("./issues.js").Filter} filter @param {string | null} picked @param {number} now */
  function show(issues, filter, picked, now) {
    count.textContent = say("issue.count", { scope: place.name, n: figure(issues.length) });
    showTabs(tabs, issues, filter.queue, acts);
    const held = inQueue(issues, filter.queue);
    if (held.length) showRows(rows, held, { picked, now }, acts, ROWS);
    else replace(rows, el("p", { class: "state empty" }, place.beyond ? say("issue.beyond", { scope: place.name }) : emptySentence(filter)));
    settle.forEach((each) => each());
  }
  return { show, mark: (/** @type {string | null} */ number) => mark(rows, number), focus: (/** @type {string | null} */ number) => focusRow(rows, number) };
}

/** @param {import("./issues.js").Filter} filter */
function emptySentence({ queue, words }) {
  if (words) return say("issue.none-found", { words });
  return queue === "all" ? say("issue.empty-all") : say("issue.empty", { queue: say(`queue.${queue}`) });
}

/** @param {HTMLElement} tabs @param {Issue[]} issues @param {string} queue @param {Acts} acts */
function showTabs(tabs, issues, queue, acts) {
  const all = /** @type {[string, string][]} */ ([["all", say("issue.all")], ...QUEUES.map(([key]) => [key, say(`queue.${key}`)])]);
  const focused = document.activeElement?.getAttribute("data-queue");
  replace(tabs, all.map(([key, word]) => el("button", {
    type: "button", role: "tab", "data-queue": key, class: key === "soon" ? "due" : "", "aria-selected": String(key === queue),
    "aria-controls": "worklist", onclick: () => acts.queue(key),
  }, el("b", {}, figure(inQueue(issues, key).length)), el("span", {}, word))));
  if (focused) /** @type {HTMLElement | null} */ (tabs.querySelector(`[data-queue="${focused}"]`))?.focus();
}

/** @typedef {{picked: string | null, now: number}} At */

/** @param {HTMLElement} rows @param {Issue[]} issues @param {At} at @param {Acts} acts @param {number} most */
function showRows(rows, issues, at, acts, most) {
  const left = issues.length - most;
  const showMore = () => {
    showRows(rows, issues, at, acts, most + ROWS);
    /** @type {HTMLElement} */ (rows.querySelectorAll("button.work")[most]).focus();
  };
  replace(rows, issues.slice(0, most).map((issue) => row(issue, at, acts)),
    left > 0 ? el("button", { type: "button", class: "more", onclick: () => showMore() }, say("issue.more", { n: figure(Math.min(left, ROWS)) })) : null);
}

/** @param {Issue} issue @param {At} at @param {Acts} acts */
function row(issue, { picked, now }, acts) {
  const where = [issue.grid_name ?? say(issue.at ? "issue.nobody" : "issue.no-place"), nearAddress(issue)].filter(Boolean).join(" · ");
  return el("button", { type: "button", class: "work", "data-number": issue.number, "aria-pressed": String(issue.number === picked), onclick: () => acts.pick(issue) },
    glyph(issue.state), el("span", { class: "title" }, el("span", { class: "unseen" }, `${stateWord(issue.state)} `), titleOf(issue)),
    el("span", { class: "where" }, where),
    el("span", { class: "from" }, el("small", {}, sourceWord(issue.source)), issue.service ? el("small", {}, issue.service) : null),
    cardBadge(issue, now) ?? el("span", { class: "time" }, (issue.state !== "closed" && timeLeft(issue.due_at, now)) || clock(issue.reported_at ?? issue.received_at)));
}

/** @param {HTMLElement} rows @param {string | null} number */
function focusRow(rows, number) {
  const found = [...rows.querySelectorAll("button.work")].find((row) => /** @type {HTMLElement} */ (row).dataset.number === number);
  /** @type {HTMLElement | undefined} */ (found)?.focus();
}

/** @param {HTMLElement} rows @param {string | null} number */
function mark(rows, number) {
  for (const button of rows.querySelectorAll("button.work")) {
    const on = /** @type {HTMLElement} */ (button).dataset.number === number;
    button.setAttribute("aria-pressed", String(on));
    if (on) button.scrollIntoView({ block: "nearest" });
  }
}
