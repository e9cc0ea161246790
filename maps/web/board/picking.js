// The issue that is picked: its card, its mark on the map, its row.
import { ask } from "../ask.js";
import { placedPoint } from "../chart.js";
import { saySent, showCard } from "../issue_card.js";
import { standOf } from "../issue_reasons.js";
import { english, say } from "../say.js";
import { nearest } from "./marks.js";

/** @typedef {import("../issues.js").Issue} Issue @typedef {import("./paint.js").Mark} Mark */

export const PHONE = window.matchMedia("(max-width: 800px)");
const BESIDE = window.matchMedia("(min-width: 1280px)"); // the card stands beside the map, not over it
const CARD = 408;
const SHEET = 0.64; // of the window, on a phone
const NOWHERE = { own: null, metres: NaN, near: [] };
const REACH = 14; // px from a mark that still picks it

/**
 * @param {L.Map} map @param {import("./paint.js").Board} board @param {HTMLElement} card
 * @param {{only: (number: number) => Promise<Issue[]>, picked: (issue: Issue | null) => void, changed: (issue: Issue) => void, left: (issue: Issue | null) => void}} told
 * `only` reads an issue that is not among the rows; `picked` and `changed` after what was done; `left` when a card was closed
 */
export function picking(map, board, card, { only, picked, changed, left }) {
  /** @type {ReturnType<typeof showCard>} */
  let opened = null; // what the card shows
  return { pick, pickNumber, pickAt, markAt, issueOf, close, stepped, heard: () => opened?.heard() ?? Promise.resolve() };

  /** @param {Issue | null} issue @param {boolean} pan @param {string} [news] what was done with it just now */
  function pick(issue, pan, news) {
    board.picked = issue;
    opened = showCard(card, issue, { stand: stand(issue), now: board.now, news }, { close: () => close(issue), send, route, changed: stepped });
    if (BESIDE.matches) map.invalidateSize({ animate: false });
    if (issue?.at && pan) map.panInside([issue.at[1], issue.at[0]], { paddingTopLeft: [80, 90], paddingBottomRight: covered() });
    picked(issue);
  }
  /** @param {number} number */
  async function pickNumber(number) {
    const issue = await issueOf(number);
    if (issue) pick(issue, false);
  }
  /** The issue of a number, among the rows or not; none where it cannot be read. @param {number} number @returns {Promise<Issue | undefined>} */
  async function issueOf(number) {
    return board.rows.find(({ id }) => id === number) ?? (await only(number).catch(() => []))[0];
  }
  /** The mark nearest to a place of the map, if one is near enough. @param {L.LatLng} at @returns {Mark | undefined} */
  function markAt({ lng, lat }) {
    const view = board.world.view(map);
    const points = board.marked.map((mark) => placedPoint(mark.at, view));
    return board.marked[nearest(points, placedPoint(board.world.xy([lng, lat]), view), REACH)];
  }
  /** @param {L.LatLng} at */
  async function pickAt(at) {
    const mark = markAt(at);
    if (mark) await pickNumber(mark.id);
    else if (board.picked) close(board.picked);
  }
  /** @param {Issue | null} issue */
  function close(issue) {
    pick(null, false);
    left(issue);
  }
  /** A step was taken on its card. @param {Issue} issue @param {string} state @param {import("../steps.js").Step} [step] */
  function stepped(issue, state, step) {
    issue.state = state;
    if (state === "closed") issue.card = null;
    changed(issue);
    if (step?.step === "place") void placed(issue, say("step.done", { step: english ? step.en : step.zh }));
  }
  /** It lies elsewhere now: its areas and its people are others, and its card is shown anew. @param {Issue} issue @param {string} news */
  async function placed(issue, news) {
    const [now] = await only(Number(issue.id)).catch(() => []);
    if (!now) return;
    Object.assign(issue, now);
    changed(issue);
    if (board.picked?.id === issue.id) pick(issue, true, news);
  }
  /** @param {Issue} issue */
  async function send(issue) {
    const { name } = await ask(`/api/issues/${encodeURIComponent(String(issue.id))}/send`, "POST");
    stepped(issue, "sent");
    pick(issue, false);
    saySent(card, name ?? "");
  }
  /** @param {Issue} issue */
  function route(issue) {
    return ask(`/api/issues/${encodeURIComponent(String(issue.id))}/route`);
  }
  /** Where an issue lies among the grids. @param {Issue | null} issue */
  function stand(issue) {
    const { metresPerPixel, scale } = board.world.view(map);
    return issue && board.kind === "grid" ? standOf(issue, issue.at ? board.world.xy(issue.at) : undefined, board.grids, metresPerPixel * scale) : NOWHERE;
  }
  /** What of the map a card hides, from the lower right. @returns {[number, number]} */
  function covered() {
    const { y } = map.getSize();
    if (PHONE.matches) return [30, Math.max(30, y - (1 - SHEET) * window.innerHeight + 60)];
    return [BESIDE.matches ? 80 : CARD + 50, Math.min(200, y / 3)];
  }
}
