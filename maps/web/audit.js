// What an auditor reads: whether history is as it was sealed, who looked at contacts and why, who signed in.
import { address, ask, fillFrom, sentenceOf } from "./ask.js";
import { topBar } from "./bar.js";
import { config, el, icon, part, replace } from "./dom.js";
import { field } from "./field.js";
import { clock, english, figure, say } from "./say.js";
import { segments } from "./segments.js";
import { sheet } from "./sheet.js";
import { watchNetwork } from "./stage.js";

/**
 * @typedef {{id: number, noun: string, subject: string, name: string, zh: string, en: string, detail: Record<string, any> | null, person: string, person_name: string | null, at: string, seal: number | null}} Told
 * @typedef {{number: number, ids: string, events: number, sealed_at: string, digest: string, hash: string}} Seal
 * @typedef {{holds: boolean, fault: string | null, seal: number | null, changed: number[], zh: string, en: string}} Verdict
 */

const { who } = config();
const panel = part("panel");
const MOST = 100;
const KEPT = 1000; // seals saved at once: as many as the server tells
const HASH_SHOWN = 16;
/** Which events, of which nouns; none: all. @type {Record<string, string[]>} */
const KINDS = { contacts: ["person"], "sign-ins": ["account", "duty"], everything: [] };
const COLUMNS = ["number", "ids", "events", "sealed_at", "digest", "hash"]; // as `jingwei audit verify --seals` reads them

async function open() {
  let kind = "contacts";
  const since = el("input", { id: "since", type: "date", onchange: () => void show() });
  const [rows, sealed] = [el("div", {}), el("section", { class: "seals" })];
  replace(panel, el("div", { class: "sheet-head" }, el("h1", {}, say("audit.title"))), el("p", { class: "lead" }, say("audit.lead")), sealed);
  await showSeals(sealed); // who may not read it is told so once
  panel.append(el("div", { class: "sheet-head" }, segments("audit.title", Object.keys(KINDS).map((each) => [each, `audit.${each}`]), kind, (chosen) => {
      kind = chosen;
      void show();
    }), field("audit.since", since).room), rows);
  await show();
  document.body.dataset.ready = "audit";

  async function show() {
    const asked = kind;
    const read = (/** @type {number | null} */ below) => ask(eventsOf(asked, since.value, below));
    const told = await fillFrom(rows, "what.audit", () => read(null));
    rows.removeAttribute("aria-busy");
    if (asked === kind) showEvents(rows, asked, told, read);
  }
}

/** @param {string} kind @param {string} since a day, or nothing @param {number | null} below */
function eventsOf(kind, since, below) {
  const nouns = KINDS[kind].map((noun) => `&noun=${noun}`).join("");
  return `${address("/api/audit/events", { most: String(MOST), since: since ? `${since}T00:00:00+08:00` : null, below: below === null ? null : String(below) })}${nouns}`;
}

/** @param {HTMLElement} rows @param {string} kind @param {Told[]} told @param {(below: number | null) => Promise<Told[]>} read */
function showEvents(rows, kind, told, read) {
  if (!told.length) return void replace(rows, el("p", { class: "state empty" }, say(`audit.none-${kind}`)));
  const heads = ["at", "who", "what", "about", "why", "seal"].map((key) => say(`audit.${key}`));
  const said = el("p", { class: "fault", role: "alert" });
  const more = el("button", { type: "button", class: "button networked", onclick: () => read(told[told.length - 1].id).then((next) => showEvents(rows, kind, [...told, ...next], read), (error) => void (said.textContent = sentenceOf(error, "what.audit"))) }, say("audit.more"));
  replace(rows, sheet(say("audit.title"), heads, told.map(cells), told.map((each) => each.id)), told.length % MOST ? null : more, said);
}

/** @param {Told} told */
function cells({ noun, subject, name, zh, en, detail, person, person_name: called, at, seal }) {
  const rest = Object.entries(detail ?? {}).filter(([key, value]) => !["issue", "reason"].includes(key) && value !== null).map(([key, value]) => `${key} ${typeof value === "object" ? JSON.stringify(value) : value}`);
  const issue = noun === "issue" ? subject : detail?.issue;
  return [clock(at), [el("b", {}, called ?? person), called ? el("small", {}, person) : null], [english ? en : zh, zh === name ? null : el("small", {}, name)],
    issue ? say("audit.issue", { n: String(issue) }) : `${noun} ${subject}`, [detail?.reason ? el("q", {}, detail.reason) : null, rest.length ? el("small", {}, rest.join(" · ")) : null],
    seal === null ? el("span", { class: "note" }, say("audit.waits")) : figure(seal)];
}

/** The newest seal, the check of all of them, and the way to keep them elsewhere. @param {HTMLElement} room */
async function showSeals(room) {
  /** @type {Seal[]} */
  const seals = await fillFrom(room, "what.audit", () => ask(address("/api/audit/seals", { most: String(KEPT) })));
  room.removeAttribute("aria-busy");
  const [newest] = seals;
  const verdict = el("div", { role: "status" });
  const check = el("button", { type: "button", class: "button main networked", onclick: async () => {
    check.disabled = true;
    replace(verdict, el("p", { class: "note" }, say("state.loading")));
    try {
      replace(verdict, verdictSaid(await ask("/api/audit/verify", "POST")));
    } catch (error) {
      replace(verdict, el("p", { class: "fault" }, sentenceOf(error, "what.verdict")));
    }
    check.disabled = false;
  } }, say("audit.check"));
  replace(room, el("h2", {}, say("audit.seals")), el("p", {}, newest ? say("audit.newest", { n: figure(newest.number), at: clock(newest.sealed_at), events: figure(newest.events), hash: newest.hash.slice(0, HASH_SHOWN) }) : say("audit.no-seal")),
    el("div", { class: "row" }, check, newest ? el("a", { class: "button", download: `seals-${newest.number}.csv`, href: fileOf(seals) }, say("audit.save")) : null), newest ? el("p", { class: "note" }, say("audit.keep")) : null, verdict);
}

/** @param {Verdict} verdict */
function verdictSaid(verdict) {
  const sentence = english ? verdict.en : verdict.zh;
  if (verdict.holds) return el("p", { class: "sent" }, icon("tick"), el("b", {}, say("audit.holds")), " ", sentence);
  return el("div", { class: "state failed" }, el("h2", {}, say("audit.broken")), el("p", {}, sentence), verdict.seal ? el("p", {}, say("audit.broken-where", { seal: figure(verdict.seal) })) : null,
    verdict.changed.length ? el("p", { class: "note" }, `${say("audit.events-of")} ${verdict.changed.join(", ")}`) : null);
}

/** Seals as the file that the check on the server reads, the oldest first. @param {Seal[]} seals */
function fileOf(seals) {
  const lines = seals.map((seal) => COLUMNS.map((name) => csv(String(seal[/** @type {keyof Seal} */ (name)]))).join(","));
  return URL.createObjectURL(new Blob([[COLUMNS.join(","), ...lines.reverse(), ""].join("\n")], { type: "text/csv" }));
}

/** @param {string} value */
const csv = (value) => (/[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

topBar(who);
watchNetwork();
void open();
