// The worklist: queues as tabs with counts, rows that mirror the marks of the map.
import { el, icon, replace } from "../dom.js";
import { glyph } from "../glyphs.js";
import { cardBadge, sourceWord, stateWord } from "../issue_marks.js";
import { nearAddress, titleOf } from "../issues.js";
import { goneInto, roving } from "../roving.js";
import { clock, english, figure, say, short, timeLeft } from "../say.js";

/** @typedef {import("../issues.js").Issue} Issue @typedef {import("./filters.js").Filter} Filter @typedef {import("./questions.js").Told} Told */
/**
 * @typedef {{queue: (key: string) => void, ever: () => void, words: (text: string) => void, pick: (issue: Issue) => void, more: () => Promise<void>, fresh: () => void, checked: (numbers: Set<number>) => void,
 *   lift: (issue: Issue, event: DragEvent) => void}} Acts
 */

export const QUEUES = ["sent", "new", "returned", "soon", "done", "unclaimed"];
const MANY = english ? 1_000 : 10_000; // from here on figures are smaller, so that all tabs have room
const WAIT_MS = 250; // after the last letter of what is looked for

/** @param {HTMLElement} room @param {{name: string, beyond: boolean}} place what the list is about; `beyond` what the person may see @param {Acts} acts */
export function worklist(room, place, acts) {
  const count = el("span", { class: "note", role: "status" });
  const live = el("span", { class: "live", role: "status" });
  const tabs = el("div", { class: "queues", role: "tablist", "aria-label": say("issue.queues") });
  let typing = 0;
  const field = el("input", { type: "search", placeholder: say("issue.search"), "aria-label": say("issue.search"), maxlength: 200, oninput: () => {
    clearTimeout(typing);
    typing = Number(setTimeout(() => acts.words(field.value), WAIT_MS));
  } });
  const head = el("div", { class: "filter-room" });
  const news = el("button", { type: "button", class: "news", hidden: true, onclick: () => acts.fresh() });
  const earlier = el("button", { type: "button", class: "earlier", hidden: true, onclick: () => acts.ever() });
  const rows = el("div", { class: "worklist", id: "worklist", role: "tabpanel", "aria-label": say("issue.title") });
  const foot = el("div", { class: "several" });
  /** @type {Set<number>} */
  const checked = new Set();
  const settle = [roving(tabs, "[role=tab]"), roving(rows, "button.work")];
  room.removeAttribute("aria-busy");
  replace(room, el("div", { class: "panel-head" }, el("h1", {}, say("issue.title")), count, live), tabs, el("div", { class: "find" }, el("label", { class: "search" }, icon("search"), field), head), earlier, news, rows, foot);
  rows.addEventListener("keydown", (event) => event.key === "x" && toggle(/** @type {HTMLElement} */ (event.target)));

  /** @param {HTMLElement} target */
  function toggle(target) {
    /** @type {HTMLInputElement | null | undefined} */ (target.closest(".work-row")?.querySelector("input[type=checkbox]"))?.click();
  }
  /** @param {Told} told @param {Filter} filter */
  function showCounts(told, filter) {
    count.textContent = say("issue.count", { scope: place.name, n: figure(told.total) });
    showTabs(tabs, told, filter.queue, acts);
    settle[0]();
  }
  /** @param {Issue[]} issues @param {{filter: Filter, picked: number | null, now: number, left: number}} at */
  function showRows(issues, { filter, picked, now, left }) {
    news.hidden = true;
    checked.clear();
    acts.checked(checked);
    if (!issues.length) replace(rows, el("p", { class: "state empty" }, place.beyond ? say("issue.beyond", { scope: place.name }) : emptySentence(filter)));
    else replace(rows, issues.map((issue) => row(issue, { picked, now }, acts, checked)), moreButton(left));
    rows.scrollTop = 0;
    settle[1]();
  }
  /** @param {number} left */
  function moreButton(left) {
    if (left <= 0) return null;
    return el("button", { type: "button", class: "more", onclick: async (/** @type {Event} */ event) => {
      const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
      button.disabled = true;
      await acts.more().catch(() => void (button.disabled = false));
    } }, say("issue.more", { n: figure(left) }));
  }
  return {
    head, foot, checked, showCounts, showRows,
    /** Rows that follow those shown; what is read stays where it is. @param {Issue[]} issues @param {{picked: number | null, now: number, left: number}} at */
    append(issues, { picked, now, left }) {
      rows.querySelector(".more")?.remove();
      const added = issues.map((issue) => row(issue, { picked, now }, acts, checked));
      rows.append(...added, ...[moreButton(left)].filter((each) => each !== null));
      settle[1]();
      added[0]?.querySelector("button")?.focus();
    },
    /** A row as it is now, in its place. @param {Issue} issue @param {{picked: number | null, now: number}} at */
    change(issue, at) {
      const old = rowOf(rows, issue.id);
      if (!old) return;
      const focused = old.contains(document.activeElement);
      const made = row(issue, at, acts, checked);
      old.replaceWith(made);
      settle[1]();
      if (focused) made.querySelector("button")?.focus();
    },
    /** Open ones of before the period, which no list of it would show. @param {number} n */
    before(n) {
      earlier.hidden = !n;
      earlier.textContent = say("issue.earlier", { n: figure(n) });
    },
    /** @param {number} n */
    arrived(n) {
      news.hidden = !n;
      news.textContent = say("issue.arrived-show", { n: figure(n) });
    },
    /** @param {string} key @param {boolean} stale */
    lives(key, stale) {
      live.textContent = say(key);
      live.classList.toggle("off", stale);
    },
    /** @param {string} words */
    searches: (words) => void (field.value = words),
    clear() {
      for (const box of rows.querySelectorAll("input:checked")) /** @type {HTMLInputElement} */ (box).checked = false;
      checked.clear();
      acts.checked(checked);
    },
    mark: (/** @type {number | null} */ id) => mark(rows, id), focus: (/** @type {number | null | undefined} */ id) => rowOf(rows, id ?? undefined)?.querySelector("button")?.focus(),
  };
}

/** @param {Filter} filter */
function emptySentence({ queue, words }) {
  if (words.trim()) return say("issue.none-found", { words });
  return queue ? say("issue.empty", { queue: say(`queue.${queue}`) }) : say("issue.empty-all");
}

/** @param {HTMLElement} tabs @param {Told} told @param {string} queue @param {Acts} acts */
function showTabs(tabs, told, queue, acts) {
  const all = /** @type {[string, string, number][]} */ ([["", say("issue.all"), told.total], ...QUEUES.map((key) => [key, say(`queue.${key}`), told.queues[key] ?? 0])]);
  const focused = document.activeElement?.getAttribute("data-queue");
  tabs.classList.toggle("many", all.some(([, , n]) => n >= MANY));
  replace(tabs, all.map(([key, word, n]) => el("button", {
    type: "button", role: "tab", "data-queue": key || "all", class: key === "soon" ? "due" : "", "aria-selected": String(key === queue),
    "aria-controls": "worklist", onclick: () => acts.queue(key),
  }, el("b", { title: figure(n) }, short(n)), el("span", {}, word))));
  if (focused) /** @type {HTMLElement | null} */ (tabs.querySelector(`[data-queue="${focused}"]`))?.focus();
}

/** @param {Issue} issue @param {{picked: number | null, now: number}} at @param {Acts} acts @param {Set<number>} checked */
function row(issue, { picked, now }, acts, checked) {
  const where = [issue.grid_name ?? say(issue.at ? "issue.nobody" : "issue.no-place"), nearAddress(issue)].filter(Boolean).join(" · ");
  const title = titleOf(issue);
  const box = el("input", { type: "checkbox", tabindex: "-1", "aria-label": say("several.check", { title }), onchange: () => {
    if (box.checked) checked.add(Number(issue.id));
    else checked.delete(Number(issue.id));
    acts.checked(checked);
  } });
  box.checked = checked.has(Number(issue.id));
  const words = el("button", { type: "button", class: "work", draggable: "true", "data-number": issue.number, "aria-pressed": String(issue.id === picked), onclick: (/** @type {MouseEvent} */ event) => {
    acts.pick(issue);
    goneInto(event, document.getElementById("card"));
  }, ondragstart: (/** @type {DragEvent} */ event) => acts.lift(issue, event) },
    glyph(issue.state), el("span", { class: "title" }, el("span", { class: "unseen" }, `${stateWord(issue.state)} `), title),
    el("span", { class: "where" }, where),
    el("span", { class: "from" }, el("small", {}, sourceWord(issue.source)), issue.reporters ? el("small", {}, say("issue.reporters", { n: figure(issue.reporters) })) : null, issue.service ? el("small", {}, issue.service) : null),
    cardBadge(issue, now) ?? el("span", { class: "time" }, (issue.state !== "closed" && timeLeft(issue.due_at, now)) || clock(issue.reported_at ?? issue.received_at)));
  return el("div", { class: "work-row", "data-id": String(issue.id) }, box, words);
}

/** @param {HTMLElement} rows @param {number | undefined} id @returns {HTMLElement | null} */
const rowOf = (rows, id) => (id === undefined ? null : rows.querySelector(`.work-row[data-id="${Number(id)}"]`));

/** @param {HTMLElement} rows @param {number | null} id */
function mark(rows, id) {
  for (const each of rows.querySelectorAll(".work-row")) {
    const on = /** @type {HTMLElement} */ (each).dataset.id === String(id);
    each.querySelector("button")?.setAttribute("aria-pressed", String(on));
    if (on) each.scrollIntoView({ block: "nearest" });
  }
}
