// What the map of a task draws on top, how fingers move it, and the box of shapes.
import { SHAPES } from "../glyph_shapes.js";
import { darkened, shade } from "./shade.js";
import { STATES } from "./states.js";

/** @param {number[][]} list */
export function boxOf(list) {
  var box = [Infinity, Infinity, -Infinity, -Infinity];
  list.forEach(function (flat) {
    for (var i = 0; i + 1 < flat.length; i += 2) {
      box = [Math.min(box[0], flat[i]), Math.min(box[1], flat[i + 1]), Math.max(box[2], flat[i]), Math.max(box[3], flat[i + 1])];
    }
  });
  return box;
}

/** The mark of the task: a drop with its state in it. @param {any} pen @param {number[]} to @param {string} state */
export function pin(pen, to, state) {
  pen.save();
  pen.translate(to[0], to[1]);
  pen.beginPath();
  pen.moveTo(0, 0);
  pen.bezierCurveTo(-5, -10, -20, -20, -20, -34);
  pen.arc(0, -34, 20, Math.PI, 0);
  pen.bezierCurveTo(20, -20, 5, -10, 0, 0);
  pen.fillStyle = shade("primary");
  pen.fill();
  pen.strokeStyle = shade("surface");
  pen.lineWidth = 2.5;
  pen.stroke();
  pen.beginPath();
  pen.arc(0, -34, 13, 0, 7);
  pen.fillStyle = shade("surface");
  pen.fill();
  drawGlyph(pen, state);
  pen.restore();
}

/** @param {any} pen @param {string} name */
function drawGlyph(pen, name) {
  var state = STATES[name];
  var path = /** @type {any} */ (window).Path2D;
  if (!state || !path) return;
  var shape = SHAPES[state.glyph];
  pen.translate(-9, -43);
  pen.scale(0.75, 0.75);
  pen.lineWidth = 2.6;
  pen.fillStyle = pen.strokeStyle = darkened() ? state.dark : state.light;
  if (shape.fill) pen.fill(new path(shape.fill));
  if (shape.line) pen.stroke(new path(shape.line));
  pen.strokeStyle = shade("surface");
  if (shape.cut) pen.stroke(new path(shape.cut));
}

/** Fingers and mice that move and pinch. @param {HTMLElement} canvas @param {(dx: number, dy: number) => void} move @param {(factor: number) => void} pinch */
export function moveBy(canvas, move, pinch) {
  /** @type {number[] | null} */
  var last = null;
  var apart = 0;
  /** @param {TouchList} touches */
  function between(touches) {
    return Math.sqrt(Math.pow(touches[0].clientX - touches[1].clientX, 2) + Math.pow(touches[0].clientY - touches[1].clientY, 2));
  }
  /** From where what comes next is reckoned: of two fingers either may be lifted first. @param {TouchEvent} event */
  function begin(event) {
    var touches = event.touches;
    last = touches.length ? [touches[0].clientX, touches[0].clientY] : null;
    apart = touches.length > 1 ? between(touches) : 0;
  }
  ["touchstart", "touchend", "touchcancel"].forEach(function (name) { canvas.addEventListener(/** @type {"touchend"} */ (name), begin); });
  canvas.addEventListener("touchmove", function (event) {
    event.preventDefault();
    if (event.touches.length > 1 && apart) {
      pinch(between(event.touches) / apart);
      begin(event);
    } else if (last) {
      move(event.touches[0].clientX - last[0], event.touches[0].clientY - last[1]);
      last = [event.touches[0].clientX, event.touches[0].clientY];
    }
  });
  canvas.addEventListener("mousedown", function (event) { last = [event.clientX, event.clientY]; });
  window.addEventListener("mousemove", function (event) {
    if (!last || !event.buttons) return;
    move(event.clientX - last[0], event.clientY - last[1]);
    last = [event.clientX, event.clientY];
  });
  window.addEventListener("mouseup", function () { last = null; });
}
