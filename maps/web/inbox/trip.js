// Places visited in one trip: the nearest next, then crossings undone (2-opt) until none is left.

const METRES_PER_DEGREE = 111_320;

/** @typedef {[number, number]} Place degrees: longitude, latitude */

/** Metres between two places of one city. @param {Place} a @param {Place} b */
export function metresBetween(a, b) {
  const narrow = Math.cos((((a[1] + b[1]) / 2) * Math.PI) / 180);
  return Math.hypot((a[0] - b[0]) * narrow, a[1] - b[1]) * METRES_PER_DEGREE;
}

/** Metres of an order of places. @param {Place[]} places @param {number[]} order */
export function metresOf(places, order) {
  return order.slice(1).reduce((sum, at, i) => sum + metresBetween(places[order[i]], places[at]), 0);
}

/** An order that begins at the first place and is short: no turn of a stretch makes it shorter. @param {Place[]} places @returns {number[]} */
export function tripOf(places) {
  if (places.length < 2) return places.map((_, i) => i);
  let order = nearestNext(places);
  for (let better = turned(places, order); better; better = turned(places, order)) order = better;
  return order;
}

/** @param {Place[]} places @returns {number[]} */
function nearestNext(places) {
  const left = new Set(places.keys());
  const order = [0];
  left.delete(0);
  while (left.size) {
    const here = places[order[order.length - 1]];
    const next = [...left].reduce((best, at) => (metresBetween(here, places[at]) < metresBetween(here, places[best]) ? at : best));
    order.push(next);
    left.delete(next);
  }
  return order;
}

/** The same order with one stretch turned round, if one makes it shorter. @param {Place[]} places @param {number[]} order @returns {number[] | null} */
function turned(places, order) {
  const now = metresOf(places, order);
  for (let from = 1; from < order.length - 1; from++) {
    for (let to = from + 1; to < order.length; to++) {
      const tried = [...order.slice(0, from), ...order.slice(from, to + 1).reverse(), ...order.slice(to + 1)];
      if (metresOf(places, tried) < now - 0.01) return tried;
    }
  }
  return null;
}

/** The places nearest to one of them, itself first, at most so many within so many metres. @param {Place[]} places @param {number} start @param {{most: number, reach: number}} limits @returns {number[]} */
export function around(places, start, { most, reach }) {
  const far = (/** @type {number} */ at) => metresBetween(places[start], places[at]);
  return [...places.keys()].filter((at) => far(at) <= reach).sort((a, b) => far(a) - far(b)).slice(0, most);
}
