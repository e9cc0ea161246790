// The wall: figures, map, hot spots, queues and what came last; it runs for days and says when it is old.
import { Refusal, address, ask } from "../ask.js";
import { borderPath, drawBorder } from "../borders.js";
import { World, paintLayers, placedPoint } from "../chart.js";
import { config, el, part, replace, svg } from "../dom.js";
import { drawDot, drawFlag, glyph } from "../glyphs.js";
import { gridsOf } from "../grids.js";
import { built, drawGround, groundOf } from "../ground.js";
import { stateWord } from "../issue_marks.js";
import { areaOf } from "../labels.js";
import { badgesOf, roadNames } from "../names.js";
import { clock, day, figure, inMinutes, say, short } from "../say.js";
import { fitInto, folded } from "../stage.js";
import { TOKENS } from "../tokens.js";
import { readAddress } from "./filters.js";
import { QUEUES } from "./list.js";
import { calmly, follow } from "./live.js";
import { byUrgency, spread } from "./marks.js";
import { drawFields, drawFrame, drawHot, drawNames, fieldKey } from "./paint.js";
import { changeSaid, reachAt, spotName } from "./spots.js";

/** @typedef {import("./paint.js").Board} Board @typedef {import("./questions.js").Told} Told @typedef {import("./questions.js").Spot} Spot */
/** @typedef {Record<string, any>} Figures of `/api/board/figures` */

const { scope, map: mapName } = config();
document.documentElement.dataset.base = "dark";
const DAYS = 7;
const MINUTE = 60_000;
const RATES_MS = 5 * MINUTE; // rates and hot spots change slowly
const CALM_MS = 5000;
const STALE_MS = 3 * MINUTE;
const NEWEST = 5;
const APART = 26; // px between cards
const LEGEND = 190; // px, kept free below where the map is higher than wide
const map = folded(mapName);
const [figures, beside, foot, over] = [part("figures"), part("beside"), part("foot"), part("over")];
const head = headOf();

function headOf() {
  const [title, period, line, time] = [el("h1"), el("span", { class: "wall-period" }), el("span", { class: "live", role: "status" }), el("time")];
  document.querySelector(".bar")?.append(title, period, line, time);
  return { title, period, line, time };
}

async function readGround() {
  const areas = (/** @type {string} */ net, /** @type {string} */ kind) => ask(address("/api/areas.geojson", { scope, net, kind }));
  const [grids, communities, subdistricts, base] = await Promise.all([areas("grid", "grid"), areas("admin", "community"), areas("admin", "subdistrict"), ask(address("/api/base.geojson", { scope }))]);
  return { grids: grids.features, communities: communities.features, subdistricts: subdistricts.features, base: base.features };
}

/** @param {Awaited<ReturnType<typeof readGround>>} data @returns {Board} */
function boardOf({ grids, communities, subdistricts, base }) {
  const shown = (subdistricts.length ? subdistricts : grids).filter((/** @type {GeoJSON.Feature} */ f) => f.geometry);
  const drawn = L.geoJSON(/** @type {any} */ ({ type: "FeatureCollection", features: shown })).getBounds();
  const bounds = drawn.isValid() ? drawn : map.getBounds();
  const world = new World(bounds.getCenter());
  const metres = world.view(map).metresPerPixel * world.view(map).scale;
  const rings = subdistricts.flatMap((/** @type {GeoJSON.Feature} */ f) => world.parts(f.geometry));
  const { filter, shown: layers } = readAddress("");
  return {
    world, bounds, base: 1, picked: null, lifted: null, filter, shown: layers, now: Date.now(), period: { since: null, until: null },
    told: null, rows: [], cells: [], marks: null, seen: 0, marked: [], badged: [], spots: [], counts: new Map(), kind: "grid",
    ground: groundOf(world, base), grids: gridsOf(world, grids, new Map()), borders: new Path2D(), communities: borderPath(world, communities), subdistricts: borderPath(world, subdistricts),
    inside: world.pathOfAll(subdistricts.map((/** @type {GeoJSON.Feature} */ f) => f.geometry)), scoped: subdistricts.length > 0,
    hectares: (Math.abs(rings.reduce((/** @type {number} */ sum, /** @type {[number, number][]} */ ring) => sum + areaOf(ring), 0)) * metres ** 2) / 10_000,
    badges: badgesOf(world, communities, subdistricts), roads: roadNames(world, base),
  };
}

/** Until it comes: a screen that nobody stands before tries again by itself. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
async function insist(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof TypeError)) throw error; // TypeError: what fetch says without a network
    tellLine();
    await new Promise((next) => setTimeout(next, CALM_MS));
    return insist(work);
  }
}

let fresh = 0; // when figures last came
let cut = true; // the line of news

function tellLine() {
  const age = Date.now() - fresh;
  const stale = age > STALE_MS;
  head.line.textContent = !fresh ? say("state.loading") : stale ? say("wall.stale", { at: clock(new Date(fresh)) }) : age < MINUTE && !cut ? say("wall.now") : say("wall.ago", { n: Math.max(1, Math.round(age / MINUTE)) });
  head.line.classList.toggle("off", stale || cut);
  const now = new Date();
  head.time.textContent = `${clock(now)}`;
}

async function open() {
  setInterval(tellLine, 10_000);
  tellLine();
  const data = await insist(readGround);
  const board = boardOf(data);
  const fit = () => {
    const { x, y } = map.getSize();
    fitInto(map, board.bounds, { top: 30, right: 30, bottom: y > x ? LEGEND : 30, left: 30 });
  };
  fit();
  const repaint = paintLayers(map, board.world, [
    ["ground", (ctx, at, box) => drawGround(ctx, at, box, board.ground, 1)],
    ["fields", (ctx, at, box) => drawFields(ctx, at, box, board)],
    ["frame", (ctx, at, box) => (drawFrame(ctx, at, box, board), drawBorder(ctx, at, board.subdistricts, "subdistrict", 1))],
    ["names", (ctx, at, box) => drawNames(ctx, at, box, { ...board, grids: [] })],
    ["marks", (ctx, at) => drawOpen(ctx, at, board)],
    ["spots", (ctx, at, box) => drawHot(ctx, at, box, board)],
  ]);
  const legend = el("div", { class: "wall-legend" });
  over.append(legend);
  window.addEventListener("resize", () => {
    map.invalidateSize({ animate: false });
    fit();
    repaint("ground", "fields", "frame", "names", "marks", "spots");
  });
  ask(address("/api/places.geojson", { scope, kind: "building" })).then(({ features }) => {
    board.ground = built(board.ground, board.world, features);
    repaint("ground");
  }, () => undefined);
  /** @type {Figures | null} */
  let rates = null;
  /** @type {Spot[] | null} */
  let spots = null;
  /** @type {Told | null} */
  let waiting = null;
  await insist(now);
  document.body.dataset.ready = "wall";
  void insist(slowly);
  const hear = calmly(now, { calm: CALM_MS });
  follow(address("/api/events/stream", { noun: "issue", scope }), { happened: () => hear(), line: (line) => {
    cut = line !== "live";
    tellLine();
  } });
  setInterval(() => hear(), MINUTE);
  setInterval(() => void slowly().catch(() => undefined), RATES_MS);

  async function now() {
    const [week, undone] = await Promise.all([ask(address("/api/board", { scope, days: String(DAYS) })), ask(address("/api/board", { scope, is_open: "true" }))]);
    const period = { since: week.since, until: week.until };
    const sides = map.getBounds().pad(0.1);
    const view = { scope, west: sides.getWest().toFixed(5), south: sides.getSouth().toFixed(5), east: sides.getEast().toFixed(5), north: sides.getNorth().toFixed(5), zoom: String(map.getZoom()) };
    const [heat, marks, last] = await Promise.all([ask(address("/api/board/cells", { ...view, ...period })), ask(address("/api/board/cells", { ...view, ...period, is_open: "true" })), ask(address("/api/board/newest", { scope, limit: String(NEWEST) }))]);
    [board.told, board.period, waiting, fresh] = [week, period, undone, Date.now()];
    board.cells = heat.cells.map((/** @type {number[]} */ [lon, lat, n, reporters]) => ({ at: board.world.xy([lon, lat]), n, reporters }));
    board.marks = marks.marks && byUrgency(marks.marks.map((/** @type {any} */ mark) => ({ ...mark, at: board.world.xy([mark.lon, mark.lat]) })));
    head.title.textContent = say("wall.of", { scope: week.scope_name });
    head.period.textContent = say("wall.period", { n: DAYS });
    showFigures();
    showBeside();
    replace(foot, el("b", {}, say("wall.newest")), last.map(newestSaid));
    repaint("fields", "marks");
    showLegend(legend, board);
    tellLine();
  }
  async function slowly() {
    const { since, until } = board.period;
    const counted = ask(address("/api/board/figures", { scope })).then((told) => {
      rates = told;
      showFigures();
    });
    [spots] = await Promise.all([since ? ask(address("/api/board/spots", { scope, since, until, reach_m: String(reachAt(board.world.view(map).metresPerPixel)) })) : [], counted]);
    board.spots = (spots ?? []).map((/** @type {Spot} */ spot) => ({ ...spot, at: board.world.xy([spot.lon, spot.lat]) }));
    showBeside();
    repaint("spots");
  }
  function showFigures() {
    replace(figures, ...(board.told && waiting && rates ? tiles(rates, board.told, waiting) : []));
  }
  function showBeside() {
    if (waiting) replace(beside, queuesSaid(waiting), spots ? spotsListed(board.spots) : null);
  }
}

/** @param {number | null | undefined} share */
const percent = (share) => (share === null || share === undefined ? null : (share * 100).toFixed(1));

/** With its sign; a dash where there is none. @param {number | null | undefined} share */
const shareSaid = (share) => (percent(share) === null ? "–" : `${percent(share)}%`);

/** The six figures. @param {Figures} rates @param {Told} week @param {Told} undone */
function tiles(rates, week, undone) {
  const { all, days, arrivals } = rates;
  const shares = (/** @type {string} */ key) => days.map((/** @type {Figures} */ each) => each[key]).filter((/** @type {unknown} */ n) => n !== null);
  const [called, arrived] = ["called", "arrived"].map((key) => arrivals.reduce((/** @type {number} */ sum, /** @type {Figures} */ each) => sum + each[key], 0));
  const minutes = arrivals.reduce((/** @type {number} */ sum, /** @type {Figures} */ each) => sum + (each.minutes ?? 0) * each.arrived, 0);
  const rate = (/** @type {string} */ key, /** @type {Record<string, unknown>} */ values) => tile(key, percent(all[key]), "%", shares(key).map((/** @type {number} */ n) => n * 100), say(`wall.${key}-note`, values));
  return [
    tile("today", figure(rates.today), say("wall.pieces"), lastDays(week.days), say("wall.today-note", { change: grown(rates.today, rates.same_time_last_week) })),
    tile("unfinished", undone.total < 100_000 ? figure(undone.total) : short(undone.total), say("wall.pieces"), lastDays(undone.days), say("wall.unfinished-note", { red: figure(undone.cards.red ?? 0), yellow: figure(undone.cards.yellow ?? 0) })),
    rate("on_time", { days: DAYS + 1, n: figure(all.due ?? 0) }),
    rate("solved_in_grid", { share: shareSaid(all.solved_in_grid_verified) }),
    rate("satisfaction", { n: figure(all.called ?? 0) }),
    tile("arrival", arrived ? inMinutes(minutes / arrived) : null, say("wall.minutes"), arrivals.map((/** @type {Figures} */ each) => each.minutes).filter((/** @type {unknown} */ n) => n !== null), say("wall.arrival-note", { n: figure(called), arrived: figure(arrived) })),
  ];
}

/** @param {[string, number, number][]} days */
const lastDays = (days) => days.slice(-DAYS - 1).map(([, n]) => n);

/** ＋6% or －3%, by sign and word, no arrow colours. @param {number} now @param {number} then */
function grown(now, then) {
  if (!then) return "–";
  const by = Math.round(((now - then) / then) * 100);
  return `${by < 0 ? "－" : "＋"}${Math.abs(by)}%`;
}

/** @param {string} key @param {string | null} value @param {string} unit @param {number[]} trend @param {string} note */
function tile(key, value, unit, trend, note) {
  const name = say(`wall.${key}`);
  return el("div", { class: "wall-tile" }, el("h2", {}, name), el("p", { class: "wall-value" }, el("b", {}, value ?? "–"), value === null ? null : ` ${unit}`), trendLine(name, trend), el("p", { class: "wall-note" }, note));
}

/** @param {string} name @param {number[]} values */
function trendLine(name, values) {
  if (values.length < 2) return null;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const at = (/** @type {number} */ n, /** @type {number} */ i) => `${(4 + (i / (values.length - 1)) * 102).toFixed(1)} ${(34 - ((n - least) / (most - least || 1)) * 28).toFixed(1)}`;
  const last = at(values[values.length - 1], values.length - 1).split(" ");
  return svg("svg", { class: "wall-trend", viewBox: "0 0 112 40", role: "img", "aria-label": say("wall.trend", { name, values: values.map((n) => String(Math.round(n * 10) / 10)).join(" ") }) },
    svg("polyline", { points: values.map(at).join(" ") }), svg("circle", { cx: last[0], cy: last[1], r: 4 }));
}

/** Queue → the glyph of its state; a card or a question mark where it is no state. @param {string} key */
function queueSign(key) {
  if (key === "soon") return el("i", { class: "flag yellow" });
  return key === "unclaimed" ? el("i", { class: "unknown" }, "?") : glyph(key);
}

/** @param {Told} undone */
function queuesSaid({ queues }) {
  return el("div", {}, el("h2", {}, say("wall.queues")), el("div", { class: "wall-queues" }, QUEUES.map((key) => el("div", {}, el("span", {}, queueSign(key), say(`queue.${key}`)), el("b", {}, figure(queues[key] ?? 0))))));
}

/** @param {Spot[]} spots */
function spotsListed(spots) {
  return el("div", { class: "wall-spots" }, el("h2", {}, say("wall.spots"), el("small", {}, say("wall.against"))), spots.length ? el("ol", {}, spots.map((spot) => el("li", {}, el("b", { class: "rank" }, spot.rank),
    el("div", {}, el("b", {}, spotName(spot)), el("span", {}, [spot.services.join(say("list-comma")), spot.subdistrict].filter(Boolean).join(" · "))), el("b", { class: "n" }, figure(spot.n)), el("span", { class: "change" }, changeSaid(spot.n - spot.before) || "＝")))) : el("p", { class: "wall-note" }, say("wall.no-spots")));
}

/** @param {{at: string, state: string, service: string | null, service_name: string | null, grid: string | null, grid_name: string | null}} one */
function newestSaid(one) {
  return el("span", {}, glyph(one.state), el("span", { class: "unseen" }, stateWord(one.state)), el("time", { datetime: one.at, title: day(one.at) }, clock(one.at).split(" ").pop()), el("b", {}, one.service_name ?? one.service ?? say("none")), el("small", {}, one.grid_name ?? say("queue.unclaimed")));
}

/** Open issues of the period as dots, those with a card as that where it has room. @param {CanvasRenderingContext2D} ctx @param {import("../chart.js").View} view @param {Board} board */
function drawOpen(ctx, view, { marks }) {
  const placed = (marks ?? []).map(({ card, at }) => ({ card, place: placedPoint(at, view) }));
  const apart = spread(placed.map(({ place }) => place), APART);
  placed.forEach(({ card, place }, i) => (card && apart[i]) || drawDot(ctx, ...place, 1));
  placed.forEach(({ card, place: [x, y] }, i) => {
    if (!card || !apart[i]) return;
    ctx.save();
    ctx.translate(x - 8.5, y + 9);
    drawFlag(ctx, card);
    ctx.restore();
  });
}

/** @param {HTMLElement} room @param {Board} board */
function showLegend(room, board) {
  const key = fieldKey(board, map.getZoom());
  replace(room, el("p", {}, el("b", {}, say("wall.heat")), " ", say(key.unit)), el("div", { class: "heat-key" }, el("div", { class: "colours" }, key.colours.map((c) => el("i", { css: { background: c } }))), el("div", { class: "values" }, key.limits.map((limit) => el("span", {}, limit)))),
    board.marks ? el("p", { class: "glyph-key" }, el("span", {}, el("i", { class: "dot", css: { background: TOKENS.interface.ink[1] } }), say("wall.open")), ["yellow", "red"].map((card) => el("span", {}, el("i", { class: `flag ${card}` }), say(`card.${card}`)))) : null);
}

void open();
