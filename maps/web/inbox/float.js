// The trip as it floats over the map: how many stops, how far, who goes.
import { sentenceOf } from "../ask.js";
import { el, replace } from "../dom.js";
import { choice } from "../field.js";
import { figure, say } from "../say.js";
import { acknowledge, isWaiting, pass } from "./passing.js";
import { title } from "./rows.js";

/** @typedef {import("./rows.js").Row} Row @typedef {import("./rows.js").Party} Party */

/** @param {number} metres */
const far = (metres) => (metres < 950 ? say("metres", { n: Math.round(metres / 10) * 10 }) : say("kilometres", { n: (metres / 1000).toFixed(1) }));

/** @param {HTMLElement} room @param {{trip: Row[], metres: number, canNear: boolean, unplaced: number, sections: Party[]}} now @param {{near: () => void, clear: () => void, earlier: (row: Row) => void, sent: (said: string) => void, taken: (said: string) => void}} acts */
export function showTrip(room, { trip, metres, canNear, unplaced, sections }, acts) {
  const said = el("p", { class: "fault", role: "alert" });
  const focused = document.activeElement?.getAttribute("data-trip");
  const near = canNear ? el("button", { type: "button", class: "button small", "data-trip": "near", onclick: acts.near }, say(trip.length > 1 ? "trip.again" : "trip.near")) : null;
  room.hidden = !near && !trip.length;
  if (!trip.length) return void replace(room, near);
  const to = choice("trip-to", sections.map((party) => [party.code, party.name]));
  to.setAttribute("aria-label", say("trip.to"));
  const waiting = trip.filter(isWaiting).length;
  /** @param {string} name @param {string} word @param {() => Promise<void>} act */
  const deed = (name, word, act) => {
    const button = el("button", { type: "button", class: "button small networked", "data-trip": name, onclick: async () => {
      button.disabled = true;
      await act().catch((error) => void (said.textContent = sentenceOf(error, "what.pass")));
      button.disabled = false;
    } }, word);
    return button;
  };
  const take = deed("take", say("trip.take", { n: figure(waiting) }), async () => {
    await acknowledge(trip);
    acts.taken(say("trip.taken", { n: figure(waiting) }));
  });
  const go = deed("go", say("trip.to"), async () => {
    const party = sections.find(({ code }) => code === to.value);
    if (!party) return;
    await pass(trip, party);
    acts.sent(say("trip.sent", { n: figure(trip.length), name: party.name }));
  });
  go.classList.add("main");
  replace(room, el("div", { class: "row" }, el("p", { role: "status" }, el("b", {}, say("trip.said", { n: trip.length })), " ", el("span", { class: "note" }, say("trip.metres", { far: far(metres) }))), near,
    el("button", { type: "button", class: "button small", "data-trip": "clear", onclick: acts.clear }, say("trip.clear"))),
  el("ol", {}, trip.map((row, i) => el("li", {}, el("b", { class: "stop", "aria-hidden": "true" }, i + 1), el("span", {}, title(row)), i ? el("button", { type: "button", class: "button small", "data-trip": `up-${row.task}`, "aria-label": say("trip.earlier", { title: title(row) }), onclick: () => acts.earlier(row) }, "↑") : null))),
  el("div", { class: "row" }, waiting ? take : null, sections.length ? [to, go] : null), unplaced ? el("p", { class: "note" }, say("trip.nowhere", { n: unplaced })) : null, said);
  if (focused) /** @type {HTMLElement | null} */ (room.querySelector(`[data-trip="${focused}"]`))?.focus();
}
