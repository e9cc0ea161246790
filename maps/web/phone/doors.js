// 楼栋图: units across, floors from the top down; each door with a sign, and the next ones to try.
import { el, icon, replace } from "./dom.js";
import { readKept } from "./grids.js";
import { buildingSaid, clock, say } from "./say.js";
import { queueList } from "./sending.js";

/** @typedef {{code: string, unit: number, floor: number, number: string, found: string, at: string | null}} Door */
/** @type {Record<string, string>} */
export var SIGNS = { visited: "✓", nobody: "○", refused: "×", empty: "空", let: "租" };
var FOUND = ["visited", "nobody", "refused", "empty", "let"];

/** Doors as they are once what waits here has been sent. @param {Door[]} doors @param {import("./queue.js").Item[]} items @returns {Door[]} */
export function foreseenDoors(doors, items) {
  /** @type {Record<string, import("./queue.js").Item>} */
  var waiting = {};
  items.forEach(function (item) { if (item.kind === "visit" && item.state !== "done") waiting[item.json.door] = item; });
  return doors.map(function (door) {
    var item = waiting[door.code];
    return item ? { code: door.code, unit: door.unit, floor: door.floor, number: door.number, found: item.json.found, at: item.json.noted_at || new Date(item.at).toISOString() } : door;
  });
}

/** Which to go to: never tried, in the order given; then where nobody was in, the longest ago first. @param {Door[]} doors */
export function toTry(doors) {
  var fresh = doors.filter(function (door) { return !door.found; });
  var missed = doors.filter(function (door) { return door.found === "nobody"; });
  missed.sort(function (a, b) { return String(a.at) < String(b.at) ? -1 : 1; });
  return fresh.concat(missed);
}

/** @param {HTMLElement} room @param {string} code @param {import("./task.js").Site} site */
export function doorsRoom(room, code, site) {
  var key = "doors/" + code;
  /** @type {any} */
  var told = null;
  var chosen = "";
  var head = el("div", {}), chart = el("div", { class: "chart" }), waiting = el("section", {}), foot = el("div", { class: "foot doorfoot" });
  replace(room, [el("main", { class: "sheet with-door", tabindex: "-1" }, [el("a", { class: "back", href: "#grids" }, [icon("back"), say("phone.grids")]), head, chart, waiting]), foot]);
  replace(head, el("p", { class: "note", role: "status" }, say("phone.grids-wait")));
  foot.hidden = true;
  load();

  function load() {
    readKept(site, key, "/doors?building=" + encodeURIComponent(code)).then(function (found) {
      if (told) return void site.kept.put("seen", { key: key, told: told, at: site.now() }).catch(function () {}); // it was heard meanwhile, and is newer
      told = found;
      if (!told) return void replace(head, el("p", { class: "note" }, say("phone.grids-off")));
      var next = toTry(doors());
      chosen = next.length ? next[0].code : "";
      paint();
      reveal();
    });
  }
  function called() {
    return buildingSaid(told, told.grid_name)[0];
  }
  function doors() {
    return foreseenDoors(told.doors, site.queue.items());
  }
  function paint() {
    if (!told) return;
    var all = doors();
    if (!all.length) return void replace(head, [el("h1", {}, called()), el("p", { class: "note" }, say("phone.doors-none")), el("button", { type: "button", class: "button main", "data-act": "missing", onclick: tellMissing }, say("phone.doors-report"))]);
    heading(all);
    drawChart(all);
    queueList(waiting, { task: key }, site);
    below(all);
  }
  /** What is missing is asked for on the page of reports, unless something is being written there. */
  function tellMissing() {
    var key = "draft/report";
    site.kept.all("draft").catch(function () { return []; }).then(function (rows) {
      var begun = rows.filter(function (row) { return row.key === key && row.text; })[0];
      return begun ? undefined : site.kept.put("draft", { key: key, text: say("phone.doors-missing", { name: called() }) });
    }).catch(function () {}).then(function () { window.location.hash = "#report"; });
  }
  /** @param {Door[]} all */
  function heading(all) {
    var done = all.filter(function (door) { return door.found; }).length;
    var units = values(all, function (door) { return door.unit; }), floors = values(all, function (door) { return door.floor; });
    var bar = el("div", { class: "bar parts", role: "img", "aria-label": FOUND.map(function (name) { return say(`phone.${name}`) + " " + count(all, name); }).join(" · ") });
    FOUND.forEach(function (name) {
      var part = el("i", { class: "door-" + name });
      part.style.width = (100 * count(all, name)) / all.length + "%";
      bar.appendChild(part);
    });
    var said = buildingSaid(told, told.grid_name);
    replace(head, [el("p", { class: "tally" }, [el("b", {}, done), "/" + all.length, el("span", {}, say("phone.doors-done"))]), el("h1", {}, said[0]), said[1] ? el("p", { class: "place" }, said[1]) : null,
      el("p", { class: "place" }, say("phone.doors-said", { grid: told.grid_name, units: units.length, floors: floors.length, n: all.length })), bar,
      el("ul", { class: "signs" }, FOUND.concat("").map(function (name) {
        return el("li", {}, [el("span", { class: "sign door-" + (name || "none"), "aria-hidden": "true" }, SIGNS[name] || ""), (name ? say(`phone.${name}`) : say("phone.untried")) + " " + count(all, name)]);
      }))]);
  }
  /** @param {Door[]} all */
  function drawChart(all) {
    var units = values(all, function (door) { return door.unit; }), floors = values(all, function (door) { return door.floor; }).reverse();
    /** @type {Record<string, number>} */
    var wide = {};
    units.forEach(function (unit) { wide[unit] = Math.max.apply(null, floors.map(function (floor) { return at(all, unit, floor).length; })); });
    replace(chart, [el("div", { class: "floor heads" }, [el("span", { class: "nth" }, say("phone.floor"))].concat(units.map(function (unit) { return group(wide[unit], el("b", {}, say("phone.unit", { n: unit }))); }))),
      floors.map(function (floor) {
        return el("div", { class: "floor" }, [el("span", { class: "nth" }, floor)].concat(units.map(function (unit) { return group(wide[unit], at(all, unit, floor).map(doorKey)); })));
      })]);
  }
  /** @param {number} wide @param {any} held */
  function group(wide, held) {
    var node = el("div", { class: "unit" }, held);
    node.style.minWidth = wide * 52 + "px";
    node.style.webkitBoxFlex = node.style.webkitFlexGrow = node.style.flexGrow = String(wide);
    return node;
  }
  /** @param {Door} door */
  function doorKey(door) {
    return el("button", { type: "button", class: "door door-" + (door.found || "none") + (door.code === chosen ? " chosen" : ""), "data-door": door.code, "aria-pressed": String(door.code === chosen), "aria-label": say("phone.door-said", { door: named(door), found: door.found ? say(`phone.${door.found}`) : say("phone.untried") }),
      onclick: function () { chosen = door.code; paint(); } }, [el("b", {}, door.number), el("span", { "data-sign": SIGNS[door.found] || "" })]);
  }
  /** @param {Door[]} all */
  function below(all) {
    var door = all.filter(function (each) { return each.code === chosen; })[0];
    var next = toTry(all).filter(function (each) { return each.code !== chosen; })[0];
    foot.hidden = !door;
    if (!door) return;
    replace(foot, [el("p", { class: "line" }, [el("b", {}, named(door)), el("span", { class: "end" }, door.at ? say("phone.last", { at: clock(door.at), found: say(`phone.${door.found}`) }) : say("phone.last-never"))]),
      el("div", { class: "pair" }, FOUND.map(function (name) {
        return el("button", { type: "button", class: name === FOUND[0] ? "button find main" : "button find", "data-found": name, onclick: function () { write(door, name, next); } }, [el("span", { "aria-hidden": "true" }, SIGNS[name]), el("br"), say(`phone.${name}`)]);
      })),
      el("div", { class: "next" }, [el("p", {}, [el("span", { class: "note" }, say("phone.next")), el("br"), el("b", {}, next ? named(next) : say("phone.next-none"))]),
        next ? el("button", { type: "button", class: "button", "data-act": "next", onclick: function () { chosen = next.code; paint(); reveal(); } }, say("phone.next-go")) : null])]);
  }
  /** The door that is chosen between the top and the foot; what is seen already stays where it is. */
  function reveal() {
    var key = /** @type {any} */ (chart.querySelector(".chosen"));
    if (!key || !key.getBoundingClientRect) return;
    var box = key.getBoundingClientRect(), around = chart.getBoundingClientRect(), seen = window.innerHeight - foot.offsetHeight;
    if (box.left < around.left || box.right > around.right) chart.scrollLeft += box.left - around.left - (around.width - box.width) / 2;
    if (box.top < 0 || box.bottom > seen) window.scrollBy(0, box.bottom - seen + 12);
  }
  /** @param {Door} door @param {string} found @param {Door | undefined} next */
  function write(door, found, next) {
    if (next) chosen = next.code; // before this one is shown as written: the next tap is meant for the next
    site.queue.add({ kind: "visit", name: found, task: key, title: called(), path: "/api/phone/" + site.link + "/visits", said: named(door), json: { building: code, door: door.code, found: found, noted_at: new Date(site.now()).toISOString() } });
    site.note(say("phone.queued", { step: say("phone.visit-one", { door: named(door), found: say(`phone.${found}`) }) }));
  }
  /** @param {Door} door */
  function named(door) {
    return say("phone.door", { unit: door.unit, number: door.number });
  }
  return {
    task: key, paint: paint, draw: null,
    renew: function () { if (!told) load(); }, // the network is back
    /** @param {any} item */
    heard: function (item) {
      if (item.kind !== "visit" || !item.answer || item.answer.code !== code) return;
      told = item.answer;
      paint();
    },
  };
}

/** @param {Door[]} doors @param {(door: Door) => number} of @returns {number[]} */
function values(doors, of) {
  /** @type {number[]} */
  var found = [];
  doors.forEach(function (door) { if (found.indexOf(of(door)) < 0) found.push(of(door)); });
  return found.sort(function (a, b) { return a - b; });
}

/** @param {Door[]} doors @param {string} found */
function count(doors, found) {
  return doors.filter(function (door) { return door.found === found; }).length;
}

/** @param {Door[]} doors @param {number} unit @param {number} floor */
function at(doors, unit, floor) {
  return doors.filter(function (door) { return door.unit === unit && door.floor === floor; });
}
