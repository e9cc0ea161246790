// One page of A4: whose an issue is and why, on our own map, in words, from the rules of its day.
import { ask, fillFrom } from "./ask.js";
import { showScope, topBar } from "./bar.js";
import { config, el, part, replace, unsteered } from "./dom.js";
import { clock, figure, say } from "./say.js";
import { folded, scaleBar } from "./stage.js";
import { TOKENS } from "./tokens.js";

/** @typedef {import("./issue_reasons.js").Rung & {zh: string, en: string}} Rung */
/** @typedef {{step: string, at: string, party_name: string | null, party: string | null, person_name: string | null, person: string, reason: string, parties: {party: string, name: string | null}[]}} Step */
/** @typedef {{about: Record<string, any>, places: string[], bounds: string, grids: any, ground: any, lane: any, walkers: {role: string, name: string}[], party: string | null, party_name: string | null, assists: {party: string, name: string | null}[], provisional: boolean, withheld: boolean, reasons: Rung[], sent: Step[]}} Told */

const { issue, who, map: mapName } = config();
const map = folded(mapName);
const panel = part("panel");
const CALLS = ["whistle", "sign", "decline", "joint"]; // others to it: whose it is stays as it was
const PLACES = 5; // decimals of a degree: a metre

/** @param {Told} told */
function show(told) {
  const { about } = told;
  const room = map.getContainer();
  replace(panel,
    el("header", {}, el("h1", {}, say("one.title")), el("button", { type: "button", class: "button unprinted", onclick: () => window.print() }, say("one.print"))),
    facts([
      ["one.number", about.reference], ["one.service", about.service_name], ["one.reported", about.reported_at && clock(about.reported_at)],
      ["one.address", about.address], ["one.position", positionSaid(about)], ["one.places", told.places.join(" › ")],
    ]),
    isPlaced(told) ? el("div", { class: "why-map" }, room) : null,
    facts([
      ["one.lead", leadSaid(told)], ["one.assists", told.assists.map((one) => one.name || one.party).join(say("list-comma"))],
      ["one.row", !told.withheld && (told.reasons.length || !sends(told).length) ? rowSaid(told.reasons) : null], ["one.bounds", told.bounds],
      ["one.walkers", laneSaid(told)],
    ]),
    el("h2", {}, say("one.chain"), el("small", {}, whenSaid(told))),
    el("ol", { class: "chain" }, told.reasons.map((rung) => el("li", { class: rung.party ? "decides" : rung.faults.length ? "faulty" : null },
      el("span", { lang: "zh-CN" }, named(rung, rung.zh)), el("small", { lang: "en" }, named(rung, rung.en))))),
    told.sent.length > (told.reasons.length && sends(told).length ? 1 : 0) ? [el("h2", {}, say("one.steps")), el("ol", { class: "chain" }, told.sent.map(stepSaid))] : null);
}

/** Whether a map has anything to show. @param {Told} told */
const isPlaced = ({ about, grids }) => about.lon !== null || grids.features.length > 0;

/** A rung in its own words, codes turned into names. @param {Rung} rung @param {string} said */
function named(rung, said) {
  /** @type {[string | null, string | null][]} */
  const names = [[rung.area, rung.area_name], [rung.service, rung.service_name], [rung.party, rung.party_name]];
  const [head, rest] = said.split(" · ");
  const words = names.reduce((text, [code, name]) => (code && name && name !== code ? replaced(text, code, `${name}（${code}）`) : text), ` ${rest ?? ""} `);
  return [head, words.trim(), rung.basis].filter(Boolean).join(" · ");
}

/** @param {string} text @param {string} word @param {string} by */
function replaced(text, word, by) {
  return text.split(` ${word} `).join(` ${by} `).split(` ${word}（`).join(` ${by}（`);
}

/** @param {[string, string | null | undefined][]} pairs */
function facts(pairs) {
  const held = pairs.filter(([, value]) => value);
  return el("dl", { class: "facts" }, held.flatMap(([key, value]) => [el("dt", {}, say(key)), el("dd", {}, unsteered(String(value)))]));
}

/** @param {Record<string, any>} about */
function positionSaid({ lon, lat, accuracy_m: accuracy }) {
  if (lon === null || lat === null) return say("one.no-place");
  const at = say("one.at", { lon: lon.toFixed(PLACES), lat: lat.toFixed(PLACES) });
  return accuracy ? `${at}${say("comma")}${say("one.accuracy", { n: figure(accuracy) })}` : at;
}

/** @param {Told} told */
function leadSaid(told) {
  const name = told.party_name ?? told.party ?? say(told.withheld ? "none" : "one.nobody");
  return told.provisional ? `${name}（${say("one.provisional")}）` : name;
}

/** Its lane, which stands out on the map, and who walks it. @param {Told} told */
function laneSaid({ lane, walkers }) {
  const [drawn] = lane.features;
  const who = walkers.map((one) => `${say(`role.${one.role}`)} ${one.name}`).join(say("comma"));
  return drawn && say("one.lane-said", { lane: drawn.properties.name || drawn.properties.code, who: who || say("one.no-walker") });
}

/** @param {Rung[]} reasons */
function rowSaid(reasons) {
  const row = reasons.find((rung) => rung.rung === "list" && rung.party);
  return row && row.row !== null ? say("one.row-said", { row: row.row, basis: row.basis || say("none") }) : say("one.row-none");
}

/** @param {Told} told */
function whenSaid(told) {
  const [first] = sends(told);
  if (told.withheld) return say("why.withheld");
  if (!first) return say("one.as-now");
  return told.reasons.length ? say("one.as-sent", { at: clock(first.at) }) : say("one.by-hand");
}

/** @param {Told} told */
const sends = (told) => told.sent.filter(({ step }) => !CALLS.includes(step));

/** @param {Step} step */
function stepSaid(step) {
  const whom = [step.party_name ?? step.party, ...step.parties.map(({ name, party }) => name ?? party)].filter(Boolean).join(say("list-comma"));
  const words = [clock(step.at), say(`step.${step.step}`), step.person_name ?? step.person, whom ? `→ ${whom}` : "", step.reason];
  return el("li", {}, el("span", {}, words.filter(Boolean).join(" ")));
}

/** The grid and those beside it, on roads and water of our own. @param {Told} told */
function draw({ grids, ground, lane, about }) {
  const ink = TOKENS.interface.ink[0];
  L.geoJSON(ground, { interactive: false, style: (feature) => groundStyle(feature?.properties.kind) }).addTo(map);
  const own = L.geoJSON(grids, {
    interactive: false,
    style: (feature) => (feature === grids.features[0] ? { color: TOKENS.interface.primary[0], weight: 3.5, fillOpacity: 0.1 } : { color: ink, weight: 1.2, dashArray: "5 4", fill: false }),
  });
  own.addTo(map);
  const way = TOKENS.interface.amber[0];
  for (const [color, weight] of /** @type {const} */ ([["#fff", 8], [way, 4.5]])) L.geoJSON(lane, { interactive: false, style: { className: "lane", color, weight, fill: false } }).addTo(map);
  own.eachLayer((layer) => nameAt(/** @type {any} */ (layer)));
  if (about.lon !== null) {
    const at = L.latLng(about.lat, about.lon);
    if (about.accuracy_m) L.circle(at, { radius: about.accuracy_m, color: ink, weight: 1, fillOpacity: 0.06, interactive: false }).addTo(map);
    L.circleMarker(at, { radius: 7, color: "#fff", weight: 2, fillColor: "#B3261E", fillOpacity: 1, interactive: false }).addTo(map);
  }
  fit(grids.features.length ? /** @type {any} */ (own.getLayers()[0]).getBounds() : null, about);
}

/** @param {string} kind */
function groundStyle(kind) {
  const [colour, weight, filled] = { water: ["#BFD8E6", 2, true], green: ["#D9E5CF", 0, true], rail: ["#A9A49A", 1.5, false] }[kind] ?? ["#CFC9BD", 2.5, false];
  return { color: String(colour), weight: Number(weight), fill: Boolean(filled), fillColor: String(colour), fillOpacity: 0.8 };
}

/** The name of a grid in its middle, as text. @param {any} layer */
function nameAt(layer) {
  const word = el("span", {}, layer.feature.properties.name || layer.feature.properties.code);
  layer.bindTooltip(() => word, { permanent: true, direction: "center", className: "grid-name" }).openTooltip();
}

/** @param {L.LatLngBounds | null} bounds @param {Record<string, any>} about */
function fit(bounds, { lon, lat }) {
  map.invalidateSize({ animate: false });
  const at = lon === null ? null : L.latLng(lat, lon);
  const all = bounds ?? (at && at.toBounds(600));
  if (all) map.fitBounds(at ? all.extend(at) : all, { padding: [40, 40], animate: false });
}

async function open() {
  const told = await fillFrom(panel, "what.why", () => ask(`/api/issues/${encodeURIComponent(String(issue))}/why`));
  show(told);
  showScope(told.places.slice(-2));
  if (isPlaced(told)) {
    draw(told);
    scaleBar(/** @type {HTMLElement} */ (panel.querySelector(".why-map")), map);
  }
  document.title = `${say("one.title")} ${told.about.reference}`;
  panel.removeAttribute("aria-busy");
  document.body.dataset.ready = "why";
}

topBar(who);
open();
