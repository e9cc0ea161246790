// Report what I found: words, a photo, and a place from the phone that the map can correct.
import { el, replace } from "./dom.js";
import { readKept } from "./grids.js";
import { landMap } from "./land.js";
import { shrunk } from "./photo.js";
import { lenses } from "./photos.js";
import { clock, far, say } from "./say.js";
import { queueList } from "./sending.js";

var DRAFT = "draft/report", PHOTOS = "draft/report-photos";
var VAGUE = 100; // metres: from there on a position is no place to send somebody to
var FURTHEST = 100000; // metres: the vaguest that is taken in

/** @param {HTMLElement} room @param {import("./task.js").Site} site */
export function reportRoom(room, site) {
  /** @type {{lon: number, lat: number, accuracy: number | null, at?: number} | null} */
  var spot = null;
  /** @type {{photo: string, bytes: number}[]} */
  var photos = [];
  /** @type {any} */
  var map = null;
  var land = el("div", { class: "land picks" }), where = el("p", { class: "note", role: "status" }, say("phone.report-where"));
  var text = el("textarea", { id: "found-text", rows: 3, maxlength: 2000, oninput: keep }), fault = el("p", { class: "fault", role: "alert" });
  var address = el("input", { id: "found-address", maxlength: 300, autocomplete: "off", placeholder: say("phone.report-address-hint"), oninput: keep });
  var chosen = el("span", { class: "end", role: "status" }), waiting = el("section", {});
  /** @type {Promise<any>} */
  var made = Promise.resolve(); // photos, one after the other, once it is known which there are already
  var left = 0; // that are not small yet
  var sending = false, keeping = 0;
  /** @type {Record<string, number>} how often each draft was written */
  var written = {};
  /** @type {string[]} of the place, before what the map can do about it */
  var said = [];
  /** @param {File[]} files */
  function taken(files) {
    left += files.length;
    replace(fault, null);
    files.forEach(function (file) {
      made = made.then(function () { return shrunk(file); }).then(function (photo) {
        photos.push(photo);
        return draft({ key: PHOTOS, photos: photos }); // said to be chosen once it is kept
      }).catch(function (error) { replace(fault, say(error.message)); }).then(function () { left -= 1; count(); });
    });
    count();
  }
  replace(room, [land, el("main", { class: "sheet", tabindex: "-1" }, [site.parts("report"), el("h1", {}, say("phone.report")), where,
    el("div", { class: "field" }, [el("label", { for: "found-text" }, say("phone.report-what")), text]),
    el("div", { class: "field" }, [el("label", { for: "found-address" }, say("phone.report-address")), address]),
    el("div", { class: "field" }, [el("h2", {}, [say("phone.report-photo"), chosen]), lenses("report", say("phone.camera"), say("phone.report-photo"), taken)]), fault, waiting]),
  el("div", { class: "foot" }, [el("button", { type: "button", class: "button", "data-act": "here", onclick: here }, say("phone.here")), el("button", { type: "button", class: "button main", "data-act": "report", onclick: send }, say("phone.report-send"))])]);

  readKept(site, "grids/" + site.link, "/grids").then(function (grids) {
    var ground = grids && grids.length ? grids[0].ground : null;
    if (ground) map = landMap(land, { ground: ground, at: null, picks: true, state: "new", name: grids[0].name, place: "", moved: function (there) { stand({ lon: there.lon, lat: there.lat, accuracy: null }, []); } });
    else land.hidden = true;
    if (map && spot) stood(spot, said);
    else tellWhere();
  });
  made = site.kept.all("draft").then(function (rows) {
    rows.forEach(function (row) {
      if (row.key === DRAFT && !text.value && !spot) takeUp(row);
      if (row.key === PHOTOS && !photos.length) photos = row.photos;
    });
    count();
  }).catch(function () {});

  function keep() {
    replace(fault, null);
    void draft({ key: DRAFT, text: text.value, address: address.value, spot: spot });
  }
  /** @param {any} row */
  function draft(row) {
    written[row.key] = (written[row.key] || 0) + 1;
    return site.kept.put("draft", row).catch(function () {});
  }
  /** Forgets drafts once what they became is kept, but not what was begun on them meanwhile. @param {Promise<any>} kept */
  function undraft(kept) {
    [DRAFT, PHOTOS].forEach(function (key) {
      var nth = written[key];
      void kept.then(function () { return written[key] === nth ? site.kept.drop("draft", key) : undefined; }).catch(function () {});
    });
  }
  /** A draft with the place that was found for it; a place alone is of another day, perhaps. @param {any} row */
  function takeUp(row) {
    text.value = row.text;
    address.value = row.address || "";
    if (!row.text || !row.spot) return;
    var words = [say("phone.report-spot-of", { at: clock(row.spot.at) })];
    if (map) stood(row.spot, words);
    else stand(row.spot, words);
  }
  function count() {
    replace(chosen, [photos.length ? say("phone.report-photos", { n: photos.length }) : null, left ? " " + say("phone.photo-making", { n: left }) : null]);
  }
  /** Takes a place, and says what is to be said of it. @param {{lon: number, lat: number, accuracy: number | null, at?: number}} there @param {string[]} words */
  function stand(there, words) {
    spot = there;
    there.at = there.at || Date.now();
    said = words;
    tellWhere();
    clearTimeout(keeping);
    keeping = Number(setTimeout(keep, 400)); // not at each step of a map that moves
  }
  function tellWhere() {
    var off = map && spot ? map.outside(spot) : 0;
    var beyond = spot && off > (spot.accuracy || 0) ? say("phone.here-beyond", { far: far(off) }) : [];
    replace(where, said.concat(beyond, map ? say("phone.report-where") : []).join(" "));
  }
  /** The same of the phone's own place, which the map goes to. @param {any} there @param {string[]} words */
  function stood(there, words) {
    if (map) map.stand(there); // tells that the map has moved; the phone's own place comes after it
    stand(there, words);
  }
  function lost() {
    said = [say("phone.here-none"), say("phone.report-by-address")];
    tellWhere();
  }
  function here() {
    replace(where, say("phone.here-wait"));
    if (!navigator.geolocation) return void lost();
    navigator.geolocation.getCurrentPosition(function (found) {
      var there = { lon: found.coords.longitude, lat: found.coords.latitude, accuracy: Math.min(found.coords.accuracy, FURTHEST) };
      stood(there, [say(there.accuracy > VAGUE ? "phone.here-vague" : "phone.here-only", { n: Math.round(there.accuracy) })]);
    }, lost, { enableHighAccuracy: true, timeout: 15000 });
  }
  function send() {
    var words = text.value.replace(/^\s+|\s+$/g, "");
    var named = address.value.replace(/^\s+|\s+$/g, "");
    if (!words || (!spot && !named)) return void replace(fault, say(words ? "phone.report-place" : "phone.needed"));
    if (sending) return;
    sending = true;
    clearTimeout(keeping);
    var told = { text: words, address: named, lon: spot && spot.lon, lat: spot && spot.lat, datum: "wgs84", accuracy_m: spot && spot.accuracy, noted_at: new Date(site.now()).toISOString() };
    made.then(function () { keepReport(told); });
  }
  /** Keeps a report and its photos, all of them at once; the next one begins with nothing, not even a place. @param {{text: string}} told */
  function keepReport(told) {
    var report = { kind: "report", name: "report", task: "report", path: "/api/phone/" + site.link + "/reports", json: told, said: told.text.slice(0, 20) };
    var adding = [site.queue.add(report)];
    var key = /** @type {any} */ (report).key;
    photos.forEach(function (photo) {
      adding.push(site.queue.add({ kind: "photo", name: "photo", task: "report", stage: "before", photo: photo.photo, bytes: photo.bytes, after: key, path: "/api/phone/" + site.link + "/reports/" + key + "/photos?stage=before" }));
    });
    photos = [];
    spot = null;
    text.value = address.value = "";
    sending = false;
    count();
    said = [say("phone.report-next")];
    replace(where, said);
    undraft(Promise.all(adding));
    site.note(say("phone.queued", { step: say("phone.report") }));
  }
  function paint() { queueList(waiting, { task: "report" }, site); }
  paint();
  return { task: "report", paint: paint, draw: function () { if (map) map.draw(); }, renew: function () {} };
}
