// One issue on a page of its own: what a link of a ledger, a notice or a colleague opens.
import { address, ask, fillFrom, sentenceOf } from "./ask.js";
import { showScope, topBar } from "./bar.js";
import { config, el, part, replace } from "./dom.js";
import { boundsOf, entryMap, readArea } from "./entry_map.js";
import { glyph } from "./glyphs.js";
import { cardBadge, sourceWord, stateWord } from "./issue_marks.js";
import { showFile } from "./issue_file.js";
import { reasonList, reasonsOf } from "./issue_reasons.js";
import { issuesOf, titleOf } from "./issues.js";
import { listen } from "./live.js";
import { clock, say } from "./say.js";
import { fitInto, folded, mapButtons, scaleBar, watchNetwork } from "./stage.js";

/** @typedef {import("./issues.js").Issue & {id: number, subdistrict: string | null}} Issue */

const { issue: number, who, map: mapName } = config();
const map = folded(mapName);
const [panel, over] = [part("panel"), part("over")];
const NEAR_ZOOM = 16.5;

/** @returns {Promise<{issue: Issue, now: number}>} */
async function read() {
  const told = await ask(address("/api/issues.geojson", { only: String(number) }));
  const [issue] = issuesOf(told.features);
  if (!issue) await ask(`/api/issues/${number}`); // says why it is not to be seen
  return { issue: /** @type {Issue} */ (issue), now: Date.parse(told.asked_at) };
}

/** @param {Issue} issue @param {number} now */
function head(issue, now) {
  const state = el("span", { class: "card-state" });
  const badge = el("span", {});
  const show = (/** @type {string} */ name) => {
    issue.state = name;
    replace(state, glyph(name), stateWord(name));
    replace(badge, cardBadge(issue, now));
  };
  show(issue.state);
  return { show, node: el("div", { class: "card-head" }, el("div", { class: "card-top" }, state, badge, el("span", { class: "number" }, issue.number)), el("h1", {}, titleOf(issue)),
    el("p", { class: "note" }, [issue.grid_name, issue.service, sourceWord(issue.source)].filter(Boolean).join(" · "))) };
}

/** @param {Issue} issue */
function facts(issue) {
  const pairs = /** @type {[string, string | null][]} */ ([
    ["issue.address", issue.address], ["issue.reported", clock(issue.reported_at ?? issue.received_at)], ["issue.due", issue.due_at ? clock(issue.due_at) : null],
    ["issue.community", issue.community_name], ["issue.subdistrict", issue.subdistrict_name], ["issue.grid_leader", issue.grid_leader], ["issue.grid_worker", issue.grid_worker],
    ["issue.street_manager", [issue.street_manager, issue.lane].filter(Boolean).join(" · ")],
  ]);
  return el("dl", { class: "facts" }, pairs.filter(([, value]) => value).flatMap(([key, value]) => [el("dt", {}, say(key)), el("dd", {}, value)]));
}

/** @param {Issue} issue */
async function draw(issue) {
  if (!issue.at || !issue.subdistrict) return void map.getContainer().classList.add("unused");
  const at = /** @type {[number, number]} */ ([issue.at[0], issue.at[1]]);
  const area = await readArea(issue.subdistrict);
  const shown = entryMap(map, area);
  map.invalidateSize({ animate: false });
  map.setView([at[1], at[0]], NEAR_ZOOM, { animate: false });
  shown.show({ at, grid: issue.grid, neighbours: [], nearby: [] });
  mapButtons(over, map, () => fitInto(map, boundsOf(area) ?? map.getBounds(), { top: 24, right: 24, bottom: 32, left: 24 }));
  scaleBar(over, map);
}

async function open() {
  const { issue, now } = await fillFrom(panel, "what.file", read);
  const top = head(issue, now);
  const [why, file, foot] = [el("section", {}, el("h2", {}, say("issue.why"))), el("div", { class: "file" }), el("div", { class: "form-foot" })];
  panel.removeAttribute("aria-busy");
  replace(panel, top.node, el("section", {}, el("h2", {}, say("issue.text")), el("blockquote", {}, issue.text || say("none"))), el("section", {}, facts(issue)), why, file, foot);
  // The browser keeps titles in its history, after the session is over: nothing of what somebody said.
  document.title = [issue.number, issue.grid_name ?? issue.service].filter(Boolean).join(" ");
  showScope([issue.subdistrict_name, issue.community_name].filter((name) => name !== null));
  /** Why it goes where it goes: asked anew after each step. */
  async function explain() {
    const said = await ask(`/api/issues/${issue.id}/route`).then((route) => [reasonList(reasonsOf(issue, { own: null, metres: NaN, near: [] }, route)),
      el("p", { class: "note" }, el("a", { href: `/issues/${issue.id}/why`, target: "_blank", rel: "noopener" }, say("why.print")))], (error) => [el("p", { class: "note" }, sentenceOf(error, "what.why"))]);
    replace(why, el("h2", {}, say("issue.why")), said);
  }
  const [{ told: first, heard }] = await Promise.all([
    showFile(file, foot, issue.id, { known: { at: issue.at, text: issue.text, address: issue.address }, changed: (after, step) => {
      top.show(after.state);
      if (step?.step === "place") location.reload(); // its map, its areas and its people are others now
      else if (step) void explain();
    } }),
    explain(),
    draw(issue),
  ]);
  top.show(first.state);
  if (issue.subdistrict) listen(address("/api/events/stream", { noun: "issue", scope: issue.subdistrict }), async (numbers) => {
    if (!numbers || numbers.includes(String(issue.id))) await heard();
  });
  document.body.dataset.ready = "one";
}

topBar(who);
watchNetwork();
open();
