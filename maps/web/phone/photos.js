// Photos of a task: those that arrived, those that wait, and two ways to add one.
import { el, icon, replace } from "./dom.js";
import { shrunk } from "./photo.js";
import { say } from "./say.js";
import { standing } from "./sending.js";

/** @param {HTMLElement} room @param {import("./task.js").Task} task @param {import("./task.js").Site} site */
export function photoRoom(room, task, site) {
  var mine = site.queue.items().filter(function (item) { return item.kind === "photo" && item.task === task.task; });
  var there = task.photos.filter(function (photo) { return !mine.some(function (item) { return item.answer && item.answer.id === photo.id; }); });
  var bytes = mine.reduce(function (sum, item) { return sum + (item.bytes || 0); }, 0);
  var count = there.length + mine.length;
  var said = !count ? say("phone.photos-none") : bytes ? say("phone.photos-said", { n: count, kb: Math.round(bytes / 1024) }) : say("phone.photos-count", { n: count });
  replace(room, [el("h2", {}, [say("phone.photos"), el("span", { class: "end" }, said)]),
    el("div", { class: "photos" }, [
      there.map(function (photo) { return tile(task, photo.stage, "done", "/api/phone/" + site.link + "/photos/" + photo.id); }),
      mine.map(function (item) { return tile(task, String(item.stage), standing(item, site), item.answer ? "/api/phone/" + site.link + "/photos/" + item.answer.id : "", item.photo); }),
    ]),
    task.is_held && ["done", "closed"].indexOf(task.state) < 0 ? el("div", { class: "shoot" }, [shoot("before", task, site), shoot("after", task, site)]) : null]);
}

/** @type {Record<string, any>} the address of a photo → its drawing, so that none flickers */
var drawings = {};

/** @param {any} task @param {string} stage @param {string} state @param {string} url @param {string} [data] */
function tile(task, stage, state, url, data) {
  var words = { done: "phone.arrived", waiting: "phone.waits", sending: "phone.sending", stuck: "phone.stuck" };
  var name = say(`phone.${stage}`);
  var key = data || url;
  drawings[key] = drawings[key] || (data ? painted(data, name) : el("img", { src: url, alt: name, loading: "lazy" }));
  return el("div", { class: "photo", "data-state": state }, [drawings[key], el("span", { class: "stage" }, name),
    el("span", { class: "sent is-" + state }, [icon(state === "done" ? "tick" : state === "stuck" ? "warn" : "clock"), say(/** @type {any} */ (words)[state])])]);
}

/** A photo that lies on this phone, as a picture. @param {string} data @param {string} name */
function painted(data, name) {
  var text = atob(data.slice(data.indexOf(",") + 1));
  var bytes = new Uint8Array(text.length);
  for (var i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return el("img", { src: window.URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })), alt: name });
}

/** @param {string} stage @param {any} task @param {import("./task.js").Site} site */
function shoot(stage, task, site) {
  var input = el("input", { type: "file", accept: "image/*", "data-stage": stage, onchange: function () {
    /** @type {File[]} */
    var files = [].slice.call(input.files || []);
    input.value = "";
    files.forEach(function (file) {
      shrunk(file).then(function (made) {
        return site.queue.add({
          kind: "photo", name: "photo", task: task.task, stage: stage, photo: made.photo, bytes: made.bytes,
          path: "/api/phone/" + site.link + "/tasks/" + task.task + "/photos?stage=" + stage,
        });
      }).catch(function () { site.note(say("phone.photo-bad")); });
    });
  }, onfocus: function () { label.className = "focused"; }, onblur: function () { label.className = ""; }, multiple: true });
  var label = el("label", {}, [say(`phone.add-${stage}`), input]);
  return label;
}
