// The report of an import: outlines, what was found and where, the list beside it.
import { borderPath, line } from "./borders.js";
import { World, pane, paintLayer, placed, placedPoint } from "./chart.js";
import { config, el, part, replace, svg } from "./dom.js";
import { cornersOf, grouped, placeOf } from "./findings.js";
import { pattern } from "./patterns.js";
import { english, figure, say } from "./say.js";
import { fitInto, folded, mapButtons, scaleBar } from "./stage.js";
import { TOKENS } from "./tokens.js";

/** @typedef {import("./findings.js").Finding} Finding */
/** @typedef {{finding: Finding, at: [number, number] | null, path: Path2D | null}} Spot */

const SHOWN = 20;
const CLOSE_ZOOM = 17;
const ROOM = { top: 36, right: 36, bottom: 64, left: 36 };
const ROWS_NAMED = 8;
const CROWD = 150;
const QUIET = new Set(["repaired", "info"]);
const { map: mapName } = config();
const map = folded(mapName);
const over = part("over");
/** @type {{reports: any[], outlines: GeoJSON.FeatureCollection, titles: Record<string, [string, string]>}} */
const held = JSON.parse(part("data").textContent ?? "{}");
/** @type {Finding[]} */
const findings = held.reports.flatMap((report) => report.findings);
/** @type {Finding | null} */
let picked = null;
/** The row of each finding shown, and how to show that of one that is not. @type {WeakMap<Finding, HTMLElement>} */
const items = new WeakMap();
/** @type {WeakMap<Finding, () => void>} */
const filling = new WeakMap();
const REACH = 14;

// Severity → colour and shape: nothing is told by colour alone.
/** @type {Record<string, [string, string]>} */
const MARKS = {
  error: [TOKENS.interface.red[0], "cross"], quarantined: [TOKENS.interface.red[0], "diamond"],
  question: [TOKENS.interface.primary[0], "ring"], repaired: [TOKENS.interface.amber[0], "square"], info: [TOKENS.interface["ink-2"][0], "dot"],
};

// Shapes around 0, 0.
/** @type {Record<string, string>} */
const OUTLINES = {
  cross: "M-5 -5L5 5M-5 5L5 -5", diamond: "M0 -6L6 0 0 6 -6 0Z", square: "M-4 -4H4V4H-4Z",
  ring: "M0 -4.5A4.5 4.5 0 1 1 0 4.5 4.5 4.5 0 1 1 0 -4.5Z", dot: "M0 -3A3 3 0 1 1 0 3 3 3 0 1 1 0 -3Z",
};
const OPEN = new Set(["cross", "ring"]);

function boundsOf() {
  const drawn = L.geoJSON(held.outlines).getBounds();
  const outlines = /** @type {import("./findings.js").Corners | null} */ (drawn.isValid() ? [drawn.getWest(), drawn.getSouth(), drawn.getEast(), drawn.getNorth()] : null);
  const places = findings.map(placeOf).filter((at) => at !== null);
  const corners = cornersOf(places, outlines);
  return corners ? L.latLngBounds([corners[1], corners[0]], [corners[3], corners[2]]) : map.getBounds();
}

/** @param {World} world */
function layerOf(world) {
  const outlines = borderPath(world, held.outlines.features);
  const land = world.pathOfAll(held.outlines.features.map((f) => f.geometry));
  /** @type {Spot[]} */
  const spots = findings.map((finding) => {
    const at = placeOf(finding);
    return { finding, at: at && world.xy(at), path: finding.geometry && finding.geometry.type !== "Point" ? world.path(finding.geometry) : null };
  });
  const crowded = spots.filter((spot) => spot.at).length > CROWD;
  pane(map, "findings", 300);
  return paintLayer(world, (ctx, view) => {
    ctx.fillStyle = TOKENS.ground.block[0];
    ctx.fill(placed(land, view));
    line(ctx, placed(outlines, view), TOKENS.interface["ink-2"][0], 1.1, [], 0.9);
    const small = crowded && map.getZoom() < CLOSE_ZOOM - 1;
    for (const spot of [...spots].reverse()) drawSpot(ctx, view, spot, small && QUIET.has(spot.finding.severity));
  }, { pane: "findings" }).addTo(map);
}

/** Of many, what needs no answer is drawn small. @param {CanvasRenderingContext2D} ctx @param {import("./chart.js").View} view @param {Spot} spot @param {boolean} small */
function drawSpot(ctx, view, { finding, at, path }, small) {
  const [colour, shape] = MARKS[finding.severity] ?? MARKS.info;
  if (path) {
    const on = placed(path, view);
    ctx.fillStyle = pattern(ctx, "hatch", colour);
    ctx.fill(on, "evenodd");
    line(ctx, on, colour, 1.5, [], 1);
  }
  if (!at) return;
  const [x, y] = placedPoint(at, view);
  if (finding === picked) drawRing(ctx, x, y);
  ctx.save();
  ctx.translate(x, y);
  if (small) ctx.scale(0.45, 0.45);
  const mark = new Path2D(OUTLINES[shape]);
  ctx.lineWidth = OPEN.has(shape) ? 4.5 : 2.5;
  ctx.strokeStyle = "#FFFFFF";
  ctx.stroke(mark);
  ctx.lineWidth = 2;
  ctx.fillStyle = ctx.strokeStyle = colour;
  if (OPEN.has(shape)) ctx.stroke(mark);
  else ctx.fill(mark);
  ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y */
function drawRing(ctx, x, y) {
  ctx.beginPath();
  ctx.arc(x, y, 13, 0, 7);
  ctx.lineWidth = 3.6;
  ctx.strokeStyle = TOKENS.interface.live[0];
  ctx.stroke();
}

/** @param {any} report */
function heading(report) {
  const count = (/** @type {number} */ n, /** @type {string} */ key) => el("div", {}, el("b", {}, figure(n)), say(key));
  const about = [report.file.startsWith(`${report.layer}.`) ? "" : report.layer, report.crs, report.datum, say("defect.read", { n: figure(report.rows_read) })].filter(Boolean);
  return el("section", {}, el("h2", { class: "file" }, report.file), el("p", { class: "note" }, about.join(" · ")),
    el("div", { class: "counts" }, count(report.rows_used, "defect.used"), count(report.rows_repaired, "defect.repaired"), count(report.rows_waiting, "defect.waiting"), count(report.rows_quarantined, "defect.quarantined")));
}

/** @param {string} code */
function titleOf(code) {
  const [zh, en] = held.titles[code] ?? [code, code];
  return english ? en : zh;
}

/** @param {{code: string, severity: string, findings: Finding[]}} group @param {(finding: Finding) => void} pick */
function section(group, pick) {
  const list = el("ul", { class: "findings" });
  const answer = group.findings[0].answer;
  const more = el("button", { type: "button", class: "button", onclick: () => fill(list.childElementCount + SHOWN * 5) });
  const fill = (/** @type {number} */ most) => {
    replace(list, group.findings.slice(0, most).map((finding) => item(finding, pick)));
    const left = group.findings.length - list.childElementCount;
    more.hidden = left <= 0;
    more.textContent = say("defect.more", { n: figure(left) });
  };
  fill(SHOWN);
  group.findings.forEach((finding, n) => filling.set(finding, () => n >= list.childElementCount && fill(n + SHOWN)));
  return el("section", {}, el("h2", {}, el("span", {}, el("span", { class: `kind ${group.severity}` }, say(`severity.${group.severity}`)), titleOf(group.code)), el("small", { title: group.code }, figure(group.findings.length))),
    answer ? el("p", { class: "note answer" }, say("defect.answer"), " ", el("code", {}, answer)) : null, list, more);
}

/** @param {Finding} finding @param {(finding: Finding) => void} pick */
function item(finding, pick) {
  const at = placeOf(finding);
  const rows = finding.rows.slice(0, ROWS_NAMED).join(", ") + (finding.rows.length > ROWS_NAMED ? " …" : "");
  const row = el("li", {}, el("p", { class: "said" }, english ? finding.en : finding.zh),
    finding.before || finding.after ? el("p", { class: "change" }, `${say("defect.before")} ${finding.before || say("none")} → ${say("defect.after")} `, el("ins", {}, finding.after || say("none"))) : null,
    el("p", { class: "note" }, finding.rows.length ? say("defect.row", { n: rows }) : null, finding.feature ? ` ${finding.feature} ` : " ",
      at ? el("button", { type: "button", class: "place", onclick: () => pick(finding) }, `${at[0].toFixed(5)}, ${at[1].toFixed(5)}`) : null,));
  if (finding === picked) row.classList.add("picked");
  items.set(finding, row);
  return row;
}

/** One line for each gravity found, with its mark. */
function legend() {
  const found = new Set(findings.map((finding) => finding.severity));
  const marks = Object.entries(MARKS).filter(([severity]) => found.has(severity));
  return el("div", { class: "mark-key", hidden: !marks.length }, marks.map(([severity, [colour, shape]]) => {
    const drawing = svg("svg", { viewBox: "-8 -8 16 16", class: "glyph", "aria-hidden": "true" },
      svg("path", { d: OUTLINES[shape], fill: OPEN.has(shape) ? "none" : colour, stroke: OPEN.has(shape) ? colour : "none", "stroke-width": 2 }));
    return el("span", {}, drawing, say(`severity.${severity}`));
  }));
}

/** How far from a click a finding lies, in pixels. @param {any} event @param {Finding} finding */
function distance(event, finding) {
  const [lon, lat] = placeOf(finding) ?? [0, 0];
  return event.containerPoint.distanceTo(map.latLngToContainerPoint([lat, lon]));
}

/** Bring a finding's row into sight, asking for more of its kind first. @param {Finding} finding */
function reveal(finding) {
  const filled = filling.get(finding);
  filled?.();
  const row = items.get(finding);
  for (const other of document.querySelectorAll(".findings .picked")) other.classList.remove("picked");
  row?.classList.add("picked");
  row?.scrollIntoView({ block: "center" });
}

function open() {
  const bounds = boundsOf();
  const fit = () => fitInto(map, bounds, ROOM);
  fit();
  const layer = layerOf(new World(bounds.getCenter()));
  const pick = (/** @type {Finding} */ finding) => {
    picked = finding;
    const at = placeOf(finding);
    if (at) map.setView([at[1], at[0]], Math.max(map.getZoom(), CLOSE_ZOOM), { animate: false });
    layer.repaint();
  };
  map.on("click", (/** @type {any} */ event) => {
    const near = findings.filter((f) => placeOf(f)).map((f) => ({ f, far: distance(event, f) })).sort((a, b) => a.far - b.far)[0];
    if (!near || near.far > REACH) return;
    picked = near.f;
    layer.repaint();
    reveal(near.f);
  });
  replace(part("panel"), el("div", { class: "panel-head" }, el("h1", {}, say("defect.title"))), held.reports.map(heading),
    findings.length ? grouped(findings).map((group) => section(group, pick)) : el("p", { class: "state empty" }, say("defect.clean")));
  over.append(legend());
  mapButtons(over, map, fit);
  scaleBar(over, map);
  document.body.dataset.ready = "defect";
}

open();
