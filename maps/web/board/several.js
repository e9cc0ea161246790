// Several issues at once: what is done with those that are checked, and an answer for each.
import { ask, sentenceOf } from "../ask.js";
import { el, replace } from "../dom.js";
import { asksOf, filled, question } from "../steps.js";
import { english, figure, say } from "../say.js";
import { titleOf } from "../issues.js";

/** @typedef {import("../issues.js").Issue} Issue */
/** @typedef {{issue: number, status: number, problem: {zh: string, en: string} | null}} Answer */

const STEPS = ["merge", "urge", "whistle", "send"]; // the main one last, as the foot shows it
const MOST = 200; // steps that one request takes

/** @typedef {{kept: number, refused: number, answers: Answer[]}} Told */

/**
 * All steps, however many, so many at a time; what was answered before one of them failed is told with its error.
 * @param {Record<string, unknown>[]} steps @param {(some: Record<string, unknown>[]) => Promise<Told>} post @returns {Promise<Told & {error: unknown, left: number}>}
 */
export async function taken(steps, post, most = MOST) {
  const told = { kept: 0, refused: 0, answers: /** @type {Answer[]} */ ([]) };
  for (let at = 0; at < steps.length; at += most) {
    try {
      const { kept, refused, answers } = await post(steps.slice(at, at + most));
      Object.assign(told, { kept: told.kept + kept, refused: told.refused + refused, answers: [...told.answers, ...answers] });
    } catch (error) {
      return { ...told, error, left: steps.length - at };
    }
  }
  return { ...told, error: null, left: 0 };
}

/**
 * @param {HTMLElement} foot @param {{chosen: () => Issue[], done: () => void}} acts
 */
export function several(foot, { chosen, done }) {
  const form = el("div", {});
  const said = el("div", { role: "status" });
  const line = el("b", {});
  const bar = el("div", { class: "row" }, line, STEPS.map((step) => el("button", { type: "button", class: step === "send" ? "button main networked" : "button networked", "data-step": step, onclick: () => start(step) }, say(`several.${step}`))));
  foot.hidden = true;
  replace(foot, form, said, bar);

  /** @param {string} step */
  function start(step) {
    replace(said);
    const issues = chosen();
    if (step === "merge" && issues.length < 2) return void replace(said, el("p", { class: "fault" }, say("several.two")));
    if (step === "merge") return askInto(issues);
    if (step === "send" || step === "urge") return void take(issues.map((issue) => ({ issue: issue.id, step })));
    askWith(step, issues);
  }
  /** Which of them stays. @param {Issue[]} issues */
  function askInto(issues) {
    const oldest = [...issues].sort((a, b) => a.time - b.time);
    let into = Number(oldest[0].id);
    show(say("several.merge-title"), oldest.map((issue) => {
      const mark = el("input", { type: "radio", name: "into", onchange: () => void (into = Number(issue.id)) });
      mark.checked = Number(issue.id) === into;
      return el("label", { class: "candidate" }, mark, el("span", {}, titleOf(issue)), el("small", { class: "note" }, issue.number));
    }), () => take(oldest.filter((issue) => Number(issue.id) !== into).map((issue) => ({ issue: issue.id, step: "merge", into }))));
  }
  /** @param {string} step @param {Issue[]} issues */
  function askWith(step, issues) {
    const told = /** @type {any} */ ({ id: 0, tasks: [], neighbours: [] });
    const of = /** @type {any} */ ({ step, needs: [], task: null });
    const asked = asksOf(of).map((name) => /** @type {[string, boolean, any]} */ ([name.replace("?", ""), name.endsWith("?"), question(name.replace("?", ""), of, told)]));
    show(say("several.whistle-title", { n: figure(issues.length) }), asked.map(([, , each]) => each.room), () => {
      const body = filled(asked);
      return body ? take(issues.map((issue) => ({ issue: issue.id, step, ...body }))) : undefined;
    });
  }
  /** @param {string} title @param {HTMLElement[]} parts @param {() => Promise<void> | undefined} go */
  function show(title, parts, go) {
    replace(form, el("form", { class: "deed form", novalidate: true, onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && (event.stopPropagation(), replace(form)), onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      void go();
    } }, el("h3", {}, title), parts, el("div", { class: "row" }, el("button", { type: "submit", class: "button main networked" }, title), el("button", { type: "button", class: "button", onclick: () => replace(form) }, say("step.cancel")))));
    /** @type {HTMLElement | null} */ (form.querySelector("input, textarea"))?.focus();
  }
  /** @param {Record<string, unknown>[]} steps */
  async function take(steps) {
    foot.classList.add("busy");
    const told = await taken(steps, (some) => ask("/api/issues/steps", "POST", { told: { steps: some } }));
    const some = told.left < steps.length;
    if (some) {
      replace(form);
      showAnswers(told);
      done();
    } else replace(said);
    if (told.error) said.prepend(el("p", { class: "fault" }, some ? say("several.left", { n: figure(told.left) }) : null, sentenceOf(told.error, "what.step")));
    foot.classList.remove("busy");
  }
  /** @param {Told} told */
  function showAnswers({ kept, refused, answers }) {
    const numbers = new Map(chosen().map((issue) => [Number(issue.id), issue.number]));
    replace(said, el("p", { class: "sent" }, say("several.done", { n: figure(kept) })), refused ? el("details", { open: true }, el("summary", {}, say("several.refused", { n: figure(refused) })),
      el("ul", {}, answers.filter(({ problem }) => problem).map(({ issue, problem }) => el("li", { class: "note" }, `${numbers.get(issue) ?? `#${issue}`}：${(english ? problem?.en : problem?.zh) ?? ""}`)))) : null);
  }
  return {
    /** @param {number} n checked */
    show(n) {
      line.textContent = say("several.chosen", { n: figure(n) });
      foot.hidden = !n && !said.childElementCount;
      bar.hidden = !n;
      if (!n) replace(form);
      else replace(said);
    },
  };
}
