// Tasks of no issue: errands, mediations, visits, recurring duties, meetings; the list, and one of them.
import { address, ask, fillFrom, sentenceOf } from "./ask.js";
import { topBar } from "./bar.js";
import { config, el, icon, part, replace } from "./dom.js";
import { madeReference } from "./draft.js";
import { choice, field } from "./field.js";
import { glyph } from "./glyphs.js";
import { cardBadge, stateWord } from "./issue_marks.js";
import { historySaid } from "./issue_file.js";
import { partiesCalled } from "./parties.js";
import { photosSaid } from "./photos.js";
import { picker } from "./picker.js";
import { clock, english, figure, say, timeLeft } from "./say.js";
import { sheet } from "./sheet.js";
import { watchNetwork } from "./stage.js";
import { OF_ISSUES, partiesAsked, showSteps } from "./steps.js";

/** @typedef {{id: number, kind: string, party: string, party_name: string, state: string, area: string | null, area_name: string | null, text: string, due_at: string, yellow_at: string, made_by: string, confidential: boolean, card: "yellow" | "red" | null}} Row */
/** @typedef {Row & {version: number, among: string[], among_names: string[], made_by_name: string, due_guessed: boolean, photos: import("./photos.js").Photo[], result: string, kind_zh: string, kind_en: string, steps: any[], history: any[]}} Task */

const { who, scope, task: number, kinds } = /** @type {any} */ (config());
const panel = part("panel");
const LETTERS = 8;
const CONFIDENTIAL = "mediate";
/** @type {[string, string][]} */
const KINDS = kinds.map((/** @type {{name: string, zh: string, en: string}} */ kind) => [kind.name, english ? kind.en : kind.zh]);
const kindWord = (/** @type {string} */ kind) => KINDS.find(([name]) => name === kind)?.[1] ?? kind;
const STATES = ["sent", "taken", "returned", "held", "done", "closed"];
const OVER = ["closed", "withdrawn"];

/** @param {string} state */
const stateSaid = (state) => (state === "withdrawn" ? say("file.withdrawn") : stateWord(state));

/** @param {Row} row */
function dueSaid(row) {
  return OVER.includes(row.state) ? clock(row.due_at) : [clock(row.due_at), timeLeft(row.due_at, Date.now())].join(" ");
}

async function list() {
  const filter = { kind: "", state: "", ...Object.fromEntries(new URLSearchParams(location.search)) };
  const [room, counts] = [el("div", {}), el("p", { class: "note", role: "status" })];
  const any = /** @type {[string, string]} */ (["", say("filter.any")]);
  const pick = (/** @type {"kind" | "state"} */ key, /** @type {[string, string][]} */ choices) => field(`task.${key}`, choice(`filter-${key}`, [any, ...choices], (value) => {
    filter[key] = value;
    void show();
  }, filter[key])).room;
  replace(panel, el("div", { class: "sheet-head" }, el("h1", {}, say("task.title"))), newForm(() => void show()),
    el("div", { class: "row fields" }, pick("kind", KINDS), pick("state", STATES.map((state) => [state, stateWord(state)]))), counts, room);
  await show();
  document.body.dataset.ready = "task";

  async function show() {
    const [rows, counted] = await fillFrom(room, "what.tasks", () => Promise.all([
      ask(address("/api/tasks", { kind: filter.kind, state: filter.state })), scope ? ask(address("/api/tasks/counts", { scope })) : [],
    ]));
    room.removeAttribute("aria-busy");
    counts.textContent = countsSaid(counted);
    const heads = ["task.kind", "task.text", "task.party", "task.area", "task.due", "task.state"].map((key) => say(key));
    replace(room, rows.length ? sheet(say("task.title"), heads, rows.map(cells), rows.map((/** @type {Row} */ row) => row.id)) : el("p", { class: "state empty" }, say("task.empty")));
  }
}

/** How many there are, of which one reads only some: a mediation is counted by all and read by its people. @param {{kind: string, state: string, tasks: number}[]} counted */
function countsSaid(counted) {
  const open = new Map();
  for (const { kind, state, tasks } of counted) if (!OVER.includes(state)) open.set(kind, (open.get(kind) ?? 0) + tasks);
  return [...open].map(([kind, n]) => say(kind === CONFIDENTIAL ? "task.counted-only" : "task.counted", { kind: kindWord(kind), n: figure(n) })).join(say("comma"));
}

/** @param {Row} row */
function cells(row) {
  return [el("span", { class: "tag" }, kindWord(row.kind)), el("a", { href: `/tasks/${row.id}${location.search}` }, row.text || `#${row.id}`), row.party_name, row.area_name ?? row.area ?? "",
    [dueSaid(row), " ", cardBadge(/** @type {any} */ (row), Date.now())], [glyph(row.state === "withdrawn" ? "closed" : row.state), " ", stateSaid(row.state)]];
}

/** @param {() => void} made */
function newForm(made) {
  const fault = el("p", { class: "fault", role: "alert" });
  const told = { party: "", area: "" };
  let reference = fresh();
  const kind = choice("task-kind", KINDS, () => void (among.room.hidden = kind.value !== CONFIDENTIAL));
  const text = el("textarea", { id: "task-text", rows: 2, maxlength: 2000 });
  const party = picker({ id: "task-party", find: partiesCalled, hint: say("step.party-hint"), took: (one) => void (told.party = one?.code ?? "") });
  const places = areas();
  const area = picker({ id: "task-area", hint: say("task.area-hint"), find: async (words) => fits(await places, words), took: (one, words) => void (told.area = one?.code ?? words) });
  const due = el("input", { id: "task-due", type: "datetime-local" });
  const among = partiesAsked("task-among", "task.among");
  among.room.hidden = true;
  const go = el("button", { type: "submit", class: "button main networked" }, say("task.write"));
  const form = el("form", { class: "begin form", novalidate: true, "aria-label": say("task.new"), onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    fault.textContent = text.value.trim() && told.party && told.area ? "" : say("task.missing");
    if (fault.textContent || go.disabled) return;
    go.disabled = true;
    try {
      const at = due.value ? { due_at: `${due.value}:00+08:00` } : {};
      await ask("/api/tasks", "POST", { told: { kind: kind.value, text: text.value, ...told, among: kind.value === CONFIDENTIAL ? among.value() : [], reference, ...at } });
      reference = fresh();
      text.value = "";
      made();
    } catch (error) {
      fault.textContent = sentenceOf(error, "what.tasks");
    }
    go.disabled = false;
  } }, field("task.kind", kind).room, field("task.text", text).room,
  el("div", { class: "pair" }, field("task.party", party.input, { room: party.room }).room, field("task.area", area.input, { room: area.room }).room), among.room,
  field("task.due", due, { hint: say("task.due-hint") }).room, el("div", { class: "row" }, go), fault);
  return el("details", { class: "new-task" }, el("summary", { class: "button" }, say("task.new")), form);
}

/** A name of its own for what is typed now, so that a second click is no second task. */
const fresh = () => madeReference(new Date(), crypto.getRandomValues(new Uint8Array(LETTERS)));

async function areas() {
  const of = (/** @type {string} */ net, /** @type {string} */ kind) => ask(address("/api/areas.geojson", { net, kind, scope })).then(({ features }) => features.map((/** @type {any} */ f) => f.properties));
  const [subdistricts, communities] = await Promise.all([of("admin", "subdistrict"), of("admin", "community")]);
  return [...subdistricts, ...communities].map(({ code, name }) => ({ code, name, hint: code }));
}

/** @param {{code: string, name: string, hint: string}[]} places @param {string} words */
function fits(places, words) {
  return places.filter(({ code, name }) => `${name} ${code}`.includes(words)).slice(0, 12);
}

async function one() {
  const [head, about, steps] = [el("div", {}), el("div", {}), el("div", { class: "deeds" })];
  const told = await fillFrom(panel, "what.task", () => ask(`/api/tasks/${number}`));
  panel.removeAttribute("aria-busy");
  replace(panel, head, el("div", { class: "card-like" }, about), steps);
  show(told, "");
  document.body.dataset.ready = "task";

  /** @param {Task} task @param {string} news */
  function show(task, news) {
    const facts = /** @type {[string, string][]} */ ([["task.party", task.party_name], ["task.area", task.area_name ?? task.area ?? ""], ["task.due", dueSaid(task) + (task.due_guessed ? ` · ${say("file.due-guessed")}` : "")],
      ["task.among", task.among_names.join(say("list-comma"))], ["task.made-by", task.made_by_name], ["task.result", task.result]]);
    replace(head, el("div", { class: "sheet-head" }, el("a", { href: `/tasks${location.search}` }, say("task.title")), el("h1", {}, english ? task.kind_en : task.kind_zh, ` #${task.id}`),
      el("span", { class: "card-state" }, glyph(task.state === "withdrawn" ? "closed" : task.state), stateSaid(task.state)), cardBadge(/** @type {any} */ (task), Date.now())));
    replace(about, task.confidential ? el("p", { class: "note" }, icon("lock"), say("task.confidential")) : null, el("blockquote", {}, task.text),
      el("dl", { class: "facts" }, facts.filter(([, value]) => value).flatMap(([key, value]) => [el("dt", {}, say(key)), el("dd", {}, value)])), photosSaid(`/api/tasks/${task.id}/photos`, task.photos, { wanted: false, kept: () => void again(say("file.photo-kept")) }), historySaid(task), news ? el("p", { class: "sent", role: "status" }, icon("tick"), news) : null);
    const offered = task.steps.map((step) => ({ ...step, task: null }));
    const seen = /** @type {any} */ ({ id: task.id, version: task.version, state: task.state, source: "", tasks: [], neighbours: [], steps: offered, unasked: OF_ISSUES });
    showSteps(steps, seen, { send: (now, { step }, body) => ask(`/api/tasks/${now.id}/steps`, "POST", { told: { step, ...body }, version: now.version }), stale: () => void again(say("file.stale")), done: (_, step) => void again(say("step.done", { step: english ? step.en : step.zh })) });
  }
  /** @param {string} news */
  async function again(news) {
    try {
      show(await ask(`/api/tasks/${number}`), news);
    } catch (error) { // handed on, it may be somebody else's alone
      replace(steps, el("p", { class: "sent", role: "status" }, icon("tick"), news));
      replace(about, el("p", { class: "note" }, sentenceOf(error, "what.task")));
    }
  }
}

topBar(who);
watchNetwork();
void (number ? one() : list());
