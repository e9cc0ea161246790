// What an area is coloured by: households against the band, grids out of band, open issues.
import { classOf, excess, fillOf, signOf, tokenOf, verdict } from "../balance.js";
import { figure, say } from "../say.js";
import { TOKENS } from "../tokens.js";

/** @typedef {Record<string, any>} Held what a tile tells of an area */
/** @typedef {{colour: string, token: string, opacity: number, pattern: string, sign: string, word: string}} Step */
/**
 * @typedef {{steps: (base: 0 | 1) => Step[], stepOf: (held: Held, open: Map<string, number>) => number | null,
 *   told: (held: Held, open: Map<string, number>) => string, weight: (held: Held, open: Map<string, number>) => number}} Measure
 * `token`: its colour on the page, which turns dark and light with it; `told`: its figure in words; `weight`: how far up the list it stands
 */

export const KEYS = /** @type {const} */ (["households", "in_band", "open"]);
const OUT = [0, 0.05, 0.15, 0.3]; // shares of grids out of band, up to which each step goes
const GREY = [0.05, 0.15, 0.27, 0.4, 0.54];
const OPEN = [0.5, 1, 2, 4, 8]; // open issues per 100 households, from which each step goes

/** A grid, or the mean grid of an area that stands for many. @param {Held} held */
export function meanOf({ households = null, low = null, high = null, grids, special }) {
  const many = Math.max(1, grids ?? 1);
  return { households: households === null ? null : households / many, low: special ? null : low, high: special ? null : high };
}

/** @param {Held} held */
const shareOut = ({ grids, in_band: good = 0 }) => (grids ? 1 - good / grids : null);

/** Open issues per 100 households. @param {Held} held @param {Map<string, number>} open */
function openRate({ code, households }, open) {
  return households ? (100 * (open.get(code) ?? 0)) / households : null;
}

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`;

/** @type {Record<typeof KEYS[number], Measure>} */
export const MEASURES = {
  households: {
    steps: (base) => TOKENS.balance.map((entry, i) => ({ colour: fillOf(i, base), token: tokenOf(i), opacity: entry.opacity, pattern: entry.pattern, sign: i === 3 ? say("balance.in-band") : entry.sign, word: say(`city.class-${i}`) })),
    stepOf: (held) => classOf(meanOf(held)),
    told: (held) => (held.kind === "grid" ? verdict(meanOf(held)) : say("city.mean", { n: figure(meanOf(held).households) })),
    weight: (held) => Math.abs(excess(meanOf(held))),
  },
  in_band: {
    steps: (base) => GREY.map((opacity, i) => ({ colour: TOKENS.interface["ink-2"][base], token: "var(--ink-2)", opacity, pattern: "", sign: "", word: i === 0 ? say("city.all-in") : i < OUT.length ? `≤ ${percent(OUT[i])}` : `> ${percent(OUT[OUT.length - 1])}` })),
    stepOf: (held) => {
      const share = shareOut(held);
      return share === null ? null : OUT.filter((limit) => share > limit).length;
    },
    told: (held) => (held.kind === "grid" ? verdict(meanOf(held)) : say("city.in-band", { n: figure(held.in_band ?? 0), of: figure(held.grids ?? 0) })),
    weight: (held) => shareOut(held) ?? -1,
  },
  open: {
    steps: (base) => TOKENS.heat.map((pair, i) => ({ colour: pair[base], token: `var(--heat-${i + 1})`, opacity: TOKENS.heatOpacity[i], pattern: "", sign: "", word: `≥ ${OPEN[i]}` })),
    stepOf: (held, open) => {
      const rate = openRate(held, open);
      const step = OPEN.filter((limit) => (rate ?? -1) >= limit).length - 1;
      return step < 0 ? null : step;
    },
    told: (held, open) => say("city.open-n", { n: figure(open.get(held.code) ?? 0), rate: (openRate(held, open) ?? 0).toFixed(1) }),
    weight: (held, open) => openRate(held, open) ?? -1,
  },
};

export { signOf };
