// The page where a planner redraws grids.
import { Refusal, address, ask, fillFrom, later, sentenceOf, showEmpty } from "../ask.js";
import { borderPath } from "../borders.js";
import { World, layersOver } from "../chart.js";
import { config, darkened, el, icon, part } from "../dom.js";
import { storeOf } from "../draft.js";
import { gridsOf, namesOf } from "../grids.js";
import { built, drawGround, groundOf } from "../ground.js";
import { badgesOf, roadNames } from "../names.js";
import { clock, figure, say } from "../say.js";
import { fitInto, folded, keepAddressInLanguageLink, mapButtons, onceAFrame, scaleBar, showScope, showWho, watchNetwork } from "../stage.js";
import { shapesOf } from "./arcs.js";
import { Desk } from "./desk.js";
import { Finder } from "./finder.js";
import { callouts, helpSheet, notices, strokeSaid, tooltip } from "./floats.js";
import * as hands from "./hands.js";
import { Keys } from "./keys.js";
import { Look } from "./look.js";
import { shelfOf } from "./outbox.js";
import { drawGrids, drawLive, drawNames, layerBox } from "./paint.js";
import { drawPanel } from "./panel.js";
import { tornOf } from "./torn.js";
import { handsOn } from "./pointer.js";
import { TOOLS, railOf } from "./rail.js";
import { NONE, Sketch, groundFrom } from "./sketch.js";
import { legendStrip } from "./strip.js";

/** @typedef {import("./paint.js").Scene} Scene @typedef {[number, number]} Point */

const { plan, scope, who, map: mapName } = config();
const map = folded(mapName);
const [panel, over] = [part("panel"), part("over")];
const ROOM = { top: 60, right: 40, bottom: 40, left: 40 };
const RADII = [5, 9, 14, 22, 34]; // px
const AGAIN_MS = 4000; // before an edit that got no answer is sent again
const EDITABLE = "draft";

/** Everything the page reads, asked for at once. */
async function read() {
  const areas = (/** @type {Record<string, string>} */ query) => ask(address("/api/areas.geojson", { scope, ...query })).then((told) => told.features);
  const at = `/api/plans/${encodeURIComponent(plan)}`;
  const [ground, draft, row, grids, communities, subdistricts, base, compare] = await Promise.all([
    ask(`${at}/ground`), ask(`${at}/draft?labels=true`), ask(at), areas({ net: "grid", kind: "grid", before: plan }),
    areas({ net: "admin", kind: "community" }), areas({ net: "admin", kind: "subdistrict" }),
    ask(address("/api/base.geojson", { scope })).then((told) => told.features), ask(`${at}/compare`),
  ]);
  return { ground, draft, row, grids, communities, subdistricts, base, compare };
}

/** @param {Awaited<ReturnType<typeof read>>} data */
function sceneOf(data) {
  const bounds = L.geoJSON(/** @type {any} */ ({ type: "FeatureCollection", features: data.communities.length ? data.communities : data.ground.features })).getBounds();
  const world = new World(bounds.getCenter());
  const sketch = new Sketch(groundFrom(data.ground));
  const shapes = shapesOf(data.ground.features, (position) => world.xy(position));
  const look = new Look(sketch, shapes);
  const specials = gridsOf(world, data.grids, namesOf(data.communities)).filter((grid) => grid.special);
  const around = data.subdistricts.length ? data.subdistricts : data.communities;
  /** @type {Scene} */
  const scene = {
    base: darkened(), only: null, look, ground: groundOf(world, data.base), specials,
    communities: borderPath(world, data.communities), subdistricts: borderPath(world, data.subdistricts),
    inside: world.pathOfAll(around.map((/** @type {GeoJSON.Feature} */ f) => f.geometry)),
    badges: badgesOf(world, data.communities, data.subdistricts), roads: roadNames(world, data.base),
    showToday: true, today: null, moved: null, picked: null, target: null, chosen: null, painted: null, drawn: [], lasso: false,
    pointer: null, radius: RADII[2], brush: false, refused: false, torn: [], cursor: null,
  };
  return { world, bounds, sketch, shapes, look, scene };
}

/** @param {Scene} scene @param {World} world */
function layersOf(scene, world) {
  return layersOver(map, world, [
    ["ground", (ctx, view, box) => drawGround(ctx, view, box, scene.ground, scene.base)],
    ["grids", (ctx, view, box) => drawGrids(ctx, view, box, scene)],
    ["names", (ctx, view, box) => drawNames(ctx, view, box, scene)],
    ["live", (ctx, view, box) => drawLive(ctx, view, box, scene)],
  ]);
}

/** Borders in force under the draft, on or off. @param {Scene} scene @param {() => void} repaint */
function switches(scene, repaint) {
  const box = el("input", { type: "checkbox", checked: scene.showToday, onchange: () => {
    scene.showToday = box.checked;
    repaint();
  } });
  over.append(el("div", { class: "switches" }, el("label", {}, box, el("span", {}, say("draw.show-today")))));
}

async function open() {
  const data = await fillFrom(panel, "what.draft", read);
  showScope(data.compare.scope?.path ?? []);
  if (!data.ground.features.length) return showEmpty(panel, say("draw.empty"));
  const { world, bounds, sketch, shapes, look, scene } = sceneOf(data);
  const isDraft = data.row.state === EDITABLE;
  const fit = () => fitInto(map, bounds, ROOM);
  const [tip, notice, cards] = [tooltip(over), notices(over), callouts(over)];
  const at = `/api/plans/${encodeURIComponent(plan)}`;
  const saved = el("span", { class: "saved", role: "status" });
  part("who").before(saved);
  /** @type {import("./panel.js").Told} */
  const told = {
    title: data.compare.title || `#${plan}`, state: data.row.state, scope: data.compare.scope?.name ?? scope, base: data.row.base ?? null, band: data.compare.band ?? { low: 300, high: 500 },
    now: nowOf(data.compare.measures ?? []), loads: data.grids.filter((/** @type {any} */ f) => !f.properties.special).map((/** @type {any} */ f) => f.properties.households ?? 0),
  };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const desk = new Desk(sketch, look, data.draft, {
    shelf: shelfOf(storeOf("localStorage"), who?.party ?? who?.name ?? "", plan),
    send: (edit, version) => ask(`${at}/edits`, "POST", { told: edit, version }),
    read: () => ask(`${at}/draft?labels=true`),
  }, { shown, said, refused, cut, changed, stale: () => notice.info(say("draw.taken-over")) });
  fit();
  const layers = layersOf(scene, world);
  const live = onceAFrame(() => layers.get("live")?.repaint());
  const panelOf = drawPanel(panel, told, desk, { pick: pickCode, unlockAll: () => edit({ kind: "unlock" }), lockAll: () => edit({ kind: "lock" }), locate }, scene.base, []);
  const rail = railOf(part("rail"), { use, undo: () => edit({ kind: "undo" }), redo: () => edit({ kind: "redo" }), help: () => sheet.showModal() });
  const sheet = helpSheet(keysSaid());
  legendStrip(part("legend"), told.band, scene.base, (only) => {
    scene.only = only;
    layers.get("grids")?.repaint();
  });
  switches(scene, () => layers.get("grids")?.repaint());
  mapButtons(over, map, fit);
  scaleBar(over, map);

  const worldRadius = () => scene.radius / world.view(map).scale;
  /** @type {import("./hands.js").Room} */
  const room = { desk, finder: new Finder(shapes), scene, reach: worldRadius, showMoved: onceAFrameGathered(showMoved), live, tip: showTip, pick, choose, warn: (key, values) => notice.info(say(key, values)), position };
  /** @type {Record<string, import("./hands.js").Tool>} */
  const tools = { select: hands.select(room), brush: hands.brush(room), lasso: hands.lasso(room), split: hands.split(room), merge: hands.merge(room), edge: hands.edge(room), lock: hands.lock(room) };
  let inUse = "select";
  const pointer = handsOn(map, world, {
    tool: () => (isDraft || inUse === "select" ? tools[inUse] : tools.select),
    moved(at) {
      scene.pointer = at;
      if (scene.brush) live();
    },
    zoomed: () => placeCards(),
  });
  const keys = new Keys(room, map, world, (text) => notice.aloud(text));
  document.addEventListener("keydown", pressed);
  window.addEventListener("online", () => void desk.outbox.go());
  window.addEventListener("beforeunload", (event) => desk.outbox.waiting.length && event.preventDefault());
  settled();
  use("select");
  changed();
  if (!isDraft) notice.info(say("draw.not-draft", { state: say(`plan-state.${data.row.state}`) }));
  if (desk.outbox.held.length) offerHeld();
  document.body.dataset.ready = "draw";
  later(over, "what.buildings", ask(address("/api/places.geojson", { scope, kind: "building" })), ({ features }) => {
    scene.ground = built(scene.ground, world, features);
    layers.get("ground")?.repaint();
  });

  /** @param {string} name */
  function use(name) {
    tools[inUse].stop();
    inUse = name;
    scene.brush = ["brush", "edge"].includes(name);
    scene.refused = false;
    pointer.use(name === "select");
    map.getContainer().style.cursor = tools[name].cursor;
    rail.mark(name);
    hint.textContent = isDraft ? say(tools[name].hint) : say("draw.read-only");
    live();
  }
  /** @param {import("./outbox.js").Edit} asked */
  function edit(asked) {
    if (!isDraft) return;
    tools[inUse].stop();
    desk.post(asked);
  }
  /** @param {number[]} touched */
  function shown(touched) {
    if (!layers) return; // the desk shows itself once before there is a map
    if (touched.length) showMoved(touched);
    settled();
  }
  /** What moved is painted anew: the boxes of those grids, and their figures. @param {number[]} touched */
  function showMoved(touched) {
    const view = world.view(map);
    const box = layerBox(view, look.boxOf(touched));
    if (Number.isFinite(box[0])) for (const name of ["grids", "names"]) layers.get(/** @type {any} */ (name))?.patch(box);
    panelOf.figures();
    live();
  }
  /** What only follows when a stroke has ended: lists, hatches, broken pieces. */
  function settled() {
    scene.moved = look.landOf(look.moved()).path;
    scene.today = look.todays();
    showTorn();
    panelOf.figures();
    panelOf.lists();
    panelOf.mark(scene.picked === null ? null : sketch.grids[scene.picked].code);
    if (scene.picked !== null && !sketch.grids[scene.picked].nodes) pick(null);
    for (const name of ["grids", "names", "live"]) layers.get(/** @type {any} */ (name))?.repaint();
  }
  /** @param {number | null} number */
  function pick(number) {
    scene.picked = number;
    panelOf.mark(number === null ? null : sketch.grids[number].code);
    live();
  }
  /** @param {string} code */
  function pickCode(code) {
    const number = sketch.number.get(code) ?? NONE;
    const grid = look.grids.get(number);
    pick(scene.picked === number ? null : number);
    if (grid) map.panInside(world.latLng(...grid.at), { padding: [140, 140] });
  }
  /** A lasso's catch waits for where it is to go. @param {number[] | null} nodes */
  function choose(nodes) {
    if (scene.chosen && nodes?.length === 1 && caught.length && sketch.grids[nodes[0]]) {
      desk.move(caught, nodes[0]);
      nodes = null;
    } else if (nodes && scene.picked !== null) {
      desk.move(nodes.filter((node) => sketch.takes(node, /** @type {number} */ (scene.picked))), scene.picked);
      nodes = null;
    }
    caught = nodes ?? [];
    const land = nodes ? look.landOf(nodes) : null;
    scene.chosen = land?.path ?? null;
    showTorn();
    live();
  }
  /** @param {import("./hands.js").Stroke | null} stroke @param {Point} [px] */
  function showTip(stroke, px) {
    tip.show(stroke && strokeSaid(stroke, desk), px);
    panelOf.painting(stroke ? [...stroke.loads.keys()].map((number) => look.grids.get(number)).filter((grid) => grid !== undefined) : null);
  }
  /** @param {Point} at @returns {[number, number]} */
  function position(at) {
    const { lng, lat } = world.latLng(...at);
    return [lng, lat];
  }
  function showTorn() {
    torn = tornOf(desk);
    scene.torn = torn.map(({ path }) => ({ path }));
    cards.show([...brokenCard(), ...caughtCard()]);
    placeCards();
  }
  /** One piece at a time has a card: rings show the others. */
  function brokenCard() {
    tornAt = Math.min(tornAt, Math.max(0, torn.length - 1));
    const piece = torn[tornAt];
    if (!piece) return [];
    /** @type {[string, () => void, string?][]} */
    const acts = piece.offer && piece.taker && isDraft ? [[say("draw.mend", { name: piece.taker }), () => desk.post(/** @type {any} */ (piece.offer).edit)]] : [];
    if (torn.length > 1) acts.push([say("draw.next-piece", { i: tornAt + 1, n: torn.length }), locate, "link"]);
    return [{ at: piece.at, kind: "broken", title: say("draw.broken", { name: piece.name }), note: say(acts.length && piece.offer ? "draw.broken-note" : "draw.broken-alone", { n: figure(piece.households) }), acts }];
  }
  function caughtCard() {
    if (!caught.length) return [];
    const land = look.landOf(caught);
    const households = caught.reduce((sum, node) => sum + sketch.ground.weight[node], 0);
    return [{ at: /** @type {Point} */ ([land.box[2], land.box[1]]), title: say("draw.caught", { n: figure(caught.length), households: figure(households) }), note: say("draw.caught-hint"),
      acts: /** @type {[string, () => void, string?][]} */ ([[say("draw.new-grid"), () => newGrid()], [say("draw.let-go"), () => choose(null), "link"]]) }];
  }
  function newGrid() {
    desk.move(caught, null);
    choose(null);
  }
  function placeCards() {
    const view = world.view(map);
    const { x, y } = map.getSize();
    cards.place(([a, b]) => {
      const p = map.layerPointToContainerPoint([a * view.scale + view.dx, b * view.scale + view.dy]);
      return [p.x, p.y];
    }, [x, y]);
  }
  /** To the next broken piece. */
  function locate() {
    if (!torn.length) return;
    if (located) tornAt = (tornAt + 1) % torn.length;
    located = true;
    const [left, top, right, bottom] = torn[tornAt].box;
    map.fitBounds(L.latLngBounds(world.latLng(left, bottom), world.latLng(right, top)), { maxZoom: 17.5, padding: [200, 160], animate: false });
    showTorn();
  }
  /** @param {any} answer @param {import("./outbox.js").Edit} asked */
  function said(answer, asked) {
    notice.clear("error");
    const names = answer.grids.slice(0, 2).map((/** @type {any} */ grid) => say("draw.total-said", { name: grid.name, n: figure(grid.households) }));
    notice.aloud([say(`draw.did-${asked.kind}`), ...names].join(say("comma")));
  }
  /** @param {unknown} error */
  function refused(error) {
    const words = sentenceOf(error, "what.edit");
    notice.error(sketch.grids.reduce((text, { code, name }) => (name ? text.replaceAll(code, name) : text), words));
  }
  /** @param {unknown} error */
  function cut(error) {
    clearTimeout(timer);
    timer = setTimeout(() => void desk.outbox.go(), AGAIN_MS);
    if (error instanceof Refusal) notice.error(sentenceOf(error, "what.edit"));
  }
  function changed() {
    if (!layers) return;
    const { waiting, held } = desk.outbox;
    saved.classList.toggle("waits", waiting.length > 0);
    saved.replaceChildren(...(waiting.length ? [say("draw.waiting", { n: waiting.length })] : desk.savedAt ? [icon("tick"), ` ${say("draw.saved", { at: clock(new Date(desk.savedAt)).split(" ").pop() })}`] : []));
    rail.able(isDraft, desk.canUndo || waiting.length > 0, desk.canRedo && !waiting.length);
    if (held.length) offerHeld();
    else notice.clear("held");
  }
  function offerHeld() {
    notice.held(say("draw.held", { n: desk.outbox.held.length }), [["draw.held-again", () => desk.outbox.settle(true)], ["draw.held-drop", () => desk.outbox.settle(false)]]);
  }
  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.target instanceof HTMLElement && event.target.closest("input, textarea, select, dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key === "z" || key === "y") {
        event.preventDefault();
        edit({ kind: key === "y" || event.shiftKey ? "redo" : "undo" });
      }
      return;
    }
    if (event.altKey) return;
    const named = TOOLS.find((tool) => tool.key.toLowerCase() === key);
    if (named && (isDraft || named.name === "select")) return use(named.name);
    if (key === "escape") return escape();
    if (key === "?") return sheet.showModal();
    if (key === "[" || key === "]") {
      scene.radius = RADII[Math.max(0, Math.min(RADII.length - 1, RADII.indexOf(scene.radius) + (key === "]" ? 1 : -1)))];
      return live();
    }
    if (key === "n" && caught.length) return newGrid();
    if (inUse === "split" && key === "enter") return tools.split.enter?.();
    if (inUse === "split" && key === "backspace") return tools.split.back?.();
    if (document.activeElement === map.getContainer() && keys.press(event, isDraft)) event.preventDefault();
  }
  function escape() {
    const busy = scene.drawn.length > 0 || desk.stroke.size > 0 || caught.length > 0;
    tools[inUse].stop();
    if (busy) return;
    if (inUse !== "select") use("select");
    else pick(null);
  }
}

/** What the lasso caught. @type {number[]} */
let caught = [];
/** @type {ReturnType<typeof tornOf>} */
let torn = [];
let tornAt = 0;
let located = false;
const hint = el("div", { class: "hint", "aria-hidden": "true" });
over.append(hint);

/** Calls of one frame as one, with all that they named. @param {(touched: number[]) => void} act */
function onceAFrameGathered(act) {
  /** @type {Set<number>} */
  const all = new Set();
  const later = onceAFrame(() => {
    const touched = [...all];
    all.clear();
    act(touched);
  });
  return (/** @type {number[]} */ touched) => {
    for (const number of touched) all.add(number);
    later();
  };
}

/** @param {{key: string, now: any}[]} measures */
function nowOf(measures) {
  const of = (/** @type {string} */ key) => measures.find((each) => each.key === key)?.now ?? null;
  return { in_band: of("in_band"), compactness: of("compactness"), pieces: of("pieces") };
}

/** @returns {[string, string][]} */
function keysSaid() {
  return [
    ...TOOLS.map(({ name, key }) => /** @type {[string, string]} */ ([key, say(`draw.${name}-does`)])),
    ["Ctrl + Z", say("draw.undo-does")], ["Ctrl + Y", say("draw.redo-does")], ["[ + ]", say("draw.key-radius")], ["Esc", say("draw.key-escape")],
    ["Enter", say("draw.key-enter")], ["Backspace", say("draw.key-back")], ["N", say("draw.key-new")], ["← + → + ↑ + ↓", say("draw.key-walk")], [say("plan.space"), say("draw.key-paint")], ["?", say("draw.help")],
  ];
}

keepAddressInLanguageLink();
showWho(who);
watchNetwork();
open();
