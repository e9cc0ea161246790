// Where an issue is put, or somebody is: a candidate of its address, a place looked up, a position.
import { address, ask } from "./ask.js";
import { el } from "./dom.js";
import { showCandidates } from "./entry_foreseen.js";
import { choice, field } from "./field.js";
import { pasted } from "./pasted.js";
import { picker } from "./picker.js";
import { say } from "./say.js";

/** @typedef {import("./steps.js").Asked} Asked @typedef {import("./picker.js").Choice & {where: Record<string, unknown>}} Place */

const AREAS = ["community", "subdistrict"]; // what an issue may lie in where nobody knows where

/**
 * Where an issue is put: one of the candidates of its address, a community or an address looked up, or a position.
 * @param {string} id @param {{address?: string}} told @returns {Asked}
 */
export function placeAsked(id, { address: words = "" }) {
  /** @type {Record<string, unknown> | null} */
  let where = null;
  const candidates = el("div", { class: "candidates" });
  const found = picker({ id: `${id}-find`, hint: say("step.place-hint"), find: placesCalled, took: (one) => take(/** @type {Place | null} */ (one)?.where ?? null) });
  const spot = spotAsked(`${id}-spot`, "step.spot");
  const fault = el("p", { class: "fault", role: "alert" });
  const take = (/** @type {Record<string, unknown> | null} */ chosen) => void (where = chosen);
  const show = (/** @type {any} */ located, /** @type {string | null} */ chosen) => void showCandidates(candidates, located, chosen, (one) => {
    found.set("");
    take({ candidate: one.as });
  });
  if (words.trim()) ask(address("/api/gazetteer", { q: words })).then((located) => show({ ...located, taken: null }, null)).catch(() => undefined);
  found.input.addEventListener("input", () => candidates.querySelectorAll("input").forEach((each) => void (each.checked = false)));
  const room = el("div", {}, words.trim() ? el("p", { class: "note" }, words) : null, candidates, field("step.place-find", found.input, { room: found.room }).room, spot.room, fault);
  return { room, value: () => spot.value() ?? where, fault: (sentence) => void (fault.textContent = sentence) };
}

/** Communities and subdistricts by name, then what an address may name. @param {string} words @returns {Promise<Place[]>} */
async function placesCalled(words) {
  if (!words) return [];
  const [areas, { candidates }] = await Promise.all([ask(address("/api/areas/named", { q: words })), ask(address("/api/gazetteer", { q: words }))]);
  return [
    ...areas.filter((/** @type {any} */ one) => AREAS.includes(one.kind)).map((/** @type {any} */ one) => ({ code: one.code, name: one.name, hint: say("step.place-area"), where: { area: one.code } })),
    ...candidates.filter((/** @type {any} */ one) => !AREAS.includes(one.kind)).map((/** @type {any} */ one) => ({ code: one.as, name: one.title, hint: say("city.address"), where: { lon: one.lon, lat: one.lat, datum: "wgs84" } })),
  ];
}

/** A position: of this machine, or pasted with its datum. @param {string} id @param {string} key @returns {Asked} */
export function spotAsked(id, key) {
  const made = el("input", { id, type: "text", placeholder: "117.02, 36.66", oninput: () => datumRoom() });
  const datum = choice(`${id}-datum`, ["", "wgs84", "cgcs2000", "gcj02", "bd09"].map((d) => [d, say(d ? `datum.${d}` : "entry.datum-choose")]));
  const here = el("button", { type: "button", class: "button small", onclick: () => navigator.geolocation?.getCurrentPosition(({ coords }) => {
    made.value = `${coords.longitude.toFixed(6)}, ${coords.latitude.toFixed(6)}`;
    datum.value = "wgs84";
  }, () => asked.fault(say("step.no-position"))) }, say("step.here"));
  const asked = field(key, made, { beside: el("div", { class: "row" }, datum, here), hint: say("entry.spot-hint-short") });
  datum.setAttribute("aria-label", say("entry.datum"));
  function datumRoom() {
    const found = pasted(made.value);
    if (found?.datum) datum.value = found.datum;
  }
  return { ...asked, value: () => {
    const found = pasted(made.value);
    return found && datum.value ? { lon: found.lon, lat: found.lat, datum: datum.value } : null;
  } };
}
