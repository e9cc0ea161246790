// What the board looks at: one set of filters for list, map and figures, kept in the address.

/**
 * `days` up to the last that has any (0: all of time), or from a day to another, both counted.
 * @typedef {{queue: string, words: string, service: string, source: string, state: string, area: string, card: string, open: boolean, days: number, from: string, to: string}} Filter
 * @typedef {{layer: "heat" | "grids", by: "n" | "reporters", measure: string}} Shown what the map shows of it
 */

const DAY = 86_400_000;
const CITY = "+08:00"; // China keeps UTC+8 all year
const TEXTS = /** @type {const} */ (["queue", "words", "service", "source", "state", "area", "card", "from", "to"]);
const A_DAY = /^\d{4}-\d{2}-\d{2}$/;
/** What grids are coloured by, in the order of the choice. */
export const MEASURES = ["is_open", "overdue", "n", "reporters", "households", "solved_in_grid"];
/** Filters that have a chip of their own. @type {(keyof Filter)[]} */
export const CHIPS = ["service", "source", "state", "area", "card", "open"];

/** @returns {Filter} */
export const unfiltered = () => ({ queue: "", words: "", service: "", source: "", state: "", area: "", card: "", open: false, days: 7, from: "", to: "" });

/** @param {string} search of an address @returns {{filter: Filter, shown: Shown, picked: string}} */
export function readAddress(search) {
  const asked = new URLSearchParams(search);
  const filter = unfiltered();
  for (const key of TEXTS) filter[key] = asked.get(key) ?? "";
  filter.open = asked.get("open") === "1";
  const days = Number(asked.get("days") ?? 7);
  filter.days = [0, 7, 30].includes(days) ? days : 7;
  if (!A_DAY.test(filter.from) || !A_DAY.test(filter.to) || filter.to < filter.from) [filter.from, filter.to] = ["", ""];
  const measure = asked.get("measure") ?? "";
  return { filter, picked: asked.get("issue") ?? "", shown: { layer: asked.get("layer") === "grids" ? "grids" : "heat", by: asked.get("by") === "reporters" ? "reporters" : "n", measure: MEASURES.includes(measure) ? measure : "is_open" } };
}

/** The same address with these filters in it. @param {string} search @param {Filter} filter @param {Shown} shown @param {number | undefined} picked */
export function writtenAddress(search, filter, shown, picked) {
  const asked = new URLSearchParams(search);
  const told = { ...Object.fromEntries(TEXTS.map((key) => [key, filter[key]])), open: filter.open ? "1" : "", days: filter.from || filter.days === 7 ? "" : String(filter.days),
    layer: shown.layer === "heat" ? "" : shown.layer, by: shown.by === "n" ? "" : shown.by, measure: shown.layer === "grids" ? shown.measure : "", issue: picked === undefined ? "" : String(picked) };
  for (const [key, value] of Object.entries(told)) {
    if (value) asked.set(key, value);
    else asked.delete(key);
  }
  return `?${asked}`;
}

/** The filters as the server takes them; without a period. @param {Filter} filter @returns {Record<string, string>} */
export function asked(filter) {
  const { service, source, state, area, card, queue } = filter;
  return { service, source, state, area, card, queue, words: filter.words.trim(), is_open: filter.open ? "true" : "" };
}

/** Days as instants of the city. @param {string} from @param {string} to @returns {Period} */
export function periodOf(from, to) {
  return { since: `${from}T00:00:00${CITY}`, until: `${dayAfter(to)}T00:00:00${CITY}` };
}

/** @typedef {{since: string | null, until: string | null}} Period */

/** @param {string} day @param {number} [n] */
export function dayAfter(day, n = 1) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + n * DAY).toISOString().slice(0, 10);
}

/** From a day to another, both named. @param {string} from @param {string} to */
export function daysFrom(from, to) {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY);
}

/** How long a period is, in days; null where it is all of time. @param {Period} period */
export function lengthOf({ since, until }) {
  return since && until ? Math.max(1, Math.round((Date.parse(until) - Date.parse(since)) / DAY)) : null;
}

/** The first and the last day of a period, in the city. @param {Period} period @returns {[string, string] | null} */
export function daysOf({ since, until }) {
  if (!since || !until) return null;
  return [cityDay(Date.parse(since)), cityDay(Date.parse(until) - 1)];
}

/** The day of an instant in the city. @param {number} at */
export function cityDay(at) {
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);
}
