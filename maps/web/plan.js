// The page of a plan before and after.
import { address, ask, fillFrom, later, showEmpty } from "./ask.js";
import { showScope, topBar } from "./bar.js";
import { borderPath } from "./borders.js";
import { World, inside, paintLayers } from "./chart.js";
import { commentsOn, isOpen } from "./comments.js";
import { config, darkened, el, part, whenDarkened } from "./dom.js";
import { gridsOf, namesOf } from "./grids.js";
import { choices } from "./plan_choices.js";
import { built, drawGround, groundOf } from "./ground.js";
import { badgesOf, roadNames } from "./names.js";
import { onPaper } from "./paper.js";
import { drawFrame, drawNames, drawSide } from "./plan_paint.js";
import { planPanel, sideWords } from "./plan_panel.js";
import { say } from "./say.js";
import { fitInto, folded, mapButtons, onceAFrame, scaleBar, watchNetwork } from "./stage.js";
import { swipe } from "./swipe.js";

/** @typedef {import("./plan_paint.js").Scene} Scene */

const { plan, scope, who, map: mapName } = config();
const map = folded(mapName);
const panel = part("panel");
const over = part("over");
const beside = new URLSearchParams(location.search).get("beside"); // another plan of the same area, instead of today's grids
const ROOM = { top: 60, right: 36, bottom: 64, left: 36 }; // captions above, keys below

/** Everything the page reads, asked for at once. */
async function read() {
  const areas = (/** @type {Record<string, string>} */ query) => ask(address("/api/areas.geojson", { scope, ...query }));
  const measured = (/** @type {string} */ which, at = "") => ask(`/api/plans/${encodeURIComponent(which)}/compare${at}`);
  const mine = measured(plan);
  // Both are held against the same revision, whatever has become of the other since.
  const held = beside ? mine.then(({ revision }) => measured(beside, revision ? `?at=${revision}` : "")) : null;
  const [compare, other, now, draft, communities, subdistricts, base] = await Promise.all([
    mine, held,
    areas({ net: "grid", kind: "grid", ...(beside ? { plan: beside } : { before: plan }) }),
    areas({ net: "grid", kind: "grid", plan }),
    areas({ net: "admin", kind: "community" }),
    areas({ net: "admin", kind: "subdistrict" }),
    ask(address("/api/base.geojson", { scope })),
  ]);
  return { compare: { ...compare, beside: other }, now: now.features, draft: draft.features, communities: communities.features, subdistricts: subdistricts.features, base: base.features };
}

/** @param {Awaited<ReturnType<typeof read>>} data @returns {Scene} */
function sceneOf(data) {
  const bounds = L.geoJSON(/** @type {any} */ ({ type: "FeatureCollection", features: [...data.now, ...data.draft] })).getBounds();
  const world = new World(bounds.getCenter());
  const communities = namesOf(data.communities);
  const side = (/** @type {GeoJSON.Feature[]} */ features) => ({ grids: gridsOf(world, features, communities), borders: borderPath(world, features) });
  const scopeAreas = data.subdistricts.length ? data.subdistricts : data.communities;
  return {
    world, bounds, base: darkened(), selected: null, only: null, spans: { now: [-Infinity, Infinity], draft: [-Infinity, Infinity] },
    ground: groundOf(world, data.base),
    now: side(data.now), draft: side(data.draft),
    communities: borderPath(world, data.communities), subdistricts: borderPath(world, data.subdistricts),
    inside: world.pathOfAll(scopeAreas.map((/** @type {GeoJSON.Feature} */ f) => f.geometry)),
    badges: badgesOf(world, data.communities, data.subdistricts), roads: roadNames(world, data.base), pinned: [],
  };
}

/** @param {Scene} scene */
function layersOf(scene) {
  return paintLayers(map, scene.world, [
    ["ground", (ctx, view, box) => drawGround(ctx, view, box, scene.ground, scene.base)],
    ["now", (ctx, view) => drawSide(ctx, view, scene, "now")],
    ["draft", (ctx, view) => drawSide(ctx, view, scene, "draft")],
    ["frame", (ctx, view, box) => drawFrame(ctx, view, box, scene)],
    ["now-names", (ctx, view, box) => drawNames(ctx, view, box, scene, "now")],
    ["draft-names", (ctx, view, box) => drawNames(ctx, view, box, scene, "draft")],
  ]);
}

/** @param {any} compare */
function captionsOf(compare) {
  return {
    left: compare.beside ? el("div", { class: "caption left" }, sideWords(compare).now) : el("div", { class: "caption left today" }, say("plan.caption", { side: sideWords(compare).now, n: compare.revision ?? "?" })),
    right: el("div", { class: "caption right" }, compare.title || say("plan.draft")),
  };
}

function keyHints() {
  const key = (/** @type {string} */ name) => el("kbd", {}, name);
  over.append(el("div", { class: "hints", "aria-hidden": "true" },
    key("←"), key("→"), say("plan.key-move"), key("Home"), key("End"), say("plan.key-ends"), key(say("plan.space")), say("plan.key-swap")));
}

/** @param {Scene} scene @param {(code: string | null) => void} select */
function pickOnMap(scene, select) {
  map.on("click", (event) => {
    const [x, y] = scene.world.xy([event.latlng.lng, event.latlng.lat]);
    select(scene.draft.grids.find((grid) => inside(grid.rings, x, y))?.code ?? null);
  });
}

async function open() {
  const data = await fillFrom(panel, "what.compare", read);
  showScope(data.compare.scope?.path ?? []);
  if (!data.now.length && !data.draft.length) return showEmpty(panel, say("plan.grids-empty"));
  const scene = sceneOf(data);
  const fit = () => fitInto(map, scene.bounds, ROOM);
  fit();
  const repaint = layersOf(scene);
  const named = onceAFrame(() => repaint("now-names", "draft-names"));
  const panelOf = planPanel(panel, data.compare, scene, { select: (code) => select(code, true), filter });
  const at = (/** @type {string} */ purpose) => address(`/plans/${encodeURIComponent(plan)}/sheets`, { ...Object.fromEntries(new URLSearchParams(location.search)), purpose });
  panel.querySelector(".panel-head")?.after(choices(plan, beside, data.compare.state ?? "draft"));
  panel.append(el("section", { class: "row" }, ["notice", "handover"].map((purpose) => el("a", { class: "button small", href: at(purpose) }, say(purpose === "notice" ? "plan.sheets" : "plan.handover")))));
  const comments = commentsOn(over, map, `/api/plans/${encodeURIComponent(plan)}`, isOpen(data.compare.state ?? "draft"), { placed: (spots) => {
    scene.pinned = spots.map((spot) => scene.world.xy(spot));
    repaint("now-names", "draft-names");
  } });
  panel.append(comments.room);
  if (data.compare.state === "draft") panel.querySelector(".panel-head")?.append(el("a", { class: "button", href: `/plans/${encodeURIComponent(plan)}/draw${location.search}` }, say(data.compare.editable ? "plan.to-draw" : "plans.look")));
  swipe(over, map, { left: ["now", "now-names"], right: ["draft", "draft-names"] }, captionsOf(data.compare), (x, left) => {
    const [before, after] = [[-Infinity, x], [x, Infinity]];
    [scene.spans.now, scene.spans.draft] = /** @type {any} */ (left.includes("now") ? [before, after] : [after, before]);
    named();
  });
  keyHints();
  const shade = (/** @type {0 | 1} */ base) => {
    scene.base = base;
    repaint("ground", "now", "draft", "frame", "now-names", "draft-names");
  };
  onPaper(map, fit, shade);
  whenDarkened(shade);
  mapButtons(over, map, fit);
  scaleBar(over, map);
  pickOnMap(scene, (code) => select(code, false));
  document.body.dataset.ready = "plan";
  later(over, "what.comments", comments.read(), () => undefined);
  later(over, "what.buildings", ask(address("/api/places.geojson", { scope, kind: "building" })), ({ features }) => {
    scene.ground = built(scene.ground, scene.world, features);
    repaint("ground");
  });

  /** @param {string | null} code @param {boolean} pan */
  function select(code, pan) {
    scene.selected = scene.selected === code ? null : code;
    const grid = scene.draft.grids.find((g) => g.code === scene.selected);
    if (grid && pan) map.panInside(scene.world.latLng(...grid.at), { padding: [120, 120] });
    panelOf.mark(scene.selected, !pan);
    repaint("now-names", "draft-names");
  }
  /** @param {number | null} only */
  function filter(only) {
    scene.only = only;
    repaint("now", "draft");
  }
}

topBar(who);
watchNetwork();
open();
