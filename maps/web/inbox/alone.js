// A task of no issue: what it is, and its steps, which go to an address of their own.
import { ask } from "../ask.js";
import { el, replace } from "../dom.js";
import { clock, english, say } from "../say.js";
import { OF_ISSUES, showSteps } from "../steps.js";

/** @typedef {import("../steps.js").Case} Case */

/** @param {HTMLElement} room @param {HTMLElement} foot @param {number} task @param {() => void} changed */
export async function showAlone(room, foot, task, changed) {
  const told = await ask(`/api/tasks/${task}`);
  /** @type {Case} */
  const held = { id: task, version: told.version, state: told.state, source: "", tasks: [told], neighbours: [], unasked: OF_ISSUES, steps: told.steps.map((/** @type {any} */ step) => ({ ...step, task: null })) };
  replace(room, el("section", {}, el("h3", {}, english ? told.kind_en : told.kind_zh), el("p", { class: "note" }, clock(told.due_at))),
    el("section", {}, el("h3", {}, say("file.history")), el("ul", { class: "events" }, told.history.map((/** @type {any} */ event) => el("li", {},
      el("time", { datetime: event.at }, clock(event.at)), el("span", {}, el("b", {}, english ? event.en : event.zh), " ", el("span", { class: "by" }, event.person_name ?? "")))))));
  const steps = el("div", { class: "deeds" });
  replace(foot, steps);
  showSteps(steps, held, { called: true, stale: () => void showAlone(room, foot, task, changed), done: () => changed(), send: async (_, step, body) => {
    await ask(`/api/tasks/${task}/steps`, "POST", { told: { step: step.step, ...body }, version: held.version });
    return held;
  } });
}
