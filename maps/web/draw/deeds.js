// The steps the person may take with a plan, at the foot of the panel: each says first what it will move.
import { ask, sentenceOf } from "../ask.js";
import { el, icon, replace } from "../dom.js";
import { gridsSaid, handsSaid, publishedSaid } from "../moves.js";
import { english, figure, say } from "../say.js";

/** @typedef {import("./desk.js").Desk} Desk @typedef {{step: string, zh: string, en: string, reason: boolean}} Step */

/** @param {Step} step */
const named = ({ step, zh, en }) => (step === "submit" ? say("draw.submit") : english ? en : zh);

/**
 * @param {string} at address of the plan @param {Step[]} steps as the API offers them; one form puts in force now or on a day
 * @param {Desk} desk @param {() => void} done
 */
export function stepButtons(at, steps, desk, done) {
  const room = el("div", { class: "steps-row" });
  const plain = () => replace(room, el("a", { class: "button", href: at.replace("/api", "") + location.search }, icon("swipe"), say("draw.compare")),
    steps.filter(({ step }) => step !== "schedule").map((each, i) => el("button", { type: "button", class: `button networked${i === 0 ? " main" : ""}`, onclick: () => void asked(each) }, named(each))));
  /** @type {(told: Record<string, unknown>) => Promise<any>} */
  const take = (told) => ask(`${at}/steps`, "POST", { told, version: desk.outbox.version });

  /** @param {Step} each */
  async function asked(each) {
    const fault = el("p", { class: "fault", role: "alert" });
    const what = el("div", { class: "what-moves", "aria-live": "polite" });
    const reason = el("textarea", { rows: 2, id: "step-reason" });
    const date = el("input", { type: "date", id: "step-day", onchange: () => void tell() });
    const button = el("button", { class: "button main" }, named(each));
    const publishes = each.step === "publish";
    const told = () => ({ step: each.step, ...(reason.value.trim() ? { reason: reason.value.trim() } : {}), ...(publishes && date.value ? { effective_on: date.value } : {}) });
    const box = el("form", { class: "deed", "aria-label": named(each), onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      if (sending) return;
      button.disabled = sending = true;
      fault.textContent = "";
      take(told()).then(done, failed);
    } }, el("b", {}, named(each)),
    publishes ? el("div", { class: "row" }, el("label", { for: "step-day" }, say("draw.day")), date, el("small", {}, say("draw.day-hint"))) : null, what,
    each.reason ? [el("label", { for: "step-reason" }, say("draw.reason")), reason] : null, fault,
    el("div", { class: "row" }, button, el("button", { type: "button", class: "button", onclick: plain }, say("draw.not-now"))));
    const failed = (/** @type {unknown} */ error) => {
      fault.textContent = sentenceOf(error, "what.step");
      button.disabled = sending = false;
    };
    let turn = 0;
    let sending = false;
    const tell = async () => {
      const mine = ++turn;
      fault.textContent = "";
      button.disabled = sending || publishes;
      what.setAttribute("aria-busy", "true");
      replace(what, el("p", { class: "note" }, say("draw.reckoning")));
      const lines = await (publishes ? publication(told()) : whatMoves()).catch((error) => void (mine === turn && failed(error)));
      if (mine !== turn) return; // another day has been named since
      what.removeAttribute("aria-busy");
      button.disabled = sending || !lines;
      replace(what, lines ?? []);
    };
    replace(room, box);
    (each.reason ? reason : publishes ? date : button).focus();
    await tell();
  }
  async function whatMoves() {
    if (desk.outbox.waiting.length) return [el("p", {}, say("draw.wait-first", { n: desk.outbox.waiting.length }))];
    const diff = await ask(`${at}/diff`).catch((error) => sentenceOf(error, "what.diff"));
    if (typeof diff === "string") return [el("p", {}, diff)];
    const { loose, broken } = desk.sketch.totals();
    const lines = [loose || broken ? say("draw.not-whole", { broken: figure(broken), loose: figure(loose) }) : "", handsSaid(diff), gridsSaid(diff, diff.fresh)];
    return lines.filter(Boolean).map((line) => el("p", {}, line));
  }
  /** Tried on the server and taken back: what it would do on that day, or why it would be refused. @param {Record<string, unknown>} told */
  async function publication(told) {
    const [diff, tried] = await Promise.all([ask(`${at}/diff`), take({ ...told, trial: true })]);
    return [el("p", {}, handsSaid(diff)), el("p", {}, gridsSaid(tried, tried.new)), ...publishedSaid(tried, diff.tasks_taken)];
  }
  plain();
  return room;
}
