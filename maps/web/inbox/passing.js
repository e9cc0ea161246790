// Work passed to a section or squad of one's own: acknowledged first where it was not, both or neither.
import { ask } from "../ask.js";
import { say } from "../say.js";

/** @typedef {import("./rows.js").Row} Row @typedef {import("./rows.js").Party} Party */

/** May it be passed on, as it stands? @param {Row} row */
export const isPassable = (row) => row.issue !== null && ["sent", "taken"].includes(row.state) && row.owes !== "passed";

/** Does it wait to be acknowledged? @param {Row} row */
export const isWaiting = (row) => row.issue !== null && row.owes === "take" && row.state === "sent";

/** All of these that wait are acknowledged, or none. @param {Row[]} rows */
export async function acknowledge(rows) {
  const steps = rows.filter(isWaiting).map(({ issue, task, version }) => ({ issue, task, step: "take", version }));
  await ask("/api/issues/steps", "POST", { told: { steps, together: true } });
}

/** All of these to one of one's own, or none. @param {Row[]} rows @param {Party} party */
export async function pass(rows, party) {
  const steps = rows.filter(isPassable).flatMap(({ issue, task, state, version }) => {
    const over = { issue, task, step: "hand_over", party: party.code, reason: say("inbox.pass-reason") };
    return state === "sent" ? [{ issue, task, step: "take", version }, over] : [{ ...over, version }];
  });
  await ask("/api/issues/steps", "POST", { told: { steps, together: true } });
}
