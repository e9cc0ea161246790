// Report what I found: words, a photo, and a place from the phone that the map can correct.
import { el, replace } from "./dom.js";
import { readKept } from "./grids.js";
import { landMap } from "./land.js";
import { shrunk } from "./photo.js";
import { say } from "./say.js";
import { queueList } from "./sending.js";

/** @param {HTMLElement} room @param {import("./task.js").Site} site */
export function reportRoom(room, site) {
  /** @type {{lon: number, lat: number, accuracy: number | null} | null} */
  var spot = null;
  /** @type {{photo: string, bytes: number}[]} */
  var photos = [];
  /** @type {any} */
  var map = null;
  var land = el("div", { class: "land picks" }), where = el("p", { class: "note", role: "status" }, say("phone.report-where"));
  var text = el("textarea", { id: "found-text", rows: 3, maxlength: 2000, oninput: keep }), fault = el("p", { class: "fault", role: "alert" });
  var chosen = el("span", { class: "end" }), waiting = el("section", {});
  var camera = el("input", { type: "file", accept: "image/*", multiple: true, "data-stage": "report", onchange: function () {
    /** @type {File[]} */
    var files = [].slice.call(camera.files || []);
    camera.value = "";
    files.forEach(function (file) {
      shrunk(file).then(function (made) { photos.push(made); replace(chosen, say("phone.report-photos", { n: photos.length })); }).catch(function () { replace(fault, say("phone.photo-bad")); });
    });
  } });
  replace(room, [land, el("main", { class: "sheet", tabindex: "-1" }, [site.parts("report"), el("h1", {}, say("phone.report")), where,
    el("div", { class: "field" }, [el("label", { for: "found-text" }, say("phone.report-what")), text]),
    el("div", { class: "field" }, [el("h2", {}, [say("phone.report-photo"), chosen]), el("div", { class: "shoot" }, el("label", {}, [say("phone.camera"), camera]))]), fault, waiting]),
  el("div", { class: "foot" }, [el("button", { type: "button", class: "button", "data-act": "here", onclick: here }, say("phone.here")), el("button", { type: "button", class: "button main", "data-act": "report", onclick: send }, say("phone.report-send"))])]);

  readKept(site, "grids/" + site.link, "/grids").then(function (grids) {
    var ground = grids && grids.length ? grids[0].ground : null;
    if (ground) map = landMap(land, { ground: ground, at: null, picks: true, state: "new", name: grids[0].name, place: "", moved: function (there) { spot = { lon: there.lon, lat: there.lat, accuracy: null }; replace(where, say("phone.report-where")); } });
    else land.hidden = true;
  });
  void site.kept.all("draft").then(function (rows) {
    rows.forEach(function (row) { if (row.key === "draft/report" && !text.value) text.value = row.text; });
  }).catch(function () {});

  function keep() {
    replace(fault, null);
    void site.kept.put("draft", { key: "draft/report", text: text.value }).catch(function () {});
  }
  function here() {
    replace(where, say("phone.here-wait"));
    if (!navigator.geolocation) return void replace(where, say("phone.here-none"));
    navigator.geolocation.getCurrentPosition(function (found) {
      var there = { lon: found.coords.longitude, lat: found.coords.latitude, accuracy: found.coords.accuracy };
      if (map) map.stand(there); // tells that the map has moved; the phone's own place comes after it
      spot = there;
      replace(where, [say("phone.here-only", { n: Math.round(there.accuracy) }), " · ", say("phone.report-where")]);
    }, function () { replace(where, say("phone.here-none")); }, { enableHighAccuracy: true, timeout: 15000 });
  }
  function send() {
    var words = text.value.replace(/^\s+|\s+$/g, "");
    if (!words || !spot) return void replace(fault, say(words ? "phone.report-place" : "phone.needed"));
    var held = photos;
    var told = { text: words, lon: spot.lon, lat: spot.lat, datum: "wgs84", accuracy_m: spot.accuracy };
    site.queue.add({ kind: "report", name: "report", task: "report", path: "/api/phone/" + site.link + "/reports", json: told, said: words.slice(0, 20) }).then(function (item) {
      held.forEach(function (made) {
        site.queue.add({ kind: "photo", name: "photo", task: "report", stage: "before", photo: made.photo, bytes: made.bytes, after: item.key, path: "/api/phone/" + site.link + "/reports/" + item.key + "/photos?stage=before" });
      });
    });
    photos = [];
    text.value = "";
    replace(chosen, null);
    void site.kept.drop("draft", "draft/report");
    site.note(say("phone.queued", { step: say("phone.report") }));
  }
  function paint() { queueList(waiting, { task: "report" }, site); }
  paint();
  return { paint: paint, draw: function () { if (map) map.draw(); }, renew: function () {} };
}
