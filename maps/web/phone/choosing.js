// Whose it shall be: the grids around this one to choose from, and any other by its name.
import { el, replace } from "./dom.js";
import { ask } from "./http.js";
import { say } from "./say.js";

/** @typedef {{code: string, name: string}} Grid */
var WAIT = 300; // ms without a further letter, before it is asked for

/** @param {Grid} grid */
function option(grid) {
  return el("option", { value: grid.code }, grid.name);
}

/** What chooses a grid: those the position may lie in as well, then those beside it once they are read, each once. @param {Grid[]} near @param {Promise<Grid[]>} beside */
export function choice(near, beside) {
  var first = el("option", { value: "" }, say(near.length ? "phone.choose" : "phone.to-none"));
  var select = el("select", {}, [first].concat(near.map(option)));
  beside.then(function (grids) {
    grids.forEach(function (grid) { add(select, grid); });
    if (grids.length) replace(first, say("phone.choose"));
  });
  return select;
}

/** @param {any} select @param {Grid} grid */
function add(select, grid) {
  for (var i = 0; i < select.options.length; i++) if (select.options[i].value === grid.code) return;
  select.appendChild(option(grid));
}

/** A field that finds grids further off by name, and chooses the one that is tapped. @param {any} select @param {number} link @param {string} id */
export function finder(select, link, id) {
  var found = el("div", { role: "status" });
  var input = el("input", { type: "search", id: id, maxlength: 100, autocomplete: "off", oninput: typed });
  var timer = 0;
  var asked = 0;

  function typed() {
    clearTimeout(timer);
    timer = Number(setTimeout(look, WAIT));
  }
  function look() {
    var words = input.value.replace(/^\s+|\s+$/g, "");
    var mine = ++asked;
    if (!words) return void replace(found, null);
    ask("GET", "/api/phone/" + link + "/grids/called?q=" + encodeURIComponent(words)).then(function (answer) {
      if (mine === asked) show(answer.status === 200 ? answer.told : null);
    });
  }
  /** @param {(Grid & {within: string[]})[] | null} grids */
  function show(grids) {
    if (!grids || !grids.length) return void replace(found, el("p", { class: "note" }, say(grids ? "phone.to-nobody" : "phone.to-offline")));
    replace(found, grids.map(function (grid) {
      return el("button", { type: "button", class: "button", "data-grid": grid.code, onclick: function () { take(grid); } }, [grid.name, " ", el("span", { class: "note" }, grid.within.join(" "))]);
    }));
  }
  /** @param {Grid} grid */
  function take(grid) {
    add(select, grid);
    select.value = grid.code;
    select.dispatchEvent(changed());
    input.value = "";
    replace(found, null);
    select.focus();
  }
  return el("div", { class: "field" }, [el("label", { for: id }, say("phone.to-other")), input, found]);
}

/** The way of 2015, for want of a constructor. */
function changed() {
  var event = document.createEvent("Event");
  event.initEvent("change", true, false);
  return event;
}
