// What has been published, newest first, and the way back to what was before it.
import { ask, sentenceOf } from "./ask.js";
import { el, icon, replace } from "./dom.js";
import { gridsSaid, publishedSaid } from "./moves.js";
import { day, english, figure, say } from "./say.js";
import { sheet, under } from "./sheet.js";

/** @typedef {{number: number, kind: string, scope: string | null, plan: number | null, undoes: number | null, effective_on: string, made_at: string, may_undo: boolean, refused: {zh: string, en: string} | null}} Revision */

const SHOWN = 20;
const AT = "/api/nets/grid/revisions";

/** @param {Map<number, {title: string, scope_name: string | null}>} plans by number, as far as the person sees them @param {() => void} done */
export function revisionsOf(plans, done) {
  const room = el("section", { class: "revisions", "aria-label": say("revisions.title") });
  const show = (/** @type {Revision[]} */ found, /** @type {number} */ most) => {
    const rows = found.slice(0, most).map((each) => [el("b", {}, figure(each.number)), what(each), day(each.effective_on), each.may_undo ? back(each) : each.refused && stays(each.refused)]);
    const left = found.length - most;
    replace(room, el("h2", {}, say("revisions.title")), sheet(say("revisions.title"), ["revisions.number", "revisions.what", "revisions.day", "plans.acts"].map((key) => say(key)), rows),
      left > 0 ? el("button", { type: "button", class: "button", onclick: () => show(found, found.length) }, say("revisions.more", { n: figure(left) })) : null);
  };
  /** @param {Revision} revision */
  function what({ kind, plan, undoes, scope }) {
    const of = plan === null ? null : plans.get(plan);
    const name = of ? [of.scope_name, of.title || `#${plan}`].filter(Boolean).join(" · ") : plan === null ? scope ?? "" : `${scope ?? ""} #${plan}`;
    return [el("span", { class: "tag" }, say(`revisions.${kind}`)), " ", undoes !== null ? say("revisions.undoes", { n: undoes }) : name || say("revisions.of-file")];
  }
  /** Why there is no way back. @param {{zh: string, en: string}} refused */
  function stays(refused) {
    return el("details", { class: "stays" }, el("summary", {}, say("revisions.stays")), el("p", { class: "note" }, english ? refused.en : refused.zh));
  }
  /** @param {Revision} revision */
  function back({ number }) {
    const button = el("button", { type: "button", class: "button small networked", onclick: () => {
      const row = button.closest("tr");
      if (row) askBack(row, number);
    } }, say("revisions.back"));
    return button;
  }
  /** Tried first: what would move; then once more, and done. @param {HTMLElement} row @param {number} number */
  async function askBack(row, number) {
    const [what, fault] = [el("div", { class: "what-moves", "aria-live": "polite" }, el("p", { class: "note" }, say("draw.reckoning"))), el("p", { class: "fault", role: "alert" })];
    const failed = (/** @type {unknown} */ error) => void (fault.textContent = sentenceOf(error, "what.step"));
    const go = el("button", { type: "button", class: "button main networked", disabled: true, onclick: () => {
      go.disabled = true;
      ask(`${AT}/${number}/rollback`, "POST").then(done, failed);
    } }, icon("warn"), say("revisions.do-back", { n: number }));
    const made = under(row, el("div", { class: "deed" }, what, fault, el("div", { class: "row" }, go, el("button", { type: "button", class: "button", onclick: () => made.remove() }, say("draw.not-now")))));
    await ask(`${AT}/${number}/rollback?trial=true`, "POST").then((tried) => {
      replace(what, el("p", {}, gridsSaid(tried, tried.new)), publishedSaid(tried, null));
      go.disabled = false;
      go.focus();
    }, (error) => {
      replace(what);
      failed(error);
    });
  }
  ask(AT).then((found) => show(found, SHOWN), (error) => replace(room, el("p", { class: "note" }, sentenceOf(error, "what.revisions"))));
  return room;
}
