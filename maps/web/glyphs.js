// Glyphs of the task states: shape first, colour second. One set of paths for lists and for the map.
import { svg } from "./dom.js";
import { SHAPES } from "./glyph_shapes.js";
import { TOKENS } from "./tokens.js";

const LINE = 2.6;
const CLOSED = 0.62; // what is closed steps back

/** @param {string} state */
export function stateOf(state) {
  return TOKENS.states.find((s) => s.key === state) ?? TOKENS.states[0];
}

/** A glyph for a list. @param {string} state */
export function glyph(state) {
  const { glyph: name, key } = stateOf(state);
  const colour = `var(--state-${key})`;
  const { fill, line, cut, dash } = SHAPES[name];
  const paper = "var(--surface)";
  const round = { "stroke-linecap": "round", "stroke-linejoin": "round", fill: "none", "stroke-width": LINE };
  return svg("svg", { class: "glyph", viewBox: "0 0 24 24", "aria-hidden": "true" },
    fill ? svg("path", { d: fill, css: { fill: colour } }) : null,
    line ? svg("path", { d: line, ...round, "stroke-linecap": dash ? "butt" : "round", css: { stroke: colour }, "stroke-dasharray": dash?.join(" ") }) : null,
    cut ? svg("path", { d: cut, ...round, css: { stroke: paper } }) : null);
}

/** @type {Map<string, Path2D>} */
const paths = new Map();
/** @param {string} d */
function path(d) {
  const made = paths.get(d) ?? new Path2D(d);
  paths.set(d, made);
  return made;
}

/** A mark of the map: white disc of 20 px, glyph of 15. @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {{state: string, card?: string | null}} issue @param {0 | 1} base */
export function drawMark(ctx, x, y, { state, card }, base) {
  const shown = stateOf(state);
  const disc = base ? "#1A242F" : "#FFFFFF";
  ctx.save();
  ctx.translate(x, y);
  if (state === "closed") ctx.scale(CLOSED, CLOSED);
  ctx.beginPath();
  ctx.arc(0, 0, 10.6, 0, 7);
  ctx.fillStyle = "rgba(16, 32, 48, 0.26)";
  ctx.fill();
  ctx.beginPath();
  ctx.arc(0, 0, 10, 0, 7);
  ctx.fillStyle = disc;
  ctx.fill();
  ctx.save();
  ctx.scale(15 / 24, 15 / 24);
  ctx.translate(-12, -12);
  drawShape(ctx, SHAPES[shown.glyph], base ? shown.dark : shown.light, disc);
  ctx.restore();
  if (card) drawFlag(ctx, card);
  ctx.restore();
}

/** An issue among others too near for a mark of its own. @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {0 | 1} base */
export function drawDot(ctx, x, y, base) {
  ctx.beginPath();
  ctx.arc(x, y, 2.6, 0, 7);
  ctx.lineWidth = 2.4;
  ctx.strokeStyle = TOKENS.casing[base];
  ctx.stroke();
  ctx.fillStyle = TOKENS.interface.ink[base];
  ctx.fill();
}

/** @param {CanvasRenderingContext2D} ctx @param {(typeof SHAPES)[string]} shape @param {string} colour @param {string} paper */
function drawShape(ctx, shape, colour, paper) {
  ctx.lineWidth = LINE;
  ctx.lineJoin = "round";
  ctx.lineCap = shape.dash ? "butt" : "round";
  ctx.fillStyle = ctx.strokeStyle = colour;
  if (shape.fill) ctx.fill(path(shape.fill));
  ctx.setLineDash(shape.dash ?? []);
  if (shape.line) ctx.stroke(path(shape.line));
  ctx.setLineDash([]);
  ctx.strokeStyle = paper;
  if (shape.cut) ctx.stroke(path(shape.cut));
}

/** A card of 8 × 11 px at the upper right. @param {CanvasRenderingContext2D} ctx @param {string} card */
export function drawFlag(ctx, card) {
  const red = card === "red";
  ctx.beginPath();
  ctx.roundRect(4.5, -14.5, 8, 11, 1.2);
  ctx.fillStyle = TOKENS.interface[red ? "red" : "yellow"][0];
  ctx.fill();
  ctx.lineWidth = 1.2;
  ctx.strokeStyle = red ? "#FFFFFF" : TOKENS.interface["yellow-ink"][0];
  ctx.stroke();
}
