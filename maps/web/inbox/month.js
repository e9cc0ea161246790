// How the organisation fared this month, in the bar: taken up in time, minutes until on the spot, stars.
import { ask } from "../ask.js";
import { el, part } from "../dom.js";
import { figure, say } from "../say.js";

const AGAIN_MS = 5 * 60_000;

/** @typedef {{due: number, taken: number, called: number, minutes: number | null, rated: number, score: number | null}} Month */

/** What of it there is to say; nothing of what did not happen. @param {Month} told @returns {[string, string, number][]} */
export function monthSaid({ due, taken, called, minutes, rated, score }) {
  /** @type {[string, string, number][]} */
  const said = [];
  if (due) said.push(["taken", `${((100 * taken) / due).toFixed(1)}%`, due]);
  if (minutes !== null) said.push(["arrival", say("minutes", { n: figure(Math.round(minutes)) }), called]);
  if (score !== null) said.push(["score", score.toFixed(1), rated]);
  return said;
}

/** Figures of the month beside who acts, asked for again now and then; without them the page goes on. */
export async function showMonth() {
  const room = el("p", { id: "month", class: "month", hidden: true });
  part("who").before(room);
  for (;;) {
    const said = document.hidden ? null : await ask("/api/inbox/month").then(monthSaid, () => null);
    if (said) {
      room.hidden = !said.length;
      room.replaceChildren(say("inbox.month"), ...said.flatMap(([key, value, n]) => [" ", el("span", { title: say(`inbox.month-${key}-note`, { n: figure(n) }) }, say(`inbox.month-${key}`), " ", el("b", {}, value))]));
    }
    await new Promise((done) => setTimeout(done, AGAIN_MS));
  }
}
