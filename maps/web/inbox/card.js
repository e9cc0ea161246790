// One of an inbox: where and what, the three steps with their times, whom to pass it to, all that is known.
import { sentenceOf } from "../ask.js";
import { el, icon, replace } from "../dom.js";
import { glyph } from "../glyphs.js";
import { sourceWord, stateWord } from "../issue_marks.js";
import { showFile } from "../issue_file.js";
import { clock, english, say } from "../say.js";
import { showAlone } from "./alone.js";
import { isPassable, pass } from "./passing.js";
import { kindTags, timeSaid, title, whereSaid } from "./rows.js";
import { showWay } from "./way.js";

/** @typedef {import("./rows.js").Row} Row @typedef {import("./rows.js").Party} Party */

/**
 * @param {HTMLElement} room @param {Row} row @param {{sections: Party[], now: number}} known
 * @param {{close: () => void, changed: (said?: string) => void}} acts
 * @param {string} [news] said over the steps at first
 * @returns {{heard: () => Promise<void>, said: () => string}} `said`: what is said there now
 */
export function showCalled(room, row, { sections, now }, { close, changed }, news = "") {
  const [file, foot] = [el("div", { class: "file" }), el("div", { class: "card-foot" })];
  const way = el("section", { class: "way-there" });
  const shut = el("button", { type: "button", "aria-label": say("close"), onclick: close }, icon("close"));
  const number = row.issue === null ? el("span", { class: "number" }, row.number) : el("a", { class: "number", href: `/issues/${row.issue}` }, row.number);
  room.hidden = false;
  replace(room,
    el("div", { class: "card-head" }, el("div", { class: "card-top" }, el("span", { class: "card-state" }, glyph(row.state), stateWord(row.state)), timeSaid(row, now), shut),
      el("h2", { tabindex: "-1" }, title(row)), el("p", { class: "note" }, whereSaid(row)), el("p", { class: "from" }, kindTags(row), number)),
    el("section", {}, el("blockquote", {}, row.text || say("none")), el("p", { class: "note said-by" }, el("span", {}, row.source ? sourceWord(row.source) : ""), el("span", {}, say("inbox.given", { who: row.asker_name ?? "", at: clock(row.sent_at) })))),
    way, row.state === "returned" ? null : el("section", {}, el("h3", {}, say("inbox.path")), pathSaid(row)),
    row.issue === null ? null : el("section", {}, el("p", { class: "note" }, el("a", { href: `/issues/${row.issue}/why`, target: "_blank", rel: "noopener" }, say("why.print")))),
    isPassable(row) ? passRoom(row, sections, changed) : null,
    file, el("div", { class: "card-actions" }, foot));
  room.scrollTop = 0;
  void showWay(way, row);
  const failed = (/** @type {unknown} */ error) => replace(foot, el("p", { class: "note" }, sentenceOf(error, "what.file")));
  /** @type {{heard: () => Promise<void>, said: () => string} | null} */
  let shown = null;
  if (row.issue === null) showAlone(file, foot, row.task, () => changed()).catch(failed);
  else showFile(file, foot, row.issue, { called: true, news, known: { at: row.lon === null ? null : [row.lon, row.lat], text: row.text }, changed: (after) => changed(doneWord(after)) }).then((made) => void (shown = made)).catch(failed);
  return { heard: async () => void (await shown?.heard()), said: () => shown?.said() ?? news };
}

/** What was done last, by whoever acts. @param {import("../issue_file.js").File} told */
function doneWord({ history }) {
  const last = history[history.length - 1];
  if (!last) return undefined;
  const called = say(`step.${last.name}-called`); // as the button said it
  return say("step.done", { step: called !== `step.${last.name}-called` ? called : english ? last.en : last.zh });
}

/** Acknowledge, arrive, report: which are behind, which is next, until when. @param {Row} row */
function pathSaid(row) {
  const called = row.kind === "whistle" || row.kind === "joint";
  const steps = /** @type {[string, boolean, string][]} */ ([
    ["take", row.state !== "sent", row.arrive_by ? say("inbox.before", { at: clock(row.arrive_by) }) : ""],
    ...(called ? [["arrive", Boolean(row.arrived_at), row.arrived_at ? say("inbox.done-at", { at: clock(row.arrived_at) }) : row.arrive_by ? say("inbox.before", { at: clock(row.arrive_by) }) : ""]] : []),
    ["finish", row.state === "done", say("inbox.before", { at: clock(row.due_at) })],
  ]);
  const next = steps.findIndex(([, done]) => !done);
  return el("ol", { class: "path" }, steps.map(([name, done, when], i) => el("li", { class: done ? "past" : i === next ? "next" : null, "aria-current": i === next ? "step" : null },
    el("span", { class: "path-n", "aria-hidden": "true" }, done ? "✓" : i + 1), el("div", {}, el("b", {}, say(`step.${name}-called`)), el("small", {}, say(`inbox.path-${name}`))), el("span", { class: "note" }, when))));
}

/** @param {Row} row @param {Party[]} sections @param {(said?: string) => void} changed */
function passRoom(row, sections, changed) {
  const said = el("p", { class: "fault", role: "alert" });
  const go = async (/** @type {Party} */ party) => {
    try {
      await pass([row], party);
      changed(say("inbox.passed", { name: party.name }));
    } catch (error) {
      said.textContent = sentenceOf(error, "what.pass");
    }
  };
  return el("section", { class: "pass-room" }, el("h3", {}, say("inbox.pass")), sections.length ? el("div", { class: "row" }, sections.map((party) =>
    el("button", { type: "button", class: "button small networked", "data-party": party.code, onclick: () => void go(party) }, say(row.state === "sent" ? "inbox.pass-take" : "inbox.pass-to", { name: party.name })))) : el("p", { class: "note" }, say("inbox.no-sections")), said);
}
