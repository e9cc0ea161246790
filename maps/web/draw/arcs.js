// Atoms by the lines they share: each line once, with the atom on either side, in px of the world.
import { topology } from "topojson-server";

/** @typedef {import("../chart.js").Box} Box @typedef {[number, number][]} Line */
/** @typedef {{line: Line, left: number, right: number, box: Box, ends: [number, number]}} Arc `right`: -1 at the edge; `ends`: numbers of its end points */
/** @typedef {{arcs: Arc[], rings: Line[][], boxes: Box[], middles: [number, number][]}} Shapes rings, boxes and middles by atom */

/** @param {GeoJSON.Feature[]} features @param {(position: GeoJSON.Position) => [number, number]} xy @returns {Shapes} */
export function shapesOf(features, xy) {
  const collection = { type: "FeatureCollection", features: features.map(({ geometry }) => ({ type: "Feature", properties: null, geometry })) };
  const whole = /** @type {any} */ (topology({ atoms: /** @type {any} */ (collection) }));
  const lines = whole.arcs.map((/** @type {GeoJSON.Position[]} */ arc) => arc.map(xy));
  const members = whole.objects.atoms.geometries.map(ringsOfMember);
  const rings = members.map((/** @type {number[][]} */ each) => each.map((ring) => stitched(ring, lines)));
  return { arcs: sided(lines, members), rings, boxes: rings.map(boxOfRings), middles: rings.map(middleOf) };
}

/** Numbers of the arcs of each ring. @param {any} geometry @returns {number[][]} */
function ringsOfMember(geometry) {
  if (geometry.type === "Polygon") return geometry.arcs;
  return geometry.type === "MultiPolygon" ? geometry.arcs.flat() : [];
}

/** @param {number[]} ring @param {Line[]} lines @returns {Line} */
function stitched(ring, lines) {
  return ring.flatMap((arc) => {
    const line = arc < 0 ? [...lines[~arc]].reverse() : lines[arc];
    return line.slice(0, -1);
  });
}

/** @param {Line[]} lines @param {number[][][]} members @returns {Arc[]} */
function sided(lines, members) {
  const left = new Int32Array(lines.length).fill(-1);
  const right = new Int32Array(lines.length).fill(-1);
  members.forEach((rings, atom) => {
    for (const arc of rings.flat()) {
      const at = arc < 0 ? ~arc : arc;
      if (left[at] < 0) left[at] = atom;
      else right[at] = atom;
    }
  });
  /** By x, then y: a key of both as text takes ten times as long. @type {Map<number, Map<number, number>>} */
  const columns = new Map();
  let known = 0;
  const numberOf = (/** @type {[number, number]} */ [x, y]) => {
    const column = columns.get(x) ?? new Map();
    if (!column.size) columns.set(x, column);
    if (!column.has(y)) column.set(y, known++);
    return column.get(y);
  };
  return lines.map((line, i) => ({ line, left: left[i], right: right[i], box: boxOfRings([line]), ends: [numberOf(line[0]), numberOf(line[line.length - 1])] }));
}

/** @param {Line[]} rings @returns {Box} */
function boxOfRings(rings) {
  /** @type {Box} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (const [x, y] of ring) {
      if (x < box[0]) box[0] = x;
      if (y < box[1]) box[1] = y;
      if (x > box[2]) box[2] = x;
      if (y > box[3]) box[3] = y;
    }
  }
  return box;
}

/** The centre of gravity of the largest ring. @param {Line[]} rings @returns {[number, number]} */
function middleOf(rings) {
  let [best, x, y] = [-1, 0, 0];
  for (const ring of rings) {
    let [twice, sx, sy] = [0, 0, 0];
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const cross = ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
      twice += cross;
      sx += (ring[i][0] + ring[j][0]) * cross;
      sy += (ring[i][1] + ring[j][1]) * cross;
    }
    if (Math.abs(twice) <= best) continue;
    best = Math.abs(twice);
    [x, y] = twice ? [sx / (3 * twice), sy / (3 * twice)] : ring[0] ?? [0, 0];
  }
  return [x, y];
}

/** Arcs between what is inside and what is not. @param {Arc[]} arcs @param {(atom: number) => boolean} inside */
export function edgesOf(arcs, inside) {
  return arcs.filter(({ left, right }) => inside(left) !== (right >= 0 && inside(right)));
}

/**
 * Rings that some arcs make: at every end as many come as go. Where corners that should be one are two, a
 * chain has loose ends: it is followed to both of them, and closed there.
 * @param {Arc[]} edges @returns {Line[]}
 */
export function ringsFrom(edges) {
  /** @type {Map<number, Arc[]>} */
  const at = new Map();
  for (const arc of edges) for (const end of arc.ends) at.set(end, [...(at.get(end) ?? []), arc]);
  const used = new Set();
  const next = (/** @type {number} */ end) => at.get(end)?.find((each) => !used.has(each));
  /** Points from an end on, the last left out, and where they lead. @param {number} from @returns {{line: Line, to: number}} */
  function followed(from) {
    /** @type {Line} */
    const found = [];
    let to = from;
    for (let arc = next(to); arc; arc = next(to)) {
      used.add(arc);
      const forward = arc.ends[0] === to;
      const line = forward ? arc.line : [...arc.line].reverse();
      for (let i = 0; i < line.length - 1; i++) found.push(line[i]);
      to = arc.ends[forward ? 1 : 0];
      if (!next(to) && to !== from) found.push(line[line.length - 1]);
    }
    return { line: found, to };
  }
  return edges.flatMap((first) => {
    if (used.has(first)) return [];
    const ahead = followed(first.ends[0]);
    if (ahead.to === first.ends[0]) return [ahead.line];
    return [[...followed(first.ends[0]).line.slice(1).reverse(), ...ahead.line]];
  });
}

/** @param {Line[]} rings */
export function pathOfRings(rings) {
  const path = new Path2D();
  for (const ring of rings) {
    ring.forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
    path.closePath();
  }
  return path;
}

/** @param {Arc[]} arcs */
export function pathOfArcs(arcs) {
  const path = new Path2D();
  for (const { line } of arcs) line.forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
  return path;
}
