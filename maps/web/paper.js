// A map on paper: light, as wide as a page, all of it; and on the screen again as it was.
import { darkened } from "./dom.js";

const SHEET = { width: "180mm", height: "120mm" }; // the print rules give what floats over it the same

/** What is drawn while a page is printed is kept as shapes, which reach far beyond the sheet and are lost there. @param {HTMLCanvasElement} canvas */
function asImage(canvas) {
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const drawn = ctx.getImageData(0, 0, canvas.width, canvas.height);
  canvas.width = drawn.width; // it forgets its shapes
  ctx.putImageData(drawn, 0, 0);
}

/**
 * The map's own size is set before the page is laid out for paper: it would keep the screen's, and be cut.
 * @param {L.Map} map @param {() => void} fit @param {(base: 0 | 1) => void} paint all layers, at once
 */
export function onPaper(map, fit, paint) {
  const { style } = map.getContainer();
  /** @type {[L.LatLng, number] | null} */
  let was = null;
  const size = (/** @type {{width: string, height: string}} */ told) => {
    Object.assign(style, told);
    map.invalidateSize({ animate: false, pan: false });
  };
  window.addEventListener("beforeprint", () => {
    was ??= [map.getCenter(), map.getZoom()];
    size(SHEET);
    fit();
    paint(0);
    map.getContainer().querySelectorAll("canvas").forEach(asImage);
  });
  window.addEventListener("afterprint", () => {
    size({ width: "", height: "" });
    if (was) map.setView(...was, { animate: false });
    was = null;
    paint(darkened());
  });
}
