// Households of each grid in steps of fifty, the band behind, today's grids as ticks.
import { IN_BAND, classOf, tokenOf } from "../balance.js";
import { replace, svg } from "../dom.js";
import { figure, say } from "../say.js";

const [WIDTH, HEIGHT, STEP, LAST] = [332, 66, 50, 750];

/** How many loads lie in each step of fifty; the last holds all beyond, and a load at the upper limit of the band is inside it. @param {number[]} loads @param {number} high */
export function binned(loads, high) {
  const bins = new Array(LAST / STEP + 1).fill(0);
  const stepOf = (/** @type {number} */ load) => Math.floor(load / STEP) - Number(load === high && load % STEP === 0);
  for (const load of loads) bins[Math.min(bins.length - 1, Math.max(0, stepOf(load)))]++;
  return bins;
}

/** @param {Element} room an svg @param {number[]} draft @param {number[]} now @param {{low: number, high: number}} band */
export function drawHistogram(room, draft, now, band) {
  const [bins, were] = [binned(draft, band.high), binned(now, band.high)];
  const most = Math.max(1, ...bins, ...were);
  const wide = WIDTH / bins.length;
  const y = (/** @type {number} */ n) => HEIGHT - (n / most) * (HEIGHT - 6);
  const x = (/** @type {number} */ load) => (Math.min(LAST, load) / STEP) * wide;
  const fine = draft.filter((load) => load >= band.low && load <= band.high).length;
  room.setAttribute("aria-label", say("draw.histogram-said", { n: figure(draft.length), fine: figure(fine), ...band }));
  replace(/** @type {any} */ (room),
    svg("rect", { x: x(band.low), y: 0, width: x(band.high) - x(band.low), height: HEIGHT, class: "histogram-band" }),
    bins.map((n, i) => n && svg("rect", { x: i * wide + 1, width: wide - 2, y: y(n), height: HEIGHT - y(n), fill: colourOf(i * STEP + STEP / 2, band) })),
    were.map((n, i) => n && svg("line", { x1: i * wide + 1, x2: (i + 1) * wide - 1, y1: y(n), y2: y(n), class: "histogram-now" })),
    svg("line", { x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT, class: "histogram-axis" }),
    [0, band.low / 2, band.low, band.high, Math.round(band.high * 1.3)].map((n) => svg("text", { x: Math.max(5, x(n)), y: HEIGHT + 14, "text-anchor": "middle" }, figure(n))));
}

/** @param {number} load @param {{low: number, high: number}} band */
function colourOf(load, { low, high }) {
  const found = classOf({ households: load, low, high });
  return found === null || found === IN_BAND ? "var(--mark)" : tokenOf(found);
}
