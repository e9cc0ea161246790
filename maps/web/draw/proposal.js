// A proposal by the machine: one community after the other, around what is locked.
import { el, icon, replace } from "../dom.js";
import { figure, say } from "../say.js";

/** @typedef {import("./desk.js").Desk} Desk */

/**
 * Each community drawn anew is a step that undo takes back.
 * @param {Desk} desk @param {() => number | null} picked the picked grid
 */
export function proposal(desk, picked) {
  const { sketch } = desk;
  /** @type {{left: number[], homes: number[], done: number, changed: number, stop: "keep" | "drop" | "failed" | ""} | null} */
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
  function resultSaid({ stop, done, changed, homes: asked }) {
    const { fine, counted, moved } = sketch.totals();
    const figures = { fine: figure(fine), counted: figure(counted), moved: figure(moved) };
    if (stop === "drop") return say("draw.propose-dropped");
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
    run = { left: [...which], homes: which, done: 0, changed: 0, stop: "" };
    replace(room, el("h2", {}, icon("spark"), say("draw.propose"), el("small", {}, aroundSaid())), status, said,
      el("div", { class: "row" }, el("button", { type: "button", class: "button small", onclick: () => stop("drop") }, say("draw.propose-cancel")),
        el("button", { type: "button", class: "button small", onclick: () => stop("keep") }, say("draw.propose-keep"))));
    next();
  }
  /** @param {"keep" | "drop"} how */
  function stop(how) {
    if (!run) return;
    run.stop = how;
    run.left = [];
    said.textContent = say("draw.propose-stopping");
    if (!desk.outbox.waiting.length) ended();
  }
  function next() {
    if (!run) return;
    const { fine, counted, moved } = sketch.totals();
    const all = run.homes.length;
    const share = all ? run.done / all : 0;
    bar.style.width = `${Math.round(share * 100)}%`;
    status.setAttribute("aria-valuemax", String(all));
    status.setAttribute("aria-valuenow", String(run.done));
    said.textContent = say("draw.propose-said", { i: run.done, n: all, fine: figure(fine), counted: figure(counted), moved: figure(moved) });
    const home = run.left.shift();
    if (home === undefined) return ended();
    desk.post({ kind: "redraw", within: sketch.ground.communities[home].code, seed, quality: "fast" });
  }
  function ended() {
    const undo = run?.stop === "drop" ? run.changed : 0;
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
        if (run.stop) ended();
        else next();
      } else if (!run) idle();
    },
    /** It was refused, or no answer came. */
    failed() {
      if (!run) return;
      run.left = [];
      run.stop ||= "failed";
      ended();
    },
    renew: () => run || idle(),
    get busy() { return run !== null; },
  };
}
