// What waits for a leader's word, a card each: one tap and one confirmation sign a whistle.
import { Refusal, ask, sentenceOf } from "../ask.js";
import { el, replace } from "../dom.js";
import { field } from "../field.js";
import { press, showFile } from "../issue_file.js";
import { nearAddress, titleOf } from "../issues.js";
import { clock, day, english, say, timeLeft } from "../say.js";

/**
 * @typedef {{what: string, issue: number, version: number, task: number, kind: string, lead: boolean, state: string, party: string, party_name: string | null, asked: string, asked_days: number,
 *   review_on: string | null, sent_at: string, due_at: string, arrive_by: string | null, arrived_at: string | null, asker_name: string | null, number: string, text: string, address: string,
 *   service_name: string | null, grid_name: string | null, community_name: string | null, reason: string | null, card: "red" | "yellow" | null}} Waiting
 * @typedef {{what: string, rows: Waiting[]}} Call rows of one issue that one word answers
 */

/** Whistles of one issue are signed at once; everything else waits by itself. @param {Waiting[]} rows @returns {Call[]} */
export function callsOf(rows) {
  /** @type {Map<string, Call>} */
  const calls = new Map();
  for (const row of rows) {
    const key = row.what === "sign" ? `sign ${row.issue}` : `${row.what} ${row.task}`;
    const held = calls.get(key);
    if (held) held.rows.push(row);
    else calls.set(key, { what: row.what, rows: [row] });
  }
  return [...calls.values()];
}

/** @param {Call} call */
export const isUrgent = ({ rows }) => rows.some((row) => row.state !== "drafted" && row.arrive_by);

/** @param {Waiting} row */
const titled = (row) => titleOf(/** @type {any} */ ({ text: row.text, service: row.service_name, number: row.number }));

/** What is decided on a card, and the step of each word: it waits for whoever rules. @type {Record<string, string[]>} */
const DECIDED = { ruling: ["rule"], appeal: ["dismiss", "strike"] };

/** @param {Call} call @param {{signs: boolean, rules: boolean, done: (said: string) => void, again: (said?: string) => void}} acts */
export function callCard(call, { signs, rules, done, again }) {
  const [row] = call.rows;
  const room = el("div", { class: "deed-room" });
  const said = el("p", { class: "fault", role: "alert" });
  const names = call.rows.map((each) => each.party_name ?? each.party);
  const [file, foot] = [el("div", { class: "file" }), el("div", {})];
  /** @type {Promise<unknown> | null} */
  let opened = null;
  const open = () => (opened ??= showFile(file, foot, row.issue, { changed: (_, step) => again(step && say("step.done", { step: english ? step.en : step.zh })) }).catch((error) => replace(foot, el("p", { class: "note" }, sentenceOf(error, "what.file")))));
  const more = el("details", { ontoggle: () => void (more.open && open()) }, el("summary", {}, say("leader.more")), file, foot);
  const decide = async (/** @type {string} */ step) => {
    more.open = true;
    await open();
    press(foot, step);
    foot.scrollIntoView({ block: "nearest" });
  };

  /** @param {Record<string, unknown>} told @param {string} words */
  async function take(told, words) {
    said.textContent = "";
    try {
      await ask(`/api/issues/${row.issue}/steps`, "POST", { told, version: row.version });
      done(say(words, { title: titled(row) }));
    } catch (error) {
      said.textContent = sentenceOf(error, "what.step");
      if (error instanceof Refusal && error.status === 412) again();
    }
  }
  const decided = rules ? DECIDED[call.what] ?? [] : [];
  const buttons = decided.length ? el("div", { class: "row" }, decided.map((step) => el("button", { type: "button", class: decided.length > 1 ? "button networked" : "button main networked", "data-act": step, onclick: () => void decide(step) }, say(`leader.${step}`)))) : call.what !== "sign" || !signs ? null : el("div", { class: "row" },
    el("button", { type: "button", class: "button networked", "data-act": "decline", onclick: () => declineForm(room, (reason) => take({ step: "decline", reason }, "leader.declined")) }, say("leader.decline")),
    el("button", { type: "button", class: "button main networked", "data-act": "sign", onclick: () => confirmForm(room, { urgent: isUrgent(call), names }, () => take({ step: "sign" }, "leader.signed")) }, say(isUrgent(call) ? "leader.sign-after" : "leader.sign")));
  return el("article", { class: "call", "data-what": call.what, "data-issue": row.issue },
    el("p", { class: "call-top" }, el("b", {}, headWord(call)), badge(row)),
    isUrgent(call) && call.what === "sign" ? el("p", { class: "amber" }, say("leader.urgent")) : null,
    el("h3", {}, titled(row)), el("p", { class: "note" }, [row.grid_name, row.address && nearAddress(row)].filter(Boolean).join(" · ")),
    el("ul", { class: "called" }, call.rows.map((each) => el("li", {}, el("span", {}, ledBy(call, each), each.party_name ?? each.party), el("span", { class: "note" }, factOf(each))))),
    el("p", { class: "note" }, say(call.what === "sign" ? "leader.drafted" : "leader.since", { who: row.asker_name ?? "", at: clock(row.sent_at) }), row.reason ? [say("leader.reason"), el("q", {}, row.reason)] : null), room, said, buttons, more);
}

/** Of several that are called, who leads and who comes along. @param {Call} call @param {Waiting} each */
function ledBy({ rows }, each) {
  return rows.some(({ lead }) => !lead) ? el("span", { class: "tag" }, say(each.lead ? "file.lead" : "file.assist")) : null;
}

/** @param {Call} call */
function headWord({ what, rows }) {
  return say(`leader.what-${what}`, { n: rows.length, what: rows[0].asked ? say(`leader.${rows[0].asked}`) : "" });
}

/** @param {Waiting} row */
function badge(row) {
  const late = row.arrive_by && !row.arrived_at && Date.parse(row.arrive_by) < Date.now();
  const card = row.what === "late" || late ? "red" : row.card;
  const by = late ? row.arrive_by : row.due_at;
  if (row.state === "drafted") return null;
  return card ? el("span", { class: `badge ${card}` }, say(`card.${card}`), " ", timeLeft(by, Date.now())) : el("span", { class: "note" }, timeLeft(by, Date.now()));
}

/** @param {Waiting} row */
function factOf(row) {
  if (row.what !== "asked") return "";
  const what = row.asked === "hold" ? (row.review_on ? say("leader.until", { on: day(row.review_on) }) : "") : say("leader.days", { n: row.asked_days });
  return [what, say("leader.granted-by")].filter(Boolean).join(" · ");
}

/** @param {HTMLElement} room @param {{urgent: boolean, names: string[]}} call @param {() => Promise<void>} sign */
function confirmForm(room, { urgent, names }, sign) {
  const close = () => replace(room);
  const go = el("button", { type: "button", class: "button main networked", "data-act": "sure", onclick: async () => {
    go.disabled = true;
    await sign();
    go.disabled = false;
  } }, say(urgent ? "leader.sign-after" : "leader.sign"));
  replace(room, el("div", { class: "sure", role: "group" }, el("p", {}, say(urgent ? "leader.sure-after" : "leader.sure", { names: names.join(say("list-comma")) })), el("div", { class: "row" }, go, el("button", { type: "button", class: "button", onclick: close }, say("leader.not-now")))));
  go.focus();
}

/** @param {HTMLElement} room @param {(reason: string) => Promise<void>} decline */
function declineForm(room, decline) {
  const reason = el("textarea", { id: "decline-reason", rows: 2 });
  const why = field("leader.why", reason);
  replace(room, el("form", { class: "form sure", novalidate: true, oninput: () => why.fault(""), onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!reason.value.trim()) return why.fault(say("step.needed"));
    void decline(reason.value.trim());
  } }, why.room, el("div", { class: "row" }, el("button", { type: "submit", class: "button main networked" }, say("leader.decline")), el("button", { type: "button", class: "button", onclick: () => replace(room) }, say("leader.not-now")))));
  reason.focus();
}
