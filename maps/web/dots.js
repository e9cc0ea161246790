// Households of each grid, today and in the draft, against the band.
import { IN_BAND, classOf, tokenOf } from "./balance.js";
import { el, svg } from "./dom.js";
import { figure, say } from "./say.js";

/** @typedef {import("./grids.js").Grid} Grid */
const [WIDTH, HEIGHT, RIGHT, PAD] = [396, 128, 34, 8];

/** @typedef {{now: string, draft: string}} Sides what the two sides are called */

/** @param {[Grid[], Grid[]]} sides today and the draft @param {{low: number, high: number}} band @param {Sides} words */
export function dotPlot([now, draft], band, words) {
  const pairs = pairsOf(now, draft);
  const most = Math.max(band.high * 1.3, ...pairs.flatMap((p) => [p.now?.households ?? 0, p.draft?.households ?? 0]));
  const y = (/** @type {number} */ n) => HEIGHT - PAD - (n / most) * (HEIGHT - 2 * PAD);
  const x = (/** @type {number} */ i) => 8 + ((i + 0.5) * (WIDTH - RIGHT - 12)) / pairs.length;
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "dots", role: "img", "aria-label": sentence(now, draft, words) },
    svg("rect", { x: 0, y: y(band.high), width: WIDTH - RIGHT, height: y(band.low) - y(band.high), class: "dots-band" }),
    svg("line", { x1: 0, x2: WIDTH - RIGHT, y1: y(0), y2: y(0), class: "dots-axis" }),
    [0, band.low, band.high].map((n) => svg("text", { x: WIDTH, y: y(n) + 4, "text-anchor": "end" }, figure(n))),
    pairs.map((p, i) => pairMarks(p, x(i), y)));
  return el("div", {}, el("h2", {}, say("plan.dots"), key(band, words)), drawing);
}

/** @param {{low: number, high: number}} band @param {Sides} words */
function key(band, words) {
  return el("small", { class: "dots-key" },
    el("i", { class: "dot hollow" }), words.now, el("i", { class: "dot" }), words.draft,
    el("i", { class: "dot band" }), say("plan.band", band));
}

/** Grids of both sides by code, fewest households of today first. @param {Grid[]} now @param {Grid[]} draft */
export function pairsOf(now, draft) {
  const codes = new Set([...now, ...draft].filter((g) => !g.special && g.households !== null).map((g) => g.code));
  const of = (/** @type {Grid[]} */ side) => new Map(side.map((g) => [g.code, g]));
  const [before, after] = [of(now), of(draft)];
  const pairs = [...codes].map((code) => ({ code, now: before.get(code) ?? null, draft: after.get(code) ?? null }));
  const worth = (/** @type {{now: Grid | null, draft: Grid | null}} */ p) => (p.now ?? p.draft)?.households ?? 0;
  return pairs.sort((a, b) => worth(a) - worth(b) || (a.code < b.code ? -1 : 1));
}

/** @param {{now: Grid | null, draft: Grid | null}} pair @param {number} x @param {(n: number) => number} y */
function pairMarks({ now, draft }, x, y) {
  const [a, b] = [now?.households, draft?.households];
  const found = draft ? classOf(draft) : null;
  const colour = found === null || found === IN_BAND ? "var(--ink)" : tokenOf(found === 2 ? 1 : found === 4 ? 5 : found);
  return svg("g", {},
    svg("title", {}, `${(draft ?? now)?.listed ?? ""} ${figure(a)} → ${figure(b)}`),
    a !== undefined && a !== null && b !== undefined && b !== null ? svg("line", { x1: x, x2: x, y1: y(a), y2: y(b), class: "dots-link" }) : null,
    a !== undefined && a !== null ? svg("circle", { cx: x, cy: y(a), r: 3.4, class: "dots-now" }) : null,
    b !== undefined && b !== null ? svg("circle", { cx: x, cy: y(b), r: 3.8, fill: colour }) : null);
}

/** @param {Grid[]} now @param {Grid[]} draft @param {Sides} words */
function sentence(now, draft, words) {
  const counted = (/** @type {Grid[]} */ side) => side.filter((g) => !g.special && classOf(g) !== null);
  const fine = (/** @type {Grid[]} */ side) => counted(side).filter((g) => classOf(g) === IN_BAND).length;
  return say("plan.dots-said", { before: words.now, later: words.draft, now: fine(now), all: counted(now).length, draft: fine(draft), after: counted(draft).length });
}
