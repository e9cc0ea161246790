// A day's tasks: those to do first, of them those that are due first.
import { el, replace } from "./dom.js";
import { clock, nearAddress, say, titleOf } from "./say.js";
import { cardMark, foreseen, stateMark } from "./task.js";

var TO_DO = ["sent", "taken"], ASIDE = ["returned", "held"];

/** Tasks with those to do before those that wait for others, and those before what is done; else as they were. @param {any[]} tasks */
export function inTurn(tasks) {
  return [TO_DO, ASIDE, null].reduce(function (all, states) {
    return all.concat(tasks.filter(function (task) { return states ? states.indexOf(task.state) >= 0 : TO_DO.concat(ASIDE).indexOf(task.state) < 0; }));
  }, /** @type {any[]} */ ([]));
}

/** @param {HTMLElement} room @param {any} told @param {import("./task.js").Site} site */
export function dayRoom(room, told, site) {
  var list = el("div", {});
  function paint() {
    var tasks = inTurn(told.tasks.map(function (/** @type {any} */ task) { return foreseen(task, site.queue.items(), site.edges); }));
    var open = tasks.filter(function (/** @type {any} */ task) { return TO_DO.indexOf(task.state) >= 0; }).length;
    replace(list, [site.parts(""), el("h1", {}, say("phone.day")), el("p", { class: "note" }, say("phone.day-of", { day: told.day, n: tasks.length, open: open })),
      tasks.length ? tasks.map(row) : el("p", { class: "note" }, say("phone.day-none"))]);
  }
  /** @param {any} task */
  function row(task) {
    return el("a", { class: "row", href: "#task-" + task.task }, [el("p", { class: "line" }, [stateMark(task.state), cardMark(task.card), el("span", { class: "number" }, say("phone.due", { at: clock(task.due_at) }))]),
      el("h2", {}, titleOf(task)), el("p", { class: "place" }, [task.grid_name, nearAddress(task.address, task.grid_name)].filter(Boolean).join(" · "))]);
  }
  replace(room, el("main", { class: "sheet", tabindex: "-1" }, list));
  paint();
  return { paint: paint, draw: null, renew: function (/** @type {any} */ fresh) { told = fresh; paint(); } };
}
