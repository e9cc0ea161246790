// Tiles of the next zoom, fetched and decoded while nobody does anything: a step then only paints.
import { addressOf } from "./layers.js";
import { SIDE, linesIn } from "./tiles.js";

const QUIET_MS = 200;

/**
 * Look ahead whenever the map has stood still for a while, on machines with a mouse that do not save data.
 * @param {L.Map} map @param {import("./tiles.js").Tiles} tiles @param {import("./tiles.js").Group[]} groups @param {number} most zoom
 */
export function lookAhead(map, tiles, groups, most) {
  const saves = /** @type {any} */ (navigator).connection?.saveData ?? false;
  let ended = new AbortController();
  let waiting = 0;
  map.on("movestart zoomstart", stop);
  return { soon };

  function stop() {
    clearTimeout(waiting);
    ended.abort();
  }
  /** All that is shown has been painted. */
  function soon() {
    stop();
    const zoom = map.getZoom() + 1;
    if (saves || document.hidden || zoom > most || !matchMedia("(pointer: fine)").matches) return;
    ended = new AbortController();
    waiting = window.setTimeout(() => void fetchAll(zoom, ended.signal), QUIET_MS);
  }
  /** One after the other: what people ask for meanwhile finds a line free. @param {number} zoom @param {AbortSignal} signal */
  async function fetchAll(zoom, signal) {
    try {
      for (const at of inTheMiddle(zoom)) for (const group of groups) {
        const layers = await tiles.get(group, at, signal);
        if (group === "areas") layers.forEach(linesIn);
      }
      document.body.dataset.ahead = String(zoom);
    } catch {
      // Whoever zooms in asks again, and is told what is wrong.
    }
  }
  /** What a step into the middle will show. @param {number} zoom */
  function inTheMiddle(zoom) {
    const half = map.getSize().divideBy(2);
    const centre = map.project(map.getCenter(), zoom);
    const [from, to] = [centre.subtract(half), centre.add(half)].map((corner) => corner.divideBy(SIDE).floor());
    const found = [];
    for (let x = from.x; x <= to.x; x++) for (let y = from.y; y <= to.y; y++) found.push(addressOf(/** @type {L.Coords} */ (Object.assign(L.point(x, y), { z: zoom }))));
    return found;
  }
}
