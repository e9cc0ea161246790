// Buttons of which one is pressed.
import { el } from "./dom.js";
import { say } from "./say.js";

/** @template T @param {string} label @param {[T, string][]} choices value, key of its word @param {T} at @param {(value: T) => void} choose */
export function segments(label, choices, at, choose) {
  const buttons = choices.map(([value, key]) => el("button", { type: "button", "aria-pressed": String(value === at), onclick: (/** @type {Event} */ e) => press(/** @type {HTMLElement} */ (e.currentTarget), value) }, say(key)));
  const press = (/** @type {HTMLElement} */ pressed, /** @type {T} */ value) => {
    buttons.forEach((b) => b.setAttribute("aria-pressed", String(b === pressed)));
    choose(value);
  };
  return el("div", { class: "segments", role: "group", "aria-label": say(label) }, buttons);
}

/** No button is pressed: what is shown is none of the choices. @param {HTMLElement} room */
export function unpressed(room) {
  room.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", "false"));
}
