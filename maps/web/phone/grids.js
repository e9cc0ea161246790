// My grid: its border, buildings and key places, as they were read last where there is no network.
import { el, replace } from "./dom.js";
import { ask } from "./http.js";
import { landMap } from "./land.js";
import { buildingSaid, say } from "./say.js";

var SHOWN = 30; // buildings before a name is asked for

/** What is asked of the server, or else what was kept of it. @param {import("./task.js").Site} site @param {string} key @param {string} path @returns {Promise<any>} */
export function readKept(site, key, path) {
  return ask("GET", "/api/phone/" + site.link + path).then(function (answer) {
    if (answer.status === 200) {
      void site.kept.put("seen", { key: key, told: answer.told, at: site.now() }).catch(function () {});
      return answer.told;
    }
    return site.kept.all("seen").catch(function () { return []; }).then(function (rows) {
      var found = rows.filter(function (row) { return row.key === key; })[0];
      return found ? found.told : null;
    });
  });
}

/** @param {HTMLElement} room @param {import("./task.js").Site} site */
export function gridsRoom(room, site) {
  var sheet = el("main", { class: "sheet", tabindex: "-1" }, [site.parts("grids"), el("p", { class: "note", role: "status" }, say("phone.grids-wait"))]);
  /** @type {any[]} */
  var maps = [];
  var here = false;
  replace(room, sheet);
  load();

  function load() {
    readKept(site, "grids/" + site.link, "/grids").then(function (grids) {
      if (here) return;
      here = Boolean(grids);
      if (!grids) return void replace(sheet, [site.parts("grids"), el("p", { class: "note" }, say("phone.grids-off"))]);
      replace(sheet, [site.parts("grids"), grids.length ? grids.map(oneGrid) : el("p", { class: "note" }, say("phone.grids-none"))]);
    });
  }

  /** @param {any} grid */
  function oneGrid(grid) {
    var land = el("div", { class: "land inside" });
    var homes = grid.buildings.reduce(function (/** @type {number} */ sum, /** @type {any} */ each) { return sum + (each.households || 0); }, 0);
    setTimeout(function () { maps.push(landMap(land, { ground: grid.ground, at: null, state: "", name: grid.name, place: "" })); }, 0);
    return el("section", {}, [el("h2", {}, grid.name), el("p", { class: "note" }, say("phone.grid-said", { n: grid.buildings.length, homes: homes })), land,
      grid.places.length ? [el("h3", {}, say("phone.key-places")), el("ul", { class: "events" }, grid.places.map(function (/** @type {any} */ place) { var said = buildingSaid(place, grid.name); return el("li", {}, [said[0], said[1] ? el("p", { class: "note" }, said[1]) : null]); }))] : null,
      buildings(grid)]);
  }
  /** Where people live first: those are visited. @param {any} grid */
  function buildings(grid) {
    /** @param {any} each */
    var lived = function (each) { return each.households > 0; };
    var all = grid.buildings.filter(lived).concat(grid.buildings.filter(function (/** @type {any} */ each) { return !lived(each); }));
    var list = el("div", {});
    var search = el("input", { type: "search", id: "find-" + grid.code, placeholder: say("phone.search"), oninput: function () { show(search.value); } });
    /** @param {string} words */
    function show(words) {
      var wanted = words.replace(/\s/g, "");
      var found = all.filter(function (/** @type {any} */ each) { return (each.name + each.address + each.code).replace(/\s/g, "").indexOf(wanted) >= 0; });
      replace(list, [found.slice(0, SHOWN).map(function (/** @type {any} */ each) {
        var said = buildingSaid(each, grid.name);
        return el("a", { class: "row thin", href: "#doors-" + encodeURIComponent(each.code) }, [el("span", { class: "end" }, say("phone.homes", { n: each.households || 0 })), said[0], said[1] ? el("p", { class: "note" }, said[1]) : null]);
      }), found.length > SHOWN ? el("p", { class: "note" }, say("phone.more-buildings", { n: found.length - SHOWN })) : null]);
    }
    show("");
    return el("div", {}, [el("div", { class: "field" }, [el("label", { for: "find-" + grid.code }, say("phone.buildings")), search]), list]);
  }
  return { paint: function () {}, draw: function () { maps.forEach(function (map) { map.draw(); }); }, renew: function () { if (!here) load(); } };
}
