// The dispatcher's board: the worklist first, the map follows it, both by the same filters.
import { address, ask, fillFrom, later, sentenceOf } from "../ask.js";
import { showScope, topBar } from "../bar.js";
import { borderPath } from "../borders.js";
import { World, paintLayers, placedPoint } from "../chart.js";
import { config, darkened, el, part } from "../dom.js";
import { gridsOf, namesOf } from "../grids.js";
import { built, drawGround, groundOf } from "../ground.js";
import { saySent, showCard } from "../issue_card.js";
import { standOf } from "../issue_reasons.js";
import { titleOf } from "../issues.js";
import { areaOf } from "../labels.js";
import { badgesOf, roadNames } from "../names.js";
import { figure, say } from "../say.js";
import { segments } from "../segments.js";
import { fitInto, folded, mapButtons, scaleBar, watchNetwork } from "../stage.js";
import { MEASURES, daysOf, periodOf, readAddress, writtenAddress } from "./filters.js";
import { worklist } from "./list.js";
import { calmly, follow } from "./live.js";
import { drawFields, drawFrame, drawHot, drawMarks, drawNames, fieldKey } from "./paint.js";
import { filterPanel } from "./panel.js";
import { Overtaken, questions } from "./questions.js";
import { gridAt, reassign } from "./reassign.js";
import { several } from "./several.js";
import { reachAt, spotsSaid } from "./spots.js";
import { barsOf, earlierOf, lastOf, strip } from "./strip.js";

/** @typedef {import("./paint.js").Board} Board @typedef {import("../issues.js").Issue} Issue @typedef {import("./filters.js").Filter} Filter */

const { scope, who, beyond, map: mapName } = config();
const map = folded(mapName);
const [panel, over, card] = [part("panel"), part("over"), part("card")];
// Room for what floats over the map: the buttons above, the strip below.
const PHONE = window.matchMedia("(max-width: 800px)");
const ROOM = () => ({ top: PHONE.matches ? 60 : 76, right: 24, bottom: (over.querySelector(".strip")?.clientHeight ?? 0) + 32, left: 24 });
const BESIDE = window.matchMedia("(min-width: 1280px)"); // the card stands beside the map, not over it
const CARD = 408;
const SHEET = 0.64; // of the window, on a phone
const NOWHERE = { own: null, metres: NaN, near: [] };
const REACH = 14; // px from a mark that still picks it
const SETTLE_MS = 160; // after the last move of the map
const MOST_ASKED = 200; // numbers in one question
const asks = questions(scope);

async function read() {
  const areas = (/** @type {Record<string, string>} */ query) => ask(address("/api/areas.geojson", { scope, ...query }));
  const [grids, communities, subdistricts, base] = await Promise.all([
    areas({ net: "grid", kind: "grid" }), areas({ net: "admin", kind: "community" }), areas({ net: "admin", kind: "subdistrict" }), ask(address("/api/base.geojson", { scope })),
  ]);
  return { grids, communities, subdistricts, base: base.features };
}

/** @param {Awaited<ReturnType<typeof read>>} data @returns {Board} */
function boardOf({ grids, communities, subdistricts, base }) {
  const levels = /** @type {[string, GeoJSON.Feature[]][]} */ ([["grid", grids.features], ["community", communities.features], ["subdistrict", subdistricts.features]]);
  const [kind, coloured] = levels.find(([, features]) => features.length) ?? levels[0];
  const shown = [subdistricts.features, grids.features].find((list) => list.some((/** @type {GeoJSON.Feature} */ f) => f.geometry)) ?? [];
  const drawn = L.geoJSON(/** @type {any} */ ({ type: "FeatureCollection", features: shown.filter((/** @type {GeoJSON.Feature} */ f) => f.geometry) })).getBounds();
  const bounds = drawn.isValid() ? drawn : map.getBounds();
  const world = new World(bounds.getCenter());
  const asked = readAddress(location.search);
  return {
    world, bounds, base: darkened(), picked: null, lifted: null, filter: asked.filter, shown: asked.shown, now: Date.now(),
    period: asked.filter.from ? periodOf(asked.filter.from, asked.filter.to) : { since: null, until: null },
    told: null, rows: [], cells: [], marks: null, seen: 0, marked: [], badged: [], spots: [], counts: new Map(), kind,
    ground: groundOf(world, base),
    grids: gridsOf(world, coloured, kind === "grid" ? namesOf(communities.features) : new Map()), borders: borderPath(world, grids.features),
    communities: borderPath(world, communities.features), subdistricts: borderPath(world, subdistricts.features),
    inside: world.pathOfAll(subdistricts.features.map((/** @type {GeoJSON.Feature} */ f) => f.geometry)),
    scoped: subdistricts.features.length > 0, hectares: hectaresOf(world, subdistricts.features),
    badges: badgesOf(world, communities.features, subdistricts.features), roads: roadNames(world, base),
  };
}

/** How much land these areas have. @param {World} world @param {GeoJSON.Feature[]} features */
function hectaresOf(world, features) {
  const metres = world.view(map).metresPerPixel * world.view(map).scale;
  const rings = features.flatMap((f) => world.parts(f.geometry));
  return (Math.abs(rings.reduce((sum, ring) => sum + areaOf(ring), 0)) * metres ** 2) / 10_000;
}

/** What of the map a card hides, from the lower right. @returns {[number, number]} */
function covered() {
  const { y } = map.getSize();
  if (PHONE.matches) return [30, Math.max(30, y - (1 - SHEET) * window.innerHeight + 60)];
  return [BESIDE.matches ? 80 : CARD + 50, Math.min(200, y / 3)];
}

/** The mark nearest to a place of the map, if one is near enough. @param {Board} board @param {L.LatLng} at */
function markAt(board, at) {
  const view = board.world.view(map);
  const [x, y] = placedPoint(board.world.xy([at.lng, at.lat]), view);
  let best = null;
  let reach = REACH;
  for (const mark of board.marked) {
    const [a, b] = placedPoint(mark.at, view);
    const far = Math.hypot(a - x, b - y);
    if (far < reach) [best, reach] = [mark, far];
  }
  return best;
}

/** @param {Awaited<ReturnType<typeof read>>} data @returns {{code: string, name: string}[]} */
const choicesOf = ({ subdistricts, communities }) => [...subdistricts.features, ...communities.features].map((f) => ({ code: String(f.properties?.code), name: String(f.properties?.name ?? f.properties?.code) }));

async function open() {
  const { picked } = readAddress(location.search);
  const data = await fillFrom(panel, "what.areas", read);
  const board = boardOf(data);
  const told = await fillFrom(panel, "what.issues", () => asks.counts(board.filter, wanted(), byPeople()));
  const name = told.scope_name || String(data.subdistricts.features[0]?.properties?.name ?? "");
  showScope(name ? [name] : []);
  const fit = () => fitInto(map, board.bounds, ROOM());
  const list = worklist(panel, { name, beyond: beyond && !told.total }, {
    queue: (queue) => change({ queue }), ever: () => change({ days: 0, from: "", to: "" }), words: (words) => change({ words }), pick: (issue) => pick(issue, true), more, fresh: () => void attempt(reread()),
    checked: (numbers) => bulk?.show(numbers.size), lift,
  });
  list.searches(board.filter.words);
  const filters = filterPanel(list.head, choicesOf(data), (some) => change(some));
  const bulk = several(list.foot, { chosen: () => board.rows.filter(({ id }) => list.checked.has(Number(id))), done: () => {
    list.clear();
    void attempt(reread());
  } });
  const spoken = el("p", { class: "unseen", id: "spots" });
  const tooMany = el("p", { class: "pill", role: "status", hidden: true });
  const trouble = el("p", { class: "pill", role: "status", hidden: true });
  const measures = el("select", { class: "measures-choice", "aria-label": say("measure.label"), onchange: () => view({ measure: measures.value }) },
    MEASURES.map((key) => el("option", { value: key, selected: key === board.shown.measure }, say(`measure.${key}`))));
  const openOnly = el("button", { type: "button", onclick: () => change({ open: !board.filter.open }) }, say("issue.open-only"));
  const byWhom = segments("issue.by", [["n", "issue.by-issue"], ["reporters", "issue.by-reporter"]], board.shown.by, (by) => view({ by: /** @type {Board["shown"]["by"]} */ (by) }));
  over.append(el("div", { class: "tools" },
    segments("issue.layers", [["heat", "issue.heat"], ["grids", "issue.grids"]], board.shown.layer, (layer) => view({ layer: /** @type {Board["shown"]["layer"]} */ (layer) })),
    el("div", { class: "segments" }, openOnly),
    segments("issue.period", [[7, "issue.week"], [30, "issue.month"], [0, "issue.ever"]], board.filter.from ? -1 : board.filter.days, (days) => change({ days, from: "", to: "" })),
    byWhom, measures, tooMany, trouble), spoken);
  if (data.grids.left_out) over.querySelector(".tools")?.append(el("p", { class: "pill", role: "note" }, say("map.left-out", { n: figure(data.grids.left_out) })));
  const foot = strip(over, { chose: (from, to) => change({ from, to }) });
  /** @type {Issue | null} */
  let lifted = null; // a row on its way to a grid
  const hear = calmly(heard);
  let reading = 0; // all is being read anew: what happens meanwhile waits
  /** @type {ReturnType<typeof showCard>} */
  let opened = null; // what the card shows
  let total = 0; // rows of the queue chosen, as of its last question
  fit();
  const repaint = paintLayers(map, board.world, [
    ["ground", (ctx, at, box) => drawGround(ctx, at, box, board.ground, board.base)],
    ["fields", (ctx, at, box) => drawFields(ctx, at, box, board)],
    ["frame", (ctx, at, box) => drawFrame(ctx, at, box, board)],
    ["names", (ctx, at, box) => drawNames(ctx, at, box, board)],
    ["marks", (ctx, at, box) => drawMarks(ctx, at, box, board)],
    ["spots", (ctx, at, box) => drawHot(ctx, at, box, board)],
  ]);
  mapButtons(over, map, fit);
  scaleBar(foot.room, map);
  let moved = 0;
  map.on("zoomend moveend", () => {
    showKey();
    clearTimeout(moved);
    moved = Number(setTimeout(() => void attempt(look()), SETTLE_MS));
  });
  map.on("click", (event) => void pickMark(markAt(board, event.latlng)));
  document.addEventListener("keydown", (event) => event.key === "Escape" && board.picked && !document.querySelector("dialog[open]") && close(board.picked));
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    board.base = darkened();
    repaint("ground", "fields", "frame", "names", "marks", "spots");
    showKey();
  });
  watchDrops();
  count(told);
  view({});
  fit(); // the strip has its height now
  await attempt(Promise.all([listed(), look()]));
  document.body.dataset.ready = "board";
  void attempt(find());
  if (picked) void pickNumber(Number(picked));
  later(over, "what.buildings", ask(address("/api/places.geojson", { scope, kind: "building" })), ({ features }) => {
    board.ground = built(board.ground, board.world, features);
    repaint("ground");
  });
  follow(address("/api/events/stream", { noun: "issue", scope }), { happened: (number) => (number === null ? hear() : hear(number)), line: (line) => list.lives(`line.${line}`, line !== "live") });

  /** What could not be read is said, and what is shown stays. @param {Promise<unknown>} work */
  async function attempt(work) {
    try {
      await work;
      trouble.hidden = true;
    } catch (error) {
      if (error instanceof Overtaken) return;
      trouble.hidden = false;
      trouble.textContent = sentenceOf(error, "what.issues");
    }
  }
  /** The period as it was chosen: days up to the last that has any move on with it. */
  function wanted() {
    const { from, to } = board.filter;
    return from ? periodOf(from, to) : { since: null, until: null };
  }
  /** Whether people are counted, not issues. */
  function byPeople() {
    const { layer, by, measure } = board.shown;
    return layer === "grids" ? measure === "reporters" : by === "reporters";
  }
  /** @param {Partial<Filter>} some */
  function change(some) {
    if (!("from" in some && some.from)) foot.stop();
    Object.assign(board.filter, some);
    void attempt(reread());
  }
  async function reread() {
    reading += 1;
    try {
      count(await asks.counts(board.filter, wanted(), byPeople()));
      remember();
      await Promise.all([listed(), look(), find()]);
    } finally {
      reading -= 1;
    }
  }
  /** @param {import("./questions.js").Told} now */
  function count(now) {
    board.told = now;
    board.now = Date.parse(now.asked_at) || Date.now();
    board.period = { since: now.since, until: now.until };
    total = board.filter.queue ? now.queues[board.filter.queue] ?? 0 : now.total;
    list.showCounts(now, board.filter);
    filters.show(board.filter, now);
    openOnly.setAttribute("aria-pressed", String(board.filter.open));
    const chosen = daysOf(board.period);
    list.before(earlierOf(now.days, chosen));
    foot.show(barsOf(now.days, !chosen, lastOf(now.days, chosen, board.now)), chosen, total, now.reporters);
  }
  async function listed() {
    board.rows = await asks.rows(board.filter, board.period);
    list.showRows(board.rows, { filter: board.filter, ...at() });
  }
  async function more() {
    const known = new Set(board.rows.map(({ id }) => id));
    const found = (await asks.rows(board.filter, board.period, board.rows.length)).filter(({ id }) => !known.has(id));
    board.rows = [...board.rows, ...found];
    list.append(found, at());
  }
  function at() {
    return { picked: board.picked?.id ?? null, now: board.now, left: total - board.rows.length };
  }
  /** Asks for what lies in view and paints it; numbers of marks that were not there before come back. */
  async function look() {
    if (board.shown.layer === "grids") return void (await colour());
    const found = await asks.view(board.filter, board.period, map.getBounds().pad(0.2), map.getZoom());
    const before = new Set((board.marks ?? []).map(({ id }) => id));
    board.cells = found.cells.map(([lon, lat, n, reporters]) => ({ at: board.world.xy([lon, lat]), n, reporters }));
    board.marks = found.marks && found.marks.map(({ id, lon, lat, state, card }) => ({ id, at: board.world.xy([lon, lat]), state, card }));
    board.seen = found.total;
    show();
    return (board.marks ?? []).filter(({ id }) => !before.has(id));
  }
  async function colour() {
    const found = await asks.areas(board.filter, board.period, board.kind, board.shown.measure);
    board.counts = new Map(found.map((each) => [each.code, each]));
    show();
  }
  async function find() {
    if (!board.period.since) board.spots = [];
    else {
      const found = await asks.spots(board.filter, board.period, reachAt(board.world.view(map).metresPerPixel));
      board.spots = found.map((spot) => ({ ...spot, at: board.world.xy([spot.lon, spot.lat]) }));
    }
    spoken.textContent = spotsSaid(board.spots);
    repaint("spots");
  }
  /** @param {Partial<import("./filters.js").Shown>} some */
  function view(some) {
    const before = byPeople();
    Object.assign(board.shown, some);
    const grids = board.shown.layer === "grids";
    [byWhom.hidden, measures.hidden] = [grids, !grids];
    remember();
    showKey();
    if (Object.keys(some).length) void attempt(byPeople() === before ? look() : reread());
  }
  function show() {
    repaint("fields", "names", "marks", "spots");
    showKey();
  }
  function showKey() {
    const key = fieldKey(board, map.getZoom());
    foot.showKey(key.unit, key.colours, key.opacities, key.limits);
    tooMany.hidden = Boolean(board.marks) || board.shown.layer !== "heat" || !board.seen;
    tooMany.textContent = say("issue.too-many", { n: figure(board.seen) });
  }
  function remember() {
    history.replaceState(null, "", writtenAddress(location.search, board.filter, board.shown, board.picked?.id));
  }

  /** Something happened to these issues: figures and map are read anew, rows change where they stand, new ones wait to be shown. @param {Set<number>} numbers */
  async function heard(numbers) {
    if (reading) throw new Overtaken();
    const known = board.rows.filter(({ id }) => numbers.has(Number(id))).map(({ id }) => Number(id)).slice(0, MOST_ASKED);
    count(await asks.counts(board.filter, wanted(), byPeople())); // of what came, the last days may be others
    const [changed, top] = await Promise.all([known.length ? asks.only(known) : [], asks.rows(board.filter, board.period)]);
    const shown = new Map(board.rows.map((issue) => [issue.id, issue]));
    for (const issue of changed) takeIn(shown.get(issue.id), issue);
    if (numbers.has(Number(board.picked?.id))) void attempt(opened?.heard() ?? Promise.resolve());
    const fresh = top.filter(({ id }) => !shown.has(id)).length;
    if (!board.rows.length && fresh) list.showRows(board.rows = top, { filter: board.filter, ...at() });
    else list.arrived(fresh);
    for (const mark of ((await look()) ?? []).filter(({ id }) => numbers.has(id)).slice(0, 20)) ring(mark.at);
  }
  /** @param {Issue | undefined} issue @param {Issue} now */
  function takeIn(issue, now) {
    if (!issue) return;
    const moved = issue.state !== now.state;
    Object.assign(issue, now);
    list.change(issue, at());
    if (board.picked?.id === issue.id && moved && !card.querySelector("form.deed")) pick(issue, false);
  }
  /** A new issue rings once. @param {[number, number]} place of the world */
  function ring(place) {
    const { lat, lng } = board.world.latLng(...place);
    const { x, y } = map.latLngToContainerPoint([lat, lng]);
    const made = el("span", { class: "ring", css: { left: `${x}px`, top: `${y}px` } });
    over.append(made);
    setTimeout(() => made.remove(), 700);
  }
  /** @param {Issue} issue */
  async function send(issue) {
    const { name } = await ask(`/api/issues/${encodeURIComponent(String(issue.id))}/send`, "POST");
    changed(issue, "sent");
    pick(issue, false);
    saySent(card, name ?? "");
  }
  /** @param {Issue} issue */
  function route(issue) {
    return ask(`/api/issues/${encodeURIComponent(String(issue.id))}/route`);
  }
  /** A step was taken on its card. @param {Issue} issue @param {string} state */
  function changed(issue, state) {
    issue.state = state;
    if (state === "closed") issue.card = null;
    list.change(issue, at());
    hear(Number(issue.id));
  }
  /** @param {Issue | null} issue */
  function close(issue) {
    pick(null, false);
    list.focus(issue?.id);
  }
  /** @param {Issue | null} issue */
  function stand(issue) {
    const { metresPerPixel, scale } = board.world.view(map);
    return issue && board.kind === "grid" ? standOf(issue, issue.at ? board.world.xy(issue.at) : undefined, board.grids, metresPerPixel * scale) : NOWHERE;
  }
  /** @param {import("./paint.js").Mark | null} mark */
  async function pickMark(mark) {
    if (!mark) return board.picked ? close(board.picked) : undefined;
    await pickNumber(mark.id);
  }
  /** @param {number} number */
  async function pickNumber(number) {
    const issue = board.rows.find(({ id }) => id === number) ?? (await asks.only([number]).catch(() => []))[0];
    if (issue) pick(issue, false);
  }
  /** @param {Issue | null} issue @param {boolean} pan */
  function pick(issue, pan) {
    board.picked = issue;
    remember();
    opened = showCard(card, issue, { stand: stand(issue), now: board.now }, { close: () => close(issue), send, route, changed });
    if (BESIDE.matches) map.invalidateSize({ animate: false });
    list.mark(issue?.id ?? null);
    if (issue?.at && pan) map.panInside([issue.at[1], issue.at[0]], { paddingTopLeft: [80, 90], paddingBottomRight: covered() });
    repaint("frame", "marks");
  }
  /** A row is lifted, to be let down on a grid. @param {Issue} issue @param {DragEvent} event */
  function lift(issue, event) {
    event.dataTransfer?.setData("text/plain", issue.number);
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
    board.lifted = "";
    lifted = issue;
  }
  function watchDrops() {
    const room = map.getContainer();
    const under = (/** @type {DragEvent} */ event) => {
      const { lat, lng } = map.mouseEventToLatLng(event);
      return board.kind === "grid" ? gridAt(board.grids, board.world.xy([lng, lat])) : null;
    };
    room.addEventListener("dragover", (event) => {
      const grid = lifted && under(event);
      if (!grid) return;
      event.preventDefault();
      if (board.lifted === grid.code) return;
      board.lifted = grid.code;
      repaint("frame");
    });
    const down = () => {
      [board.lifted, lifted] = [null, null];
      repaint("frame");
    };
    document.addEventListener("dragend", down);
    room.addEventListener("drop", (event) => {
      const [issue, grid] = [lifted, under(event)];
      event.preventDefault();
      down();
      if (issue && grid) void reassign({ id: Number(issue.id), title: titleOf(issue) }, grid, (after) => {
        changed(issue, after.state);
        pick(issue, false);
      });
    });
  }
}

topBar(who);
watchNetwork();
open();
