// Edits on the wire: none is waited for without end, and what is under way can be let go of.
import { ask } from "../ask.js";

const MOST_MS = 60_000; // an edit takes a second at most, a community of 20,000 atoms drawn anew seven

/** @typedef {import("./outbox.js").Edit} Edit */

/** @param {string} at address of the plan @param {number} [most] ms an answer is waited for */
export function wireOf(at, most = MOST_MS) {
  /** @type {AbortController | null} */
  let under = null;
  return {
    /** @param {Edit} edit @param {number} version @returns {Promise<any>} */
    send(edit, version) {
      const mine = new AbortController();
      const timer = setTimeout(() => mine.abort(), most);
      under = mine;
      return ask(`${at}/edits`, "POST", { told: edit, version, signal: mine.signal }).finally(() => clearTimeout(timer));
    },
    /** Nobody waits any more for what is under way: the server keeps nothing of a redraw then. */
    letGo: () => under?.abort(),
  };
}
