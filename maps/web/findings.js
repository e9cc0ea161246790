// Findings of an import: grouped by kind, gravest first.

/** @typedef {{code: string, severity: string, rows: number[], feature: string, place: [number, number] | null, zh: string, en: string, before: string, after: string, answer: string, choices?: string[], geometry: GeoJSON.Geometry | null}} Finding */

export const SEVERITIES = ["error", "question", "quarantined", "repaired", "info"];

/** Kinds in order of gravity, then of how many. @param {Finding[]} findings @returns {{code: string, severity: string, findings: Finding[]}[]} */
export function grouped(findings) {
  /** @type {Map<string, Finding[]>} */
  const kinds = new Map();
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.code}`;
    const held = kinds.get(key);
    if (held) held.push(finding);
    else kinds.set(key, [finding]);
  }
  const groups = [...kinds.values()].map((held) => ({ code: held[0].code, severity: held[0].severity, findings: held }));
  const gravity = (/** @type {{severity: string}} */ g) => SEVERITIES.indexOf(g.severity);
  return groups.sort((a, b) => gravity(a) - gravity(b) || b.findings.length - a.findings.length);
}

const USUAL = 0.05; // of many places, so many at either end may lie far off and are not gone after

/**
 * The corners of a map of these places: of the outlines where most places lie among them, else of the
 * places themselves, but for a few that stray. @param {[number, number][]} places @param {Corners | null} outlines
 * @returns {Corners | null}
 * @typedef {[number, number, number, number]} Corners west, south, east, north
 */
export function cornersOf(places, outlines) {
  const among = outlines ? places.filter(([x, y]) => x >= outlines[0] && x <= outlines[2] && y >= outlines[1] && y <= outlines[3]) : [];
  if (!places.length || (outlines && among.length * 2 >= places.length)) return outlines;
  const [xs, ys] = [0, 1].map((axis) => places.map((place) => place[axis]).sort((a, b) => a - b));
  const cut = Math.floor(places.length * USUAL);
  const end = places.length - 1 - cut;
  return [xs[cut], ys[cut], xs[end], ys[end]];
}

/** Where a finding is: its place, else the first point of its shape. @param {Finding} finding @returns {[number, number] | null} */
export function placeOf(finding) {
  if (finding.place) return finding.place;
  /** @type {any} */
  let held = finding.geometry && "coordinates" in finding.geometry ? finding.geometry.coordinates : null;
  while (Array.isArray(held) && Array.isArray(held[0])) held = held[0];
  return Array.isArray(held) && held.length >= 2 ? [held[0], held[1]] : null;
}
