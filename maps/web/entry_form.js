// The form in which an issue is entered: each field with its label, its hint, its fault.
import { el, replace } from "./dom.js";
import { choice, field } from "./field.js";
import { partiesCalled } from "./parties.js";
import { pasted } from "./pasted.js";
import { fitting, picker } from "./picker.js";
import { english, say } from "./say.js";

/** @typedef {import("./draft.js").Fields} Fields @typedef {import("./picker.js").Choice} Choice */
/** @typedef {{code: string, zh: string, en: string}} Source */
/** @typedef {{change: (part: Fields) => void, submit: () => void}} Acts */

const DATUMS = ["", "wgs84", "cgcs2000", "gcj02", "bd09"];
const SERVICES_SHOWN = 40;
/** Name of what is sent → the field it stands in. @type {Record<string, string>} */
const STANDS_IN = { reference: "number", lon: "spot", lat: "spot", "lon, lat": "spot", due_at: "due" };

/** @param {Source[]} sources @param {Choice[]} services @param {Acts} acts */
export function entryForm(sources, services, acts) {
  const text = (/** @type {string} */ id, /** @type {Record<string, unknown>} */ props = {}) =>
    el("input", { id, type: "text", autocomplete: "off", oninput: (/** @type {Event} */ e) => acts.change({ [id]: /** @type {HTMLInputElement} */ (e.target).value }), ...props });
  const words = el("textarea", { id: "text", rows: 5, oninput: () => acts.change({ text: words.value }) });
  const service = picker({
    id: "service", hint: say("entry.service-hint"),
    find: (typed) => fitting(services, typed, SERVICES_SHOWN), took: (one) => acts.change({ service: one?.code ?? "", service_name: one?.name ?? "" }),
  });
  const against = picker({ id: "against", find: partiesCalled, took: (one, said) => acts.change({ against: one?.code ?? said, against_name: one?.name ?? said }) });
  const source = choice("source", sources.map((s) => [s.code, english ? s.en : s.zh]), (value) => acts.change({ source: value }));
  const place = text("address", { onpaste: () => setTimeout(moved), onblur: moved });
  const spot = text("spot", { placeholder: "117.02, 36.66" });
  const datum = choice("datum", DATUMS.map((d) => [d, say(d ? `datum.${d}` : "entry.datum-choose")]), (value) => acts.change({ datum: value }));
  const confidential = el("input", { id: "confidential", type: "checkbox", onchange: () => acts.change({ confidential: confidential.checked }) });
  const known = el("p", { class: "note known", role: "status" });
  const candidates = el("div", { class: "candidates" });

  /** Coordinates pasted where the address goes are moved to their own field. */
  function moved() {
    if (!pasted(place.value) && !/https?:\/\//u.test(place.value)) return;
    spot.value = place.value;
    place.value = "";
    acts.change({ address: "", spot: spot.value });
    spot.focus();
  }

  /** @type {Record<string, import("./field.js").Field>} */
  const fields = {
    source: field("entry.source", source),
    number: field("entry.number", text("number", { placeholder: say("entry.number-hint") })),
    text: field("entry.text", words),
    service: field("entry.service", service.input, { room: service.room }),
    address: field("entry.address", place, { beside: candidates }),
    spot: field("entry.spot", spot, { hint: say("entry.spot-hint") }),
    datum: field("entry.datum", datum),
    contact: field("entry.contact", text("contact", { type: "tel", inputmode: "tel" }), { hint: say("entry.contact-hint"), beside: known }),
    against: field("entry.against", against.input, { room: against.room, hint: say("entry.against-hint") }),
    accuracy_m: field("entry.accuracy", text("accuracy_m", { inputmode: "decimal" })),
    due: field("entry.due", text("due", { type: "datetime-local" })),
  };
  const form = el("form", { id: "entry", class: "form", novalidate: true, autocomplete: "off", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    acts.submit();
  } },
  el("div", { class: "pair" }, fields.source.room, fields.number.room),
  fields.text.room, fields.service.room, fields.address.room,
  el("div", { class: "pair spot" }, fields.spot.room, fields.datum.room),
  fields.contact.room, fields.against.room,
  el("label", { class: "tick" }, confidential, el("span", {}, el("b", {}, say("entry.confidential")), " ", say("entry.confidential-hint"))),
  el("details", {}, el("summary", {}, say("entry.more")), el("div", { class: "pair" }, fields.accuracy_m.room, fields.due.room)));

  return {
    form, candidates, words,
    /** @param {Fields} held */
    fill(held) {
      for (const [id, input] of /** @type {[string, HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement][]} */ ([["source", source], ["number", fields.number.input], ["text", words], ["address", place], ["spot", spot], ["datum", datum], ["contact", fields.contact.input], ["accuracy_m", fields.accuracy_m.input], ["due", fields.due.input]])) input.value = String(held[id] ?? "");
      service.set(String(held.service_name ?? ""));
      against.set(String(held.against_name ?? ""));
      confidential.checked = Boolean(held.confidential);
    },
    /** @param {Fields} held */
    askDatum({ spot: said, lon, datum: told }) {
      fields.datum.room.hidden = !(said && lon !== null);
      datum.value = String(told ?? "");
    },
    /** What is said of each field; whatever is said of none of them is returned. @param {Map<string, string>} faults @param {(name: string) => boolean} shown */
    faults(faults, shown) {
      const said = new Map([...faults].map(([name, sentence]) => [STANDS_IN[name] ?? name, sentence]));
      for (const [name, each] of Object.entries(fields)) each.fault(shown(name) ? said.get(name) ?? "" : "");
      return [...said].filter(([name]) => !(name in fields)).map(([name, sentence]) => `${name}: ${sentence}`);
    },
    focusFault: () => /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid=true]"))?.focus(),
    /** @param {{zh: string, en: string, nth: number} | null} told */
    caller(told) {
      replace(known, told ? (english ? told.en : told.zh) : "");
    },
  };
}
