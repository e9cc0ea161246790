// Marks of the map: which come first, and which keep their distance.

/** Most urgent first: red cards, yellow cards, other open ones, closed ones; each in the order given. @template {{state: string, card: string | null}} T @param {T[]} issues @returns {T[]} */
export function byUrgency(issues) {
  const worth = (/** @type {T} */ i) => (i.state === "closed" ? 3 : i.card === "red" ? 0 : i.card === "yellow" ? 1 : 2);
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

/** The place in the list of the point nearest to another, -1 where none is within reach. @param {[number, number][]} points @param {[number, number]} at @param {number} reach */
export function nearest(points, [x, y], reach) {
  let [best, least] = [-1, reach];
  points.forEach(([a, b], i) => {
    const far = Math.hypot(a - x, b - y);
    if (far < least) [best, least] = [i, far];
  });
  return best;
}
