// The whole city as it is in force: vector tiles of the published net, what is in view, whose a grid is.
import { address, ask, fillFrom, later, sentenceOf } from "../ask.js";
import { keepAddressInLanguageLink, topBar } from "../bar.js";
import { World } from "../chart.js";
import { config, darkened, el, part, whenDarkened } from "../dom.js";
import { say } from "../say.js";
import { fitInto, folded, mapButtons, onceAFrame, scaleBar, watchNetwork } from "../stage.js";
import { lookAhead } from "./ahead.js";
import { draftsOver } from "./drafts.js";
import { addressOf, tileLayer } from "./layers.js";
import { KEYS, MEASURES } from "./measures.js";
import { namesLayer, seenOf } from "./names.js";
import { paintAreas, paintGround } from "./paint.js";
import { cityPanel } from "./panel.js";
import { SCALE, SIDE, Tiles, shapeAt } from "./tiles.js";

/** @typedef {import("./panel.js").Found} Found @typedef {{code: string, held: any, at: L.LatLng}} Picked */

const { who, map: mapName } = config();
const map = folded(mapName);
const [panel, over] = [part("panel"), part("over")];
const ROOM = { top: 16, right: 16, bottom: 40, left: 16 };
const [LEAST_ZOOM, MOST_ZOOM, GRID_ZOOM, NEAR_ZOOM] = [7, 18, 13, 16];
const LOOK_MS = 60_000;
const TOTAL_ZOOM = 8; // of tiles: districts of the city, whole
/** Layer → zooms of the map in which its areas are named. @type {Record<string, [number, number]>} */
const NAMED = { districts: [0, 11], subdistricts: [11, 14], communities: [13, 18], grids: [14, 18], base: [14, 18] };

/** @param {{edition: string, bounds: number[]}} told */
function show({ edition, bounds }) {
  const [west, south, east, north] = bounds;
  const whole = L.latLngBounds([south, west], [north, east]);
  const query = new URLSearchParams(location.search);
  const asked = /** @type {typeof KEYS[number]} */ (query.get("by"));
  /** @type {import("./paint.js").Scene & {picked: Picked | null}} */
  const scene = { base: darkened(), measure: KEYS.includes(asked) ? asked : "in_band", open: new Map(), only: null, latitude: (south + north) / 2, picked: null };
  /** @type {ReturnType<typeof draftsOver> | null} */
  let drafts = null;
  const tiles = new Tiles((group, { z, x, y }) => `/tiles/${group}/${z}/${x}/${y}.mvt?v=${edition}`);
  const failed = (/** @type {unknown} */ error) => tell(sentenceOf(error, "what.tiles"));
  watchEdition(edition);
  const options = { bounds: whole.pad(0.02), failed };
  Object.assign(map.options, { zoomSnap: 1, minZoom: LEAST_ZOOM, maxZoom: MOST_ZOOM });
  map.invalidateSize({ animate: false });
  const fit = () => fitInto(map, whole, ROOM);
  place(query) || fit();
  map.setMaxBounds(whole.pad(0.5));
  const ground = tileLayer(map, "ground", 200, tiles, (ctx, drawn, at) => paintGround(ctx, drawn, at, scene), options);
  const areas = tileLayer(map, "areas", 220, tiles, (ctx, drawn, at) => paintAreas(ctx, drawn, at, scene), options);
  const names = namesLayer(map, new World(whole.getCenter()), () => ({
    base: scene.base, measure: scene.measure, picked: scene.picked?.code ?? null, told: (held) => MEASURES[scene.measure].told(held, scene.open),
    of: (layer) => (named(layer) ? seenOf(map, tiles, areas.addresses(), layer) : new Map()),
    parts: (code) => partsOf(code),
  }));
  const ahead = lookAhead(map, tiles, ["areas", "ground"], MOST_ZOOM);
  const shown = cityPanel(panel, { measure, only, pick, go, close: () => choose(null), into });
  mapButtons(over, map, fit);
  scaleBar(over, map);
  whenDarkened((base) => {
    scene.base = base;
    ground.repaint();
    drafts?.repaint();
    repaint();
  });
  const cross = el("i", { class: "crosshair", hidden: true, "aria-hidden": "true" });
  over.append(cross);
  shown.choose(scene.measure);
  shown.picked(null, scene.measure, scene.open);
  /** While tiles come neither names nor the list would be right: they wait for the last. */
  const settled = onceAFrame(() => {
    if (areas.layer.isLoading()) return;
    names.repaint();
    mirror();
    remember();
  });
  areas.layer.on("load", () => {
    painted();
    if (!map.hasLayer(ground.layer)) begin();
  });
  map.on("moveend", settled);
  map.on("click", (event) => choose(event.latlng));
  watchKeys();
  areas.layer.addTo(map);
  if (scene.measure === "open") readOpen();

  /** Every tile of a layer is there; of both: the body says so. */
  function painted() {
    settled();
    if (areas.layer.isLoading() || ground.layer.isLoading()) return;
    document.body.dataset.drawn = String(map.getZoom());
    ahead.soon();
  }
  /** What comes after the first frame: the ground under it, the figures of the city. */
  function begin() {
    ground.layer.addTo(map);
    ground.layer.on("load", painted);
    later(over, "what.tiles", totals(), shown.total);
    drafts = draftsOver(map, shown.drafts, scene, query.get("plan"), { ...options, over, changed: remember, show: ([w, s, e, n]) => fitInto(map, L.latLngBounds([s, w], [n, e]), ROOM) });
    document.body.dataset.ready = "city";
  }
  async function totals() {
    const [a, b] = [[north, west], [south, east]].map(([lat, lon]) => map.project([lat, lon], TOTAL_ZOOM + 1).divideBy(SIDE).floor());
    const wanted = [];
    for (let x = a.x; x <= b.x; x++) for (let y = a.y; y <= b.y; y++) wanted.push(tiles.get("areas", { z: TOTAL_ZOOM, x, y }));
    const found = (await Promise.all(wanted)).flatMap((drawn) => drawn.get("districts")?.shapes ?? []);
    return [...new Map(found.map(({ held }) => [held.code, held])).values()];
  }
  /** @param {string} layer */
  function named(layer) {
    const [from, to] = NAMED[layer];
    return map.getZoom() >= from && map.getZoom() <= to;
  }
  /** The parts of an area in the tiles in view. @param {string} code */
  function partsOf(code) {
    const origin = map.getPixelOrigin();
    return areas.addresses().flatMap((at) => (tiles.peek("grids", at)?.shapes ?? []).filter(({ held }) => held.code === code)
      .map((shape) => ({ shape, dx: at.x * SIDE - origin.x, dy: at.y * SIDE - origin.y })));
  }
  /** The list says what the map shows. */
  function mirror() {
    const frame = map.getPixelBounds().getTopLeft().subtract(map.getPixelOrigin());
    const size = map.getSize();
    const inView = [...seenOf(map, tiles, areas.addresses(), "grids").values()].filter(({ shape: { box }, dx, dy }) => {
      const [left, top, right, bottom] = [box[0] * SCALE + dx - frame.x, box[1] * SCALE + dy - frame.y, box[2] * SCALE + dx - frame.x, box[3] * SCALE + dy - frame.y];
      return right > 0 && bottom > 0 && left < size.x && top < size.y;
    });
    shown.list(inView.map(({ shape }) => shape.held), scene.measure, scene.open, scene.picked?.code ?? null);
  }
  /** The area under a place, as it is drawn now. @param {L.LatLng} at */
  function areaAt(at) {
    const zoom = map.getZoom();
    const pixel = map.project(at, zoom).divideBy(SIDE);
    const coords = /** @type {L.Coords} */ (Object.assign(pixel.floor(), { z: zoom }));
    const drawn = tiles.peek("grids", addressOf(coords));
    const [x, y] = [(pixel.x - coords.x) * (SIDE / SCALE), (pixel.y - coords.y) * (SIDE / SCALE)];
    return shapeAt(drawn?.shapes ?? [], x, y);
  }
  /** @param {L.LatLng | null} at */
  function choose(at) {
    const shape = at && areaAt(at);
    scene.picked = at && shape ? { code: shape.held.code, held: shape.held, at } : null;
    shown.picked(scene.picked?.held ?? null, scene.measure, scene.open);
    names.repaint();
    if (scene.picked) void answer(scene.picked);
  }
  /** Whose a place is. @param {Picked} picked */
  async function answer(picked) {
    const { lng, lat } = picked.at.wrap();
    try {
      const told = await ask(address("/api/lookup/who", { lon: lng.toFixed(7), lat: lat.toFixed(7), datum: "wgs84" }));
      if (scene.picked === picked) shown.answers(told);
    } catch (error) {
      if (scene.picked === picked) shown.failed(error, () => void answer(picked));
    }
  }
  /** An area of the list: it is shown, and picked at its middle. @param {string} code */
  function pick(code) {
    const seen = seenOf(map, tiles, areas.addresses(), "grids").get(code);
    if (!seen) return;
    const at = innerPoint(seen);
    if (!map.getBounds().contains(at)) map.panTo(at, { animate: false });
    choose(at);
  }
  /** @param {import("./names.js").Seen} seen */
  function innerPoint({ shape, dx, dy }) {
    const point = shape.rings[0].reduce((sum, { x, y }) => [sum[0] + x / shape.rings[0].length, sum[1] + y / shape.rings[0].length], [0, 0]);
    return map.layerPointToLatLng([point[0] * SCALE + dx, point[1] * SCALE + dy]);
  }
  /** What was looked for: it is shown, and picked once it is drawn. @param {Found} found */
  function go({ at: [lon, lat], box, kind }) {
    const at = L.latLng(lat, lon);
    areas.layer.once("load", () => choose(at));
    if (box) fitInto(map, L.latLngBounds([box[1], box[0]], [box[3], box[2]]), ROOM);
    else map.setView(at, NEAR_ZOOM, { animate: false });
    if (kind === "grid" && map.getZoom() < GRID_ZOOM) map.setView(at, GRID_ZOOM, { animate: false });
    if (!areas.layer.isLoading()) choose(at);
  }
  function into() {
    if (scene.picked) map.setView(scene.picked.at, Math.min(MOST_ZOOM, Math.max(map.getZoom() + 2, 10)), { animate: false });
  }
  /** @param {typeof KEYS[number]} key */
  function measure(key) {
    scene.measure = key;
    only(null);
    shown.choose(key);
    if (key === "open" && !scene.open.size) readOpen();
    remember();
  }
  /** @param {number | null} step */
  function only(step) {
    scene.only = step;
    repaint();
  }
  function repaint() {
    areas.repaint();
    settled();
    if (scene.picked) shown.picked(scene.picked.held, scene.measure, scene.open), void answer(scene.picked);
  }
  /** Open issues by area, of every kind that is ever coloured. */
  function readOpen() {
    const kinds = ["subdistrict", "community", "grid"].map((kind) => ask(address("/api/board/areas", { kind, is_open: "true" })));
    later(over, "what.issues", Promise.all(kinds), (told) => {
      scene.open = new Map(told.flat().map((/** @type {any} */ { code, is_open: n }) => [code, n]));
      repaint();
    });
  }
  function remember() {
    const { lat, lng } = map.getCenter();
    const kept = new URLSearchParams(location.search);
    kept.set("at", `${map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}`);
    kept.set("by", scene.measure);
    if (drafts?.shown) kept.set("plan", drafts.shown);
    else if (drafts) kept.delete("plan");
    history.replaceState(null, "", `?${kept}`);
    keepAddressInLanguageLink();
  }
  /** Arrows and + − are Leaflet's; Enter picks what lies in the middle, Escape lets it go. */
  function watchKeys() {
    const room = map.getContainer();
    room.addEventListener("focus", () => void (cross.hidden = false));
    room.addEventListener("blur", () => void (cross.hidden = true));
    room.addEventListener("keydown", (event) => {
      if (event.key === "Enter") choose(map.getCenter());
      if (event.key === "Escape") choose(null);
    });
  }
}

/** What was published meanwhile is offered: where the map stands is in its address. @param {string} edition */
function watchEdition(edition) {
  const look = async () => {
    const newest = document.hidden ? edition : await ask("/tiles/grids.json").then(editionOf, () => edition);
    if (newest !== edition && !over.querySelector(".stale")) over.append(el("p", { class: "stale", role: "status" }, say("city.stale"), el("button", { type: "button", class: "button small", onclick: () => location.reload() }, say("city.reload"))));
  };
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look);
}

/** @param {{tiles: string[]}} told TileJSON */
const editionOf = ({ tiles }) => new URL(tiles[0].replace(/[{}]/gu, "")).searchParams.get("v") ?? "";

/** Where the address says the map is to be. @param {URLSearchParams} query */
function place(query) {
  const [zoom, lat, lon] = (query.get("at") ?? "").split("/").map(Number);
  if (![zoom, lat, lon].every(Number.isFinite) || !query.get("at")) return false;
  map.setView([lat, lon], Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, Math.round(zoom))), { animate: false });
  return true;
}

/** @param {string} sentence */
function tell(sentence) {
  over.querySelector(".missing")?.remove();
  over.append(el("p", { class: "pill missing", role: "status" }, sentence));
}

async function open() {
  const told = await fillFrom(panel, "what.tiles", () => ask("/tiles/grids.json"));
  if (told.bounds) return show({ edition: editionOf(told), bounds: told.bounds });
  panel.removeAttribute("aria-busy");
  panel.replaceChildren(el("p", { class: "state empty" }, say("city.empty")));
  document.body.dataset.ready = "city";
}

topBar(who);
watchNetwork();
open();
