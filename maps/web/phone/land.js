// The map of a task: its grid outlined and the rest veiled, drawn on one canvas; no map library.
import { el, icon } from "./dom.js";
import { boxOf, moveBy, pin } from "./land_marks.js";
import { say } from "./say.js";
import { shade } from "./shade.js";

/** @typedef {{corner: [number, number], far: number[], step: number, grid: number[][], others: number[][], beside: {code: string, name: string}[], roads: {class: string, name: string, line: number[]}[], water: number[][], green: number[][], buildings: number[][]}} Ground */
/** @typedef {{lon: number, lat: number}} Spot */
/** Metres a road is drawn wide. @type {Record<string, number>} */
var WIDTHS = { lane: 5, branch: 7, local: 8, minor: 8, street: 10, secondary: 14, collector: 14, main: 18, primary: 20, arterial: 22, ring: 26, expressway: 28, motorway: 28 };
var METRES = 111320; // a degree of latitude
var PIN = 60, COVERED = 24; // px that the task's mark needs above its tip, and that the sheet takes below
var CHIPS = 52, DOT = 14; // px that what is said on the map takes above, and whoever stands there below

/** @param {HTMLElement} room @param {{ground: Ground | null, at: Spot | null, state: string, name: string, place: string, picks?: boolean, plain?: boolean, moved?: (spot: Spot) => void}} told `plain`: borders as they are, nothing veiled */
export function landMap(room, told) {
  var canvas = el("canvas", { role: "img", "aria-label": say(told.picks ? "phone.map-pick" : told.place ? "phone.map" : "phone.map-grid", { grid: told.name, place: told.place }) });
  var ground = told.ground;
  var at = told.at;
  var corner = ground ? ground.corner : at ? [at.lon, at.lat] : [0, 0];
  var squash = Math.cos((corner[1] * Math.PI) / 180);
  var state = told.state;
  /** @type {(Spot & {accuracy: number}) | null} */
  var here = null;
  var view = { x: 0, y: 0, px: 1 }; // metres at the middle, px a metre
  var moved = false, tall = 0; // whether somebody chose what is seen; how high the map was then
  var rings = shapes(ground && ground.grid);
  var others = shapes(ground && ground.others);
  var water = shapes(ground && ground.water);
  var green = shapes(ground && ground.green);
  var houses = shapes(ground && ground.buildings);
  var roads = (ground ? ground.roads : []).map(function (road) { return { width: WIDTHS[road.class] || 8, name: road.name, line: metres(road.line) }; });
  roads.sort(function (a, b) { return a.width - b.width; });

  /** From steps to metres east and north of the corner. @param {number[]} flat */
  function metres(flat) {
    var step = ground ? ground.step : 0;
    var x = 0, y = 0;
    var made = [];
    for (var i = 0; i + 1 < flat.length; i += 2) {
      x += flat[i];
      y += flat[i + 1];
      made.push(x * step * METRES * squash, y * step * METRES);
    }
    return made;
  }
  /** @param {number[][] | null | undefined} list */
  function shapes(list) {
    return (list || []).map(metres);
  }
  /** @param {Spot} spot */
  function placed(spot) {
    return [(spot.lon - corner[0]) * METRES * squash, (spot.lat - corner[1]) * METRES];
  }
  function size() {
    return { wide: room.clientWidth || 360, tall: room.clientHeight || 286 };
  }
  function fit() {
    var box = boxOf(rings.length ? rings : at ? [[].concat(/** @type {any} */ (placed(at)))] : [[0, 0]]);
    var around = size();
    view.px = Math.min(3, Math.max(0.05, Math.min((around.wide - 40) / Math.max(box[2] - box[0], 60), (around.tall - 60) / Math.max(box[3] - box[1], 60))));
    view.x = (box[0] + box[2]) / 2;
    view.y = (box[1] + box[3]) / 2;
  }
  function near() {
    fit();
    if (!at) return;
    var spot = placed(at);
    if (told.picks) {
      view.x = spot[0];
      view.y = spot[1];
      view.px = Math.max(view.px, 1);
      return;
    }
    view.px = Math.max(view.px, Math.min(1.3, view.px * 1.5));
    view.x += (spot[0] - view.x) * 0.6;
    view.y += (spot[1] - view.y) * 0.6 - 12 / view.px;
    tall = size().tall;
    var tip = tall / 2 - (spot[1] - view.y) * view.px;
    view.y += (Math.max(PIN, Math.min(tall - COVERED, tip)) - tip) / view.px;
    if (here) both(spot, placed(here));
  }
  /** The task and whoever looks for it, if they are not too far apart for one map. @param {number[]} goal @param {number[]} there */
  function both(goal, there) {
    var around = size();
    var px = Math.min(view.px, (around.wide - 80) / Math.abs(goal[0] - there[0]), (around.tall - PIN - CHIPS - COVERED - DOT) / Math.abs(goal[1] - there[1]));
    if (px < 0.05) return;
    view.px = px;
    view.x = (goal[0] + there[0]) / 2;
    view.y = (goal[1] + there[1]) / 2 + (PIN + CHIPS - COVERED - DOT) / 2 / px;
  }
  function draw() {
    var around = size();
    var ratio = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = around.wide * ratio;
    canvas.height = around.tall * ratio;
    var pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    pen.lineJoin = pen.lineCap = "round";
    /** @param {number} x @param {number} y */
    function on(x, y) { return [around.wide / 2 + (x - view.x) * view.px, around.tall / 2 - (y - view.y) * view.px]; }
    /** @param {number[]} flat @param {boolean} [closed] */
    function trace(flat, closed) {
      for (var i = 0; i + 1 < flat.length; i += 2) {
        var to = on(flat[i], flat[i + 1]);
        if (i) pen.lineTo(to[0], to[1]);
        else pen.moveTo(to[0], to[1]);
      }
      if (closed) pen.closePath();
    }
    /** @param {number[][]} list @param {string} colour @param {string} [edge] */
    function fills(list, colour, edge) {
      pen.beginPath();
      list.forEach(function (flat) { trace(flat, true); });
      pen.fillStyle = colour;
      pen.fill();
      if (!edge) return;
      pen.strokeStyle = edge;
      pen.lineWidth = 1;
      pen.stroke();
    }
    /** @param {number[][]} list @param {string} colour @param {number} width @param {boolean} closed */
    function strokes(list, colour, width, closed) {
      pen.beginPath();
      list.forEach(function (flat) { trace(flat, closed); });
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.stroke();
    }
    pen.fillStyle = shade("land");
    pen.fillRect(0, 0, around.wide, around.tall);
    fills(rings, shade("old-town"));
    fills(green, shade("green"));
    fills(water, shade("water"), shade("water-edge"));
    roads.forEach(function (road) { strokes([road.line], shade("road-casing"), Math.max(2, road.width * view.px) + 1.6, false); });
    roads.forEach(function (road) { strokes([road.line], shade("road"), Math.max(2, road.width * view.px), false); });
    if (view.px > 0.22) fills(houses, shade("dwelling"), shade("dwelling-edge"));
    pen.globalAlpha = 0.5;
    strokes(told.plain ? others.concat(rings) : others, shade("border"), 1, true);
    pen.globalAlpha = 1;
    if (rings.length && !told.plain) {
      pen.beginPath();
      pen.rect(0, 0, around.wide, around.tall);
      rings.forEach(function (flat) { trace(flat, true); });
      pen.globalAlpha = 0.62;
      pen.fillStyle = shade("halo");
      pen.fill("evenodd");
      pen.globalAlpha = 1;
      strokes(rings, shade("halo"), 6, true);
      strokes(rings, shade("primary"), 3.4, true);
    }
    names(pen, on, around);
    if (here) drawHere(pen, on, here);
    if (at && !told.picks) pin(pen, on.apply(null, /** @type {any} */ (placed(at))), state);
    if (told.picks) pin(pen, [around.wide / 2, around.tall / 2], state);
  }
  /** Names of the wider roads along them, none over another. @param {any} pen @param {(x: number, y: number) => number[]} on @param {{wide: number, tall: number}} around */
  function names(pen, on, around) {
    /** @type {number[][]} */
    var taken = [];
    pen.font = '13px "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    /** @type {Record<string, boolean>} */
    var said = {};
    roads.slice().reverse().forEach(function (road) {
      if (!road.name || said[road.name] || taken.length > 6) return;
      for (var i = 0; i + 3 < road.line.length; i += 2) {
        var a = on(road.line[i], road.line[i + 1]), b = on(road.line[i + 2], road.line[i + 3]);
        var x = (a[0] + b[0]) / 2, y = (a[1] + b[1]) / 2;
        var long = Math.sqrt(Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2));
        var wide = pen.measureText(road.name).width;
        var free = taken.every(function (spot) { return Math.abs(spot[0] - x) > (wide + spot[2]) / 2 || Math.abs(spot[1] - y) > 26; });
        if (long < wide * 0.7 || x < wide / 2 + 4 || x > around.wide - wide / 2 - 4 || y < 44 || y > around.tall - 30 || !free) continue;
        var turn = Math.atan2(b[1] - a[1], b[0] - a[0]);
        if (turn > Math.PI / 2) turn -= Math.PI;
        if (turn < -Math.PI / 2) turn += Math.PI;
        pen.save();
        pen.translate(x, y);
        pen.rotate(turn);
        pen.lineWidth = 3.6;
        pen.strokeStyle = shade("halo");
        pen.strokeText(road.name, 0, 0);
        pen.fillStyle = shade("name");
        pen.fillText(road.name, 0, 0);
        pen.restore();
        taken.push([x, y, wide]);
        said[road.name] = true;
        return;
      }
    });
  }
  /** @param {any} pen @param {(x: number, y: number) => number[]} on @param {Spot & {accuracy: number}} spot */
  function drawHere(pen, on, spot) {
    var there = placed(spot);
    var to = on(there[0], there[1]);
    pen.beginPath();
    pen.arc(to[0], to[1], Math.max(14, spot.accuracy * view.px), 0, 7);
    pen.fillStyle = pen.strokeStyle = shade("here");
    pen.lineWidth = 1;
    pen.globalAlpha = 0.18;
    pen.fill();
    pen.globalAlpha = 0.6;
    pen.stroke();
    pen.globalAlpha = 1;
    if (at) {
      var goal = on.apply(null, /** @type {any} */ (placed(at)));
      pen.beginPath();
      pen.moveTo(to[0], to[1]);
      pen.lineTo(goal[0], goal[1]);
      pen.strokeStyle = shade("primary");
      pen.lineWidth = 4;
      if (pen.setLineDash) pen.setLineDash([0.1, 8]);
      pen.stroke();
      if (pen.setLineDash) pen.setLineDash([]);
    }
    pen.beginPath();
    pen.arc(to[0], to[1], 9, 0, 7);
    pen.fillStyle = shade("surface");
    pen.fill();
    pen.beginPath();
    pen.arc(to[0], to[1], 6.5, 0, 7);
    pen.fillStyle = shade("here");
    pen.fill();
  }
  /** Drawn anew; a map that is lower now, for want of a network, still shows where the task is. */
  function renew() {
    if (!moved && size().tall !== tall) near();
    draw();
  }

  moveBy(canvas, function (dx, dy) {
    moved = true;
    view.x -= dx / view.px;
    view.y += dy / view.px;
    draw();
    tellMoved();
  }, function (factor) { zoom(factor); });
  /** @param {number} factor */
  function zoom(factor) {
    moved = true;
    view.px = Math.min(4, Math.max(0.05, view.px * factor));
    draw();
  }
  function tellMoved() {
    if (told.moved) told.moved({ lon: corner[0] + view.x / METRES / squash, lat: corner[1] + view.y / METRES });
  }
  room.appendChild(canvas);
  room.appendChild(el("div", { class: "zoom" }, [
    el("button", { type: "button", "aria-label": say("phone.in"), onclick: function () { zoom(1.5); } }, icon("plus")),
    el("button", { type: "button", "aria-label": say("phone.out"), onclick: function () { zoom(1 / 1.5); } }, icon("minus")),
    el("button", { type: "button", "aria-label": say("phone.fit"), onclick: function () { moved = true; fit(); draw(); } }, icon("fit")),
  ]));
  near();
  draw();
  return {
    draw: renew,
    /** Metres from the grid, 0 inside the box around it. @param {Spot} spot */
    outside: function (spot) {
      var box = boxOf(rings), there = placed(spot);
      var east = Math.max(box[0] - there[0], there[0] - box[2], 0), north = Math.max(box[1] - there[1], there[1] - box[3], 0);
      return rings.length ? Math.sqrt(east * east + north * north) : 0;
    },
    /** @param {string} name */
    show: function (name) { state = name; draw(); },
    /** @param {Spot & {accuracy: number}} spot */
    stand: function (spot) {
      here = spot;
      var there = placed(spot);
      if (at && !told.picks) both(placed(at), there);
      if (told.picks) {
        moved = true;
        view.x = there[0];
        view.y = there[1];
        view.px = Math.max(view.px, 1);
        tellMoved();
      }
      draw();
    },
  };
}
