// The card of one issue: every word set as text.
import { Refusal, sentenceOf } from "./ask.js";
import { el, icon, replace } from "./dom.js";
import { glyph } from "./glyphs.js";
import { nearbyOf } from "./into.js";
import { press, showFile } from "./issue_file.js";
import { cardBadge, sourceWord, stateWord } from "./issue_marks.js";
import { nearAddress, titleOf } from "./issues.js";
import { reasonList, reasonsOf } from "./issue_reasons.js";
import { clock, figure, say, timeLeft } from "./say.js";

/** @typedef {import("./issues.js").Issue} Issue */

/** @typedef {import("./issue_reasons.js").Route} Route @typedef {import("./into.js").Near} Near */
/** @typedef {{stand: import("./issue_reasons.js").Stand, now: number, news?: string}} Known what the page knows beside the issue; `news`: what was done with it just now */

const ALIKE = 0.5; // from 0 to 1
const MOST_NEAR = 3;

/**
 * @param {HTMLElement} room @param {Issue | null} issue @param {Known} known
 * @param {{close: () => void, send: (issue: Issue) => Promise<void>, route: (issue: Issue) => Promise<Route>, changed: (issue: Issue, state: string, step?: import("./steps.js").Step) => void}} acts
 * @returns {{heard: () => Promise<void>} | null} `heard`: somebody else did something with it
 */
export function showCard(room, issue, known, { close, send, route, changed }) {
  room.hidden = !issue;
  if (!issue) return null;
  const why = el("section", {}, whySaid(issue, known, undefined));
  const foot = issue.id && issue.state === "new" ? sendFoot(issue, send) : null;
  const near = el("section", { class: "alike", hidden: true });
  const [file, steps] = [el("div", { class: "file" }), el("div", { class: "card-foot" })];
  const state = el("span", { class: "card-state" }, glyph(issue.state), stateWord(issue.state));
  const shut = el("button", { type: "button", "aria-label": say("close"), onclick: close }, icon("close"));
  replace(room,
    el("div", { class: "card-head" },
      el("div", { class: "card-top" }, state, cardBadge(issue, known.now), issue.id === undefined ? el("span", { class: "number", title: issue.number }, issue.number) : el("a", { class: "number", title: issue.number, href: `/issues/${issue.id}` }, issue.number), shut),
      el("h2", { tabindex: "-1" }, titleOf(issue)),
      el("p", { class: "note" }, [issue.grid_name, issue.address && nearAddress(issue), issue.service].filter(Boolean).join(" · ")),
      el("button", { type: "button", class: "button small to-deeds", onclick: () => /** @type {HTMLElement | null} */ (room.querySelector(".card-actions :is(button, summary):not([disabled])"))?.focus() }, say("step.to"))),
    el("section", {}, el("h3", {}, say("issue.text")), el("blockquote", {}, issue.text || say("none")),
      el("p", { class: "note said-by" }, el("span", {}, [sourceWord(issue.source), issue.reporters ? say("issue.reporters", { n: figure(issue.reporters) }) : ""].filter(Boolean).join(" · ")), el("span", {}, clock(issue.reported_at ?? issue.received_at)))),
    near, why, file,
    el("section", {}, facts([
      ["issue.service", issue.service || say("none")], ["issue.address", issue.address || say("none")],
      ["issue.due", issue.due_at ? [clock(issue.due_at), issue.state === "closed" ? "" : timeLeft(issue.due_at, known.now)].filter(Boolean).join(" · ") : say("none")],
    ])),
    el("section", {}, el("h3", {}, say("issue.where")), issue.grid
      ? facts([["issue.grid", issue.grid_name || issue.grid], ["issue.community", issue.community_name], ["issue.subdistrict", issue.subdistrict_name],
        ["issue.grid_leader", issue.grid_leader], ["issue.grid_worker", issue.grid_worker],
        ["issue.street_manager", [issue.street_manager, issue.lane].filter(Boolean).join(" · ")]])
      : el("p", {}, say(issue.at ? "issue.nobody" : "issue.no-place"))),
    el("div", { class: "card-actions" }, foot?.node, steps));
  room.scrollTop = 0;
  if (issue.id === undefined) return null;
  /** Why it goes where it goes: asked anew after each step. */
  const explain = () => route(issue).catch(() => null).then((found) => {
    replace(why, whySaid(issue, known, found));
    foot?.found(found);
  });
  void explain();
  nearby(issue).then((found) => showNearby(near, found, steps)).catch(() => undefined);
  const shown = showFile(file, steps, issue.id, { known: { at: issue.at, text: issue.text, address: issue.address }, another: foot ? ["send"] : [], news: known.news, changed: (told, step) => {
    if (told.state !== "new") foot?.node.remove();
    replace(state, glyph(told.state), stateWord(told.state));
    if (step) void explain();
    changed(issue, told.state, step);
  } });
  if (known.news) shown.then(() => /** @type {HTMLElement | null} */ (steps.querySelector(".sent"))?.focus(), () => undefined);
  shown.catch((error) => replace(steps, el("p", { class: "note" }, sentenceOf(error, "what.file"))));
  return { heard: () => shown.then((file) => file.heard()) };
}

/** Open issues nearby that are much alike. @param {Issue} issue @returns {Promise<Near[]>} */
async function nearby({ id, at, text, state }) {
  if (state === "closed") return [];
  return (await nearbyOf({ id, at, text })).filter(({ likeness }) => likeness >= ALIKE).slice(0, MOST_NEAR);
}

/** @param {HTMLElement} room @param {Near[]} found @param {HTMLElement} steps where the button of merging is */
function showNearby(room, found, steps) {
  room.hidden = !found.length;
  if (!found.length) return;
  replace(room, el("div", { class: "known-near" }, el("b", {}, say("near.title", { n: found.length })), el("ul", {}, found.map((one) => el("li", {},
    el("a", { href: `/issues/${one.id}`, target: "_blank", rel: "noopener" }, titleOf(/** @type {any} */ ({ ...one, number: one.reference }))), el("span", {}, say("entry.metres", { n: Math.round(one.metres) }))))),
  el("button", { type: "button", class: "button small", onclick: () => press(steps, "merge") }, say("near.merge"))));
}

/** The chain, who assists, and the way to the page that prints. @param {Issue} issue @param {Known} known @param {Route | null | undefined} route */
function whySaid(issue, known, route) {
  const assists = (route?.assists ?? []).map((one) => one.name || one.party);
  return [
    el("h3", {}, say("issue.why")), reasonList(reasonsOf(issue, known.stand, route)),
    assists.length ? el("p", { class: "note" }, say("why.assists", { names: assists.join(say("list-comma")) })) : null,
    issue.id === undefined ? null : el("p", { class: "note" }, el("a", { href: `/issues/${encodeURIComponent(String(issue.id))}/why`, target: "_blank", rel: "noopener" }, say("why.print"))),
  ];
}

/** What may be done with it now: the button says to whom it goes, once that is known. @param {Issue} issue @param {(issue: Issue) => Promise<void>} send */
function sendFoot(issue, send) {
  const said = el("p", { class: "note", role: "alert" });
  const button = el("button", { type: "button", class: "button main", onclick: () => {
    button.disabled = true;
    send(issue).catch((error) => {
      button.disabled = false;
      said.textContent = (error instanceof Refusal && error.message) || say("state.error", { what: say("what.send") });
    });
  } }, say("issue.send"));
  button.classList.add("networked");
  return { node: el("div", { class: "card-foot" }, button, said), found: (/** @type {Route | null} */ route) => {
    if (!route) return;
    const who = route.party_name ?? route.party;
    button.disabled = !who;
    if (who) button.textContent = say("issue.send-to", { who });
    else said.textContent = say("why.nobody-found");
  } };
}

/** Said once it is done, where the button was. @param {HTMLElement} room @param {string} who */
export function saySent(room, who) {
  const said = el("p", { class: "sent", role: "status", tabindex: "-1" }, icon("tick"), who ? say("issue.sent-to", { who }) : say("issue.sent"));
  (room.querySelector(".card-actions") ?? room).prepend(el("div", { class: "card-foot" }, said));
  said.focus();
}

/** @param {[string, string | null | undefined][]} pairs */
function facts(pairs) {
  return el("dl", { class: "facts" }, pairs.flatMap(([key, value]) => [
    el("dt", {}, say(key)),
    value ? el("dd", {}, value) : el("dd", { class: "vacant" }, say("issue.vacant")),
  ]));
}
