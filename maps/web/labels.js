// Names on the map: placed by weight, at most sixty a view, hidden where they would collide.
import polylabel from "polylabel";
import { unsteered } from "./dom.js";
import { TOKENS } from "./tokens.js";

/** @typedef {{text: string, size: number, weight: number, colour: string, sign?: string}} Run a sign is one or two triangles */
/**
 * `holds` says whether a place is still in what the label names: with it, a label may step aside,
 * from what it `avoids` up or down.
 * @typedef {{x: number, y: number, lines: Run[][], rank: number, badge?: string, angle?: number, spacing?: number, holds?: (x: number, y: number) => boolean, avoids?: Box[]}} Label
 */
/** @typedef {[number, number]} Span from, to: px across */
/** @typedef {import("./chart.js").Box} Box */

const MOST = 60;
const HALO = 3.6;
const GAP = 3;
const LINE = 1.22;

/** The point of a polygon farthest from its edges. @param {[number, number][][]} rings @param {number} [precision] @returns {[number, number]} */
export function innermost(rings, precision = 4) {
  if (!rings.length) return [0, 0];
  const largest = [...rings].sort((a, b) => Math.abs(areaOf(b)) - Math.abs(areaOf(a)))[0];
  const found = polylabel([largest, ...rings.filter((ring) => ring !== largest)], precision);
  return [found[0], found[1]];
}

/** @param {[number, number][]} ring */
export function areaOf(ring) {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) sum += (ring[j][0] - ring[i][0]) * (ring[j][1] + ring[i][1]);
  return sum / 2;
}

/** Those that find room, heaviest first. @template {{box: Box, rank: number}} T @param {T[]} wanted @param {Box[]} [taken] @returns {T[]} */
export function withoutCollisions(wanted, taken = []) {
  /** @type {T[]} */
  const kept = [];
  const boxes = [...taken];
  for (const label of [...wanted].sort((a, b) => b.rank - a.rank)) {
    if (kept.length >= MOST) break;
    if (boxes.some((box) => overlap(box, label.box))) continue;
    boxes.push(label.box);
    kept.push(label);
  }
  return kept;
}

/** @param {Box} a @param {Box} b */
function overlap(a, b) {
  return a[0] < b[2] + GAP && b[0] < a[2] + GAP && a[1] < b[3] + GAP && b[1] < a[3] + GAP;
}

/**
 * A box moved inside a span, or null where it cannot be and stay where it belongs: half a figure
 * would be a wrong figure. @param {Box} box @param {Span} span @param {(x: number, y: number) => boolean} holds @returns {Box | null}
 */
export function beside([left, top, right, bottom], [from, to], holds) {
  const by = left < from + GAP ? from + GAP - left : Math.min(0, to - GAP - right);
  if (!by) return [left, top, right, bottom];
  const [a, b] = [left + by, right + by];
  const middle = (top + bottom) / 2;
  return a >= from && b <= to && holds(a, middle) && holds(b, middle) ? [a, top, b, bottom] : null;
}

/**
 * A box moved under or over what stands in its way, or left where it is when neither is still its place.
 * @param {Box} box @param {Box[]} avoided @param {(x: number, y: number) => boolean} holds @returns {Box}
 */
export function clearOf(box, avoided, holds) {
  const [left, top, right, bottom] = box;
  const met = avoided.filter((each) => overlap(each, box));
  const shifts = met.flatMap((each) => [each[3] + GAP - top, each[1] - GAP - bottom]).sort((a, b) => Math.abs(a) - Math.abs(b));
  const moved = shifts.map((by) => /** @type {Box} */ ([left, top + by, right, bottom + by]));
  const free = moved.find((each) => holds((left + right) / 2, (each[1] + each[3]) / 2) && !avoided.some((other) => overlap(other, each)));
  return free ?? box;
}

/** @param {{label: Label, rank: number, box: Box}} held @param {Span} span @returns {{label: Label, rank: number, box: Box}[]} */
function onSide({ label, rank, box }, span) {
  const { holds, avoids = [] } = label;
  const moved = holds ? beside(clearOf(box, avoids, holds), span, holds) : box;
  return moved ? [{ label: { ...label, x: label.x + moved[0] - box[0], y: label.y + moved[1] - box[1] }, rank, box: moved }] : [];
}

/** @param {Label} label @returns {Label} */
function readable(label) {
  return { ...label, lines: label.lines.map((line) => line.map((run) => ({ ...run, text: unsteered(run.text) }))) };
}

const EVERYWHERE = /** @type {Span} */ ([-Infinity, Infinity]);

/** @param {CanvasRenderingContext2D} ctx @param {Label[]} labels @param {0 | 1} base @param {Box} frame @param {Span} [span] names that say what they hold are kept inside it @returns {Box[]} where names stand */
export function drawLabels(ctx, labels, base, frame, span = EVERYWHERE) {
  const seen = labels.map(readable).filter((l) => l.x > frame[0] && l.x < frame[2] && l.y > frame[1] && l.y < frame[3]);
  const measured = seen.flatMap((label) => onSide({ label, rank: label.rank, box: boxAround(ctx, label) }, span));
  const placed = withoutCollisions(measured);
  const kept = placed.map(({ label }) => label);
  for (const label of kept) draw(ctx, label, base);
  return placed.map(({ box }) => box);
}

/** @param {Run} run */
const fontOf = (run) => `${run.weight} ${run.size}px ${TOKENS.fonts}`;

/** @param {CanvasRenderingContext2D} ctx @param {Run[]} line */
function widthOf(ctx, line) {
  return line.reduce((sum, run) => {
    if (run.sign) return sum + signWidth(run);
    ctx.font = fontOf(run);
    return sum + ctx.measureText(run.text).width;
  }, 0);
}

/** @param {Run[][]} lines */
const heightOf = (lines) => lines.reduce((sum, line) => sum + line[0].size * LINE, 0);

/** @param {CanvasRenderingContext2D} ctx @param {Label} label @returns {Box} */
function boxAround(ctx, label) {
  const across = Math.max(...label.lines.map((line) => widthOf(ctx, line))) + (label.spacing ?? 0) * (label.lines[0][0].text.length - 1);
  const along = heightOf(label.lines);
  const turned = label.angle ?? 0;
  const width = Math.abs(across * Math.cos(turned)) + Math.abs(along * Math.sin(turned));
  const height = Math.abs(across * Math.sin(turned)) + Math.abs(along * Math.cos(turned));
  return [label.x - width / 2, label.y - height / 2, label.x + width / 2, label.y + height / 2];
}

/** @param {CanvasRenderingContext2D} ctx @param {Label} label @param {0 | 1} base */
function draw(ctx, label, base) {
  ctx.save();
  ctx.translate(label.x, label.y);
  if (standsUpright(label)) {
    drawUpright(ctx, label, base);
    return ctx.restore();
  }
  if (label.angle) ctx.rotate(label.angle);
  if (label.badge) drawBadge(ctx, label);
  if (label.spacing) /** @type {any} */ (ctx).letterSpacing = `${label.spacing}px`;
  let y = -heightOf(label.lines) / 2;
  for (const line of label.lines) {
    drawLine(ctx, line, y + (line[0].size * LINE) / 2, label.badge ? "" : TOKENS.ground.halo[base]);
    y += line[0].size * LINE;
  }
  ctx.restore();
}

const STEEP = 0.96; // rad: beyond it Chinese is set downwards, each character on its feet
const CHINESE = /^[\p{Script=Han}0-9]+$/u;

/** @param {Label} label */
function standsUpright({ angle = 0, lines: [[run]] }) {
  return Math.abs(angle) > STEEP && CHINESE.test(run.text);
}

/** @param {CanvasRenderingContext2D} ctx @param {Label} label @param {0 | 1} base */
function drawUpright(ctx, { angle = 0, spacing = 0, lines: [[run]] }, base) {
  const down = angle < 0 ? angle + Math.PI : angle;
  const letters = [...run.text];
  letters.forEach((text, i) => {
    const far = (i - (letters.length - 1) / 2) * (run.size + spacing);
    ctx.save();
    ctx.translate(far * Math.cos(down), far * Math.sin(down));
    drawLine(ctx, [{ ...run, text }], 0, TOKENS.ground.halo[base]);
    ctx.restore();
  });
}

/** @param {CanvasRenderingContext2D} ctx @param {Label} label */
function drawBadge(ctx, label) {
  const width = Math.max(...label.lines.map((line) => widthOf(ctx, line))) + 16;
  const height = heightOf(label.lines) + 5;
  ctx.fillStyle = label.badge ?? "";
  ctx.beginPath();
  ctx.roundRect(-width / 2, -height / 2, width, height, 3);
  ctx.fill();
}

/** @param {CanvasRenderingContext2D} ctx @param {Run[]} line @param {number} y @param {string} halo */
function drawLine(ctx, line, y, halo) {
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.lineJoin = "round";
  let x = -widthOf(ctx, line) / 2;
  for (const run of line) {
    if (run.sign) {
      drawSign(ctx, run, x, y, halo);
      x += signWidth(run);
      continue;
    }
    ctx.font = fontOf(run);
    if (halo) {
      ctx.strokeStyle = halo;
      ctx.lineWidth = HALO;
      ctx.strokeText(run.text, x, y);
    }
    ctx.fillStyle = run.colour;
    ctx.fillText(run.text, x, y);
    x += ctx.measureText(run.text).width;
  }
}

const SIGN_GAP = 5;

/** @param {Run} run */
const signWidth = (run) => SIGN_GAP + [...(run.sign ?? "")].length * (run.size + 1);

/** Triangles drawn as shapes: fonts disagree about ▲ and ▼. @param {CanvasRenderingContext2D} ctx @param {Run} run @param {number} x @param {number} y @param {string} halo */
function drawSign(ctx, run, x, y, halo) {
  const triangles = new Path2D();
  const up = run.sign?.startsWith("▲") ? 1 : -1;
  [...(run.sign ?? "")].forEach((_, i) => {
    const left = x + SIGN_GAP + i * (run.size + 1);
    triangles.moveTo(left, y + up * run.size * 0.42);
    triangles.lineTo(left + run.size, y + up * run.size * 0.42);
    triangles.lineTo(left + run.size / 2, y - up * run.size * 0.42);
    triangles.closePath();
  });
  if (halo) {
    ctx.strokeStyle = halo;
    ctx.lineWidth = HALO;
    ctx.stroke(triangles);
  }
  ctx.fillStyle = run.colour;
  ctx.fill(triangles);
}
