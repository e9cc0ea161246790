// An issue dragged onto a grid goes to whoever leads it, once that is said and meant.
import { ask, sentenceOf } from "../ask.js";
import { inside } from "../chart.js";
import { el } from "../dom.js";
import { say } from "../say.js";

/** @typedef {import("../steps.js").Case} Case @typedef {import("../grids.js").Grid} Grid */
/** @typedef {{step: string, task: number | null, grid?: string, reason?: string, issue?: number, version?: number}} Order */

/** The grid at a place of the world. @param {Grid[]} grids @param {[number, number]} at @returns {Grid | null} */
export function gridAt(grids, [x, y]) {
  return grids.find(({ box, rings }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && inside(rings, x, y)) ?? null;
}

/**
 * The steps that bring an issue to a grid as it stands; null where whoever looks may take none.
 * @param {Pick<Case, "steps">} told @returns {{step: string, task: number | null}[] | null}
 */
export function stepsTo({ steps }) {
  const one = ["hand_over", "resend", "send"].map((name) => steps.find(({ step }) => step === name)).find(Boolean);
  if (one) return [{ step: one.step, task: one.task }];
  const back = steps.find(({ step }) => step === "withdraw");
  return back ? [{ step: "withdraw", task: back.task }, { step: "send", task: null }] : null;
}

/** @param {{id: number, title: string}} issue @param {Grid} grid @param {(told: Case) => void} done */
export async function reassign(issue, grid, done) {
  const said = el("p", { class: "fault", role: "alert" });
  const reason = el("textarea", { id: "reassign-reason", rows: 2 });
  const go = el("button", { type: "submit", class: "button main networked", disabled: true }, say("reassign.go", { grid: grid.name }));
  const shut = () => {
    room.close();
    room.remove();
  };
  const room = el("dialog", { class: "reassign", "aria-labelledby": "reassign-title", onclose: () => room.remove() }, el("form", { class: "form", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    void take();
  } }, el("h2", { id: "reassign-title" }, say("reassign.title", { title: issue.title, grid: grid.name })), el("div", { class: "field" }, el("label", { for: "reassign-reason" }, say("step.reason")), reason), said,
  el("div", { class: "row" }, go, el("button", { type: "button", class: "button", onclick: shut }, say("step.cancel")))));
  document.body.append(room);
  room.showModal();
  /** @type {Case | null} */
  let told = null;
  try {
    told = await ask(`/api/issues/${issue.id}`);
    go.disabled = !told || !stepsTo(told);
    if (told && !stepsTo(told)) said.textContent = say("step.none");
  } catch (error) {
    said.textContent = sentenceOf(error, "what.file");
  }

  async function take() {
    const steps = told && stepsTo(told);
    if (!told || !steps) return;
    const needed = steps.some(({ step }) => step === "hand_over");
    if (needed && !reason.value.trim()) {
      said.textContent = say("step.needed");
      return reason.focus();
    }
    const last = steps.length - 1;
    const orders = steps.map((each, i) => ({ ...each, issue: issue.id, ...(i === 0 ? { version: told?.version } : {}), ...(i === last ? { grid: grid.code } : {}), ...(reason.value.trim() ? { reason: reason.value.trim() } : {}) }));
    try {
      await ask("/api/issues/steps", "POST", { told: { steps: orders, together: true } });
      shut();
      done(await ask(`/api/issues/${issue.id}`));
    } catch (error) {
      said.textContent = sentenceOf(error, "what.step");
    }
  }
}
