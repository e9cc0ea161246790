// A department's inbox: what waits from every subdistrict, first due first; places of one trip; the card.
import { address, ask, fillFrom } from "../ask.js";
import { showScope, topBar } from "../bar.js";
import { config, el, part, replace } from "../dom.js";
import { choice } from "../field.js";
import { figure, say } from "../say.js";
import { listen } from "../live.js";
import { uncovered } from "../roving.js";
import { fitInto, folded, mapButtons, scaleBar, watchNetwork } from "../stage.js";
import { readGround } from "./base.js";
import { showCalled } from "./card.js";
import { showTrip } from "./float.js";
import { inboxMap, isPlaced, spotOf } from "./map.js";
import { showMonth } from "./month.js";
import { VISITED, inboxRows } from "./rows.js";
import { around, metresOf, tripOf } from "./trip.js";

/** @typedef {import("./rows.js").Row} Row @typedef {import("./rows.js").Inbox} Inbox */

const { who, map: mapName } = config();
const map = folded(mapName);
const [panel, over, card] = [part("panel"), part("over"), part("card")];
const TRIP = { most: 8, reach: 3000 }; // stops, metres from the first
const TICK_MS = 15_000;
const ROOM = { top: 64, right: 24, bottom: 40, left: 24 };

/** @type {Inbox} */
let told;
let street = new URLSearchParams(location.search).get("subdistrict") ?? "";
/** @type {number | null} */
let picked = null;
/** @type {Row[]} */
let trip = [];
/** @type {{heard: () => Promise<void>, said: () => string} | null} */
let open_ = null;
/** @type {ReturnType<typeof inboxMap> | null} */
let chart = null;

/** Sections without the name of the organisation they are of, which the bar says. @param {Inbox} inbox @returns {Inbox} */
const shortened = (inbox) => ({ ...inbox, sections: inbox.sections.map((party) => ({ ...party, name: party.name.replace(inbox.organisation?.name ?? "", "") || party.name })) });
const read = async () => shortened(await ask(address("/api/inbox", { subdistrict: street })));

const count = el("span", { class: "note", role: "status" });
const news = el("p", { class: "sent", role: "status" });
const where = el("div", {});
const list = el("div", { class: "worklist", id: "worklist", tabindex: "0", role: "region", "aria-label": say("inbox.title") });
const float = el("div", { class: "trip", hidden: true });
const rows = inboxRows(list, { pick, check });
// On a phone the map lies below all rows: what is chosen says so, and leads there.
const jump = el("button", { type: "button", class: "button main jump", hidden: true, onclick: () => {
  over.scrollIntoView({ block: "end" });
  fitTrip();
  /** @type {HTMLElement | null} */ (float.querySelector("button"))?.focus({ preventScroll: true });
} });

/** @param {Row} row */
const number = (row) => trip.findIndex(({ task }) => task === row.task) + 1;

function show() {
  const now = Date.now();
  const byTask = new Map(told.rows.map((row) => [row.task, row]));
  trip = trip.flatMap((row) => byTask.get(row.task) ?? []).filter((row) => VISITED.includes(row.owes));
  const name = told.organisation?.name ?? "";
  count.textContent = say("inbox.count", { name, n: figure(told.total) });
  showScope(name ? [name] : []);
  replace(where, told.subdistricts.length > 1 || street ? streets() : null);
  rows.show(told, { picked, stops: new Map(trip.map((row) => [row.task, number(row)])), now });
  draw();
}

function streets() {
  const all = /** @type {[string, string][]} */ ([["", say("inbox.every")], ...told.subdistricts.map(({ code, name, n }) => [code, `${name} ${figure(n)}`])]);
  const made = choice("inbox-where", all, (code) => {
    street = code;
    const query = new URLSearchParams(location.search);
    if (code) query.set("subdistrict", code);
    else query.delete("subdistrict");
    history.replaceState(null, "", `?${query}`);
    void again();
  }, street);
  made.setAttribute("aria-label", say("inbox.where"));
  return made;
}

/** Only the marks and the float: what a check of a box changes. */
function draw() {
  const visited = told.rows.filter((row) => VISITED.includes(row.owes));
  chart?.show({ rows: told.rows, trip, picked });
  jump.hidden = !trip.length;
  jump.textContent = say("trip.look", { n: trip.length });
  showTrip(float, {
    trip, metres: metresOf(trip.map(spotOf), [...trip.keys()]), canNear: visited.filter(isPlaced).length > 1, unplaced: visited.filter((row) => !isPlaced(row)).length, sections: told.sections,
  }, { near, clear: () => set([]), earlier, sent: (said) => {
    trip = [];
    void again(said);
  }, taken: (said) => void again(said) });
}

/** @param {Row[]} stops */
function set(stops) {
  trip = stops;
  show();
}

/** @param {Row} row @param {boolean} on */
function check(row, on) {
  const rest = trip.filter(({ task }) => task !== row.task);
  set(on ? [...rest, row] : rest);
}

/** What was chosen in the shortest order; where nothing was, what lies around the most urgent. */
function near() {
  const free = told.rows.filter((row) => VISITED.includes(row.owes) && isPlaced(row)).sort((a, b) => Date.parse(a.by) - Date.parse(b.by));
  const first = free.find((row) => row.task === picked) ?? free[0];
  const chosen = trip.length > 1 ? trip : around(free.map(spotOf), free.indexOf(first), TRIP).map((i) => free[i]);
  set(tripOf(chosen.map(spotOf)).map((i) => chosen[i]));
  fitTrip();
}

function fitTrip() {
  if (trip.length > 1) fitInto(map, L.latLngBounds(trip.map((row) => [spotOf(row)[1], spotOf(row)[0]])), { ...ROOM, top: 40 + float.offsetHeight });
}

/** @param {Row} row one stop earlier */
function earlier(row) {
  const at = trip.indexOf(row);
  set([...trip.slice(0, at - 1), row, trip[at - 1], ...trip.slice(at + 1)]);
}

/** @param {Row} row @param {string} [news] what its card says at first */
function pick(row, news) {
  picked = row.task;
  rows.mark(picked);
  open_ = showCalled(card, row, { sections: told.sections, now: Date.now() }, { close, changed: (said) => void again(said) }, news);
  map.invalidateSize({ animate: false, pan: false });
  fitTrip();
  if (isPlaced(row) && !map.getBounds().contains([Number(row.lat), Number(row.lon)])) map.panTo([Number(row.lat), Number(row.lon)], { animate: false });
  draw();
}

function close() {
  const was = picked;
  [picked, open_] = [null, null];
  card.hidden = true;
  map.invalidateSize({ animate: false, pan: false });
  show();
  rows.focus(was);
}

/** The inbox as it is now; the card of a row that has moved on is shown anew. @param {string} [said] */
async function again(said) {
  const before = told.rows.find((row) => row.task === picked);
  const now = await read();
  if (said === undefined && JSON.stringify(now) === JSON.stringify(told)) return; // nobody's hand is disturbed
  told = now;
  if (said !== undefined) replace(news, said); // until the next deed: what others do takes nothing away
  const row = told.rows.find((each) => each.task === picked);
  show();
  if (row && before && (row.version !== before.version || row.state !== before.state) && !card.querySelector(".deeds form")) {
    const inside = card.contains(document.activeElement);
    pick(row, said === undefined ? open_?.said() : ""); // nor what the card said of a deed refused
    if (inside) /** @type {HTMLElement | null} */ (card.querySelector("h2"))?.focus();
  }
  else if (!row && picked !== null && !card.querySelector(".deeds form")) close();
}

/** What lies under the work: the ground, and borders; of a whole city those of its districts. @param {string} scope code, or '' @returns {Promise<import("./map.js").Area>} */
async function landOf(scope) {
  const features = (/** @type {string} */ path, /** @type {Record<string, string>} */ query) => ask(address(path, { scope, ...query })).then((answer) => answer.features, () => []);
  const borders = (/** @type {string} */ kind) => features("/api/areas.geojson", { net: "admin", kind });
  const [subdistricts, communities, ground] = await Promise.all([borders(scope ? "subdistrict" : "district"), scope ? borders("community") : [], readGround()]);
  return { subdistricts, communities, ground };
}

async function open() {
  told = await fillFrom(panel, "what.inbox", read);
  panel.removeAttribute("aria-busy");
  replace(panel, el("div", { class: "panel-head" }, el("h1", {}, say("inbox.title")), count, where), told.organisation ? null : el("p", { class: "note nobody" }, say("inbox.nobody")), news, list, jump);
  const scope = told.organisation?.area ?? "";
  const area = await landOf(scope);
  const land = L.geoJSON(/** @type {any} */ ({ type: "FeatureCollection", features: [...area.subdistricts, ...area.communities] })).getBounds();
  const spots = told.rows.filter(isPlaced).map((row) => /** @type {[number, number]} */ ([Number(row.lat), Number(row.lon)]));
  const bounds = spots.length ? L.latLngBounds(spots).pad(0.1) : land.isValid() ? land : map.getBounds();
  chart = inboxMap(map, area, bounds.getCenter());
  over.append(float);
  const fit = () => fitInto(map, bounds, ROOM);
  mapButtons(over, map, fit);
  scaleBar(over, map);
  fit();
  map.on("click", ({ latlng }) => {
    const row = chart?.at(latlng);
    if (row) pick(row);
  });
  show();
  const asked = told.rows.find((row) => String(row.task) === new URLSearchParams(location.search).get("task"));
  if (asked) pick(asked);
  setInterval(() => rows.tick(Date.now()), TICK_MS);
  listen(address("/api/events/stream", { noun: "issue" }), async () => {
    await again();
    await open_?.heard();
  });
  document.body.dataset.ready = "inbox";
}

topBar(who);
uncovered(card);
watchNetwork();
void showMonth();
open();
