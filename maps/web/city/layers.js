// Layers of tiles for Leaflet: each tile a canvas, painted when what it shows has come; what is in view first.
import { pane } from "../chart.js";
import { NOTHING, WHOLE, isWhole, partIn, reaching } from "./parts.js";
import { SIDE } from "./tiles.js";

/** @typedef {import("./tiles.js").Address} Address */
/** @typedef {{at: Address, ended: AbortController, canvas: HTMLCanvasElement, part: import("../chart.js").Box}} Held a tile that is shown, and what of it is painted */
/** @typedef {(ctx: CanvasRenderingContext2D, drawn: Map<string, import("./tiles.js").Drawn>, at: Address) => void} Paint in px */

/** The address of a tile of ours: twice as wide as Leaflet's, so one zoom less. @param {L.Coords} coords @returns {Address} */
export const addressOf = ({ x, y, z }) => ({ z: z - 1, x, y });

const IDLE_MS = 100; // where the browser does not say when it has nothing to do
const LATEST_MS = 1000; // even where it always has

/**
 * After a step of the zoom, and when all is painted anew, tiles are painted as far as they are in view; the rest of each
 * follows when the browser has nothing else to do.
 * @param {L.Map} map @param {import("./tiles.js").Group} name @param {number} order @param {import("./tiles.js").Tiles} tiles @param {Paint} paint
 * @param {{bounds?: L.LatLngBounds, failed: (error: unknown) => void}} options
 */
export function tileLayer(map, name, order, tiles, paint, { bounds, failed }) {
  if (!map.getPane(name)) pane(map, name, order);
  /** @type {Map<HTMLElement, Held>} */
  const shown = new Map();
  let hurried = true;
  let turn = 0;
  const layer = new (/** @type {any} */ (L.GridLayer).extend({
    /** @param {L.Coords} coords @param {(error: unknown, tile: HTMLElement) => void} done */
    createTile(coords, done) {
      const tile = document.createElement("div");
      const canvas = tile.appendChild(document.createElement("canvas"));
      canvas.width = canvas.height = 0;
      canvas.style.position = "absolute";
      const held = { at: addressOf(coords), ended: new AbortController(), canvas, part: NOTHING };
      shown.set(tile, held);
      draw(held).then(() => done(null, tile), (error) => {
        if (!held.ended.signal.aborted) failed(error);
        done(error, tile);
      });
      return tile;
    },
  }))({ tileSize: SIDE, pane: name, bounds, updateWhenZooming: false, updateWhenIdle: false, keepBuffer: 1 });
  layer.on("tileunload", (/** @type {{tile: HTMLElement}} */ { tile }) => {
    shown.get(tile)?.ended.abort();
    shown.delete(tile);
  });
  layer.on("add", () => void map.on("zoomstart viewprereset", hurry).on("moveend", rest));
  layer.on("remove", () => void map.off("zoomstart viewprereset", hurry).off("moveend", rest));
  layer.on("load", rest);

  function hurry() {
    hurried = true;
    turn++;
  }
  /** What is not in view is painted tile by tile. */
  async function rest() {
    const mine = ++turn;
    for (const held of here().filter(({ part }) => !isWhole(part))) {
      await idle();
      if (mine !== turn || layer.isLoading()) return;
      if (!held.ended.signal.aborted) await draw(held, WHOLE).catch(failed);
    }
    if (mine === turn) hurried = false;
  }
  /** The tiles of the zoom of now. */
  function here() {
    return [...shown.values()].filter(({ at }) => at.z === map.getZoom() - 1);
  }
  /** @param {Held} held */
  function inView({ at }) {
    const { min, max } = map.getPixelBounds();
    return hurried && min && max && at.z === map.getZoom() - 1 ? partIn([min.x, min.y, max.x, max.y], at) : WHOLE;
  }
  /** @param {Held} held @param {import("../chart.js").Box} [wanted] */
  async function draw(held, wanted) {
    const drawn = await tiles.get(name, held.at, held.ended.signal);
    if (!wanted) await tiles.others();
    if (held.ended.signal.aborted) return;
    held.part = wanted ?? inView(held);
    const ctx = prepared(held);
    if (held.part !== NOTHING) paint(ctx, reaching(drawn, held.part), held.at);
  }
  return {
    layer,
    /** Paint all that is shown anew. */
    repaint() {
      hurry();
      void Promise.all([...shown.values()].map((held) => draw(held))).then(rest, failed);
    },
    /** Addresses of the tiles shown at the zoom of now. @returns {Address[]} */
    addresses: () => here().map(({ at }) => at),
  };
}

/** The empty canvas of what is to be painted, its origin the tile's corner. @param {Held} held */
function prepared({ canvas, part: [left, top, right, bottom] }) {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  canvas.width = (right - left) * ratio;
  canvas.height = (bottom - top) * ratio;
  Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.setTransform(ratio, 0, 0, ratio, -left * ratio, -top * ratio);
  return ctx;
}

/** Until the browser has nothing to do. @returns {Promise<unknown>} */
function idle() {
  return new Promise((done) => ("requestIdleCallback" in window ? requestIdleCallback(done, { timeout: LATEST_MS }) : setTimeout(done, IDLE_MS)));
}
