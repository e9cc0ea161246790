// What lies under an inbox: the ground of the whole city, buildings and all, in the tiles of the city's own page.
import { ask } from "../ask.js";
import { darkened, whenDarkened } from "../dom.js";
import { roads, seenOf } from "../city/names.js";
import { paintGround } from "../city/paint.js";
import { tileLayer } from "../city/layers.js";
import { Tiles } from "../city/tiles.js";

const [LEAST_ZOOM, MOST_ZOOM, ROADS_FROM] = [7, 18, 14];
const UNDER = 190; // below what the inbox draws

/** @typedef {{edition: string, latitude: number}} Ground */

/** Which tiles there are; null where nothing was published, or nobody answers: the work is shown all the same. @returns {Promise<Ground | null>} */
export async function readGround() {
  const told = await ask("/tiles/grids.json").catch(() => null);
  if (!told?.bounds) return null;
  return { edition: new URL(told.tiles[0].replace(/[{}]/gu, "")).searchParams.get("v") ?? "", latitude: (told.bounds[1] + told.bounds[3]) / 2 };
}

/**
 * Puts the ground under a map, whose zooms are whole from then on.
 * @param {L.Map} map @param {Ground} ground @param {() => void} come when tiles have come
 * @returns {() => import("../labels.js").Label[]} names of the roads in view
 */
export function groundUnder(map, { edition, latitude }, come) {
  Object.assign(map.options, { zoomSnap: 1, minZoom: LEAST_ZOOM, maxZoom: MOST_ZOOM });
  const tiles = new Tiles((group, { z, x, y }) => `/tiles/${group}/${z}/${x}/${y}.mvt?v=${edition}`);
  const scene = /** @type {import("../city/paint.js").Scene} */ ({ base: darkened(), latitude });
  const drawn = tileLayer(map, "ground", UNDER, tiles, (ctx, layers, at) => paintGround(ctx, layers, at, scene), { failed: () => {} });
  drawn.layer.on("load", come);
  drawn.layer.addTo(map);
  whenDarkened((now) => {
    scene.base = now;
    drawn.repaint();
  });
  return () => (map.getZoom() < ROADS_FROM ? [] : roads({ of: (layer) => seenOf(map, tiles, drawn.addresses(), layer), base: scene.base }));
}
