// How the organisation fared this month: taken up in time, minutes until on the spot, stars.
import { ask } from "../ask.js";
import { monthInBar } from "../month.js";
import { figure, inMinutes, say } from "../say.js";

/** @typedef {{due: number, taken: number, called: number, minutes: number | null, rated: number, score: number | null}} Month */

/** What of it there is to say; nothing of what did not happen. @param {Month} told @returns {[string, string, number][]} */
export function monthSaid({ due, taken, called, minutes, rated, score }) {
  /** @type {[string, string, number][]} */
  const said = [];
  if (due) said.push(["taken", `${((100 * taken) / due).toFixed(1)}%`, due]);
  if (minutes !== null) said.push(["arrival", say("minutes", { n: inMinutes(minutes) }), called]);
  if (score !== null) said.push(["score", score.toFixed(1), rated]);
  return said;
}

/** Figures of the month beside who acts, asked for again now and then. */
export function showMonth() {
  return monthInBar(async () => monthSaid(await ask("/api/inbox/month")).map(([key, value, n]) => ({ name: say(`inbox.month-${key}`), value, note: say(`inbox.month-${key}-note`, { n: figure(n) }) })));
}
