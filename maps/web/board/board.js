// The dispatcher's board: the worklist first, the map follows it, both by the same filters.
import { address, ask, fillFrom, later, sentenceOf } from "../ask.js";
import { showScope, topBar } from "../bar.js";
import { paintLayers } from "../chart.js";
import { config, el, part, whenDarkened } from "../dom.js";
import { built, drawGround } from "../ground.js";
import { uncovered } from "../roving.js";
import { fitInto, folded, mapButtons, scaleBar, watchNetwork } from "../stage.js";
import { dropsOn } from "./drops.js";
import { daysOf, periodOf, readAddress, writtenAddress } from "./filters.js";
import { boardOf, choicesOf, readLand } from "./land.js";
import { worklist } from "./list.js";
import { calmly, follow } from "./live.js";
import { drawFields, drawFrame, drawHot, drawMarks, drawNames, fieldKey } from "./paint.js";
import { filterPanel } from "./panel.js";
import { PHONE, picking } from "./picking.js";
import { Overtaken, questions, unlessOvertaken } from "./questions.js";
import { several } from "./several.js";
import { showRates } from "./rates.js";
import { reachAt, spotsSaid } from "./spots.js";
import { barsOf, earlierOf, lastOf, strip } from "./strip.js";
import { toolsOver } from "./tools.js";

/** @typedef {import("./paint.js").Board} Board @typedef {import("../issues.js").Issue} Issue @typedef {import("./filters.js").Filter} Filter */

const { scope, who, beyond, map: mapName } = config();
const map = folded(mapName);
const [panel, over, card] = [part("panel"), part("over"), part("card")];
// Room for what floats over the map: the buttons above, the strip below.
const ROOM = () => ({ top: PHONE.matches ? 60 : 76, right: 24, bottom: (over.querySelector(".strip")?.clientHeight ?? 0) + 32, left: 24 });
const SETTLE_MS = 160; // after the last move of the map
const MOST_ASKED = 200; // numbers in one question
const asks = questions(scope);

async function open() {
  const { picked } = readAddress(location.search);
  const data = await fillFrom(panel, "what.areas", () => readLand(scope));
  const board = boardOf(map, data);
  const told = await fillFrom(panel, "what.issues", () => asks.counts(board.filter, wanted(), byPeople()));
  const name = told.scope_name || String(data.subdistricts.features[0]?.properties?.name ?? "");
  showScope(name ? [name] : []);
  const fit = () => fitInto(map, board.bounds, ROOM());
  const list = worklist(panel, { name, beyond: beyond && !told.total }, {
    queue: (queue) => change({ queue }), ever: () => change({ days: 0, from: "", to: "" }), words: (words) => change({ words }), pick: (issue) => picks.pick(issue, true), more, fresh: () => void attempt(reread()),
    checked: (numbers) => bulk?.show(numbers.size), lift: (issue, event) => drops.lift(issue, event),
  });
  list.searches(board.filter.words);
  const filters = filterPanel(list.head, choicesOf(data), (some) => change(some));
  const bulk = several(list.foot, { chosen: () => board.rows.filter(({ id }) => list.checked.has(Number(id))), done: () => {
    list.clear();
    void attempt(reread());
  } });
  const spoken = el("p", { class: "unseen", id: "spots" });
  const tools = toolsOver(over, board, data.grids.left_out ?? 0, { change, view });
  over.append(spoken);
  const foot = strip(over, { chose: (from, to) => change({ from, to }) });
  const hear = calmly(heard);
  let reading = 0; // all is being read anew: what happens meanwhile waits
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
  const drops = dropsOn(map, board, { repaint: () => repaint("frame"), given: (issue, state) => {
    picks.stepped(issue, state);
    picks.pick(issue, false);
  } });
  const picks = picking(map, board, card, {
    only: (number) => asks.only([number]),
    picked(issue) {
      remember();
      list.mark(issue?.id ?? null);
      repaint("frame", "marks");
    },
    changed(issue) {
      list.change(issue, at());
      hear(Number(issue.id));
    },
    left: (issue) => list.focus(issue?.id),
  });
  mapButtons(over, map, fit);
  scaleBar(foot.room, map);
  let moved = 0;
  map.on("zoomend moveend", () => {
    showKey();
    clearTimeout(moved);
    moved = Number(setTimeout(() => void attempt(look()), SETTLE_MS));
  });
  map.on("click", (event) => void picks.pickAt(event.latlng));
  drops.liftMarks(picks);
  document.addEventListener("keydown", (event) => event.key === "Escape" && board.picked && !document.querySelector("dialog[open]") && picks.close(board.picked));
  whenDarkened((base) => {
    board.base = base;
    repaint("ground", "fields", "frame", "names", "marks", "spots");
    showKey();
  });
  count(told);
  view({});
  fit(); // the strip has its height now
  await attempt(Promise.all([listed(), unlessOvertaken(look())]));
  document.body.dataset.ready = "board";
  void attempt(find());
  if (picked) void picks.pickNumber(Number(picked));
  void showRates(scope);
  later(over, "what.buildings", ask(address("/api/places.geojson", { scope, kind: "building" })), ({ features }) => {
    board.ground = built(board.ground, board.world, features);
    repaint("ground");
  });
  follow(address("/api/events/stream", { noun: "issue", scope }), { happened: (number) => (number === null ? hear() : hear(number)), line: (line) => list.lives(`line.${line}`, line !== "live") });

  /** What could not be read is said, and what is shown stays. @param {Promise<unknown>} work */
  async function attempt(work) {
    try {
      await work;
      tools.trouble("");
    } catch (error) {
      if (error instanceof Overtaken) return;
      tools.trouble(sentenceOf(error, "what.issues"));
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
      await Promise.all([listed(), unlessOvertaken(look()), unlessOvertaken(find())]);
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
    tools.open(board.filter.open);
    if (board.filter.from) tools.chosen();
    const chosen = daysOf(board.period);
    list.before(earlierOf(now.days, chosen));
    foot.show(barsOf(now.days, !chosen, lastOf(now.days, chosen, board.now)), chosen, total, now.reporters);
  }
  async function listed() {
    board.rows = await asks.rows(board.filter, board.period);
    list.showRows(board.rows, { filter: board.filter, ...at() });
  }
  async function more() {
    const { rows } = board;
    const told = await asks.more(board.filter, board.period, rows.length);
    if (reading || board.rows !== rows) throw new Overtaken();
    const known = new Set(rows.map(({ id }) => id));
    const found = told.filter(({ id }) => !known.has(id));
    rows.push(...found);
    list.append(found, at());
  }
  function at() {
    return { picked: board.picked?.id ?? null, now: board.now, left: total - board.rows.length };
  }
  /** Asks for what lies in view and paints it; numbers of marks that were not there before come back. */
  async function look() {
    clearTimeout(moved); // what is asked for now is the map as it stands
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
    tools.layer(board.shown.layer);
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
    tools.crowded(board.marks || board.shown.layer !== "heat" ? 0 : board.seen);
  }
  function remember() {
    history.replaceState(null, "", writtenAddress(location.search, board.filter, board.shown, board.picked?.id));
  }

  /** Something happened to these issues: figures and map are read anew, rows change where they stand, new ones wait to be shown. @param {Set<number>} numbers */
  async function heard(numbers) {
    if (reading) throw new Overtaken();
    const { rows } = board;
    const known = rows.filter(({ id }) => numbers.has(Number(id))).map(({ id }) => Number(id)).slice(0, MOST_ASKED);
    count(await asks.counts(board.filter, wanted(), byPeople())); // of what came, the last days may be others
    const [changed, top] = await Promise.all([known.length ? asks.only(known) : [], asks.top(board.filter, board.period)]);
    if (reading || board.rows !== rows) throw new Overtaken();
    const shown = new Map(rows.map((issue) => [issue.id, issue]));
    for (const issue of changed) takeIn(shown.get(issue.id), issue);
    if (numbers.has(Number(board.picked?.id))) void attempt(picks.heard());
    const fresh = top.filter(({ id }) => !shown.has(id)).length;
    if (!board.rows.length && fresh) list.showRows(board.rows = top, { filter: board.filter, ...at() });
    else list.arrived(fresh);
    for (const mark of ((await look()) ?? []).filter(({ id }) => numbers.has(id)).slice(0, 20)) ring(mark.at);
  }
  /** @param {Issue | undefined} issue @param {Issue} now */
  function takeIn(issue, now) {
    if (!issue) return;
    const moved = issue.state !== now.state || issue.grid !== now.grid;
    Object.assign(issue, now);
    list.change(issue, at());
    if (board.picked?.id === issue.id && moved && !card.querySelector("form.deed")) picks.pick(issue, false);
  }
  /** A new issue rings once. @param {[number, number]} place of the world */
  function ring(place) {
    const { lat, lng } = board.world.latLng(...place);
    const { x, y } = map.latLngToContainerPoint([lat, lng]);
    const made = el("span", { class: "ring", css: { left: `${x}px`, top: `${y}px` } });
    over.append(made);
    setTimeout(() => made.remove(), 700);
  }
}

topBar(who);
uncovered(card);
watchNetwork();
open();
