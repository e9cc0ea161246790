// The panel of a draft being drawn: four figures, the histogram, what is being painted, the lists.
import { classOf, excess, IN_BAND, signOf, verdict } from "../balance.js";
import { el, replace, svg } from "../dom.js";
import { balanceBar, rowName } from "../plan_panel.js";
import { roving } from "../roving.js";
import { figure, say } from "../say.js";
import { drawHistogram } from "./histogram.js";
import { byGrid, peopleMoved } from "./loads.js";

/** @typedef {import("../grids.js").Grid} Grid @typedef {import("./desk.js").Desk} Desk */
/** @typedef {{pick: (code: string) => void, unlockAll: () => void, lockAll: () => void, locate: () => void, issues?: ((code: string) => number) | null}} Acts what a row does; `issues`: what it tells instead of its verdict */
/** @typedef {{title: string, state: string, scope: string, base: number | null, band: {low: number, high: number}, now: {in_band: [number, number] | null, compactness: number | null, pieces: number | null}, loads: number[], borne: import("./loads.js").Loads | null, showLoad: boolean}} Told */

const MOST_ROWS = 40; // of a list; the rest by name on the map

/** @param {HTMLElement} room @param {Told} told @param {Desk} desk @param {Acts} acts @param {HTMLElement[]} foot @param {HTMLElement[]} more sections of others */
export function drawPanel(room, told, desk, acts, foot, more) {
  room.removeAttribute("aria-busy");
  const own = { ...acts };
  const [version, title] = [el("span", {}), el("h1", {})];
  const entitle = () => void (title.textContent = [told.scope, told.title].filter(Boolean).join(" · "));
  const tiles = tilesOf(acts);
  const chart = svg("svg", { viewBox: "0 0 332 82", class: "histogram", role: "img" });
  const painting = el("section", { class: "painting", hidden: true });
  const missed = listOf("missed");
  const unlockAll = link("draw.unlock-all", acts.unlockAll);
  const locked = listOf("locked", el("span", { class: "links" }, unlockAll, link("draw.lock-all", acts.lockAll)));
  const every = el("details", { class: "every" }, el("summary", {}, say("draw.every")), el("div", {}));
  replace(room,
    el("div", { class: "draw-scroll" },
      el("header", {}, title, el("p", { class: "note" }, el("span", { class: "tag" }, say(`plan-state.${told.state}`)), " ", version)),
      tiles.room,
      el("section", {}, el("h2", {}, say("draw.histogram"), histogramKey(told.band)), chart),
      painting, missed.room, locked.room, more, every),
    el("div", { class: "draw-foot" }, foot));
  const restop = roving(room, ".rows button");
  every.addEventListener("toggle", () => lists());

  function figures() {
    tiles.show(desk.sketch.totals(), told.now, told.borne && peopleMoved(desk.sketch, told.borne));
  }
  function lists() {
    const grids = [...desk.look.grids.values()];
    const sums = told.showLoad && told.borne ? byGrid(desk.sketch, told.borne.issues) : null;
    own.issues = sums && ((code) => sums[desk.sketch.number.get(code) ?? -1] ?? 0);
    const isLocked = (/** @type {Grid} */ grid) => desk.sketch.grids[desk.sketch.number.get(grid.code) ?? -1]?.locked;
    drawHistogram(chart, grids.filter((grid) => !grid.special).map((grid) => grid.households ?? 0), told.loads, told.band);
    missed.show(worst(grids.filter((grid) => excess(grid) !== 0)), own, say("draw.missed-sort"));
    locked.show(grids.filter(isLocked), own, "");
    unlockAll.hidden = !grids.some(isLocked);
    if (every.open) replace(/** @type {HTMLElement} */ (every.lastElementChild), el("ul", { class: "rows" }, grids.sort(byName).map((grid) => row(grid, own))));
    version.textContent = say("draw.version", { n: desk.outbox.version, base: told.base ?? "–" });
    restop();
  }
  entitle();
  figures();
  lists();
  return {
    figures, lists, title: entitle,
    /** Rows of the grids a stroke touches; null: none is going on. @param {Grid[] | null} grids */
    painting(grids) {
      painting.hidden = !grids?.length;
      if (grids?.length) replace(painting, el("h2", {}, say("draw.painting"), el("small", {}, say("draw.painting-hint"))), el("ul", { class: "rows" }, grids.map((grid) => row(grid, own))));
    },
    /** @param {string | null} code */
    mark(code) {
      for (const button of room.querySelectorAll(".rows button")) {
        const on = /** @type {HTMLElement} */ (button).dataset.code === code;
        button.setAttribute("aria-pressed", String(on));
      }
    },
  };
}

/** @param {Grid} a @param {Grid} b */
const byName = (a, b) => (a.code < b.code ? -1 : 1);

/** Furthest from the band first. @param {Grid[]} grids */
export function worst(grids) {
  return [...grids].sort((a, b) => Math.abs(excess(b)) - Math.abs(excess(a)) || byName(a, b));
}

/** @param {Acts} acts */
function tilesOf(acts) {
  const tile = (/** @type {string} */ key) => {
    const [value, small, note] = [el("b", {}), el("small", {}), el("span", { class: "tile-note" })];
    return { room: el("div", { class: "tile" }, el("div", { class: "tile-value" }, value, small), el("span", {}, say(key)), note), value, small, note };
  };
  const [fine, moved, broken, form] = ["measure.in_band", "measure.moved", "measure.pieces", "measure.compactness"].map(tile);
  const locate = link("draw.locate", acts.locate);
  broken.note.append(locate);
  return {
    room: el("div", { class: "tiles", role: "group", "aria-label": say("draw.figures") }, fine.room, moved.room, broken.room, form.room),
    /** @param {ReturnType<Desk["sketch"]["totals"]>} totals @param {Told["now"]} now @param {number | null} people */
    show(totals, now, people) {
      fine.value.textContent = figure(totals.fine);
      fine.small.textContent = ` / ${figure(totals.counted)}`;
      fine.note.textContent = now.in_band ? say("draw.tile-now", { n: `${figure(now.in_band[0])} / ${figure(now.in_band[1])}` }) : "";
      moved.value.textContent = figure(totals.moved);
      const share = totals.all ? ((totals.moved / totals.all) * 100).toFixed(1) : "0";
      moved.note.textContent = people === null ? say("draw.tile-share", { n: share }) : say("draw.tile-people", { n: share, people: figure(people) });
      broken.value.textContent = figure(totals.broken + totals.loose);
      broken.room.classList.toggle("bad", totals.broken + totals.loose > 0);
      locate.hidden = !(totals.broken + totals.loose);
      form.value.textContent = totals.compactness === null ? say("none") : totals.compactness.toFixed(2);
      form.note.textContent = now.compactness === null ? "" : say("draw.tile-now", { n: now.compactness.toFixed(2) });
    },
  };
}

/** @param {string} key @param {HTMLElement | null} [beside] */
function listOf(key, beside = null) {
  const [count, small, rows, more] = [el("span", {}), el("small", {}), el("ul", { class: "rows" }), el("p", { class: "note" })];
  return {
    room: el("section", { "data-list": key }, el("h2", {}, el("span", {}, say(`draw.${key}`), " ", count), small, beside), rows, more),
    /** @param {Grid[]} grids @param {Acts} acts @param {string} hint */
    show(grids, acts, hint) {
      count.textContent = figure(grids.length);
      small.textContent = grids.length ? hint : "";
      replace(rows, grids.slice(0, MOST_ROWS).map((grid) => row(grid, acts)));
      more.textContent = grids.length > MOST_ROWS ? say("draw.more", { n: figure(grids.length - MOST_ROWS) }) : grids.length ? "" : say(`draw.${key}-none`);
    },
  };
}

/** @param {string} key @param {() => void} act */
function link(key, act) {
  return el("button", { type: "button", class: "link", onclick: act }, say(key));
}

/** @param {{low: number, high: number}} band */
function histogramKey(band) {
  return el("small", { class: "dots-key" }, el("i", { class: "dot square" }), say("plan.draft"), el("i", { class: "dot dash" }), say("plan.now"), el("i", { class: "dot band" }), say("draw.band", band));
}

/** @param {Grid} grid @param {Acts} acts */
function row(grid, acts) {
  const tone = signOf(grid).startsWith("▲") ? "more" : signOf(grid) ? "fewer" : classOf(grid) === IN_BAND ? "fine" : "";
  return el("li", {}, el("button", { type: "button", "data-code": grid.code, "aria-pressed": "false", onclick: () => acts.pick(grid.code) },
    el("span", { class: "row-name" }, rowName(grid)),
    balanceBar(grid), el("span", { class: "row-figure" }, figure(grid.households)), 
    acts.issues ? el("span", { class: "row-verdict" }, say("draw.load-row", { n: figure(acts.issues(grid.code)) })) : el("span", { class: `row-verdict ${tone}` }, verdict(grid))));
}

