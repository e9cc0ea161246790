// What marks an issue wherever it is shown: its state and source in words, its card.
import { el } from "./dom.js";
import { stateOf } from "./glyphs.js";
import { english, say, timeLeft } from "./say.js";

/** @typedef {import("./issues.js").Issue} Issue */

/** @param {string} state */
export function stateWord(state) {
  const shown = stateOf(state);
  return english ? shown.en : shown.zh;
}

/** @param {string} source */
export function sourceWord(source) {
  const key = `source.${source}`;
  const word = say(key);
  return word === key ? source : word;
}

/** The card an issue has drawn, with the time that tells why. @param {Issue} issue @param {number} now */
export function cardBadge(issue, now) {
  if (!issue.card || issue.state === "closed") return null;
  return el("span", { class: `badge ${issue.card}` }, [say(`card.${issue.card}`), timeLeft(issue.due_at, now)].filter(Boolean).join(" "));
}
