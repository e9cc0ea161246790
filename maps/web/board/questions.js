// What the board asks the server, each question with its latest answer only.
import { address, ask } from "../ask.js";
import { issuesOf } from "../issues.js";
import { asked } from "./filters.js";

/** @typedef {import("./filters.js").Filter} Filter @typedef {import("./filters.js").Period} Period @typedef {import("../issues.js").Issue} Issue */
/**
 * @typedef {{scope_name: string, asked_at: string, since: string | null, until: string | null, total: number, reporters: number | null, queues: Record<string, number>,
 *   states: Record<string, number>, cards: Record<string, number>, sources: Record<string, number>, days: [string, number, number][]}} Told
 * @typedef {{id: number, lon: number, lat: number, state: string, card: "yellow" | "red" | null}} Mark
 * @typedef {{total: number, cells: [number, number, number, number][], marks: Mark[] | null}} Seen a view of the map
 * @typedef {{code: string, n: number, is_open: number, overdue: number, reporters?: number, solved_in_grid?: number | null}} AreaCount
 * @typedef {{rank: number, lon: number, lat: number, n: number, before: number, reach_m: number, name: string, services: string[], subdistrict: string}} Spot
 */

/** A question that a later one of its kind overtook: nobody waits for its answer. */
export class Overtaken extends Error {}

/** What a question of several answers, or nothing where a later one of its kind overtook it: the others go on. @template T @param {Promise<T>} work */
export function unlessOvertaken(work) {
  return work.catch((error) => {
    if (!(error instanceof Overtaken)) throw error;
  });
}

/** Runs the work it is called with; a call that a later one overtook fails as such. */
export function latest() {
  /** @type {AbortController | null} */
  let running = null;
  return async (/** @type {(signal: AbortSignal) => Promise<any>} */ work) => {
    running?.abort();
    const mine = (running = new AbortController());
    try {
      const answer = await work(mine.signal);
      if (running === mine) return answer;
    } catch (error) {
      if (running === mine) throw error;
    }
    throw new Overtaken();
  };
}

/** @param {string} scope */
export function questions(scope) {
  const [counting, listing, viewing, colouring, spotting] = [latest(), latest(), latest(), latest(), latest()];
  const [growing, topping] = [latest(), latest()]; // a list that grows while news comes: neither overtakes the other
  const within = (/** @type {Filter} */ filter, /** @type {Period} */ { since, until }) => ({ scope, ...asked(filter), since, until });
  /** @param {Filter} filter @param {Period} period @param {number} away @param {AbortSignal} signal @returns {Promise<Issue[]>} */
  async function page(filter, period, away, signal) {
    const told = await ask(address("/api/board/issues", { ...within(filter, period), away: away ? String(away) : "" }), "GET", { signal });
    return issuesOf(told.features);
  }
  return {
    /** @param {Filter} filter @param {Period} period @param {boolean} people @returns {Promise<Told>} */
    counts: (filter, period, people) => counting((signal) => ask(address("/api/board", { ...within(filter, period), days: !period.since && filter.days ? String(filter.days) : "", people: people ? "true" : "" }), "GET", { signal })),
    /** @param {Filter} filter @param {Period} period @returns {Promise<Issue[]>} */
    rows: (filter, period) => listing((signal) => page(filter, period, 0, signal)),
    /** What comes after so many. @param {Filter} filter @param {Period} period @param {number} away @returns {Promise<Issue[]>} */
    more: (filter, period, away) => growing((signal) => page(filter, period, away, signal)),
    /** The first of the list, for what is new in it. @param {Filter} filter @param {Period} period @returns {Promise<Issue[]>} */
    top: (filter, period) => topping((signal) => page(filter, period, 0, signal)),
    /** @param {Filter} filter @param {Period} period @param {L.LatLngBounds} bounds @param {number} zoom @returns {Promise<Seen>} */
    view: (filter, period, bounds, zoom) => viewing((signal) => ask(address("/api/board/cells", { ...within(filter, period), ...sides(bounds), zoom: String(Math.round(zoom * 4) / 4) }), "GET", { signal })),
    /** @param {Filter} filter @param {Period} period @param {string} kind @param {string} measure @returns {Promise<AreaCount[]>} */
    areas: (filter, period, kind, measure) => colouring((signal) => ask(address("/api/board/areas", { ...within(filter, period), kind, solved: measure === "solved_in_grid" ? "true" : "", people: measure === "reporters" ? "true" : "" }), "GET", { signal })),
    /** @param {Filter} filter @param {Period} period @param {number} reach metres @returns {Promise<Spot[]>} */
    spots: (filter, period, reach) => spotting((signal) => ask(address("/api/board/spots", { ...within(filter, period), reach_m: String(reach) }), "GET", { signal })),
    /** @param {number[]} numbers @returns {Promise<Issue[]>} */
    only: (numbers) => ask(address("/api/issues.geojson", { scope, only: numbers.join(",") })).then((told) => issuesOf(told.features)),
  };
}

/** @param {L.LatLngBounds} bounds */
function sides(bounds) {
  const side = (/** @type {number} */ at, /** @type {number} */ most) => Math.max(-most, Math.min(most, at)).toFixed(6);
  return { west: side(bounds.getWest(), 180), south: side(bounds.getSouth(), 90), east: side(bounds.getEast(), 180), north: side(bounds.getNorth(), 90) };
}
