// Why an issue goes where it goes: five fixed steps, each with what was found, one of them decides.
import { el } from "./dom.js";
import { english, figure, say } from "./say.js";

/** @typedef {import("./issues.js").Issue} Issue @typedef {import("./grids.js").Grid} Grid */
/** @typedef {{own: Grid | null, metres: number, near: Grid[]}} Stand the grid an issue lies in, how far from its edge, the grids across it */
/** @typedef {{rung: string, area: string | null, area_name: string | null, service: string | null, service_name: string | null, role: string | null, party: string | null, party_name: string | null, passed_over_names: string[], row: number | null, basis: string, faults: string[], faults_said: {zh: string, en: string}[]}} Rung */
/** @typedef {{step: string, party: string | null, party_name: string | null, person: string, person_name: string | null}} Sent */
/** @typedef {{party: string | null, party_name: string | null, assists: {party: string, name: string | null}[], provisional: boolean, withheld?: boolean, reasons: Rung[], sent: Sent[]}} Route withheld: confidential, and told to others */
/** @typedef {{key: string, role: "used" | "decides" | "unused", said: string, faulty?: boolean}} Reason */

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

/**
 * The five steps in order; of what a person sent by hand, who that was; of what is told to others alone, that.
 * @param {Issue} issue @param {Stand} stand @param {Route | null | undefined} route undefined: it is being asked for; null: it did not come
 * @returns {Reason[]}
 */
export function reasonsOf(issue, stand, route) {
  const place = { key: "place", role: issue.grid ? "used" : "decides", said: placeSaid(issue, stand) };
  const steps = /** @type {const} */ (["list", "special", "default", "recusal"]);
  if (!route) return [/** @type {Reason} */ (place), ...steps.map((key) => unused(key, say(route === null ? "why.unasked" : "why.asking")))];
  if (route.withheld) return [{ ...place, role: "used" }, unused("secret", say("why.withheld"))];
  const first = route.sent?.find(({ step }) => step === "send");
  if (first && !route.reasons.length) return [{ ...place, role: "used" }, { key: "hand", role: "decides", said: handSaid(first) }];
  const decides = [...route.reasons].reverse().find((rung) => rung.party);
  return [{ ...place, role: decides ? "used" : "decides" }, ...steps.map((key) => stepOf(key, route, decides))];
}

/** A person named whom it goes to. @param {Sent} sent */
const handSaid = ({ person, person_name: by, party, party_name: who }) => say("why.hand", { person: by ?? person, who: who ?? party ?? say("none") });

/** Rung of the chain → step of the card. @type {Record<string, string>} */
const STEP = { list: "list", special: "special", role: "default", fallback: "default", recusal: "recusal" };

/** @param {string} key @param {string} said @returns {Reason} */
const unused = (key, said) => ({ key, role: "unused", said });

/** @param {"list" | "special" | "default" | "recusal"} key @param {Route} route @param {Rung | undefined} decides @returns {Reason} */
function stepOf(key, route, decides) {
  if (key === "recusal") return recusal(route);
  const rungs = route.reasons.filter((rung) => STEP[rung.rung] === key);
  const faults = rungs.filter((rung) => rung.faults.length).map(faultSaid);
  const own = rungs.find((rung) => rung === decides);
  if (own) return { key, role: "decides", said: [rungSaid(own), ...faults].join(say("comma")), faulty: faults.length > 0 };
  const none = key === "special" ? "why.special-none" : key === "list" ? "why.list-none" : decides ? "why.default-unused" : "why.nobody-found";
  return faults.length ? { ...unused(key, faults.join(say("comma"))), faulty: true } : unused(key, say(none));
}

/** @param {Route} route @returns {Reason} */
function recusal(route) {
  const names = [...new Set(route.reasons.flatMap((rung) => rung.passed_over_names))];
  const faults = route.reasons.filter((rung) => rung.rung === "recusal").map(faultSaid);
  if (faults.length) return { key: "recusal", role: "used", said: faults.join(say("comma")), faulty: true };
  return names.length ? { key: "recusal", role: "used", said: say("why.recusal", { names: names.join(say("list-comma")) }) } : unused("recusal", say("why.recusal-unused"));
}

/** @param {Rung} rung */
function rungSaid(rung) {
  const words = { row: rung.row, service: rung.service_name || rung.service, area: rung.area_name || rung.area, who: rung.party_name || rung.party, role: say(`role.${rung.role}`) };
  if (rung.rung === "list") return [say(rung.row === null ? "why.list-bare" : "why.list", words), rung.basis].filter(Boolean).join(say("comma"));
  return say(`why.${rung.rung}`, words);
}

/** @param {Rung} rung */
function faultSaid(rung) {
  const faults = rung.faults_said.map((fault) => (english ? fault.en : fault.zh)).join(say("list-comma"));
  return rung.row === null ? say("why.attention", { faults }) : say("why.faulty", { row: rung.row, faults });
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
  return el("ol", { class: "why" }, reasons.map(({ key, role, said, faulty }) =>
    el("li", { class: faulty ? `${role} faulty` : role }, el("b", {}, say(`why.${key}-step`)), el("span", {}, said, role === "decides" ? el("span", { class: "unseen" }, ` ${say("why.decides")}`) : null))));
}
