// The page of issues: the worklist first, the map follows it.
import { address, ask, fillFrom, later } from "./ask.js";
import { borderPath } from "./borders.js";
import { World, paintLayers, placedPoint } from "./chart.js";
import { config, el, part } from "./dom.js";
import { gridsOf, namesOf } from "./grids.js";
import { built, drawGround, groundOf } from "./ground.js";
import { drawFields, drawIssueFrame, drawIssueNames, drawMarks, drawSpots, fieldKey } from "./issue_paint.js";
import { spotsSaid } from "./hotspots.js";
import { saySent, showCard } from "./issue_card.js";
import { standOf } from "./issue_reasons.js";
import { byGrid, chosen, inQueue, issuesOf, latest } from "./issues.js";
import { listen, taken } from "./live.js";
import { badgesOf, roadNames } from "./names.js";
import { figure, say } from "./say.js";
import { fitInto, folded, keepAddressInLanguageLink, mapButtons, scaleBar, showScope, showWho, watchNetwork } from "./stage.js";
import { periods, segments, strip } from "./strip.js";
import { worklist } from "./worklist.js";

/** @typedef {import("./issue_paint.js").Board} Board @typedef {import("./issues.js").Issue} Issue */

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
const DAY = 86_400_000;
const REACH = 14; // px from a mark that still picks it

async function read() {
  const areas = (/** @type {Record<string, string>} */ query) => ask(address("/api/areas.geojson", { scope, ...query }));
  const [issues, grids, communities, subdistricts, base] = await Promise.all([
    ask(address("/api/issues.geojson", { scope })),
    areas({ net: "grid", kind: "grid" }),
    areas({ net: "admin", kind: "community" }),
    areas({ net: "admin", kind: "subdistrict" }),
    ask(address("/api/base.geojson", { scope })),
  ]);
  return { issues, leftOut: grids.left_out ?? 0, grids: grids.features, communities: communities.features, subdistricts: subdistricts.features, base: base.features };
}

/** @param {Awaited<ReturnType<typeof read>>} data @returns {Board} */
function boardOf(data) {
  const shown = [data.subdistricts, data.grids, data.issues.features].find((list) => list.some((/** @type {GeoJSON.Feature} */ f) => f.geometry)) ?? [];
  const drawn = L.geoJSON(/** @type {any} */ ({ type: "FeatureCollection", features: shown.filter((/** @type {GeoJSON.Feature} */ f) => f.geometry) })).getBounds();
  const bounds = drawn.isValid() ? drawn : map.getBounds();
  const world = new World(bounds.getCenter());
  const issues = issuesOf(data.issues.features);
  return {
    world, bounds, base: 0, layer: "heat", picked: null, issues, shown: [],
    beyond: (data.issues.beyond ?? []).map((/** @type {[number, number, number, number, boolean]} */ [lon, lat, n, days, open]) => ({ at: world.xy([lon, lat]), n, days, open })),
    former: null, counts: new Map(), until: latest(issues), now: Date.parse(data.issues.asked_at) || Date.now(),
    filter: { queue: "all", words: "", openOnly: false, days: 7 },
    ground: groundOf(world, data.base),
    grids: gridsOf(world, data.grids, namesOf(data.communities)), borders: borderPath(world, data.grids),
    communities: borderPath(world, data.communities), subdistricts: borderPath(world, data.subdistricts),
    inside: world.pathOfAll(data.subdistricts.map((/** @type {GeoJSON.Feature} */ f) => f.geometry)),
    scoped: data.subdistricts.length > 0,
    badges: badgesOf(world, data.communities, data.subdistricts), roads: roadNames(world, data.base),
    places: new Map(issues.filter((i) => i.at).map((i) => [i, world.xy(/** @type {GeoJSON.Position} */ (i.at))])),
  };
}

/** @param {Board} board */
function layersOf(board) {
  return paintLayers(map, board.world, [
    ["ground", (ctx, view, box) => drawGround(ctx, view, box, board.ground, board.base)],
    ["fields", (ctx, view, box) => drawFields(ctx, view, box, board)],
    ["frame", (ctx, view, box) => drawIssueFrame(ctx, view, box, board)],
    ["names", (ctx, view, box) => drawIssueNames(ctx, view, box, board)],
    ["marks", (ctx, view, box) => drawMarks(ctx, view, box, board)],
    ["spots", (ctx, view, box) => drawSpots(ctx, view, box, board)],
  ]);
}

/** What of the map a card hides, from the lower right. @returns {[number, number]} */
function covered() {
  const { y } = map.getSize();
  if (PHONE.matches) return [30, Math.max(30, y - (1 - SHEET) * window.innerHeight + 60)];
  return [BESIDE.matches ? 80 : CARD + 50, Math.min(200, y / 3)];
}

/** The mark nearest to a place of the map, if one is near enough. @param {Board} board @param {L.LatLng} at @returns {Issue | null} */
function markAt(board, at) {
  const view = board.world.view(map);
  const [x, y] = placedPoint(board.world.xy([at.lng, at.lat]), view);
  let best = null;
  let reach = REACH;
  for (const issue of board.marked ?? []) {
    const [a, b] = placedPoint(/** @type {[number, number]} */ (board.places.get(issue)), view);
    const far = Math.hypot(a - x, b - y);
    if (far < reach) [best, reach] = [issue, far];
  }
  return best;
}

/** What the page says of what it was not sent. @param {Awaited<ReturnType<typeof read>>} data @returns {string[]} */
function bounded({ issues, leftOut }) {
  const shown = issues.features.length;
  return [
    ...(issues.total > shown ? [say("issue.latest-only", { n: figure(shown), all: figure(issues.total) })] : []),
    ...(leftOut ? [say("map.left-out", { n: figure(leftOut) })] : []),
  ];
}

async function open() {
  const data = await fillFrom(panel, "what.issues", read);
  const board = boardOf(data);
  const name = data.issues.scope_name ?? data.subdistricts[0]?.properties?.name ?? "";
  showScope(name ? [name] : []);
  const fit = () => fitInto(map, board.bounds, ROOM());
  const list = worklist(panel, { name, beyond: beyond && !board.issues.length }, {
    queue: (queue) => change({ queue }), words: (words) => change({ words }), pick: (issue) => pick(issue, true),
  });
  const spoken = el("p", { class: "unseen", id: "spots" });
  const tooMany = el("p", { class: "pill", role: "status", hidden: true });
  const news = el("p", { class: "pill", role: "status", hidden: true });
  over.append(el("div", { class: "tools" },
    segments("issue.layers", [["heat", "issue.heat"], ["grids", "issue.grids"]], "heat", (layer) => {
      board.layer = /** @type {Board["layer"]} */ (layer);
      show();
    }),
    segments("issue.layers", [[false, "issue.all"], [true, "issue.open-only"]], false, (openOnly) => change({ openOnly })),
    periods(board.filter.days, (days) => change({ days })), tooMany, news), spoken);
  for (const sentence of bounded(data)) over.querySelector(".tools")?.append(el("p", { class: "pill", role: "note" }, sentence));
  const foot = strip(over);
  update();
  fit();
  const repaint = layersOf(board);
  mapButtons(over, map, fit);
  scaleBar(over, map);
  map.on("zoomend moveend", () => showKey());
  map.on("click", (event) => pick(markAt(board, event.latlng), false));
  document.addEventListener("keydown", (event) => event.key === "Escape" && board.picked && close(board.picked));
  showKey();
  document.body.dataset.ready = "issue";
  later(over, "what.buildings", ask(address("/api/places.geojson", { scope, kind: "building" })), ({ features }) => {
    board.ground = built(board.ground, board.world, features);
    repaint("ground");
  });

  listen(address("/api/events/stream", { noun: "issue", scope }), async (numbers) => {
    const told = await ask(address("/api/issues.geojson", { scope, only: numbers?.join(",") }));
    const before = board.picked?.state;
    const arrived = taken(board.issues, issuesOf(told.features));
    for (const issue of arrived) if (issue.at) board.places.set(issue, board.world.xy(issue.at));
    [board.until, board.now] = [latest(board.issues), Date.parse(told.asked_at) || board.now];
    update();
    show();
    news.hidden = !arrived.length;
    news.textContent = say("issue.arrived", { n: figure(arrived.length) });
    if (board.picked && board.picked.state !== before && !card.querySelector("form.deed")) pick(board.picked, false);
  });

  /** @param {Partial<import("./issues.js").Filter>} part */
  function change(part) {
    Object.assign(board.filter, part);
    update();
    show();
  }
  function update() {
    const { filter } = board;
    const within = chosen(board.issues, filter, board.until);
    board.shown = inQueue(within, filter.queue);
    // Where only the latest issues came, the period before is not whole and nothing is held against it.
    board.former = filter.days && !board.beyond.length ? inQueue(chosen(board.issues, filter, board.until - filter.days * DAY).filter((i) => i.time <= board.until - filter.days * DAY), filter.queue) : null;
    board.counts = byGrid(board.shown);
    list.show(within, filter, board.picked?.number ?? null, board.now);
    foot.showPeriod(inQueue(chosen(board.issues, { ...filter, days: 0 }, board.until), filter.queue), board.shown.length, board.until, filter.days);
  }
  function show() {
    repaint("fields", "names", "marks", "spots");
    showKey();
  }
  function showKey() {
    const key = fieldKey(board, map.getZoom());
    foot.showKey(key.unit, key.colours, key.opacities, key.limits);
    spoken.textContent = spotsSaid(board.spots ?? []);
    tooMany.hidden = !board.unmarked || board.layer !== "heat";
    tooMany.textContent = say("issue.too-many", { n: figure(board.unmarked) });
  }
  /** @param {Issue} issue */
  async function send(issue) {
    const { name } = await ask(`/api/issues/${encodeURIComponent(String(issue.id))}/send`, "POST");
    issue.state = "sent";
    update();
    show();
    pick(issue, false);
    saySent(card, name ?? "");
  }
  /** @param {Issue} issue */
  const route = (issue) => ask(`/api/issues/${encodeURIComponent(String(issue.id))}/route`);
  /** A step was taken on its card. @param {Issue} issue @param {string} state */
  function changed(issue, state) {
    issue.state = state;
    if (state === "closed") issue.card = null;
    update();
    show();
  }
  /** @param {Issue | null} issue */
  function close(issue) {
    pick(null, false);
    list.focus(issue?.number ?? null);
  }
  /** @param {Issue | null} issue */
  function stand(issue) {
    const { metresPerPixel, scale } = board.world.view(map);
    return issue ? standOf(issue, board.places.get(issue), board.grids, metresPerPixel * scale) : NOWHERE;
  }
  /** @param {Issue | null} issue @param {boolean} pan */
  function pick(issue, pan) {
    board.picked = issue;
    showCard(card, issue, { stand: stand(issue), now: board.now }, { close: () => close(issue), send, route, changed });
    if (BESIDE.matches) map.invalidateSize({ animate: false });
    list.mark(issue?.number ?? null);
    if (issue?.at && pan) map.panInside([issue.at[1], issue.at[0]], { paddingTopLeft: [80, 90], paddingBottomRight: covered() });
    repaint("frame", "marks", "spots");
  }
}

keepAddressInLanguageLink();
showWho(who);
watchNetwork();
open();
