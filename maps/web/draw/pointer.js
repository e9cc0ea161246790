// The pointer on the map, in px of the world; the middle or right button always moves the map.

/** @typedef {[number, number]} Point */
const CLOSE = 4; // px: less is a click

/**
 * @param {L.Map} map @param {import("../chart.js").World} world
 * @param {{tool: () => import("./hands.js").Tool, moved: (at: Point | null) => void, zoomed: () => void}} told
 */
export function handsOn(map, world, told) {
  const box = map.getContainer();
  let frame = box.getBoundingClientRect();
  let view = world.view(map);
  let origin = /** @type {any} */ (map)._getMapPanePos();
  /** @type {{px: Point, fresh: boolean, pans: boolean} | null} */
  let down = null;
  let panning = true;
  const measure = () => {
    frame = box.getBoundingClientRect();
    view = world.view(map);
    origin = /** @type {any} */ (map)._getMapPanePos();
  };
  map.on("move zoom zoomend moveend resize viewreset", () => {
    measure();
    told.zoomed();
  });
  /** @param {PointerEvent} event @returns {Point} */
  const pxOf = (event) => [event.clientX - frame.left, event.clientY - frame.top];
  /** @param {Point} px @returns {Point} */
  const worldOf = ([x, y]) => [(x - origin.x - view.dx) / view.scale, (y - origin.y - view.dy) / view.scale];
  /** @param {PointerEvent} event */
  const touch = (event) => {
    const px = pxOf(event);
    if (down && Math.hypot(px[0] - down.px[0], px[1] - down.px[1]) > CLOSE) down.fresh = false;
    return { px, at: worldOf(px), fresh: down?.fresh ?? false };
  };
  box.addEventListener("pointerdown", (event) => {
    if (down || !(event.target instanceof Element) || event.target.closest(".leaflet-control")) return;
    measure();
    const pans = event.button !== 0;
    down = { px: pxOf(event), fresh: true, pans };
    if (!panning || pans) box.setPointerCapture(event.pointerId);
    if (!pans) told.tool().down?.(touch(event));
  });
  box.addEventListener("pointermove", (event) => {
    const before = down?.px;
    const at = touch(event);
    if (down?.pans && before) {
      map.panBy([before[0] - at.px[0], before[1] - at.px[1]], { animate: false });
      down.px = at.px;
      return;
    }
    told.moved(at.at);
    if (!down || !panning) told.tool().move?.(at);
  });
  box.addEventListener("pointerup", (event) => {
    if (!down) return;
    const at = touch(event);
    const { pans } = down;
    down = null;
    if (!pans) told.tool().up?.(at);
  });
  box.addEventListener("pointercancel", () => {
    down = null;
    told.tool().stop();
  });
  box.addEventListener("pointerleave", () => told.moved(null));
  box.addEventListener("contextmenu", (event) => event.preventDefault());
  map.doubleClickZoom.disable();
  map.keyboard.disable();
  return {
    /** Whether the first button moves the map. @param {boolean} pans */
    use(pans) {
      panning = pans;
      if (pans) map.dragging.enable();
      else map.dragging.disable();
      box.style.touchAction = pans ? "" : "none";
    },
    /** Is a tool held down: what it draws on stays as it is. */
    get draws() { return down !== null && !down.pans && !panning; },
  };
}
