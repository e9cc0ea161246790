// The hotline desk's page: an issue is entered, and what would become of it is seen meanwhile.
import { Refusal, address, ask, fillFrom, later, sentenceOf } from "./ask.js";
import { topBar } from "./bar.js";
import { config, el, part, replace } from "./dom.js";
import { isBegun, madeReference, shelf, storeOf } from "./draft.js";
import { entryForm } from "./entry_form.js";
import { showCandidates, showForeseen } from "./entry_foreseen.js";
import { boundsOf, entryMap, readArea } from "./entry_map.js";
import { pasted } from "./pasted.js";
import { clock, say } from "./say.js";
import { fitInto, folded, mapButtons, scaleBar, watchNetwork } from "./stage.js";

/** @typedef {import("./draft.js").Fields} Fields @typedef {import("./entry_foreseen.js").Foreseen} Foreseen @typedef {import("./entry_foreseen.js").Near} Near */

const { scope, who, person, sources, map: mapName } = config();
const map = folded(mapName);
const [panel, over, card] = [part("panel"), part("over"), part("card")];
const drafts = shelf(storeOf("localStorage"), person, Date.now);
const tab = storeOf("sessionStorage");
const TAB = "jingwei.entry"; // which draft is this tab's
const WAIT_MS = 350;
const LETTERS = 8;
const NEAR_ZOOM = 16.5;
const ROOM = { top: 24, right: 24, bottom: 32, left: 24 };
const NOTHING = { text: "", address: "", service: "", service_name: "", spot: "", lon: null, lat: null, datum: "", candidate: null, number: "", contact: "", against: "", against_name: "", confidential: false, accuracy_m: "", due: "", reported_at: null };

/** An entry of which nothing is known but its own number. @param {Fields} [kept] @returns {Fields} */
function fresh(kept = {}) {
  return { ...NOTHING, source: sources[0]?.code ?? "hotline", reference: madeReference(new Date(), crypto.getRandomValues(new Uint8Array(LETTERS))), ...kept };
}

/** What is handed in. @param {Fields} held */
function told(held) {
  const number = (/** @type {unknown} */ v) => (v === "" || v === null ? null : Number.isFinite(Number(v)) ? Number(v) : String(v));
  const placed = held.lon !== null && held.candidate !== "taken";
  return {
    source: held.source, reference: held.number || held.reference, service: held.service || null, text: held.text, address: held.address,
    lon: placed ? held.lon : null, lat: placed ? held.lat : null, datum: placed ? held.datum || null : null,
    accuracy_m: number(held.accuracy_m), contact: held.contact || null, against: held.against || null, confidential: held.confidential,
    reported_at: held.reported_at, // when they began to tell: the same at every delivery
    due_at: held.due ? `${held.due}:00+08:00` : null, // the desk's clock is the city's
  };
}

async function open() {
  const [services, area] = await fillFrom(panel, "what.entry", () => Promise.all([ask("/api/services"), readArea(scope)]));
  const names = new Map(services.map((/** @type {any} */ s) => [s.code, s.name]));
  const choices = services.map((/** @type {any} */ s) => ({ code: s.code, name: s.name, hint: names.get(s.parent) ?? "" }));
  let held = fresh();
  /** @type {Foreseen | null} */
  let foreseen = null;
  /** @type {Foreseen["located"]} */
  let offered = null;
  /** @type {Near | null} */
  let into = null;
  let [timer, asked] = [0, 0];
  let unanswered = false; // handed in, and nobody said yet what became of it
  /** @type {Set<string>} */
  const touched = new Set();
  const form = entryForm(sources, choices, { change, submit: () => void submit() });
  const [said, warned] = [el("p", { class: "fault", role: "alert" }), el("p", { class: "fault", role: "status" })];
  const send = el("button", { type: "submit", form: "entry", class: "button main networked" });
  const clear = el("button", { type: "button", class: "button", onclick: () => {
    drafts.drop(String(held.reference));
    begin(fresh({ source: held.source }));
  } }, say("entry.clear"));
  const strip = el("div", { class: "strips" });
  const foot = el("div", { class: "form-foot" }, warned, said, el("div", { class: "row" }, send, clear), el("p", { class: "note" }, say("entry.kept-note")));
  panel.removeAttribute("aria-busy");
  replace(panel, el("div", { class: "panel-head" }, el("h1", {}, say("entry.title")), el("span", { class: "row" }, el("a", { class: "button small", href: "/issues/import" }, say("upload.title")), el("a", { class: "button small", href: "/issues" }, say("entry.to-list")))), strip, form.form, foot);
  const shown = entryMap(map, area);
  const fit = () => fitInto(map, boundsOf(area) ?? map.getBounds(), ROOM);
  map.invalidateSize({ animate: false });
  fit();
  mapButtons(over, map, fit);
  scaleBar(over, map);
  over.append(el("p", { class: "pill hint" }, say("entry.map-hint")));
  map.on("click", (event) => {
    const at = event.latlng.wrap();
    change({ lon: Number(at.lng.toFixed(6)), lat: Number(at.lat.toFixed(6)), datum: "wgs84", candidate: null, spot: `${at.lng.toFixed(6)}, ${at.lat.toFixed(6)}` });
    form.fill(held);
  });
  window.addEventListener("pagehide", keep);
  begin(restored());
  offerDrafts();
  document.body.dataset.ready = "entry";
  later(over, "what.buildings", ask(address("/api/places.geojson", { scope, kind: "building" })), ({ features }) => shown.build(features));

  /** The entry of this tab as it was before a reload; one that was handed in and not answered is asked for. @returns {Fields} */
  function restored() {
    const draft = drafts.get(tab.getItem(TAB) ?? "");
    if (!draft) return fresh();
    if (draft.sending) void settle(draft.fields);
    return fresh(draft.fields);
  }
  /** @param {Fields} next */
  function begin(next) {
    held = next;
    into = null;
    foreseen = null;
    touched.clear();
    tab.setItem(TAB, String(held.reference));
    form.fill(held);
    form.askDatum(held);
    form.faults(new Map(), () => false);
    said.textContent = warned.textContent = "";
    replace(form.candidates);
    form.caller(null);
    show();
    if (isBegun(held)) foresee();
    else form.words.focus();
  }
  function keep() {
    if (isBegun(held)) drafts.keep(String(held.reference), held, unanswered);
  }
  /** @param {Fields} part */
  function change(part) {
    Object.assign(held, { reported_at: held.reported_at ?? new Date().toISOString() }, part);
    Object.keys(part).forEach((name) => touched.add(name));
    if ("spot" in part && !("lon" in part)) readSpot(String(part.spot));
    if ("address" in part && (held.candidate || held.lon === null)) Object.assign(held, { candidate: null, lon: null, lat: null, spot: "" });
    form.askDatum(held);
    keep();
    clearTimeout(timer);
    timer = Number(setTimeout(foresee, WAIT_MS));
  }
  /** @param {string} spot */
  function readSpot(spot) {
    const found = pasted(spot);
    Object.assign(held, { lon: found?.lon ?? null, lat: found?.lat ?? null, datum: found?.datum ?? (found ? held.datum : ""), candidate: null });
  }
  /** What the position field says wrong by itself, before anybody is asked. @returns {Map<string, string>} */
  function ownFaults() {
    if (held.spot && held.lon === null) return new Map([["spot", say(/https?:\/\//u.test(String(held.spot)) ? "entry.spot-link" : "entry.spot-wrong")]]);
    if (held.lon !== null && !held.datum) return new Map([["datum", say("entry.datum-needed")]]);
    return new Map();
  }
  async function foresee() {
    const mine = ++asked;
    const own = ownFaults();
    form.faults(own, (name) => touched.has(name) || name === "datum");
    if (own.size) return;
    const body = told(held);
    try {
      const found = await ask("/api/issues/preview", "POST", { told: body });
      if (mine !== asked) return;
      foreseen = found;
      warned.textContent = "";
    } catch (error) {
      if (mine !== asked) return;
      if (error instanceof Refusal && error.fields.size) form.faults(error.fields, (name) => touched.has(name) || name === "number");
      else warned.textContent = sentenceOf(error, "what.foreseen");
      return;
    }
    if (into && !foreseen?.nearby.some((near) => near.id === into?.id)) into = null;
    form.caller(foreseen?.reporter ?? null);
    showCandidates(form.candidates, foreseen?.located ?? candidatesKept(), String(held.candidate ?? ""), choose);
    show();
    await look();
  }
  /** Candidates stay to be chosen from once one of them was. */
  function candidatesKept() {
    return held.candidate ? offered : null;
  }
  /** @param {import("./entry_foreseen.js").Candidate} one */
  function choose(one) {
    offered = foreseen?.located ?? offered;
    change({ candidate: one.as, lon: one.lon, lat: one.lat, datum: "wgs84", spot: "" });
  }
  /** The map goes where the issue is, and has its surroundings. */
  async function look() {
    const here = foreseen?.here;
    if (!here) return;
    const subdistrict = /** @type {any} */ (here).subdistrict;
    if (here.grid && subdistrict && !shown.has(here.grid)) shown.lay(await readArea(subdistrict));
    if (!map.getBounds().pad(-0.1).contains([here.lat, here.lon]) || map.getZoom() < NEAR_ZOOM - 1) map.setView([here.lat, here.lon], Math.max(map.getZoom(), NEAR_ZOOM), { animate: false });
    show();
  }
  function show() {
    const here = foreseen?.here ?? null;
    replace(send, into ? say("entry.send-into", { number: into.reference }) : say("entry.send"));
    card.hidden = false;
    showForeseen(card, foreseen, into?.id ?? null, (near) => {
      into = near;
      show();
    });
    shown.show({
      at: here && [here.lon, here.lat], grid: here?.grid ?? null, neighbours: here?.neighbours.map((each) => each.code) ?? [],
      nearby: (foreseen?.nearby ?? []).map((each) => ({ at: /** @type {any} */ (each).lon === null ? null : [/** @type {any} */ (each).lon, /** @type {any} */ (each).lat], state: each.state })),
    });
  }
  async function submit() {
    if (send.disabled) return;
    const own = ownFaults();
    if (own.size) {
      form.faults(own, () => true);
      return form.focusFault();
    }
    if (!isBegun(held)) {
      said.textContent = say("entry.nothing");
      return form.words.focus();
    }
    send.disabled = unanswered = true;
    clearTimeout(timer);
    asked += 1; // what was foreseen until now is of no more use
    warned.textContent = "";
    said.textContent = "";
    keep();
    try {
      await finished(await ask("/api/issues", "POST", { told: told(held) }));
    } catch (error) {
      await failed(error);
    }
  }
  /** @param {{id: number, grid: string | null, unclaimed: boolean}} receipt */
  async function finished(receipt) {
    const merged = into;
    const number = String(held.number || held.reference);
    const failure = merged ? await ask(`/api/issues/${receipt.id}/steps`, "POST", { told: { step: "merge", into: merged.id } }).then(() => "", (error) => sentenceOf(error, "what.merge")) : "";
    drafts.drop(String(held.reference));
    send.disabled = unanswered = false;
    begin(fresh({ source: held.source }));
    receiptStrip(receipt.id, merged && !failure ? say("entry.done-merged", { number, into: merged.reference }) : say(receipt.unclaimed ? "entry.done-unclaimed" : "entry.done", { number }), failure);
  }
  /** @param {unknown} error */
  async function failed(error) {
    send.disabled = false;
    unanswered = !(error instanceof Refusal);
    keep();
    if (error instanceof Refusal && error.status === 409) {
      const there = await known(held).catch(() => null);
      if (there) return knownSaid(there);
    }
    const left = error instanceof Refusal ? form.faults(error.fields, () => true) : [];
    said.textContent = error instanceof Refusal && error.fields.size ? left.join(say("comma")) : sentenceOf(error, "what.entered");
    form.focusFault();
  }
  /** Its number is another issue's: a tab that was doubled, or a number typed twice. @param {number} there */
  function knownSaid(there) {
    const anew = el("button", { type: "button", class: "button small", onclick: () => {
      drafts.drop(String(held.reference));
      held.reference = fresh().reference;
      tab.setItem(TAB, String(held.reference));
      void submit();
    } }, say("entry.anew"));
    replace(said, say("entry.known"), " ", el("a", { href: `/issues/${there}`, target: "_blank", rel: "noopener" }, say("entry.open")), " ", held.number ? null : anew);
  }
  /** The issue that has this number, if it was kept. @param {Fields} fields @returns {Promise<number | null>} */
  async function known(fields) {
    const query = new URLSearchParams({ source: String(fields.source ?? held.source), reference: String(fields.number || fields.reference) });
    return ask(`/api/issues/numbered?${query}`).then((found) => found.id, (error) => {
      if (error instanceof Refusal) return null;
      throw error;
    });
  }
  /** Handed in before the page went away: was it kept? @param {Fields} fields */
  async function settle(fields) {
    const there = await known(fields).catch((error) => void (said.textContent = sentenceOf(error, "what.entered")));
    if (there === undefined) return;
    if (there) {
      begin(fresh({ source: held.source }));
      receiptStrip(there, say("entry.was-kept", { number: String(fields.number || fields.reference) }), "");
    } else said.textContent = say("entry.was-not-kept");
  }
  /** @param {number} id @param {string} words @param {string} failure */
  function receiptStrip(id, words, failure) {
    const line = el("div", { class: "done", role: "status" }, el("b", {}, words), " ", el("a", { href: `/issues/${id}`, target: "_blank", rel: "noopener" }, say("entry.open")), failure ? el("p", { class: "fault" }, failure) : null);
    replace(strip, line);
  }
  /** Drafts that a closed tab left behind. */
  function offerDrafts() {
    for (const draft of drafts.all().filter((each) => each.id !== held.reference)) {
      const words = String(draft.fields.text ?? draft.fields.address ?? "").slice(0, 24);
      const line = el("div", { class: "stale" }, el("span", {}, say("entry.left", { at: clock(new Date(draft.at)), words })),
        el("button", { type: "button", class: "button small", onclick: () => {
          keep();
          begin(fresh(draft.fields));
          if (draft.sending) void settle(draft.fields);
          line.remove();
        } }, say("entry.go-on")),
        el("button", { type: "button", class: "button small", onclick: () => {
          drafts.drop(draft.id);
          line.remove();
        } }, say("entry.drop")));
      strip.append(line);
    }
  }
}

topBar(who);
watchNetwork();
open();
