// What came for whoever acts: sent, due soon, overdue, urged, returned, to grant, to rule on, to sign.
import { address, ask, fillFrom, sentenceOf } from "./ask.js";
import { topBar } from "./bar.js";
import { config, el, part, replace } from "./dom.js";
import { issuesOf, titleOf } from "./issues.js";
import { clock, figure, say } from "./say.js";
import { watchNetwork } from "./stage.js";
import { segments } from "./segments.js";

/** @typedef {{kind: string, task: number, issue: number | null, since: string, read_at: string | null}} Notice @typedef {import("./issues.js").Issue} Issue */

const { who } = config();
const panel = part("panel");
/** What presses most stands first. */
const KINDS = ["ordered", "overdue", "urged", "ruling", "appealed", "to_sign", "asked", "due_soon", "returned", "sent"];
const MOST_ASKED = 200;

/** @param {boolean} unread */
async function read(unread) {
  /** @type {Notice[]} */
  const notices = await ask(address("/api/notices", { unread: String(unread), limit: "500" }));
  const numbers = [...new Set(notices.map((each) => each.issue).filter((issue) => issue !== null))].slice(0, MOST_ASKED);
  const told = numbers.length ? await ask(address("/api/issues.geojson", { only: numbers.join(",") })) : { features: [] };
  return { notices, about: new Map(issuesOf(told.features).map((issue) => [issue.id, issue])) };
}

async function open() {
  let unread = true;
  const room = el("div", {});
  const said = el("p", { class: "fault", role: "alert" });
  const all = el("button", { type: "button", class: "button small networked", onclick: () => void readAll() }, say("notice.read-all"));
  replace(panel, el("div", { class: "sheet-head" }, el("h1", { tabindex: "-1" }, say("notice.title")), segments("notice.title", [[true, "notice.unread"], [false, "notice.every"]], true, (only) => {
    unread = only;
    void show();
  }), el("span", { class: "row" }, all)), said, room);
  await show();
  document.body.dataset.ready = "notice";

  async function show() {
    const { notices, about } = await fillFrom(room, "what.notices", () => read(unread));
    room.removeAttribute("aria-busy");
    all.hidden = !notices.some((each) => !each.read_at);
    if (!notices.length) return void replace(room, el("p", { class: "state empty" }, say("notice.empty")));
    const of = (/** @type {string} */ kind) => notices.filter((each) => each.kind === kind);
    const kinds = new Set([...KINDS, ...notices.map((each) => each.kind)]); // one that is new here comes last, not never
    replace(room, [...kinds].filter((kind) => of(kind).length).map((kind) => el("section", { class: "plans notices", "data-kind": kind },
      el("h2", {}, badge(kind), el("small", {}, figure(of(kind).length))), el("ul", {}, of(kind).map((each) => row(each, about.get(each.issue ?? -1)))))));
  }
  /** @param {Notice} notice @param {Issue | undefined} issue */
  function row(notice, issue) {
    const words = issue ? titleOf(issue) : notice.issue === null ? say("notice.task", { n: notice.task }) : `#${notice.issue}`;
    const facts = [issue?.number, issue?.grid_name, clock(notice.since)].filter(Boolean).join(" · ");
    return el("li", { class: notice.read_at ? "was-read" : null }, el("div", {}, el("a", { href: notice.issue === null ? `/tasks/${notice.task}` : `/issues/${notice.issue}`, onclick: () => void mark(notice) }, words), el("p", { class: "note" }, facts)),
      notice.read_at ? null : el("button", { type: "button", class: "button small networked", "aria-label": `${say("notice.read")}${say("comma")}${words}`, onclick: () => mark(notice).then(onward, failed) }, say("notice.read")));
  }
  /** What was read has gone: the focus goes on to what stands in its place, or to the heading. */
  async function onward() {
    const buttons = () => [...room.querySelectorAll("button")];
    const at = buttons().indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    await show();
    if (at >= 0) (buttons()[at] ?? buttons().at(-1) ?? panel.querySelector("h1"))?.focus();
  }
  async function readAll() {
    const { notices } = await read(true);
    await Promise.all(notices.map(mark)).then(show, failed);
    panel.querySelector("h1")?.focus();
  }
  /** @param {unknown} error */
  function failed(error) {
    said.textContent = sentenceOf(error, "what.notices");
  }
}

/** @param {Notice} notice */
function mark({ kind, task }) {
  return ask(`/api/notices/${kind}/${task}/read`, "POST");
}

/** @param {string} kind */
function badge(kind) {
  const colour = { overdue: "badge red", ordered: "badge red", due_soon: "badge yellow" }[kind];
  return el("span", { class: colour ?? null }, say(`notice.${kind}`));
}

topBar(who);
watchNetwork();
open();
