// The rows of an inbox, grouped by what is owed next; the first due stands first.
import { el, replace } from "../dom.js";
import { glyph } from "../glyphs.js";
import { stateWord } from "../issue_marks.js";
import { nearAddress, titleOf } from "../issues.js";
import { goneInto, roving } from "../roving.js";
import { clock, figure, say, timeLeft } from "../say.js";

/**
 * @typedef {{task: number, issue: number | null, version: number, kind: string, lead: boolean, state: string, owes: string, party: string, party_name: string | null,
 *   by: string, due_at: string, sent_at: string, arrive_by: string | null, arrived_at: string | null, asked: string, signed: boolean, number: string, text: string, address: string,
 *   source: string | null, service_name: string | null, area_name: string | null, grid_name: string | null, community_name: string | null, subdistrict: string | null, subdistrict_name: string | null, lon: number | null, lat: number | null,
 *   asker_name: string | null, card: "red" | "yellow" | null}} Row
 * @typedef {{code: string, name: string, kind: string}} Party
 * @typedef {{asked_at: string, organisation: {code: string, name: string, area: string | null} | null, sections: Party[], total: number, owed: Record<string, number>,
 *   subdistricts: {code: string, name: string, n: number}[], rows: Row[]}} Inbox
 */

/** What presses most stands first. */
export const OWES = ["take", "arrive", "report", "passed", "ruling", "held", "done"];
/** What may be visited in a trip. */
export const VISITED = ["take", "arrive", "report"];
const CLOCKED = ["sent", "taken", "returned"];

/** @param {Row} row */
export const title = (row) => titleOf(/** @type {any} */ ({ text: row.text, service: row.service_name, number: row.number }));

/** @param {Row} row */
export const isUrgent = (row) => Boolean(row.arrive_by) && !row.arrived_at && ["sent", "taken"].includes(row.state);

/** Time left as a badge or a word; of an emergency until somebody has to be on the spot. @param {Row} row @param {number} now */
export function timeSaid(row, now) {
  if (!CLOCKED.includes(row.state)) return el("span", { class: "time" }, stateWord(row.state));
  const left = timeLeft(row.by, now);
  const words = isUrgent(row) ? say("inbox.arrive-in", { time: left }) : left;
  const card = Date.parse(row.by) < now ? "red" : row.card;
  return card ? el("span", { class: `badge ${card}` }, say(`card.${card}`), " ", words) : el("span", { class: "time" }, words);
}

/** @param {Row} row */
export function kindTags(row) {
  return [
    el("small", { class: row.kind === "whistle" || row.kind === "joint" ? "called" : null }, [say(`inbox.kind-${row.kind}`), row.issue === null ? "" : say(row.lead ? "file.lead" : "file.assist")].filter(Boolean).join(" · ")),
    isUrgent(row) ? el("small", { class: "urgent" }, say("inbox.urgent")) : null,
  ];
}

/** @param {Row} row */
export function whereSaid(row) {
  const near = row.address && nearAddress(/** @type {any} */ ({ address: row.address, community_name: row.community_name }));
  return [row.subdistrict_name, row.grid_name ?? row.area_name, near].filter(Boolean).join(" · ");
}

/** @param {HTMLElement} room @param {{pick: (row: Row) => void, check: (row: Row, on: boolean) => void}} acts */
export function inboxRows(room, { pick, check }) {
  const settle = roving(room, "button.work");
  /** @type {Row[]} */
  let rows = [];

  /** @param {Row} row @param {{picked: number | null, stops: Map<number, number>, now: number}} at */
  function line(row, { picked, stops, now }) {
    const box = VISITED.includes(row.owes) && row.lon !== null ? el("input", { type: "checkbox", "aria-label": say("trip.check", { title: title(row) }), onchange: () => check(row, box instanceof HTMLInputElement && box.checked) }) : null;
    if (box) box.checked = stops.has(row.task);
    const stop = stops.get(row.task);
    return el("li", { class: "work-row", "data-task": row.task, "data-issue": row.issue }, box ? el("label", { class: "chosen" }, box) : null, stop ? el("b", { class: "stop" }, el("span", { class: "unseen" }, say("trip.stop", { n: stop })), el("span", { "aria-hidden": "true" }, stop)) : null,
      el("button", { type: "button", class: "work", "aria-pressed": String(row.task === picked), onclick: (/** @type {MouseEvent} */ event) => {
        pick(row);
        goneInto(event, document.getElementById("card"));
      } },
        glyph(row.state), el("span", { class: "title" }, el("span", { class: "unseen" }, `${stateWord(row.state)} `), title(row)), el("span", { class: "where" }, whereSaid(row)),
        el("span", { class: "from" }, kindTags(row), el("span", { class: "note" }, row.owes === "passed" ? row.party_name : [row.asker_name, " ", el("span", { class: "whole" }, clock(row.sent_at))])),
        el("span", { class: "when", "data-when": row.task }, timeSaid(row, now))));
  }
  return {
    /** @param {Inbox} told @param {{picked: number | null, stops: Map<number, number>, now: number}} at */
    show(told, at) {
      rows = told.rows;
      const focused = document.activeElement?.closest("[data-task]")?.getAttribute("data-task");
      const inBox = document.activeElement?.matches("input");
      const groups = OWES.filter((owes) => told.owed[owes]);
      replace(room, groups.map((owes) => el("section", { class: "owed", "data-owes": owes, "aria-label": say(`owes.${owes}`) },
        el("h2", {}, say(`owes.${owes}`), " ", el("b", {}, figure(told.owed[owes])), el("small", {}, say(`owes.${owes}-note`))),
        el("ul", {}, rows.filter((row) => row.owes === owes).map((row) => line(row, at))))),
      told.total > rows.length ? el("p", { class: "note left" }, say("inbox.more", { n: figure(rows.length), left: figure(told.total - rows.length) })) : null,
      groups.length ? null : el("p", { class: "state empty" }, say("inbox.empty")));
      settle();
      if (focused) /** @type {HTMLElement | null} */ (room.querySelector(`[data-task="${focused}"] ${inBox ? "input" : "button"}`))?.focus();
    },
    /** Time goes on. @param {number} now */
    tick(now) {
      for (const row of rows) {
        const when = room.querySelector(`[data-when="${row.task}"]`);
        if (when) replace(/** @type {HTMLElement} */ (when), timeSaid(row, now));
      }
    },
    /** @param {number | null} picked */
    mark(picked) {
      for (const each of room.querySelectorAll(".work-row")) {
        const on = each.getAttribute("data-task") === String(picked);
        each.querySelector("button")?.setAttribute("aria-pressed", String(on));
        if (on) each.scrollIntoView({ block: "nearest" });
      }
    },
    /** @param {number | null} task */
    focus(task) {
      /** @type {HTMLElement | null} */ (room.querySelector(`[data-task="${Number(task)}"] button`))?.focus();
    },
  };
}
