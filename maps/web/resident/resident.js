// What a resident's form is given beside itself: a map, candidates for the address, photos made small.
import { el, replace } from "../phone/dom.js";
import { ask } from "../phone/http.js";
import { landMap } from "../phone/land.js";
import { shrunk } from "../phone/photo.js";
import { whenDarkened } from "../phone/shade.js";

var told = JSON.parse((document.getElementById("config") || { textContent: "{}" }).textContent || "{}");
var form = /** @type {any} */ (document.getElementById("report"));
var WAIT = 500; // ms after the last letter, or the last move of the map
var FAR = 150; // metres moved before the land is asked for anew

/** @typedef {{lon: number, lat: number}} Spot */
/** @param {string} name */
function tell(name) { return told.words[name] || name; }
/** @param {Spot} a @param {Spot} b */
function metres(a, b) {
  return Math.sqrt(Math.pow((a.lon - b.lon) * Math.cos((a.lat * Math.PI) / 180), 2) + Math.pow(a.lat - b.lat, 2)) * 111320;
}

function begin() {
  var land = /** @type {HTMLElement} */ (document.getElementById("land"));
  var where = /** @type {HTMLElement} */ (document.getElementById("where"));
  var said = /** @type {HTMLElement} */ (document.getElementById("said"));
  var list = el("div", { class: "places", role: "group", "aria-label": tell("found") });
  var line = el("p", { class: "note", role: "status", tabindex: "-1" });
  var unpin = el("button", { type: "button", class: "button", "data-act": "unpin", hidden: true, onclick: function () { set(null); line.focus(); } }, tell("unpin"));
  var here = el("button", { type: "button", class: "button", "data-act": "here", onclick: locate }, tell("here"));
  /** @type {Spot | null} */
  var shown = null;
  /** @type {any} */
  var map = null;
  var named = ""; // the address that the pin came with: of another one it says nothing
  var typing = 0, moving = 0, asked = 0;
  replace(where, [list, line, el("div", { class: "pair" }, [here, unpin])]);

  /** @param {Spot | null} spot @param {string} [address] where it came with one */
  function set(spot, address) {
    named = address || "";
    form.elements.lon.value = spot ? spot.lon.toFixed(6) : "";
    form.elements.lat.value = spot ? spot.lat.toFixed(6) : "";
    unpin.hidden = !spot;
    replace(line, tell(spot ? "pin" : "no-pin"));
  }
  /** @param {Spot} spot */
  function show(spot) {
    var mine = asked += 1;
    return ask("GET", "/api/report/ground?lon=" + spot.lon.toFixed(6) + "&lat=" + spot.lat.toFixed(6)).then(function (answer) {
      if (mine !== asked || answer.status !== 200 || !answer.told) return;
      shown = spot;
      replace(land, null);
      land.hidden = false;
      map = landMap(land, { ground: answer.told, at: spot, state: "new", name: "", place: "", picks: true, plain: true, moved: moved });
      var canvas = land.querySelector("canvas");
      if (canvas) canvas.setAttribute("aria-label", tell("map"));
    });
  }
  /** @param {Spot} spot */
  function moved(spot) {
    set({ lon: spot.lon, lat: spot.lat });
    clearTimeout(moving);
    moving = Number(setTimeout(function () { if (shown && metres(shown, spot) > FAR) void show(spot); }, WAIT));
  }
  function locate() {
    if (!navigator.geolocation) return void replace(line, tell("here-none"));
    navigator.geolocation.getCurrentPosition(function (found) {
      var spot = { lon: found.coords.longitude, lat: found.coords.latitude };
      set(spot);
      void show(spot);
    }, function () { replace(line, tell("here-none")); }, { enableHighAccuracy: true, timeout: 15000 });
  }
  form.elements.address.addEventListener("input", function () {
    if (named) set(null);
    clearTimeout(typing);
    typing = Number(setTimeout(function () { candidates(form.elements.address.value); }, WAIT));
  });
  /** @param {string} words @param {string} kind */
  function note(words, kind) {
    said.className = kind;
    replace(said, words);
  }
  /** @param {string} words */
  function candidates(words) {
    if (!words.replace(/\s/g, "")) return void replace(list, null);
    void ask("GET", "/api/report/places?q=" + encodeURIComponent(words)).then(function (answer) {
      if (words !== form.elements.address.value || answer.status !== 200) return;
      replace(list, answer.told.length ? answer.told.map(function (/** @type {any} */ one) {
        return el("button", { type: "button", class: "button", "data-place": one.title, onclick: function () {
          form.elements.address.value = one.title;
          replace(list, null);
          set(one.area ? null : one, one.title);
          line.focus(); // what was tapped is no more
          if (one.lon !== null) void show(one);
        } }, one.title);
      }) : el("p", { class: "note" }, tell("none-found")));
    });
  }
  whenDarkened(function () { if (map) map.draw(); });
  var over = el("p", { class: "fault", id: "text-over", role: "status" });
  form.elements.text.parentNode.appendChild(over);
  form.elements.text.addEventListener("input", counted);
  counted();
  /** Whether more is written than is taken: nothing is cut off unsaid. @returns {boolean} */
  function counted() {
    var n = form.elements.text.value.length;
    var most = told.letters;
    replace(over, n > most ? tell("over").replace("{n}", String(n)) : null);
    return n > most;
  }
  form.addEventListener("submit", function (/** @type {Event} */ event) {
    if (counted()) {
      event.preventDefault();
      return void form.elements.text.focus();
    }
    /** @type {File[]} */
    var files = [].slice.call(form.elements.photo.files || []);
    if (files.length > told.most || !window.FormData) return; // sent as it is
    event.preventDefault();
    note(tell("sending"), "note");
    Promise.all(files.map(function (file) { return shrunk(file).then(blobOf, function () { return file; }); })).then(function (made) {
      form.elements.photo.disabled = true; // left out: to take it out again is younger than the phones
      var body = new FormData(form);
      form.elements.photo.disabled = false;
      made.forEach(function (/** @type {Blob} */ photo, /** @type {number} */ n) { body.append("photo", photo, n + ".jpg"); });
      send(body, files.length > 0);
    });
  });
  /** @param {FormData} body @param {boolean} photos whether it has some: what is wrong with one that has none, its own page says all at once */
  function send(body, photos) {
    var request = new XMLHttpRequest();
    request.open("POST", form.getAttribute("action"));
    request.setRequestHeader("accept", "application/json, text/html");
    request.onload = function () {
      if (request.status < 400) return void window.location.assign(request.responseURL || "/report/mine");
      if (!photos && request.status < 500 && request.status !== 429) return void form.submit();
      var problem = sentenceIn(request.responseText);
      note(problem || (request.status >= 500 ? tell("unreached") : String(request.status)), "fault");
    };
    request.onerror = function () { note(tell("unreached"), "fault"); };
    request.send(body);
  }
  if (form.elements.lon.value) {
    var kept = { lon: Number(form.elements.lon.value), lat: Number(form.elements.lat.value) };
    set(kept);
    void show(kept).then(ready);
  } else {
    set(null);
    if (told.at) void show({ lon: told.at[0], lat: told.at[1] }).then(ready);
    else ready();
  }
}

/** What a problem says; nothing where it is none, as of a gateway between. @param {string} text */
function sentenceIn(text) {
  try {
    var problem = JSON.parse(text);
    return document.documentElement.lang === "en" ? problem.en : problem.zh;
  } catch (error) {
    return "";
  }
}

/** A photo from the text it was made into. @param {{photo: string}} made */
function blobOf(made) {
  var text = atob(made.photo.split(",")[1]);
  var bytes = new Uint8Array(text.length);
  for (var i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return new Blob([bytes], { type: "image/jpeg" });
}

function ready() { document.body.setAttribute("data-ready", "resident"); }

if (form) begin();
else ready();
