// The map folium made, with what every page of ours puts on it: zoom, scale, scope, keyboard.
import { el, icon } from "./dom.js";
import { say } from "./say.js";

const SCALES = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];
const SCALE_WIDTH = 130;
const STEP = 0.5; // a click on + or −

/** The map by the name folium gave it. @param {string} name @returns {L.Map} */
export function folded(name) {
  const map = /** @type {any} */ (window)[name];
  if (!map) throw new Error(`no map ${name}`);
  map.getContainer().setAttribute("role", "region");
  map.getContainer().setAttribute("aria-label", say("map.label"));
  return map;
}

/** @typedef {{top: number, right: number, bottom: number, left: number}} Room px kept free for what floats over the map */

const CLOSEST = 18; // one place alone is shown with what lies around it
const LEAST_SHARE = 0.6; // of the map, at least, for what is shown: a short window has little to give

/** Room that leaves a window of `size` its map. @param {Room} room @param {{x: number, y: number}} size @returns {Room} */
export function roomWithin({ top, right, bottom, left }, { x, y }) {
  const across = Math.min(1, ((1 - LEAST_SHARE) * x) / (left + right || 1));
  const down = Math.min(1, ((1 - LEAST_SHARE) * y) / (top + bottom || 1));
  return { top: top * down, right: right * across, bottom: bottom * down, left: left * across };
}

/** Show all of it, clear of what floats over the map. @param {L.Map} map @param {L.LatLngBounds} bounds @param {Room} room */
export function fitInto(map, bounds, room) {
  const { top, right, bottom, left } = roomWithin(room, map.getSize());
  map.fitBounds(bounds, { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom], maxZoom: CLOSEST, animate: false });
}

/** @param {HTMLElement} over @param {L.Map} map @param {() => void} fit */
export function mapButtons(over, map, fit) {
  const button = (/** @type {string} */ name, /** @type {string} */ key, /** @type {() => void} */ act) =>
    el("button", { type: "button", "aria-label": say(key), title: say(key), onclick: act }, icon(name));
  const step = () => Math.max(STEP, map.options.zoomSnap ?? 0); // half of a whole step would be rounded back
  over.append(el("div", { class: "zoom" },
    button("plus", "map.zoom-in", () => map.zoomIn(step())),
    button("minus", "map.zoom-out", () => map.zoomOut(step())),
    button("fit", "map.fit", fit)));
}

/** Called at most once a frame, with the latest. @template {any[]} T @param {(...told: T) => void} act @returns {(...told: T) => void} */
export function onceAFrame(act) {
  /** @type {T | null} */
  let waiting = null;
  return (...told) => {
    if (!waiting) requestAnimationFrame(() => {
      const last = /** @type {T} */ (waiting);
      waiting = null;
      act(...last);
    });
    waiting = told;
  };
}

/** @param {HTMLElement} over @param {L.Map} map */
export function scaleBar(over, map) {
  const word = el("span");
  const bar = el("div", { class: "scale" }, word);
  over.append(bar);
  const update = () => {
    const centre = map.getSize().divideBy(2);
    const one = map.distance(map.containerPointToLatLng(centre), map.containerPointToLatLng(centre.add([100, 0]))) / 100;
    const metres = [...SCALES].reverse().find((m) => m / one <= SCALE_WIDTH) ?? SCALES[0];
    bar.style.width = `${Math.round(metres / one)}px`;
    word.textContent = metres < 1000 ? say("metres", { n: metres }) : say("kilometres", { n: metres / 1000 });
  };
  map.on("zoomend moveend", update);
  update();
}

/** While there is no network a strip says what is safe and what must wait. */
export function watchNetwork() {
  const strip = el("div", { class: "offline", role: "status", hidden: navigator.onLine }, el("b", {}, say("state.offline")), " ", say("state.offline-kept"));
  const tell = () => {
    strip.hidden = navigator.onLine;
    document.body.classList.toggle("off", !navigator.onLine);
  };
  document.body.append(strip);
  window.addEventListener("online", tell);
  window.addEventListener("offline", tell);
  tell();
}
