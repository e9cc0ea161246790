// The seven classes of household balance: a grid's own band moves the limits, never the colours.
import { TOKENS } from "./tokens.js";
import { figure, say } from "./say.js";

/** @typedef {{households: number | null, low: number | null, high: number | null}} Counted */
export const IN_BAND = 3;

/** The six limits of a band. @param {number} low @param {number} high */
export function limits(low, high) {
  return [...TOKENS.belowShares.map((s) => low * s), low, high, ...TOKENS.aboveShares.map((s) => Math.round(high * s))];
}

/** The band that most of some grids have, for the legend of them all; the first of those as frequent; null where none has one. @param {{low: number | null, high: number | null}[]} grids @returns {{low: number, high: number} | null} */
export function usualBand(grids) {
  /** @type {Map<string, {low: number, high: number, n: number}>} */
  const bands = new Map();
  for (const { low, high } of grids) {
    if (low === null || high === null || low === undefined || high === undefined) continue;
    const key = `${low}-${high}`;
    bands.set(key, { low, high, n: (bands.get(key)?.n ?? 0) + 1 });
  }
  const [most] = [...bands.values()].sort((a, b) => b.n - a.n);
  return most ? { low: most.low, high: most.high } : null;
}

/** Index of the class, or null where no band or no figure is known. @param {Counted} grid */
export function classOf({ households, low, high }) {
  if (households === null || households === undefined) return null;
  if (low === null || low === undefined || high === null || high === undefined) return null;
  const [a, b, , , c, d] = limits(low, high);
  if (households < low) return households < a ? 0 : households < b ? 1 : 2;
  if (households <= high) return IN_BAND;
  return households <= c ? 4 : households <= d ? 5 : 6;
}

/** Households outside the band: negative below, positive above, 0 inside. @param {Counted} grid */
export function excess({ households, low, high }) {
  if (households === null || low === null || high === null || low === undefined || high === undefined) return 0;
  return households < low ? households - low : Math.max(0, households - high);
}

/** The sign beside a figure: ▼▼ … ▲▲, nothing in band. @param {Counted} grid */
export function signOf(grid) {
  const found = classOf(grid);
  return found === null || found === IN_BAND ? "" : TOKENS.balance[found].sign;
}

/** 达标, ▲ 超 92, ▼ 缺 94. @param {Counted} grid */
export function verdict(grid) {
  if (grid.households === null || grid.households === undefined) return say("balance.no-data");
  if (classOf(grid) === null) return say("balance.no-rule");
  const by = excess(grid);
  if (by === 0) return say("balance.in-band");
  return `${signOf(grid)} ${say(by > 0 ? "balance.over" : "balance.short", { n: figure(Math.abs(by)) })}`;
}

/** Colour of a class in a style or a fill of the page: it turns dark and light with it. @param {number | null} found */
export function tokenOf(found) {
  return `var(--balance-${TOKENS.balance[found ?? IN_BAND].key})`;
}

/** Fill colour of a class on a canvas, on a base (0 light, 1 dark). @param {number | null} found @param {0 | 1} base */
export function fillOf(found, base) {
  const entry = TOKENS.balance[found ?? IN_BAND];
  return base ? entry.dark : entry.light;
}
