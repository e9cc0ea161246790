// What a step needs, asked for on the phone; what is typed is kept as it is typed.
import { choice, finder } from "./choosing.js";
import { el, replace } from "./dom.js";
import { say, stepWord } from "./say.js";

/** @typedef {{value: () => any, room: any, fault: (words: string) => void}} Asked */
/** @typedef {{task: any, link: number, kept: import("./kept.js").Kept, beside: Promise<import("./choosing.js").Grid[]>, cancel: () => void, ready: (told: any) => Promise<void>}} Way */
/** @type {Record<string, string[]>} */
var ALSO = { hand_over: ["grid"] };

/** @param {HTMLElement} room @param {import("./task.js").Step} step @param {Way} way */
export function askFor(room, step, way) {
  var names = (ALSO[step.step] || []).concat(step.needs);
  if (names.indexOf("away_m") >= 0) return void whereIAm(room, way);
  if (!names.length) return void way.ready({}).catch(function () {});
  var key = "draft/" + way.task.task + "/" + step.step, above = way.task.above, called = stepWord(step, above);
  /** @type {Record<string, Asked>} */
  var asked = {};
  names.forEach(function (name) { asked[name] = question(name, way, keep); });
  function keep() {
    /** @type {any} */
    var row = { key: key, at: Date.now() };
    names.forEach(function (name) { row[name] = asked[name].value(); asked[name].fault(""); });
    void way.kept.put("draft", row).catch(function () {});
  }
  var form = el("form", { class: "form", novalidate: true, onsubmit: function (/** @type {Event} */ event) {
    event.preventDefault();
    var told = filled(names, asked);
    if (!told) return;
    void way.ready(told).then(function () { return way.kept.drop("draft", key); });
  } }, [el("h2", {}, called), step.step === "escalate" && above && above.name ? el("p", { class: "note" }, say("phone.above", { name: above.name })) : null, names.map(function (name) { return asked[name].room; }),
    el("p", { class: "note" }, say("phone.draft-kept")),
    el("div", { class: "pair" }, [el("button", { type: "button", class: "button", onclick: way.cancel }, say("phone.cancel")), el("button", { type: "submit", class: "button main" }, called)])]);
  replace(room, form);
  void way.kept.all("draft").then(function (rows) {
    rows.forEach(function (row) {
      if (row.key !== key) return;
      names.forEach(function (name) {
        var input = form.querySelector("[data-name=" + name + "]");
        if (input && row[name] && !input.value) input.value = row[name];
      });
    });
  }).catch(function () {});
}

/** @param {string[]} names @param {Record<string, Asked>} asked */
function filled(names, asked) {
  /** @type {any} */
  var told = {};
  var whole = true;
  names.forEach(function (name) {
    var value = asked[name].value();
    asked[name].fault(value ? "" : say("phone.needed"));
    if (value) told[name] = name === "days" ? Number(value) : value;
    else whole = false;
  });
  return whole ? told : null;
}

/** @param {string} name @param {Way} way @param {() => void} keep @returns {Asked} */
function question(name, way, keep) {
  var id = "ask-" + name;
  var input = name === "grid" ? choice(way.task.near, way.beside)
    : name === "result" || name === "reason" ? el("textarea", { rows: 3, maxlength: 2000 })
      : el("input", { type: name === "days" ? "number" : name === "review_on" ? "date" : "text", min: name === "days" ? 1 : null, inputmode: name === "days" ? "numeric" : null });
  input.setAttribute("id", id);
  input.setAttribute("data-name", name);
  input.addEventListener("input", keep);
  input.addEventListener("change", keep);
  if (name === "result") input.setAttribute("placeholder", say("phone.result-hint"));
  var fault = el("span", { class: "fault", role: "alert", id: id + "-fault" });
  input.setAttribute("aria-describedby", id + "-fault");
  var label = name === "grid" ? "phone.to" : "phone." + name;
  return {
    value: function () { return String(input.value).replace(/^\s+|\s+$/g, ""); },
    room: el("div", { class: "field" }, [el("label", { for: id }, say(label)), input, fault, name === "grid" ? finder(input, way.link, id + "-other") : null]),
    fault: function (words) { replace(fault, words); },
  };
}

/** @param {HTMLElement} room @param {Way} way */
function whereIAm(room, way) {
  replace(room, el("p", { class: "note", role: "status" }, say("phone.here-wait")));
  if (!navigator.geolocation) return void replace(room, el("p", { class: "fault", role: "alert" }, say("phone.here-none")));
  navigator.geolocation.getCurrentPosition(function (found) {
    void way.ready({ lon: found.coords.longitude, lat: found.coords.latitude, datum: "wgs84" });
  }, function () { replace(room, el("p", { class: "fault", role: "alert" }, say("phone.here-none"))); }, { enableHighAccuracy: true, timeout: 15000 });
}
