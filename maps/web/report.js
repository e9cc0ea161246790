// A map for others: everything is inside the file, and text is set as text.
import { IN_BAND, classOf, excess, fillOf, limits, verdict } from "./balance.js";
import { borderPath, drawBorder, line } from "./borders.js";
import { World, boxOf, pane, paintLayer, placed, placedPoint } from "./chart.js";
import { config, el, part, replace } from "./dom.js";
import { drawGround, groundOf } from "./ground.js";
import { drawHeat, heatBands, heatLimits, raisedLimits } from "./heat.js";
import { drawLabels, innermost } from "./labels.js";
import { pattern } from "./patterns.js";
import { figure, say } from "./say.js";
import { fitInto, folded, mapButtons, scaleBar } from "./stage.js";
import { TOKENS } from "./tokens.js";

/** @typedef {import("./chart.js").View} View @typedef {import("./chart.js").Box} Box */
/** @typedef {{p: Record<string, any>, r?: number[][][], l?: number[][]}} Packed */
/** @typedef {{lon: number, lat: number, grid: string, is_settled: boolean, said: {text: string, name: string, at: string}[]}} Thread */
/** @typedef {{p: Record<string, any>, box: Box, rings: [number, number][][], path: Path2D, found: number | null, at: [number, number] | null}} Area */

const ROOM = { top: 36, right: 36, bottom: 64, left: 36 };
const LEGEND_ROOM = 36; // px, under it and over it
const LISTED = 200;
const MANY = 4000; // areas whose borders are drawn as they are, without looking for shared lines
const NAMED = 46; // px across, from which an area has room for its name
const PATTERN_INK = "rgba(22, 32, 43, 0.42)";
/** Classes that have a word of ours; others are shown as the file says them. */
const CLASSES = ["school", "hospital", "market", "park", "business_park", "industry", "construction"];
const { map: mapName } = config();
const map = folded(mapName);
const over = part("over");
const held = JSON.parse(part("data").textContent ?? "{}");

/** The places of a list of ways. @param {number[]} ways @returns {GeoJSON.Position[]} */
function positions(ways) {
  const found = [];
  let [x, y] = [0, 0];
  for (let i = 0; i < ways.length; i += 2) found.push([(x += ways[i]) * held.unit, (y += ways[i + 1]) * held.unit]);
  return found;
}

/** @param {Packed} packed @returns {GeoJSON.Feature} */
function feature({ p, r, l }) {
  const geometry = /** @type {any} */ (l ? { type: "MultiLineString", coordinates: l.map(positions) } : { type: "MultiPolygon", coordinates: (r ?? []).map((rings) => rings.map(positions)) });
  return { type: "Feature", properties: p, geometry };
}

/** @param {World} world @param {GeoJSON.Feature[]} features @returns {Area[]} */
function areasOf(world, features) {
  return features.map((f) => {
    const p = f.properties ?? {};
    const rings = world.parts(f.geometry);
    const counted = { households: p.households ?? null, low: p.low ?? null, high: p.high ?? null };
    return { p: { ...p, ...counted }, rings, box: boxOf(rings.flat()), path: world.path(f.geometry), found: p.special ? null : classOf(counted), at: null };
  });
}

/** Areas of a class as one path: a city has too many to paint one by one. @param {Area[]} areas @param {(area: Area) => number | null | undefined} of */
function byClass(areas, of) {
  /** @type {Map<number | null, Path2D>} */
  const paths = new Map();
  for (const area of areas) {
    const key = of(area);
    if (key === undefined) continue;
    const path = paths.get(key) ?? new Path2D();
    path.addPath(area.path);
    paths.set(key, path);
  }
  return paths;
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Map<number | null, Path2D>} classes */
function fillClasses(ctx, view, classes) {
  for (const [found, path] of classes) {
    const entry = TOKENS.balance[found ?? 3];
    const on = placed(path, view);
    ctx.globalAlpha = entry.opacity;
    ctx.fillStyle = fillOf(found, 0);
    ctx.fill(on, "evenodd");
    ctx.globalAlpha = 1;
    if (!entry.pattern || found === null) continue;
    ctx.fillStyle = pattern(ctx, entry.pattern === "dots" ? "dots" : "hatch", PATTERN_INK);
    ctx.fill(on, "evenodd");
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Box} box @param {World} world */
function paintHeat(ctx, view, box, world) {
  const points = held.cells.map((/** @type {number[]} */ [lon, lat, n]) => [...placedPoint(world.xy([lon, lat]), view), n]);
  drawHeat(ctx, heatBands(points, box, limitsAt(view.zoom), view.metresPerPixel), box, 0);
}

/** @param {number} zoom */
function limitsAt(zoom) {
  return raisedLimits(heatLimits(zoom, held.days || 92), held.mean ?? 0);
}

/** @param {Area[]} areas @param {View} view @param {Box} box */
function labelsOf(areas, view, box) {
  const ink = TOKENS.interface.ink[0];
  return areas.filter((area) => roomFor(area, view, box)).map((area) => {
    area.at ??= innermost(area.rings);
    const [x, y] = placedPoint(area.at, view);
    const lines = [[{ text: String(area.p.name ?? area.p.code), size: 12, weight: 400, colour: ink }]];
    if (area.p.households !== null && shadesBalance()) lines.push([{ text: figure(area.p.households), size: 14, weight: 600, colour: ink }]);
    return { x, y, rank: area.box[2] - area.box[0], lines };
  });
}

/** @param {Area} area @param {View} view @param {Box} box */
function roomFor({ box: [left, top, right, bottom] }, view, box) {
  const [[a, b], [c, d]] = [placedPoint([left, top], view), placedPoint([right, bottom], view)];
  return c - a > NAMED && d - b > NAMED / 2 && c > box[0] && a < box[2] && d > box[1] && b < box[3];
}

const shadesBalance = () => held.kind === "plan" || held.kind === "balance";

/** @param {World} world @param {Area[]} areas @param {GeoJSON.Feature[]} features */
function layersOf(world, areas, features) {
  const [ground, borders, faults] = [held.ground, held.borders, held.faults].map((all) => all.map(feature));
  const base = groundOf(world, ground);
  const edges = areas.length > MANY ? world.pathOfAll(features.map((f) => f.geometry)) : borderPath(world, features);
  const classes = shadesBalance() ? byClass(areas, (area) => area.found) : byClass(areas, () => (held.kind === "coverage" ? 3 : undefined));
  const moved = byClass(areas, (area) => (area.p.changed ? 1 : undefined)).get(1);
  const heavier = ["community", "subdistrict", "district"].map((kind) => ({ kind, path: borderPath(world, borders.filter((/** @type {any} */ f) => f.properties.kind === kind)) })); // once: a dash drawn twice is a line
  const torn = areasOf(world, faults);
  pane(map, "report", 300);
  return paintLayer(world, (ctx, view, box) => {
    drawGround(ctx, view, box, base, 0);
    if (held.cells.length) paintHeat(ctx, view, box, world);
    fillClasses(ctx, view, classes);
    if (moved) {
      ctx.fillStyle = pattern(ctx, "moved", "rgba(22, 32, 43, 0.34)");
      ctx.fill(placed(moved, view), "evenodd");
    }
    drawBorder(ctx, view, edges, held.kind === "net" ? "department" : "grid", 0);
    for (const { kind, path } of heavier) drawBorder(ctx, view, path, kind, 0);
    for (const fault of torn) paintFault(ctx, view, fault);
    drawLabels(ctx, [...pinsOf(world, view), ...labelsOf(areas, view, box)], 0, box);
  }, { pane: "report" }).addTo(map);
}

/** The places that were commented on, by their numbers in the list. @param {World} world @param {View} view */
function pinsOf(world, view) {
  return held.comments.map((/** @type {Thread} */ { lon, lat }, /** @type {number} */ i) => {
    const [x, y] = placedPoint(world.xy([lon, lat]), view);
    return { x, y, rank: 1e9 - i, badge: TOKENS.interface.bar[0], lines: [[{ text: figure(i + 1), size: 13, weight: 600, colour: TOKENS.interface["bar-ink"][0] }]] };
  });
}

/** What was said about places of a plan, each as it was typed. */
function comments() {
  if (!held.comments.length) return null;
  return el("section", { class: "comments" }, el("h2", {}, say("comment.title")), el("ol", {}, held.comments.map((/** @type {Thread} */ { grid, is_settled, said }) => el("li", {},
    said.map(({ text, name, at }, i) => el("p", {}, text, el("small", {}, [i ? "" : grid, name, at, is_settled && !i ? say("comment.is-settled") : ""].filter(Boolean).join(" · "))))))));
}

/** @param {CanvasRenderingContext2D} ctx @param {View} view @param {Area} fault */
function paintFault(ctx, view, fault) {
  const on = placed(fault.path, view);
  const colour = TOKENS.interface.red[0];
  ctx.fillStyle = pattern(ctx, fault.p.kind === "gap" ? "hatch" : "dots", colour);
  ctx.fill(on, "evenodd");
  line(ctx, on, colour, 2.5, fault.p.kind === "gap" ? [6, 4] : [], 1);
}

/** @param {World} world @param {Box} box */
function boundsOf(world, [left, top, right, bottom]) {
  return L.latLngBounds(world.latLng(left, bottom), world.latLng(right, top));
}

/** What the legend takes is not the map's. */
function roomNow() {
  const key = over.querySelector(".mark-key");
  return { ...ROOM, bottom: Math.max(ROOM.bottom, key instanceof HTMLElement ? key.offsetHeight + LEGEND_ROOM : 0) };
}

/** @param {World} world @param {Area[]} areas */
function rows(world, areas) {
  const listed = held.kind === "coverage" ? areasOf(world, held.faults.map(feature)) : areas;
  const order = { coverage: "hectares", issues: "issues" }[/** @type {string} */ (held.kind)];
  const weight = (/** @type {Area} */ area) => (shadesBalance() ? Math.abs(excess(/** @type {any} */ (area.p))) : Number(area.p[order ?? ""] ?? 0));
  const sorted = [...listed].sort((a, b) => weight(b) - weight(a));
  const list = el("ul", { class: "findings" }, sorted.slice(0, LISTED).map((area) => el("li", {},
    el("button", { type: "button", class: "place", onclick: () => fitInto(map, boundsOf(world, area.box), roomNow()) }, String(area.p.name ?? area.p.code)), " ", said(area))));
  const left = sorted.length - LISTED;
  return [list, left > 0 ? el("p", { class: "note" }, say("report.more", { n: figure(left) })) : null,
    held.kind === "coverage" && !listed.length ? el("p", { class: "state empty" }, say("report.whole")) : null];
}

/** @param {Area} area */
function said({ p }) {
  if (held.kind === "coverage") return say(`report.${p.kind}`, { n: p.hectares });
  if (held.kind === "issues") return say("report.of-issues", { n: figure(p.issues ?? 0) });
  if (!shadesBalance() || p.households === null) return classSaid(p);
  return `${say("report.of-households", { n: figure(p.households) })} ${p.special ? classSaid(p) : verdict(/** @type {any} */ (p))}`;
}

/** What a special grid is for. @param {Area["p"]} p @returns {string} */
function classSaid({ class: name, special }) {
  const said = CLASSES.includes(name) ? say(`class.${name}`) : String(name ?? "");
  return special ? [say("report.special"), said].filter(Boolean).join(" · ") : said;
}

/** What the colours mean, each with its sign. */
function legend() {
  if (held.cells.length) return heatLegend();
  if (!shadesBalance()) return null;
  const all = /** @type {Packed[]} */ (held.areas).map(({ p }) => p);
  const ruled = all.filter(({ low, high, special }) => !special && low !== undefined && high !== undefined);
  const bands = [...new Set(ruled.map(({ low, high }) => `${low} ${high}`))];
  const band = bands.length === 1 ? { low: ruled[0].low, high: ruled[0].high } : null; // limits differ with the rule of each
  return el("div", { class: "mark-key" }, el("b", {}, say("draw.legend")), band ? el("span", {}, say("plan.band", band)) : null, TOKENS.balance.map((entry, i) => el("span", {},
    el("i", { class: "swatch", css: { background: entry.light }, "aria-hidden": "true" }), i === IN_BAND ? say("balance.in-band") : `${entry.sign} ${band ? boundSaid(i, limits(band.low, band.high)) : ""}`)),
    held.kind === "plan" ? el("span", {}, el("i", { class: "sample moved", "aria-hidden": "true" }), say("report.changed")) : null);
}

/** The households of a class: below a limit, or above one. @param {number} i @param {number[]} bounds */
function boundSaid(i, bounds) {
  return i < IN_BAND ? `< ${figure(bounds[i])}` : `> ${figure(bounds[i - 1])}`;
}

/** What a colour of the heat begins at, beside it; below the first nothing is coloured. */
function heatLegend() {
  const steps = TOKENS.heat.map(([colour], i) => {
    const value = el("span", {});
    return { value, node: el("span", {}, el("i", { class: "swatch", css: { background: colour, opacity: TOKENS.heatOpacity[i] }, "aria-hidden": "true" }), value) };
  });
  const tell = () => limitsAt(map.getZoom()).forEach((limit, i) => void (steps[i].value.textContent = `≥ ${figure(limit)}`));
  map.on("zoomend", tell);
  tell();
  return el("div", { class: "mark-key" }, el("b", {}, say("report.issues")), el("span", {}, say("report.heat-unit")), steps.map(({ node }) => node));
}

function open() {
  const features = held.areas.map(feature);
  const all = L.geoJSON(/** @type {any} */ ({ type: "FeatureCollection", features: features.length > MANY ? features.filter((/** @type {any} */ _, /** @type {number} */ i) => i % 20 === 0) : features })).getBounds();
  const bounds = all.isValid() ? all : map.getBounds();
  const world = new World(bounds.getCenter());
  const areas = areasOf(world, features);
  held.mean = meanOf(bounds);
  const key = legend();
  if (key) over.append(key);
  const fit = () => fitInto(map, bounds, roomNow());
  fit();
  layersOf(world, areas, features);
  replace(part("panel"),
    el("div", { class: "panel-head" }, el("h1", {}, held.title || say(`report.${held.kind}`))),
    el("section", {}, held.title ? el("p", { class: "note" }, say(`report.${held.kind}`)) : null, held.as_of ? el("p", { class: "note" }, say("report.as-of", held.as_of)) : null, held.about.map((/** @type {string} */ told) => el("p", { class: "note" }, told)), held.period ? el("p", { class: "note" }, say(held.period.since ? "report.period" : "report.until", held.period)) : null, held.tolerance ? el("p", { class: "note" }, say("report.coarse", { n: held.tolerance })) : null,
      el("div", { class: "counts" }, held.figures.map((/** @type {[string, string]} */ [key, value]) => el("div", {}, el("b", {}, value), say(key))))),
    comments(), el("section", {}, rows(world, areas)));
  mapButtons(over, map, fit);
  scaleBar(over, map);
  document.body.dataset.ready = "report";
}

/** Issues a hectare of what is shown. @param {L.LatLngBounds} bounds */
function meanOf(bounds) {
  const total = held.cells.reduce((/** @type {number} */ sum, /** @type {number[]} */ cell) => sum + cell[2], 0);
  const [across, down] = [map.distance(bounds.getSouthWest(), bounds.getSouthEast()), map.distance(bounds.getSouthWest(), bounds.getNorthWest())];
  return total / Math.max(1, (across * down) / 10_000);
}

open();
