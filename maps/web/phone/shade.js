// Colours of what is drawn on a canvas: as light or as dark as the person's phone is now.
import { SHADES } from "./shades.js";

/** @returns {MediaQueryList | null} null where nothing is known of it, as in 2015 */
function preferred() {
  return window.matchMedia ? window.matchMedia("(prefers-color-scheme: dark)") : null;
}

/** 1 on a dark ground, else 0. @returns {0 | 1} */
export function darkened() {
  var found = preferred();
  return found && found.matches ? 1 : 0;
}

/** @param {string} name */
export function shade(name) {
  return SHADES[name][darkened()];
}

/** Called whenever it turns dark or light. @param {() => void} act */
export function whenDarkened(act) {
  var found = preferred();
  if (found && found.addListener) found.addListener(act); // its older name: the newer one is not there before 2020
}
