// How the area fared this month, in the bar: finished in time, solved in the grid, satisfied.
import { address, ask } from "../ask.js";
import { monthInBar } from "../month.js";
import { figure, say } from "../say.js";

/** Rate → what it is a share of. */
const SHOWN = { on_time: "due", solved_in_grid: "done", satisfaction: "called" };

/** @typedef {Record<string, number | null>} Rates rates from 0 to 1, and the counts they are shares of */

/** What of it there is to say; nothing of what nothing is a share of. @param {Rates | undefined} rates @returns {[string, string, number][]} */
export function ratesSaid(rates) {
  return Object.entries(SHOWN).flatMap(([key, whole]) => {
    const share = rates?.[key] ?? null;
    return share === null ? [] : [/** @type {[string, string, number]} */ ([key, `${(share * 100).toFixed(1)}%`, rates?.[whole] ?? 0])];
  });
}

/** @param {string} scope */
export function showRates(scope) {
  return monthInBar(async () => ratesSaid((await ask(address("/api/rates", { scope }))).rows[0]).map(([key, value, n]) => ({ name: say(`board.month-${key}`), value, note: say(`board.month-${key}-note`, { n: figure(n) }) })));
}
