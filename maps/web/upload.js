// The hotline's file: a trial says what would be taken in, questions are answered, then it is written.
import { address, ask, sentenceOf } from "./ask.js";
import { topBar } from "./bar.js";
import { config, el, part, replace } from "./dom.js";
import { choice, field } from "./field.js";
import { SEVERITIES, grouped } from "./findings.js";
import { clock, english, figure, say } from "./say.js";
import { watchNetwork } from "./stage.js";

/**
 * @typedef {Map<string, {yes: boolean, said: string}>} Answers word of a question → how it was answered, and what was asked
 * @typedef {{new: number, changed: number, same: number, conflicts: string[], differs: Record<string, {fields: string[], due_was: string | null, due_said: string | null}>, by_address?: number, sent?: number, closed?: number, unclaimed?: number}} Counts
 * @typedef {{status: number, reports: {file: string, layer: string, rows_read: number, rows_used: number, rows_repaired: number, rows_quarantined: number, rows_waiting: number, findings: import("./findings.js").Finding[]}[],
 *   errors: string[], unknown_services: Record<string, number>, committed: Counts | null, trial: Counts | null}} Outcome
 * @typedef {{sheets: string[], columns: Map<string, string>, open: string[]}} Reading which sheets are read (none: as the file is); heading → the column it stands for; headings that were not recognised at first
 */

const { who, sources } = config();
const panel = part("panel");
const DATUMS = ["", "measured", "wgs84", "cgcs2000", "gcj02", "bd09"];
const ROWS_SHOWN = 12;
const COLUMNS = ["reference", "text", "service", "address", "reported_at", "due_at", "closed_at", "reporter", "against", "confidential", "lon", "lat"];
const COUNTED = /** @type {const} */ (["new", "same", "changed", "by_address", "sent", "closed", "unclaimed"]);

function open() {
  /** @type {File | null} */
  let file = null;
  /** @type {Answers} */
  const answers = new Map();
  /** @type {Reading} */
  const reading = { sheets: [], columns: new Map(), open: [] };
  let asked = 0;
  const input = el("input", { id: "file", type: "file", accept: ".csv,.xlsx,.xls,text/csv", onchange: () => take(input.files?.[0] ?? null) });
  const source = choice("source", sources.map((/** @type {any} */ s) => [s.code, english ? s.en : s.zh]), () => void trial());
  const datum = choice("datum", DATUMS.map((d) => [d, say(d === "measured" ? "upload.measured" : d ? `datum.${d}` : "upload.datum-none")]), () => void trial());
  const sheets = el("input", { id: "all-sheets", type: "checkbox", onchange: () => void trial() });
  const [room, said] = [el("div", { role: "status" }), el("p", { class: "fault", role: "alert" })];
  const drop = el("div", { class: "drop", ondragover: (/** @type {DragEvent} */ event) => event.preventDefault(), ondrop: (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    take(event.dataTransfer?.files[0] ?? null);
  } }, field("upload.file", input, { hint: say("upload.file-hint") }).room);
  replace(panel, el("div", { class: "sheet-head" }, el("h1", {}, say("upload.title"))), el("p", { class: "lead" }, say("upload.lead")),
    el("form", { class: "form upload", onsubmit: (/** @type {Event} */ event) => event.preventDefault() }, drop, el("div", { class: "pair" }, field("entry.source", source).room, field("upload.datum", datum).room),
      el("label", { class: "tick" }, sheets, el("span", {}, say("upload.all-sheets")))), said, room);
  document.body.dataset.ready = "upload";

  /** @param {File | null} chosen */
  function take(chosen) {
    file = chosen;
    answers.clear();
    reading.sheets = [];
    reading.columns.clear();
    reading.open = [];
    void trial();
  }
  /** @param {boolean} commit @returns {Promise<Outcome | null>} */
  async function sent(commit) {
    if (!file) return null;
    const query = new URLSearchParams({ source: source.value, timezone: "Asia/Shanghai", name: file.name });
    if (datum.value) query.set("datum", datum.value);
    if (sheets.checked) query.set("all_layers", "true");
    else for (const name of reading.sheets) query.append("layer", name);
    for (const [heading, column] of reading.columns) query.append("column", `${column}=${heading}`);
    if (commit) query.set("commit", "true");
    for (const [word, { yes }] of answers) query.append(yes ? "accept" : "reject", word);
    return ask(`/api/issues/import?${query}`, "POST", { file: new Blob([file], { type: "application/octet-stream" }) });
  }
  async function trial() {
    const mine = ++asked;
    said.textContent = "";
    replace(room, file ? el("p", { class: "note" }, say("upload.trying", { name: file.name })) : null);
    try {
      const outcome = await sent(false);
      if (mine === asked && outcome) show(outcome);
    } catch (error) {
      if (mine !== asked) return;
      replace(room);
      said.textContent = sentenceOf(error, "what.upload");
    }
  }
  /** @param {Outcome} outcome */
  function show(outcome) {
    const done = outcome.committed;
    const counts = done ?? outcome.trial;
    const write = el("button", { type: "button", class: "button main networked", disabled: outcome.status !== 0 || !counts?.new, onclick: () => void commit(write) }, say("upload.commit", { n: figure(counts?.new ?? 0) }));
    replace(room, done ? el("p", { class: "done" }, el("b", {}, say("upload.done", { n: figure(done.new) })), " ", el("a", { href: "/issues" }, say("entry.to-list"))) : null,
      outcome.reports.map(readSaid), counts ? countsSaid(counts, Boolean(done)) : null,
      outcome.errors.map((error) => el("p", { class: "fault" }, typeof error === "string" ? error : english ? /** @type {any} */ (error).en : /** @type {any} */ (error).zh)), unknownSaid(outcome.unknown_services),
      done ? repliesLink(source.value) : el("div", { class: "row upload-foot" }, write, outcome.status === 3 ? el("span", { class: "amber" }, say("upload.questions")) : null),
      done ? null : columnsSaid(outcome, reading, async (heading, column, at) => {
        if (column) reading.columns.set(heading, column);
        else reading.columns.delete(heading);
        await trial();
        document.getElementById(at)?.focus();
      }),
      findingsSaid(outcome, answers, (word, yes, asking) => {
        answers.set(word, { yes, said: asking });
        void trial();
      }, (name) => {
        sheets.checked = !name;
        reading.open = [];
        reading.columns.clear();
        reading.sheets = name ? [name] : [];
        void trial();
      }));
    if (done) input.value = "";
  }
  /** @param {HTMLButtonElement} button */
  async function commit(button) {
    button.disabled = true;
    try {
      const outcome = await sent(true);
      if (outcome) show(outcome);
    } catch (error) {
      said.textContent = sentenceOf(error, "what.upload");
      button.disabled = false;
    }
  }
}

/** @param {Outcome["reports"][0]} report */
function readSaid(report) {
  const counts = /** @type {[string, number][]} */ ([["used", report.rows_used], ["repaired", report.rows_repaired], ["quarantined", report.rows_quarantined], ["waiting", report.rows_waiting]]);
  return el("section", {}, el("h2", { class: "file" }, [report.file, report.layer].filter(Boolean).join(" · "), el("small", {}, say("defect.read", { n: figure(report.rows_read) }))),
    el("div", { class: "counts" }, counts.map(([key, n]) => el("div", {}, el("b", {}, figure(n)), say(`defect.${key}`)))));
}

/** @param {Counts} counts @param {boolean} done whether it was written, and can be gone to */
function countsSaid(counts, done) {
  const held = COUNTED.filter((key) => counts[key]);
  const tags = held.map((key) => {
    const told = say(`upload.${key}`, { n: figure(counts[key]) });
    return el("li", { class: "tag" }, done && key === "unclaimed" ? el("a", { href: address("/issues", { queue: key }) }, told) : told);
  });
  return el("section", {}, el("h2", {}, say(done ? "upload.became" : "upload.would")), el("ul", { class: "row fates" }, tags),
    counts.conflicts.length ? el("p", { class: "amber" }, say("upload.conflicts", { n: counts.conflicts.length, numbers: counts.conflicts.slice(0, ROWS_SHOWN).map((key) => differsSaid(key, counts.differs[key])).join(say("list-comma")) })) : null);
}

/** A number that is there with other content, and what differs; of its due time from when to when. @param {string} key @param {Counts["differs"][string]} told */
function differsSaid(key, { fields, due_was: was, due_said: now }) {
  if (!fields.length) return say("upload.anothers", { key });
  const words = fields.map((field) => say(`upload.column.${field}`) + (field === "due_at" ? ` ${clock(was)} → ${clock(now)}` : ""));
  return say("upload.differs", { key, what: words.join(say("list-comma")) });
}

/** @param {Record<string, number>} unknown */
function unknownSaid(unknown) {
  const words = Object.entries(unknown);
  if (!words.length) return null;
  return el("p", { class: "amber" }, say("upload.unknown", { words: words.slice(0, ROWS_SHOWN).map(([word, n]) => `${word} ${n}`).join(say("list-comma")) }));
}

/** @param {string} source */
function repliesLink(source) {
  const since = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  return el("p", { class: "note" }, say("upload.replies"), " ", el("a", { href: address("/api/replies.xlsx", { source, since }) }, "Excel"));
}

/** Columns that nobody recognised, each with what it may stand for. @param {Outcome} outcome @param {Reading} reading @param {(heading: string, column: string, at: string) => void} choose */
function columnsSaid(outcome, reading, choose) {
  const said = reading.columns;
  const findings = outcome.reports.flatMap((report) => report.findings);
  const unused = findings.filter(({ code }) => code === "columns-unused").flatMap(({ choices }) => choices ?? []);
  reading.open = [...new Set([...reading.open, ...unused])];
  const headings = reading.open;
  const unnumbered = findings.some(({ code }) => code === "references-made");
  if (!headings.length) return null;
  const taken = new Set(said.values());
  const choices = (/** @type {string} */ heading) => ["", ...COLUMNS.filter((column) => column === said.get(heading) || !taken.has(column))]
    .map((column) => /** @type {[string, string]} */ ([column, say(`upload.column.${column || "none"}`)]));
  return el("section", {}, unnumbered ? el("p", { class: "amber" }, say("upload.no-number")) : null,
    el("details", { open: unnumbered || said.size > 0 || outcome.status === 1 }, el("summary", {}, say("upload.columns", { n: headings.length })),
      el("div", { class: "columns" }, headings.map((heading, i) => el("label", {}, el("span", {}, heading), choice(`column-${i}`, choices(heading), (column) => choose(heading, column, `column-${i}`), said.get(heading)))))));
}

/** What was found, gravest first; a question with the buttons that answer it. @param {Outcome} outcome @param {Answers} answers @param {(word: string, yes: boolean, said: string) => void} answer @param {(sheet: string) => void} read */
function findingsSaid(outcome, answers, answer, read) {
  const groups = grouped(outcome.reports.flatMap((report) => report.findings));
  if (!groups.length && !answers.size) return el("p", { class: "note" }, say("defect.clean"));
  const given = [...answers].map(([word, { yes, said }]) => el("li", {}, el("p", { class: "said" }, el("span", { class: "kind" }, say("upload.answered")), said), answerButtons(yes, (now) => answer(word, now, said))));
  return el("ul", { class: "findings" }, given, groups.map(({ severity, findings }) => {
    const [first] = findings;
    const rows = findings.flatMap((each) => each.rows);
    const word = /--accept ([\w-]+)/u.exec(first.answer)?.[1];
    const hint = first.code === "columns-missing" ? "upload.choose-columns" : severity === "question" && first.answer.includes("--datum") ? "upload.choose-datum" : null;
    return el("li", {}, el("p", { class: "said" }, el("span", { class: `kind ${SEVERITIES.includes(severity) ? severity : ""}` }, say(`severity.${severity}`)), english ? first.en : first.zh),
      rows.length ? el("p", { class: "change" }, say("upload.rows", { rows: rows.slice(0, ROWS_SHOWN).join(say("list-comma")), n: figure(rows.length) })) : null,
      first.code === "several-layers" ? el("span", { class: "row" }, [...(first.choices ?? []), ""].map((name) => el("button", { type: "button", class: "button small", onclick: () => read(name) }, name || say("upload.sheet-all")))) : null,
      hint ? el("p", { class: "note" }, say(hint)) : null,
      word && !answers.has(word) ? answerButtons(null, (yes) => answer(word, yes, english ? first.en : first.zh)) : null);
  }));
}

/** @param {boolean | null} at @param {(yes: boolean) => void} answer */
function answerButtons(at, answer) {
  return el("span", { class: "row" }, [true, false].map((yes) => el("button", { type: "button", class: "button small", "aria-pressed": String(at === yes), onclick: () => answer(yes) }, say(yes ? "upload.accept" : "upload.reject"))));
}

topBar(who);
watchNetwork();
open();
