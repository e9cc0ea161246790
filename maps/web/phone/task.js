// One task on the screen: where, what, how long, what to do, and what waits to be sent.
import { SHAPES } from "../glyph_shapes.js";
import { el, icon, replace, svg } from "./dom.js";
import { askFor } from "./forms.js";
import { readKept } from "./grids.js";
import { landMap } from "./land.js";
import { photoRoom, whenMade } from "./photos.js";
import { queueList } from "./sending.js";
import { clock, either, english, instant, say, span, stepWord, titleOf } from "./say.js";
import { STATES } from "./states.js";

/**
 * @typedef {{step: string, zh: string, en: string, needs: string[]}} Step
 * @typedef {Step & {sources: string[], target: string, alone: boolean}} Edge
 * @typedef {{task: number, issue: number | null, number: string, text: string, address: string, service: string, grid: string | null, grid_name: string | null, kind: string, state: string, card: string | null,
 *   due_at: string, sent_at: string, yellow_at: string, lon: number | null, lat: number | null, coordinates: string, ways: {key: string, zh: string, en: string, url: string}[], needs_photo: boolean, version: number,
 *   steps: Step[], photos: {id: number, stage: string, zh: string, en: string}[], near: {code: string, name: string}[], above: import("./say.js").Above, told: string, history: any[], is_held: boolean, result: string}} Task
 * @typedef {{link: number, edges: Edge[], queue: import("./queue.js").Queue, kept: import("./kept.js").Kept, online: () => boolean, asOf: () => number, now: () => number, back: (() => void) | null, refresh: () => void, note: (words: string) => void, parts: (at: string) => any}} Site
 */
var MAIN = ["take", "finish", "resume"];
var BESIDE = ["return", "escalate"];
var UNSURE = ["self_close", "arrive", "appeal"]; // whether these may be taken the server says alone

/** A task as it will be once what waits here has been sent. @param {Task} task @param {import("./queue.js").Item[]} items @param {Edge[]} edges @returns {Task} */
export function foreseen(task, items, edges) {
  var waiting = items.filter(function (item) { return item.kind === "step" && item.task === task.task && item.state !== "done"; });
  if (!waiting.length) return task;
  var made = JSON.parse(JSON.stringify(task));
  if (waiting.some(function (item) { return item.state === "stuck"; })) { // it stands as it stood, and goes on once somebody decides
    made.steps = [];
    return made;
  }
  waiting.forEach(function (item) {
    edges.forEach(function (edge) { if (edge.step === item.name && edge.target) made.state = edge.target; });
  });
  var handed = waiting[waiting.length - 1].name === "hand_over" || waiting[waiting.length - 1].name === "return";
  var done = waiting.map(function (item) { return item.name; });
  made.steps = handed ? [] : edges.filter(function (edge) {
    return edge.sources.indexOf(made.state) >= 0 && UNSURE.indexOf(edge.step) < 0 && done.indexOf(edge.step) < 0 && (task.issue !== null || edge.alone);
  });
  made.card = made.state === "sent" || made.state === "taken" ? made.card : null;
  return made;
}

/** @param {string} name */
export function stateMark(name) {
  var state = STATES[name];
  if (!state) return el("b", { class: "state" }, say(`phone.${name}`));
  var shape = SHAPES[state.glyph];
  return el("b", { class: "state state-" + name }, [svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, [
    shape.fill ? svg("path", { d: shape.fill, class: "fill" }) : null,
    shape.line ? svg("path", { d: shape.line }) : null,
    shape.cut ? svg("path", { d: shape.cut, class: "cut" }) : null,
  ]), english ? state.en : state.zh]);
}

/** @param {string | null} card */
export function cardMark(card) {
  return card ? el("span", { class: "card card-" + card }, say(`phone.${card}`)) : null;
}

/** How much time is gone, and how much is left. @param {Task} task @param {number} now */
export function timeBar(task, now) {
  var due = instant(task.due_at), since = instant(task.sent_at);
  var still = ["sent", "taken", "returned"].indexOf(task.state) < 0;
  var share = Math.min(1, Math.max(0, (now - since) / Math.max(1, due - since)));
  var left = still ? say("phone.still") : say(now > due ? "phone.over" : "phone.left", { time: span(due - now) });
  var fill = el("i", { class: task.card || "" });
  fill.style.width = Math.round(share * 100) + "%";
  return el("div", {}, [el("div", { class: "bar", role: "img", "aria-label": left }, fill),
    el("p", { class: "due" }, [el("b", { class: task.card === "red" ? "red" : task.card === "yellow" ? "amber" : "calm" }, left), el("span", {}, say("phone.due", { at: clock(task.due_at) }))])]);
}

/** What somebody said, as a sentence of its own: another follows. @param {string} words */
function ended(words) {
  return words && /[^\s。！？；：，、….!?;:,]$/.test(words) ? words + (english ? "." : "。") : words;
}

/** @param {Task} task */
export function whatToDo(task) {
  var known = task.is_held && STATES[task.state] ? say(`phone.do-${task.state}`) : say("phone.gone");
  var photo = task.is_held && task.needs_photo && (task.state === "sent" || task.state === "taken") ? say("phone.do-photo") : "";
  return [ended(task.told), known, photo].filter(Boolean).join(english ? " " : "");
}

/** @param {HTMLElement} room @param {Task} given @param {Site} site */
export function showTask(room, given, site) {
  var now = site.now();
  var soon = false; // a step that waits for photos to be made small
  /** @type {any} */
  var map = null;
  var ground = readKept(site, "ground/" + (given.grid || "task-" + given.task), "/tasks/" + given.task + "/ground");
  var beside = ground.then(function (told) { return told ? told.beside : []; });
  var task = foreseen(given, site.queue.items(), site.edges);
  var land = el("div", { class: "land" });
  var head = el("div", {}), what = el("p", {}), deed = el("div", { class: "deed" }), resting = el("p", { class: "note" }), foot = el("div", { class: "foot", tabindex: "-1" });
  var photos = el("section", {}), waiting = el("section", { class: "waiting" });
  var where = el("button", { type: "button", class: "chip where", onclick: locate }, say("phone.here"));

  function paint() {
    task = foreseen(given, site.queue.items(), site.edges);
    replace(head, [
      site.back ? el("button", { type: "button", class: "back", onclick: site.back }, [icon("back"), say("phone.back")]) : null,
      el("p", { class: "line" }, [stateMark(task.state), cardMark(task.card), el("span", { class: "number" }, task.number)]),
      el("h1", {}, titleOf(task)), el("p", { class: "place" }, task.address || (task.issue === null && task.grid_name) || say("phone.no-address")), timeBar(task, now),
    ]);
    replace(what, whatToDo(task));
    if (map) map.show(task.state);
    if (words) sheet.insertBefore(words, task.state === "taken" ? past : photos); // once it is taken, the deeds come first
    photoRoom(photos, task, site);
    queueList(waiting, task, site);
    buttons();
  }

  function buttons() {
    var offered = task.is_held ? task.steps : [];
    var main = MAIN.map(function (name) { return offered.filter(function (step) { return step.step === name; })[0]; }).filter(Boolean)[0];
    var beside = offered.filter(function (step) { return BESIDE.indexOf(step.step) >= 0; });
    var rest = offered.filter(function (step) { return step !== main && beside.indexOf(step) < 0; });
    /** @param {Step} step */
    function button(step) {
      return el("button", { type: "button", class: step === main ? "button main" : "button", "data-step": step.step, onclick: function () { begin(step); } }, stepWord(step, given.above));
    }
    if (rest.length) beside.push(/** @type {any} */ (null));
    foot.hidden = soon || !offered.length || Boolean(deed.querySelector("form")); // one main button at a time
    replace(foot, [beside.map(function (step) { return step ? button(step) : el("button", { type: "button", class: "button", "data-step": "more", onclick: function () { more(rest); } }, say("phone.more")); }), main ? button(main) : null]);
    resting.hidden = offered.length > 0 || Boolean(deed.firstChild);
    var undecided = site.queue.items().some(function (item) { return item.task === task.task && item.kind === "step" && item.state === "stuck"; });
    replace(resting, say(!task.is_held ? "phone.gone" : undecided ? "phone.decide" : `phone.do-${task.state}`));
  }

  /** Says what was written here and not handed in, as of before the page was closed. */
  function begun() {
    void site.kept.all("draft").then(function (rows) {
      var left = task.is_held ? task.steps.filter(function (step) { return isBegun(rows, "draft/" + task.task + "/" + step.step); }) : [];
      if (left.length && !deed.firstChild) replace(deed, el("p", { class: "note", role: "status" }, say("phone.draft-left", { step: stepWord(left[0], given.above) })));
    }).catch(function () {});
  }

  /** @param {Step[]} steps */
  function more(steps) {
    replace(deed, el("div", { class: "more" }, steps.map(function (step) {
      return el("button", { type: "button", class: "button", "data-step": step.step, onclick: function () { begin(step); } }, stepWord(step, given.above));
    })));
    show(deed);
  }

  /** @param {Step} step */
  function begin(step) {
    if (soon || !task.steps.some(function (offered) { return offered.step === step.step; })) return; // of a button that is no more
    askFor(deed, step, { task: task, link: site.link, kept: site.kept, beside: beside, cancel: function () { replace(deed, null); buttons(); toFoot(step.step); begun(); }, ready: function (told) { return send(step, told); } });
    foot.hidden = foot.hidden || Boolean(deed.querySelector("form"));
    if (deed.firstChild) show(deed);
  }

  /** Sends a step after the photos taken for it: some phones need seconds to make one small. @param {Step} step @param {any} told @returns {Promise<void>} */
  function send(step, told) {
    var made = whenMade(task.task);
    replace(deed, made ? el("p", { class: "note", role: "status" }, say("phone.photo-first", { step: stepWord(step, given.above) })) : null);
    soon = Boolean(made);
    foot.hidden = foot.hidden || soon;
    return made ? made.then(function () { replace(deed, null); soon = false; return keep(step, told); }) : keep(step, told);
  }

  /** @param {Step} step @param {any} told @returns {Promise<void>} */
  function keep(step, told) {
    var body = { step: step.step };
    Object.keys(told).forEach(function (name) { /** @type {any} */ (body)[name] = told[name]; });
    var before = site.queue.items().filter(function (item) { return item.kind === "step" && item.task === task.task && item.state !== "done"; });
    return site.queue.add({
      kind: "step", name: step.step, task: task.task, title: titleOf(task), path: "/api/phone/" + site.link + "/tasks/" + task.task + "/steps", json: body,
      version: given.version, above: given.above, after: before.length ? before[before.length - 1].key : null,
    }).then(function () {
      site.note(say("phone.queued", { step: stepWord(step, given.above) }));
      if (document.activeElement === sheet) toFoot(step.step);
    });
  }

  /** To the deeds, whoever was in a form that is no more. @param {string} name of the deed it was for */
  function toFoot(name) {
    if (!foot.hidden) (foot.querySelector("[data-step=" + name + "]") || foot).focus();
  }

  function locate() {
    if (!navigator.geolocation) return void replace(where, say("phone.here-none"));
    replace(where, say("phone.here-wait"));
    navigator.geolocation.getCurrentPosition(function (found) {
      var spot = { lon: found.coords.longitude, lat: found.coords.latitude, accuracy: found.coords.accuracy };
      if (map) map.stand(spot);
      where.className = "chip where heard";
      replace(where, task.lon === null || task.lat === null ? say("phone.here-only", { n: Math.round(spot.accuracy) }) : say("phone.here-said", { m: apart(spot, { lon: task.lon, lat: task.lat }), n: Math.round(spot.accuracy) }));
    }, function () { replace(where, say("phone.here-none")); }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
  }

  function drawLand(/** @type {any} */ told) {
    var at = task.lon === null || task.lat === null ? null : { lon: task.lon, lat: task.lat };
    if (!told && !at) return void (land.hidden = true);
    replace(land, null);
    map = landMap(land, { ground: told, at: at, state: task.state, name: task.grid_name || "", place: task.address || "" });
    if (task.grid_name) land.appendChild(el("span", { class: "chip grid-name" }, task.grid_name));
    if (at) land.appendChild(where);
  }

  var words = wordsRoom(task), past = historyRoom(task);
  var sheet = el("main", { class: "sheet", tabindex: "-1" }, [head, el("div", { class: "what" }, [el("h2", {}, say("phone.what")), what]),
    waysRoom(task, site), photos, deed, resting, waiting, past]);
  replace(room, [land, sheet, foot]);
  paint();
  begun();
  void ground.then(drawLand);
  return {
    task: task.task,
    paint: paint,
    draw: function () { if (map) map.draw(); },
    /** @param {Task} fresh */
    renew: function (fresh) { given = fresh; now = site.now(); paint(); },
  };
}

/** Whether something was written under a key. @param {any[]} rows @param {string} key */
function isBegun(rows, key) {
  return rows.some(function (row) {
    return row.key === key && Object.keys(row).some(function (name) { return name !== "key" && /\S/.test(String(row[name] || "")); });
  });
}

/** @param {HTMLElement} node */
function show(node) {
  if (node.scrollIntoView) node.scrollIntoView(false);
  window.scrollBy(0, 120);
  var first = /** @type {HTMLElement | null} */ (node.querySelector("textarea, input, select, button"));
  if (first) first.focus();
}

/** @param {Task} task @param {Site} site */
function waysRoom(task, site) {
  if (!task.ways.length) return task.address ? el("p", { class: "note" }, say("phone.unplaced")) : null;
  var said = el("p", { class: "note", role: "status" });
  var inWeChat = /MicroMessenger/i.test(navigator.userAgent);
  var copy = el("button", { type: "button", class: "way", onclick: function () {
    replace(said, say(copied(task.coordinates) ? "phone.copied" : "phone.copy-by-hand", { at: task.coordinates }));
  } }, [icon("copy"), say("phone.copy")]);
  return el("div", {}, [el("div", { class: "ways" }, [task.ways.map(function (way) {
    return el("a", { class: "way", href: way.url, rel: "noreferrer", "data-way": way.key }, [icon("way"), either(way)]);
  }), copy]), said, inWeChat ? el("p", { class: "note" }, say("phone.wechat")) : null]);
}

/** Whether a text is on the clipboard now: the way of 2015, which works without a secure address. @param {string} text */
function copied(text) {
  var room = el("textarea", { readonly: true, class: "unseen" }, text);
  document.body.appendChild(room);
  room.select();
  room.setSelectionRange(0, text.length);
  try {
    return document.execCommand("copy");
  } catch (error) {
    return false;
  } finally {
    document.body.removeChild(room);
  }
}

/** @param {Task} task */
function wordsRoom(task) {
  if (!task.text || (!task.issue && task.text === titleOf(task))) return null; // nobody reported it: the title is all there is
  return el("div", { class: "quote" }, [el("span", { class: "who", "aria-hidden": "true" }, say("phone.said")), el("p", {}, task.text)]);
}

/** @param {Task} task */
function historyRoom(task) {
  return el("section", {}, [el("h2", {}, say("phone.history")), el("ul", { class: "events" }, task.history.map(function (event) {
    var words = [event.order.reason, event.order.result].filter(Boolean).join(" · ");
    return el("li", {}, [el("time", {}, clock(event.at)), el("b", {}, either(event)), " ", event.person_name || "", words ? el("p", {}, words) : null]);
  }))]);
}

/** Metres between two places. @param {{lon: number, lat: number}} a @param {{lon: number, lat: number}} b */
export function apart(a, b) {
  var east = (a.lon - b.lon) * 111320 * Math.cos((a.lat * Math.PI) / 180);
  var north = (a.lat - b.lat) * 111320;
  return Math.round(Math.sqrt(east * east + north * north));
}
