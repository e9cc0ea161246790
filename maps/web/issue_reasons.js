// Why an issue goes where it goes: five fixed steps, each with what was found, one of them decides.
import { el } from "./dom.js";
import { figure, say } from "./say.js";

/** @typedef {import("./issues.js").Issue} Issue @typedef {import("./grids.js").Grid} Grid */
/** @typedef {{own: Grid | null, metres: number, near: Grid[]}} Stand the grid an issue lies in, how far from its edge, the grids across it */
/** @typedef {{key: string, role: "used" | "decides" | "unused", said: string}} Reason */

const TWICE = 2; // a point within twice its accuracy of an edge names its neighbours

/**
 * Where an issue stands among the grids of its time.
 * @param {Issue} issue @param {[number, number] | undefined} at in the world @param {Grid[]} grids @param {number} metresPerUnit
 * @returns {Stand}
 */
export function standOf(issue, at, grids, metresPerUnit) {
  const own = grids.find((grid) => grid.code === issue.grid) ?? null;
  if (!own || !at) return { own, metres: NaN, near: [] };
  const reach = (TWICE * (issue.accuracy_m ?? 0)) / metresPerUnit;
  const near = grids.filter((grid) => grid !== own && reach > 0 && edgeDistance(grid.rings, at) <= reach);
  return { own, metres: edgeDistance(own.rings, at) * metresPerUnit, near };
}

/** From a point to the nearest edge. @param {[number, number][][]} rings @param {[number, number]} at */
export function edgeDistance(rings, at) {
  let least = Infinity;
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) least = Math.min(least, toSegment(at, ring[i - 1], ring[i]));
  }
  return least;
}

/** @param {[number, number]} p @param {[number, number]} a @param {[number, number]} b */
function toSegment([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = dx || dy ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy))) : 0;
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** The five steps in order. @param {Issue} issue @param {Stand} stand @returns {Reason[]} */
export function reasonsOf(issue, stand) {
  const special = Boolean(stand.own?.special);
  const leader = issue.grid_leader ?? issue.grid_worker;
  const who = leader ? say(issue.grid_leader ? "why.leader" : "why.worker", { who: leader }) : say("why.nobody");
  return [
    { key: "place", role: issue.grid ? "used" : "decides", said: placeSaid(issue, stand) },
    { key: "list", role: "unused", said: say("why.list-unused") },
    { key: "special", role: special ? "decides" : "unused", said: special ? say("why.special", { name: issue.grid_name, who }) : say("why.special-none") },
    { key: "default", role: issue.grid && !special ? "decides" : "unused", said: special ? say("why.default-unused") : issue.grid ? who : say("why.default-none") },
    { key: "recusal", role: "unused", said: say("why.recusal-unused") },
  ];
}

/** @param {Issue} issue @param {Stand} stand */
function placeSaid(issue, { metres, near }) {
  if (!issue.at) return say("why.no-place");
  if (!issue.grid) return say("why.no-grid");
  return [
    say("why.inside", { name: issue.grid_name || issue.grid }),
    issue.accuracy_m ? say("why.accuracy", { n: figure(issue.accuracy_m) }) : "",
    Number.isFinite(metres) ? say("why.edge", { n: figure(metres) }) : "",
    near.length ? say("why.near", { names: near.map((grid) => grid.name).join(say("list-comma")) }) : "",
  ].filter(Boolean).join(say("comma"));
}

/** @param {Reason[]} reasons */
export function reasonList(reasons) {
  return el("ol", { class: "why" }, reasons.map(({ key, role, said }) =>
    el("li", { class: role }, el("b", {}, say(`why.${key}-step`)), el("span", {}, said, role === "decides" ? el("span", { class: "unseen" }, ` ${say("why.decides")}`) : null))));
}
