// What may be done with a comparison: another plan held against this one, on paper, or gone on with.
import { ask, later, sentenceOf } from "./ask.js";
import { el, replace } from "./dom.js";
import { choice } from "./field.js";
import { say } from "./say.js";

const LONGEST = 12; // characters of a title on a button

/** @param {string} plan @param {string | null} beside @param {string} state of the plan */
export function choices(plan, beside, state) {
  const said = el("p", { class: "fault", role: "alert" });
  const adopts = el("span", { class: "row" });
  const room = el("section", { class: "row compare-choices" }, el("button", { type: "button", class: "button small", onclick: () => window.print() }, say("plan.print")), adopts, said);
  later(room, "what.plans", ask("/api/plans"), (plans) => {
    const mine = plans.find((/** @type {any} */ one) => String(one.id) === plan);
    const others = plans.filter((/** @type {any} */ one) => one !== mine && one.scope === mine?.scope && one.net === mine?.net);
    if (others.length) room.prepend(otherChoice(others, beside));
    const other = others.find((/** @type {any} */ one) => String(one.id) === beside);
    if (!mine?.forkable) return;
    const own = state === "draft" ? null : adoptButton(plan, said, other && named(mine));
    replace(adopts, other ? adoptButton(beside ?? "", said, named(other)) : null, own);
  });
  return room;
}

/** @param {{id: number, title: string}[]} others @param {string | null} beside */
function otherChoice(others, beside) {
  const all = others.map((one) => /** @type {[string, string]} */ ([String(one.id), named(one)]));
  const made = choice("beside", [["", say("plan.beside-today")], ...all], (chosen) => {
    const query = new URLSearchParams(location.search);
    if (chosen) query.set("beside", chosen);
    else query.delete("beside");
    location.search = query.toString();
  }, beside ?? "");
  return el("div", { class: "field" }, el("label", { for: "beside" }, say("plan.beside")), made);
}

/** @param {{id: number, title: string}} plan */
function named({ id, title }) {
  return title || `#${id}`;
}

/** A plan that is no draft any more, or another's, is gone on with as a copy that is one. @param {string} plan @param {HTMLElement} said @param {string} [title] where there are two to choose from */
function adoptButton(plan, said, title) {
  const short = title && title.length > LONGEST ? `${title.slice(0, LONGEST)}…` : title;
  return el("button", { type: "button", class: "button small networked", onclick: () => {
    ask(`/api/plans/${encodeURIComponent(plan)}/fork`, "POST", { told: {} }).then(({ plan: made }) => location.assign(`/plans/${made}/draw`), (error) => void (said.textContent = sentenceOf(error, "what.plan")));
  } }, short ? say("plan.adopt-named", { title: short }) : say("plan.adopt"));
}
