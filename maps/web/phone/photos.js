// Photos of a task: those that arrived, those that wait, and two ways to add one: the camera, the gallery.
import { el, icon, replace } from "./dom.js";
import { shrunk } from "./photo.js";
import { say, titleOf } from "./say.js";
import { standing } from "./sending.js";

/** @param {HTMLElement} room @param {import("./task.js").Task} task @param {import("./task.js").Site} site */
export function photoRoom(room, task, site) {
  var mine = site.queue.items().filter(function (item) { return item.kind === "photo" && item.task === task.task; });
  var there = task.photos.filter(function (photo) { return !mine.some(function (item) { return item.answer && item.answer.id === photo.id; }); });
  var bytes = mine.reduce(function (sum, item) { return sum + (item.bytes || 0); }, 0);
  var count = there.length + mine.length;
  var at = making[task.task];
  function paint() { photoRoom(room, task, site); }
  var said = !count ? say("phone.photos-none") : bytes ? say("phone.photos-said", { n: count, kb: Math.round(bytes / 1024) }) : say("phone.photos-count", { n: count });
  replace(room, [el("h2", {}, [say("phone.photos"), el("span", { class: "end" }, said)]),
    el("div", { class: "photos" }, [
      there.map(function (photo) { return tile(task, photo.stage, "done", "/api/phone/" + site.link + "/photos/" + photo.id); }),
      mine.map(function (item) { return tile(task, String(item.stage), standing(item, site), item.answer ? "/api/phone/" + site.link + "/photos/" + item.answer.id : "", item.photo); }),
      at && at.left ? el("p", { class: "note", role: "status", "data-state": "making" }, say("phone.photo-making", { n: at.left })) : null,
    ]),
    at && at.bad ? el("p", { class: "fault", role: "alert" }, say(/** @type {any} */ (at.bad))) : null,
    task.is_held && ["done", "closed"].indexOf(task.state) < 0 ? ["before", "after"].map(function (stage) { return shoot(stage, task, site, paint); }) : null]);
}

/** @type {Record<number, {left: number, bad: string, all: Promise<any>}>} photos being made small, by task */
var making = {};

/** When all photos of a task are made small and kept; null where none is being made. @param {number} task @returns {Promise<any> | null} */
export function whenMade(task) {
  var at = making[task];
  return at && at.left ? at.all : null;
}

/** @type {Record<string, any>} the address of a photo → its drawing, so that none flickers */
var drawings = {};

/** @param {any} task @param {string} stage @param {string} state @param {string} url @param {string} [data] */
function tile(task, stage, state, url, data) {
  var words = { done: "phone.arrived", waiting: "phone.waits", writing: "phone.writing", sending: "phone.sending", stuck: "phone.stuck" };
  var name = say(`phone.${stage}`);
  var key = data || url;
  drawings[key] = drawings[key] || (data ? painted(data, name) : fetched(url, name));
  return el("div", { class: "photo", "data-state": state }, [drawings[key], el("span", { class: "stage" }, name),
    el("span", { class: "sent is-" + state }, [icon(state === "done" ? "tick" : state === "stuck" ? "warn" : "clock"), say(/** @type {any} */ (words)[state])])]);
}

/** A photo that the server has; where there is no network its room stays grey, and it is asked for again later. @param {string} url @param {string} name */
function fetched(url, name) {
  var img = el("img", { src: url, alt: name, loading: "lazy", onerror: function () {
    delete drawings[url];
    img.alt = "";
    img.removeAttribute("src");
  } });
  return img;
}

/** A photo that lies on this phone, as a picture. @param {string} data @param {string} name */
function painted(data, name) {
  var text = atob(data.slice(data.indexOf(",") + 1));
  var bytes = new Uint8Array(text.length);
  for (var i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return el("img", { src: window.URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })), alt: name });
}

/** @type {Record<string, {room: any, paint: () => void}>} what a camera answers to stays while the page is painted anew behind it */
var cameras = {};

/** @param {string} stage @param {any} task @param {import("./task.js").Site} site @param {() => void} paint */
function shoot(stage, task, site, paint) {
  var key = task.task + "/" + stage;
  /** @param {File[]} files */
  function taken(files) { add(files, stage, task, site, function () { camera.paint(); }); }
  var camera = cameras[key] || (cameras[key] = { room: lenses(stage, say(`phone.add-${stage}`), say(`phone.${stage}`), taken), paint: paint });
  camera.paint = paint;
  return camera.room;
}

/** Two keys, for browsers on newer phones offer of one what lies there alone, others the camera alone. @param {string} stage @param {string} word @param {string} what it is of @param {(files: File[]) => void} taken */
export function lenses(stage, word, what, taken) {
  return el("div", { class: "shoot" }, [lens(word, { capture: "environment", "data-camera": stage }, taken),
    lens(say("phone.gallery"), { multiple: true, "data-stage": stage, "aria-label": say("phone.gallery-of", { what: what }) }, taken)]);
}

/** @param {string} word @param {Record<string, any>} props @param {(files: File[]) => void} taken */
function lens(word, props, taken) {
  var input = el("input", props);
  input.setAttribute("type", "file");
  input.setAttribute("accept", "image/*");
  input.addEventListener("change", function () {
    /** @type {File[]} */
    var files = [].slice.call(input.files || []);
    input.value = "";
    taken(files);
  });
  input.addEventListener("focus", function () { label.className = "focused"; });
  input.addEventListener("blur", function () { label.className = ""; });
  var label = el("label", {}, [word, input]);
  return label;
}

/** @param {File[]} files @param {string} stage @param {any} of @param {import("./task.js").Site} site @param {() => void} paint */
function add(files, stage, of, site, paint) {
  var task = of.task;
  var at = making[task] = { left: files.length + (making[task] ? making[task].left : 0), bad: "", all: making[task] ? making[task].all : Promise.resolve() };
  files.forEach(function (file) {
    // One after the other: two large ones at once are more than an old phone holds.
    at.all = at.all.then(function () { return shrunk(file); }).then(function (made) {
      return site.queue.add({
        kind: "photo", name: "photo", task: task, title: titleOf(of), stage: stage, photo: made.photo, bytes: made.bytes,
        path: "/api/phone/" + site.link + "/tasks/" + task + "/photos?stage=" + stage,
      });
    }).catch(function (error) { making[task].bad = error.message; }).then(function () { making[task].left -= 1; paint(); });
  });
  paint();
}
