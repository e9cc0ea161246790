// Layers of tiles for Leaflet: each tile a canvas, painted when what it shows has come.
import { pane } from "../chart.js";
import { SIDE } from "./tiles.js";

/** @typedef {import("./tiles.js").Address} Address */
/** @typedef {(ctx: CanvasRenderingContext2D, drawn: Map<string, import("./tiles.js").Drawn>, at: Address) => void} Paint in px */

/** The address of a tile of ours: twice as wide as Leaflet's, so one zoom less. @param {L.Coords} coords @returns {Address} */
export const addressOf = ({ x, y, z }) => ({ z: z - 1, x, y });

/**
 * @param {L.Map} map @param {import("./tiles.js").Group} name @param {number} order @param {import("./tiles.js").Tiles} tiles @param {Paint} paint
 * @param {{bounds?: L.LatLngBounds, failed: (error: unknown) => void}} options
 */
export function tileLayer(map, name, order, tiles, paint, { bounds, failed }) {
  if (!map.getPane(name)) pane(map, name, order);
  /** @type {Map<HTMLCanvasElement, {at: Address, ended: AbortController}>} */
  const shown = new Map();
  const layer = new (/** @type {any} */ (L.GridLayer).extend({
    /** @param {L.Coords} coords @param {(error: unknown, tile: HTMLCanvasElement) => void} done */
    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      canvas.width = canvas.height = SIDE * ratio;
      const held = { at: addressOf(coords), ended: new AbortController() };
      shown.set(canvas, held);
      draw(canvas, held).then(() => done(null, canvas), (error) => {
        if (!held.ended.signal.aborted) failed(error);
        done(error, canvas);
      });
      return canvas;
    },
  }))({ tileSize: SIDE, pane: name, bounds, updateWhenZooming: false, updateWhenIdle: false, keepBuffer: 1 });
  layer.on("tileunload", (/** @type {{tile: HTMLCanvasElement}} */ { tile }) => {
    shown.get(tile)?.ended.abort();
    shown.delete(tile);
  });

  /** @param {HTMLCanvasElement} canvas @param {{at: Address, ended: AbortController}} held */
  async function draw(canvas, { at, ended }) {
    const drawn = await tiles.get(name, at, ended.signal);
    if (ended.signal.aborted) return;
    const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const ratio = canvas.width / SIDE;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, SIDE, SIDE);
    paint(ctx, drawn, at);
  }
  return {
    layer,
    /** Paint all that is shown anew. */
    repaint: () => shown.forEach((held, canvas) => void draw(canvas, held).catch(failed)),
    /** Addresses of the tiles shown at the zoom of now. @returns {Address[]} */
    addresses: () => [...shown.values()].map(({ at }) => at).filter(({ z }) => z === map.getZoom() - 1),
  };
}
