// The page where a planner redraws grids.
import { ask, fillFrom, later, showEmpty } from "../ask.js";
import { usualBand } from "../balance.js";
import { showScope, topBar } from "../bar.js";
import { commentsOn, isOpen } from "../comments.js";
import { config, el, part, whenDarkened } from "../dom.js";
import { storeOf } from "../draft.js";
import { figure, say } from "../say.js";
import { fitInto, folded, mapButtons, onceAFrame, scaleBar, watchNetwork } from "../stage.js";
import { answersOf, recountedSaid } from "./answers.js";
import { backdrop } from "./backdrop.js";
import { cardsOf } from "./cards.js";
import { company } from "./company.js";
import { stepButtons } from "./deeds.js";
import { Desk } from "./desk.js";
import { edge } from "./edge.js";
import { Finder } from "./finder.js";
import { helpSheet, notices, strokeSaid, tooltip } from "./floats.js";
import * as hands from "./hands.js";
import { Keys, keysSaid } from "./keys.js";
import { lasso, special } from "./lasso.js";
import { loadLegend, loadsOf } from "./loads.js";
import { nameDialog } from "./naming.js";
import { netsOver } from "./nets.js";
import { shelfOf } from "./outbox.js";
import { layerBox } from "./paint.js";
import { drawPanel } from "./panel.js";
import { handsOn } from "./pointer.js";
import { proposal } from "./proposal.js";
import { railOf } from "./rail.js";
import { layersOf, onceAFrameGathered, sceneOf, switches } from "./scene.js";
import { listenToKeys } from "./shortcuts.js";
import { NONE } from "./sketch.js";
import { split } from "./split.js";
import { legendStrip } from "./strip.js";
import { wireOf } from "./wire.js";

/** @typedef {[number, number]} Point */

const { plan, scope, who, map: mapName } = config();
const map = folded(mapName);
const [panel, over] = [part("panel"), part("over")];
const AT = `/api/plans/${encodeURIComponent(plan)}`;
const ROOM = { top: 60, right: 40, bottom: 40, left: 40 };

async function read() {
  const [ground, draft, row] = await Promise.all([ask(`${AT}/ground`), ask(`${AT}/draft?labels=true`), ask(AT)]);
  return { ground, draft, row };
}

async function open() {
  const data = await fillFrom(panel, "what.draft", read);
  if (!data.ground.features.length) return showEmpty(panel, say("draw.empty"));
  const { world, bounds, sketch, shapes, look, scene } = sceneOf(data.ground);
  const edits = Boolean(data.row.editable);
  const bands = new Map(sketch.ground.communities.map((each) => [each.code, each]));
  const none = { low: null, high: null };
  const band = usualBand(data.draft.grids.map((/** @type {any} */ grid) => (grid.special ? none : bands.get(grid.within) ?? none))) ?? { low: 300, high: 500 };
  const fit = () => fitInto(map, bounds, ROOM);
  const [tip, notice, hint] = [tooltip(over), notices(over), el("div", { class: "hint", "aria-hidden": "true" })];
  const saved = el("span", { class: "saved", role: "status" });
  over.append(hint);
  part("who").before(saved);
  /** @type {import("./panel.js").Told} */
  const told = { title: data.row.title || `#${plan}`, state: data.row.state, scope: data.row.scope_name ?? "", base: data.row.base ?? null, band, now: { in_band: null, compactness: null, pieces: null }, loads: [], borne: null, showLoad: false };
  const answers = answersOf(notice, saved, sketch, () => ({ desk, machine, able: (undo, redo) => rail.able(uses, edits, undo, redo) }));
  const desk = new Desk(sketch, look, data.draft, {
    shelf: shelfOf(storeOf("localStorage"), who?.party ?? "", plan),
    ...wireOf(AT),
    read: () => ask(`${AT}/draft?labels=true`),
  }, { ...answers, shown, stale: () => notice.info(say("draw.taken-over")) });
  fit();
  const layers = layersOf(map, scene, world);
  const repaint = (/** @type {("ground" | "grids" | "names" | "live")[]} */ ...names) => names.forEach((name) => layers.get(name)?.repaint());
  const live = onceAFrame(() => repaint("live"));
  const cards = cardsOf(over, map, world, desk, scene, edits, (key) => notice.info(say(key)));
  const talks = isOpen(data.row.state);
  const comments = commentsOn(over, map, AT, talks, { placed: (spots) => {
    scene.pinned = spots.map((spot) => world.xy(spot));
    repaint("names");
  } });
  const nets = netsOver(AT, world, desk, scene, { repaint: () => repaint("grids"), failed: (words) => notice.error(words), show });
  const machine = edits ? proposal(desk, () => scene.picked) : null;
  const foot = [machine?.room, stepButtons(AT, data.row.steps ?? [], desk, () => location.reload())].filter((each) => each !== undefined);
  const panelOf = drawPanel(panel, told, desk, { pick: pickCode, unlockAll: () => edit({ kind: "unlock" }), lockAll: () => edit({ kind: "lock" }), locate: cards.locate }, foot, [nets.room, comments.room]);
  const sheet = helpSheet(keysSaid());
  const askName = nameDialog(say("draw.special"), say("draw.special-name"), say("draw.special-do"));
  const rail = railOf(part("rail"), { use, undo: () => edit({ kind: "undo" }), redo: () => edit({ kind: "redo" }), help: () => sheet.showModal() });
  legendStrip(part("legend"), band, (only) => {
    scene.only = only;
    repaint("grids");
  });
  const load = el("div", { class: "load-legend", hidden: true });
  part("legend").append(load);
  const shows = switches(over, scene, () => repaint("grids"), (on) => {
    told.showLoad = on;
    scene.loads = on ? told.borne : null;
    load.hidden = !on;
    panelOf.lists();
    repaint("grids", "names");
  });
  nets.offer(shows.room);
  whenDarkened((base) => {
    scene.base = base;
    repaint("ground", "grids", "names", "live");
  });
  mapButtons(over, map, fit);
  scaleBar(over, map);

  /** @type {import("./hands.js").Room} */
  const room = {
    desk, finder: new Finder(shapes), scene, reach: () => scene.radius / world.view(map).scale, showMoved: onceAFrameGathered(showMoved), live,
    tip: showTip, pick, choose, cutOut, warn: (key, values) => notice.info(say(key, values)), aloud: (text) => notice.aloud(text), position,
  };
  /** @type {Record<string, import("./hands.js").Tool>} */
  const tools = { select: hands.select(room), brush: hands.brush(room), lasso: lasso(room), split: split(room), merge: hands.merge(room), edge: edge(room), special: special(room), lock: hands.lock(room), comment: hands.comment(room, comments.begin) };
  let inUse = "select";
  const pointer = handsOn(map, world, {
    tool: () => tools[inUse],
    moved(at) {
      scene.pointer = at;
      if (scene.brush) live();
    },
    zoomed() {
      cards.place();
      others.place();
    },
  });
  const keys = new Keys(room, map, world, (text) => notice.aloud(text));
  const others = company(over, saved, { plan, scope }, {
    word: () => ({ tool: inUse, at: scene.pointer ? position(scene.pointer) : null }),
    px(at) {
      const p = map.latLngToContainerPoint([at[1], at[0]]);
      return [p.x, p.y];
    },
    comments: comments.heard, version: () => desk.outbox.version, waits: () => desk.outbox.waiting.length > 0 || pointer.draws, refresh: () => void takeOver(),
  });
  listenToKeys(scene, {
    edit, use, escape, help: () => sheet.showModal(), newGrid: () => cards.caught.length > 0 && cards.newGrid(), repaint: live,
    /** What the tool in use makes of a key, or the map that has the focus. */
    onTool(key, event) {
      const onMap = document.activeElement === map.getContainer();
      const [tool, at] = [tools[inUse], keys.atom < 0 ? null : shapes.middles[keys.atom]];
      if (key === "backspace" && tool.back) return tool.back();
      if (key === "enter" && (onMap || inUse === "split") && tool.enter?.(at)) return;
      if (!onMap) return;
      if (key === " " && at && tool.space) tool.space(at);
      else if (!keys.press(event, edits)) return;
      event.preventDefault();
    },
    toMap: () => map.getContainer().focus({ preventScroll: true }),
  });
  window.addEventListener("online", () => void desk.outbox.go());
  window.addEventListener("beforeunload", (event) => desk.outbox.waiting.length && event.preventDefault());
  settled();
  use("select");
  answers.changed();
  if (!edits) notice.info(say(data.row.state === "draft" ? "draw.not-yours" : "draw.not-draft", { state: say(`plan-state.${data.row.state}`) }));
  document.body.dataset.ready = "draw";
  backdrop(over, world, scene, { plan, scope }, repaint, (loads) => {
    told.loads = loads;
    panelOf.lists();
  });
  later(over, "what.comments", comments.read(), () => undefined);
  later(over, "what.load", ask(`${AT}/loads`), (found) => {
    told.borne = loadsOf(found, sketch);
    loadLegend(load, told.borne);
    shows.able();
    panelOf.figures();
  });
  ask(`${AT}/base`).then((under) => {
    showScope(under.scope.path);
    Object.assign(told, { scope: under.scope.name, now: under.now });
    panelOf.title();
    panelOf.figures();
    const rebases = data.row.steps?.some((/** @type {any} */ { step }) => step === "rebase");
    if (under.stale) notice.error(say("plan.stale", { n: under.revision }), rebases ? [["draw.rebase", rebase]] : []);
    else if (under.recounted) notice.error(recountedSaid(under.recounted, edits), edits ? [["draw.recount", () => edit({ kind: "recount" })]] : []);
  }, () => undefined);

  /** Take over what others have put in force since the draft was begun. */
  function rebase() {
    ask(`${AT}/steps`, "POST", { told: { step: "rebase" }, version: desk.outbox.version }).then(() => location.reload(), answers.refused);
  }
  /** Show what others have drawn since. */
  async function takeOver() {
    const { touched } = await desk.refresh(() => pointer.draws).catch(() => ({ touched: new Set() }));
    if (!touched.size) return panelOf.lists();
    answers.takenOver();
  }
  /** @param {string} name */
  function uses(name) {
    return name === "select" || (name === "comment" ? talks : edits);
  }
  /** @param {string} name */
  function use(name) {
    if (!uses(name)) return;
    tools[inUse].stop();
    inUse = name;
    scene.brush = ["brush", "edge"].includes(name);
    scene.refused = false;
    pointer.use(name === "select");
    map.getContainer().style.cursor = tools[name].cursor;
    rail.mark(name);
    hint.textContent = edits || name === "comment" ? say(tools[name].hint) : say("draw.read-only");
    live();
  }
  /** @param {import("./outbox.js").Edit} asked */
  function edit(asked) {
    if (!edits || machine?.busy) return;
    tools[inUse].stop();
    desk.post(asked);
  }
  /** @param {number[]} touched */
  function shown(touched) {
    if (touched.length) showMoved(touched);
    settled();
  }
  /** What moved is painted anew: the boxes of those grids, and their figures. @param {number[]} touched */
  function showMoved(touched) {
    const box = layerBox(world.view(map), look.boxOf(touched));
    if (Number.isFinite(box[0])) for (const name of ["grids", "names"]) layers.get(/** @type {any} */ (name))?.patch(box);
    panelOf.figures();
    live();
  }
  /** What only follows when a stroke has ended: lists, hatches, broken pieces. */
  function settled() {
    scene.settled = true; // what was put on the map before is painted once, here
    scene.moved = look.landOf(look.moved()).path;
    scene.today = look.todays();
    if (scene.picked !== null && !sketch.grids[scene.picked].nodes) scene.picked = null;
    cards.show();
    panelOf.figures();
    panelOf.lists();
    nets.renew();
    panelOf.mark(scene.picked === null ? null : sketch.grids[scene.picked].code);
    repaint("grids", "names", "live");
  }
  /** @param {number | null} number */
  function pick(number) {
    scene.picked = number;
    panelOf.mark(number === null ? null : sketch.grids[number].code);
    machine?.renew();
    live();
  }
  /** @param {string} code */
  function pickCode(code) {
    const number = sketch.number.get(code) ?? NONE;
    const grid = look.grids.get(number);
    pick(scene.picked === number ? null : number);
    if (grid) map.panInside(world.latLng(...grid.at), { padding: [140, 140] });
  }
  /** Nodes a row tells of, on the map. @param {number[]} nodes */
  function show(nodes) {
    const { path, box } = look.landOf(nodes);
    scene.chosen = path;
    map.fitBounds(L.latLngBounds(world.latLng(box[0], box[3]), world.latLng(box[2], box[1])), { maxZoom: 17.5, padding: [160, 120], animate: false });
    live();
  }
  /** What a lasso caught goes to the picked grid, or waits for a word where to. @param {number[]} nodes */
  function choose(nodes) {
    const target = scene.picked;
    if (nodes.length && target !== null) hands.give(room, nodes, target);
    cards.hold(target === null ? nodes : []);
    live();
  }
  /** What becomes a special grid is shown, and asked for its name. @param {number[]} nodes */
  function cutOut(nodes) {
    const { atoms, codes, weight } = sketch.ground;
    const households = nodes.reduce((sum, node) => sum + weight[node], 0);
    askName(say("draw.caught", { n: figure(nodes.length), households: figure(households) }), (name) => edit({ kind: "special", atoms: nodes.flatMap((node) => atoms[node].map((atom) => codes[atom])), name }));
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
  function escape() {
    if (comments.close()) return;
    const busy = scene.drawn.length > 0 || desk.stroke.size > 0 || cards.caught.length > 0;
    tools[inUse].stop();
    if (busy) return;
    if (inUse !== "select") use("select");
    else pick(null);
  }
}

topBar(who);
watchNetwork();
open();
