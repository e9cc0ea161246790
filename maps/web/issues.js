// Issues as the page holds them: queues, filters, what is in the period.

/**
 * @typedef {{id?: number, number: string, source: string, service: string, text: string, address: string, state: string,
 *   card: "yellow" | "red" | null, reported_at: string | null, received_at?: string | null, due_at: string | null, grid: string | null,
 *   grid_name: string | null, community_name: string | null, subdistrict_name: string | null,
 *   grid_leader: string | null, grid_worker: string | null, street_manager: string | null, lane: string | null,
 *   at: GeoJSON.Position | null, time: number, accuracy_m?: number | null, grid_revision?: number | null}} Issue
 */
/** Issues of a cell that were not sent one by one. @typedef {{at: [number, number], n: number, days: number, open: boolean}} Cell */
/** @typedef {{queue: string, words: string, openOnly: boolean, days: number}} Filter */

const DAY = 86_400_000;

/** Queue key → what belongs in it, in the order of the tabs. @type {[string, (issue: Issue) => boolean][]} */
export const QUEUES = [
  ["sent", (i) => i.state === "sent"],
  ["new", (i) => i.state === "new"],
  ["returned", (i) => i.state === "returned"],
  ["soon", (i) => Boolean(i.card) && i.state !== "closed"],
  ["done", (i) => i.state === "done"],
  ["unclaimed", (i) => !i.grid && i.state !== "closed"],
];

/** @param {GeoJSON.Feature[]} features @returns {Issue[]} */
export function issuesOf(features) {
  return features.map((feature) => {
    const held = /** @type {any} */ (feature.properties ?? {});
    const at = feature.geometry?.type === "Point" ? feature.geometry.coordinates : null;
    return { ...held, number: String(held.number ?? ""), state: held.state ?? "new", at, time: Date.parse(held.reported_at ?? held.received_at) || 0 };
  });
}

/** @param {Issue[]} issues @param {Filter} filter @param {number} until */
export function chosen(issues, filter, until) {
  const since = filter.days ? until - filter.days * DAY : -Infinity;
  const words = filter.words.trim().toLowerCase();
  return issues.filter((issue) => issue.time > since
    && (!filter.openOnly || issue.state !== "closed")
    && (!words || [issue.number, issue.address, issue.text, issue.service, issue.grid_name].some((t) => String(t ?? "").toLowerCase().includes(words))));
}

/** The cells that a filter leaves: they know their age and whether they are open, not their words. @param {Cell[]} cells @param {Filter} filter */
export function cellsOf(cells, { queue, words, openOnly, days }) {
  if (queue !== "all" || words.trim()) return [];
  return cells.filter((cell) => (!openOnly || cell.open) && (!days || (cell.days && cell.days <= days)));
}

/** @param {Issue[]} issues @param {string} queue */
export function inQueue(issues, queue) {
  const test = QUEUES.find(([key]) => key === queue)?.[1];
  return test ? issues.filter(test) : issues;
}

/** Most urgent first: red cards, yellow cards, other open ones, closed ones; each in the order given. @param {Issue[]} issues */
export function byUrgency(issues) {
  const worth = (/** @type {Issue} */ i) => (i.state === "closed" ? 3 : i.card === "red" ? 0 : i.card === "yellow" ? 1 : 2);
  return [...issues].sort((a, b) => worth(a) - worth(b));
}

/** Which of these points keep their distance to all kept before them. @param {[number, number][]} points @param {number} apart @returns {boolean[]} */
export function spread(points, apart) {
  /** @type {Map<string, [number, number][]>} */
  const cells = new Map();
  return points.map(([x, y]) => {
    const [column, row] = [Math.floor(x / apart), Math.floor(y / apart)];
    const around = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => cells.get(`${column + dx} ${row + dy}`) ?? []));
    if (around.some(([a, b]) => Math.hypot(a - x, b - y) < apart)) return false;
    const key = `${column} ${row}`;
    cells.set(key, [...(cells.get(key) ?? []), [x, y]]);
    return true;
  });
}

/** Issues of each day, oldest first. @param {Issue[]} issues @param {number} until @param {number} days */
export function daily(issues, until, days) {
  const counts = Array.from({ length: days }, () => 0);
  for (const issue of issues) {
    const ago = Math.floor((until - issue.time) / DAY);
    if (ago >= 0 && ago < days) counts[days - 1 - ago] += 1;
  }
  return counts;
}

/** Issues of each grid. @param {Issue[]} issues */
export function byGrid(issues) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { grid } of issues) if (grid) counts.set(grid, (counts.get(grid) ?? 0) + 1);
  return counts;
}

/** The end of the period shown: the newest issue, so that an old import is not an empty page. @param {Issue[]} issues */
export function latest(issues) {
  return issues.reduce((last, issue) => Math.max(last, issue.time), 0);
}

/** The first words of a text, as its title. @param {Issue} issue */
export function titleOf(issue) {
  const first = String(issue.text ?? "").split(/[。！？；\n]/u)[0].trim();
  return first.slice(0, 60) || issue.service || issue.number;
}

/** An address without what the grid's name has said already: district, subdistrict, community. @param {Issue} issue */
export function nearAddress({ address, community_name: community }) {
  const at = community ? String(address ?? "").indexOf(community) : -1;
  return at < 0 ? address : address.slice(at + String(community).length).trim() || address;
}
