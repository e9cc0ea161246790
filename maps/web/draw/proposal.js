// A proposal by the machine: one community after the other, around what is locked.
import { el, icon, replace } from "../dom.js";
import { figure, say } from "../say.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {"keep" | "drop" | "late" | "failed" | ""} Stop why it ended: by hand, what is done to be kept or not; no answer in time; a step refused */

const TICK_MS = 1000;
const SAID_MS = 2000; // from here on it is said how long a community takes
const MOST_MS = 50_000; // for one community: the largest there are take seven seconds

/**
 * Each community drawn anew is a step that undo takes back. One that takes long says for how long by
 * now, is let go of at once when the person says so, and by itself when no answer comes in time.
 * @param {Desk} desk @param {() => number | null} picked the picked grid @param {() => number} [now] ms
 */
export function proposal(desk, picked, now = () => Date.now()) {
  const { sketch } = desk;
  /** @type {{left: number[], homes: number[], home: number, since: number, done: number, changed: number, stop: Stop, another: boolean, ticks: ReturnType<typeof setInterval>} | null} */
  let run = null;
  let seed = 0;
  let last = "";
  let offered = "";
  const room = el("section", { class: "proposal", "aria-label": say("draw.propose") });
  const bar = el("i", {});
  const said = el("p", { class: "note" });
  const status = el("div", { class: "progress", role: "progressbar", "aria-label": say("draw.propose"), "aria-valuemin": "0" }, bar);

  /** What may be asked for; while it is the same its buttons stay: one that is pressed is not taken away under the finger. */
  function idle() {
    const number = picked();
    const all = homes();
    const home = all.length === 1 ? all[0] : number === null ? -1 : sketch.grids[number].home; // of one alone it is the same
    const community = sketch.ground.communities[home];
    const now = [aroundSaid(), last, all.length, community?.code].join("\n");
    if (now === offered) return;
    offered = now;
    replace(room, el("h2", {}, icon("spark"), say("draw.propose"), el("small", {}, aroundSaid())),
      last ? el("p", { class: "note" }, last) : null,
      el("div", { class: "row" },
        all.length > 1 || !community ? el("button", { type: "button", class: "button small networked", onclick: () => begin(homes()) }, say("draw.propose-all", { n: all.length })) : null,
        community ? el("button", { type: "button", class: "button small networked", onclick: () => begin([home]) }, say("draw.propose-one", { name: community.name })) : null));
  }
  /** What came of it, and where nothing did, why. @param {NonNullable<typeof run>} ran */
  function resultSaid({ stop, done, changed, another, home, homes: asked }) {
    const { fine, counted, moved } = sketch.totals();
    const figures = { fine: figure(fine), counted: figure(counted), moved: figure(moved) };
    if (another) return say("draw.propose-another", { name: sketch.ground.communities[home].name, n: changed + 1 });
    if (stop === "drop") return say("draw.propose-dropped");
    if (stop === "late") return say("draw.propose-late", { i: done, n: asked.length, name: sketch.ground.communities[home].name, s: MOST_MS / 1000 });
    if (stop === "keep" && !done) return say("draw.propose-none");
    if (stop === "failed") return say("draw.propose-stopped", { i: done, n: asked.length });
    if (!done) return "";
    if (changed) return say("draw.proposed", figures);
    const free = sketch.present().some((number) => asked.includes(sketch.grids[number].home) && !sketch.grids[number].locked && !sketch.grids[number].special);
    return say(free ? "draw.proposed-same" : "draw.proposed-locked", figures);
  }
  const homes = () => [...new Set(sketch.present().map((number) => sketch.grids[number].home))];
  function aroundSaid() {
    const locked = sketch.present().filter((number) => sketch.grids[number].locked).length;
    return locked ? say("draw.propose-around", { n: locked }) : "";
  }
  /** @param {number[]} which */
  function begin(which) {
    offered = "";
    run = { left: [...which], homes: which, home: which[0], since: now(), done: 0, changed: 0, stop: "", another: false, ticks: setInterval(tick, TICK_MS) };
    replace(room, el("h2", {}, icon("spark"), say("draw.propose"), el("small", {}, aroundSaid())), status, said,
      el("div", { class: "row" }, el("button", { type: "button", class: "button small", onclick: () => stop("drop") }, say("draw.propose-cancel")),
        el("button", { type: "button", class: "button small", onclick: () => stop("keep") }, say("draw.propose-keep"))));
    next();
  }
  /** What is under way is let go of; what came of it all the same is told, not taken back: it may be another's. @param {"keep" | "drop" | "late"} how */
  async function stop(how) {
    if (!run || run.stop) return;
    const mine = run;
    mine.stop = how;
    mine.left = [];
    said.textContent = say("draw.propose-stopping");
    mine.another = !(await desk.letGo("redraw"));
    if (run === mine) ended();
  }
  function tick() {
    if (!run || run.stop) return;
    if (now() - run.since > MOST_MS) void stop("late");
    else progress(run);
  }
  /** @param {NonNullable<typeof run>} going */
  function progress({ done, home, homes: all, since }) {
    const { fine, counted, moved } = sketch.totals();
    const told = say("draw.propose-said", { i: done, n: all.length, fine: figure(fine), counted: figure(counted), moved: figure(moved) });
    const ms = now() - since;
    said.textContent = ms < SAID_MS ? told : [told, say("draw.propose-under", { name: sketch.ground.communities[home].name, s: Math.floor(ms / 1000) })].join(say("comma"));
  }
  function next() {
    if (!run) return;
    const all = run.homes.length;
    bar.style.width = `${Math.round((all ? run.done / all : 0) * 100)}%`;
    status.setAttribute("aria-valuemax", String(all));
    status.setAttribute("aria-valuenow", String(run.done));
    const home = run.left.shift();
    if (home === undefined) return ended();
    Object.assign(run, { home, since: now() });
    progress(run);
    desk.post({ kind: "redraw", within: sketch.ground.communities[home].code, seed, quality: "fast" });
  }
  function ended() {
    const undo = run?.stop === "drop" && !run.another ? run.changed : 0;
    clearInterval(run?.ticks);
    last = run ? resultSaid(run) : "";
    run = null;
    seed++;
    for (let i = 0; i < undo; i++) desk.post({ kind: "undo" });
    idle();
  }
  idle();
  return {
    room,
    /** An edit was answered. @param {string} kind @param {boolean} changed */
    answered(kind, changed) {
      if (run && kind === "redraw") {
        run.done++;
        run.changed += changed ? 1 : 0;
        next();
      } else if (!run) idle();
    },
    /** It was refused, or no answer came. */
    failed() {
      if (!run || run.stop) return;
      run.left = [];
      run.stop = "failed";
      ended();
    },
    renew: () => run || idle(),
    get busy() { return run !== null; },
  };
}
