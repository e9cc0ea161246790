// The foot of the panel: a proposal by the machine, and the steps the person may take.
import { ask, sentenceOf } from "../ask.js";
import { el, icon, replace } from "../dom.js";
import { english, figure, say } from "../say.js";

/** @typedef {import("./desk.js").Desk} Desk @typedef {{step: string, zh: string, en: string, reason: boolean}} Step */

/**
 * One community after the other, around what is locked: each is a step that undo takes back.
 * @param {Desk} desk @param {() => number | null} picked the picked grid
 */
export function proposal(desk, picked) {
  const { sketch } = desk;
  /** @type {{left: number[], all: number, done: number, changed: number, stop: "keep" | "drop" | ""} | null} */
  let run = null;
  let seed = 0;
  let last = "";
  const room = el("section", { class: "proposal", "aria-label": say("draw.propose") });
  const bar = el("i", {});
  const said = el("p", { class: "note" });
  const status = el("div", { class: "progress", role: "progressbar", "aria-label": say("draw.propose"), "aria-valuemin": "0" }, bar);

  function idle() {
    const number = picked();
    const community = number === null ? null : sketch.ground.communities[sketch.grids[number].home];
    replace(room, el("h2", {}, icon("spark"), say("draw.propose"), el("small", {}, aroundSaid())),
      last ? el("p", { class: "note" }, last) : null,
      el("div", { class: "row" },
        el("button", { type: "button", class: "button small networked", onclick: () => begin(homes()) }, say("draw.propose-all", { n: homes().length })),
        community ? el("button", { type: "button", class: "button small networked", onclick: () => begin([sketch.grids[/** @type {number} */ (number)].home]) }, say("draw.propose-one", { name: community.name })) : null));
  }
  function resultSaid() {
    const { fine, counted, moved } = sketch.totals();
    return say("draw.proposed", { fine: figure(fine), counted: figure(counted), moved: figure(moved) });
  }
  const homes = () => [...new Set(sketch.present().map((number) => sketch.grids[number].home))];
  function aroundSaid() {
    const locked = sketch.present().filter((number) => sketch.grids[number].locked).length;
    return locked ? say("draw.propose-around", { n: locked }) : "";
  }
  /** @param {number[]} which */
  function begin(which) {
    run = { left: which, all: which.length, done: 0, changed: 0, stop: "" };
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
    if (!desk.outbox.waiting.length) ended();
  }
  function next() {
    if (!run) return;
    const { fine, counted, moved } = sketch.totals();
    const share = run.all ? run.done / run.all : 0;
    bar.style.width = `${Math.round(share * 100)}%`;
    status.setAttribute("aria-valuemax", String(run.all));
    status.setAttribute("aria-valuenow", String(run.done));
    said.textContent = say("draw.propose-said", { i: run.done, n: run.all, fine: figure(fine), counted: figure(counted), moved: figure(moved) });
    const home = run.left.shift();
    if (home === undefined) return ended();
    desk.post({ kind: "redraw", within: sketch.ground.communities[home].code, seed, quality: "fast" });
  }
  function ended() {
    const undo = run?.stop === "drop" ? run.changed : 0;
    last = undo || !run?.done ? "" : resultSaid();
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
      run.stop ||= "keep";
      ended();
    },
    renew: () => run || idle(),
    get busy() { return run !== null; },
  };
}

/**
 * The steps the API says the person may take; before grids are put in force it is said what will move.
 * @param {string} at address of the plan @param {Step[]} steps @param {Desk} desk @param {() => void} done
 */
export function stepButtons(at, steps, desk, done) {
  const room = el("div", { class: "steps-row" });
  const plain = () => replace(room, el("a", { class: "button", href: at.replace("/api", "") + location.search }, icon("swipe"), say("draw.compare")),
    steps.filter(({ step }) => step !== "schedule").map((each, i) => el("button", { type: "button", class: `button networked${i === 0 ? " main" : ""}`, onclick: () => void asked(each) }, name(each))));
  const name = (/** @type {Step} */ { step, zh, en }) => (step === "submit" ? say("draw.submit") : english ? en : zh);

  /** @param {Step} each */
  async function asked(each) {
    const fault = el("p", { class: "fault", role: "alert" });
    const reason = el("textarea", { rows: 2, id: "step-reason" });
    const box = el("form", { class: "deed", "aria-label": name(each), onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      void take(each, reason.value.trim(), fault);
    } }, el("b", {}, name(each)), el("div", { class: "what-moves" }, await whatMoves(each)),
    each.reason ? [el("label", { for: "step-reason" }, say("draw.reason")), reason] : null, fault,
    el("div", { class: "row" }, el("button", { class: "button main" }, say("draw.do", { step: name(each) })), el("button", { type: "button", class: "button", onclick: plain }, say("draw.not-now"))));
    replace(room, box);
    (each.reason ? reason : box.querySelector("button"))?.focus();
  }
  /** @param {Step} each @returns {Promise<HTMLElement[]>} */
  async function whatMoves({ step }) {
    if (desk.outbox.waiting.length) return [el("p", {}, say("draw.wait-first", { n: desk.outbox.waiting.length }))];
    const told = await ask(`${at}/diff`).catch((error) => sentenceOf(error, "what.diff"));
    if (typeof told === "string") return [el("p", {}, told)];
    const { loose, broken } = desk.sketch.totals();
    const lines = [
      loose || broken ? say("draw.not-whole", { broken: figure(broken), loose: figure(loose) }) : "",
      say("draw.moves-said", { households: figure(told.households), people: figure(told.people), buildings: figure(told.buildings) }),
      say("draw.moves-grids", { changed: told.changed.length, fresh: told.fresh.length, gone: told.gone.length }),
      step === "publish" ? say("draw.moves-tasks", { sent: figure(told.tasks_sent), taken: figure(told.tasks_taken) }) : "",
    ];
    return lines.filter(Boolean).map((line) => el("p", {}, line));
  }
  /** @param {Step} each @param {string} reason @param {HTMLElement} fault */
  async function take({ step }, reason, fault) {
    fault.textContent = "";
    const sent = { step, ...(reason ? { reason } : {}) };
    await ask(`${at}/steps`, "POST", { told: sent, version: desk.outbox.version }).then(done, (error) => void (fault.textContent = sentenceOf(error, "what.step")));
  }
  plain();
  return room;
}
