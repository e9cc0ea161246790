// What moves with a publication, or with its way back: the same lines before it is done and after.
import { el } from "./dom.js";
import { day, figure, say } from "./say.js";

/**
 * @typedef {{households: number, people: number, buildings: number, changed: string[], fresh: string[], gone: string[], tasks_sent: number, tasks_taken: number}} Diff what changes hands
 * @typedef {{revision: number, effective_on: string, new: string[], gone: string[], changed: string[], tasks_moved: number, duties_moved: number,
 *   duties: {area: string, area_name: string, role: string, party: string, party_name: string}[],
 *   ended: {area: string, area_name: string, role: string, party: string | null, party_name: string | null, service: string | null, service_name: string | null, row: number | null}[]}} Published `ended` with a special grid
 */

/** Who changes grid. @param {Diff} diff */
export function handsSaid({ households, people, buildings }) {
  return say("moves.people", { households: figure(households), people: figure(people), buildings: figure(buildings) });
}

/** @param {{changed: string[], gone: string[]}} codes @param {string[]} fresh */
export function gridsSaid({ changed, gone }, fresh) {
  return say("moves.grids", { changed: figure(changed.length), fresh: figure(fresh.length), gone: figure(gone.length) });
}

/** What a publication moves beside the grids themselves. @param {Published} done @param {number | null} taken tasks that stay with their holder, where that is known */
export function publishedSaid(done, taken) {
  const named = done.duties.map((duty) => el("li", {}, el("b", {}, duty.area_name || duty.area), " ", say(`role.${duty.role}`), " ", duty.party_name || duty.party));
  const more = done.duties_moved - done.duties.length;
  return [
    el("p", {}, say(taken === null ? "moves.tasks-back" : "moves.tasks", { sent: figure(done.tasks_moved), taken: figure(taken) })),
    el("p", {}, say("moves.issues")),
    done.duties_moved ? el("details", { class: "duties" }, el("summary", {}, say("moves.duties", { n: figure(done.duties_moved) })), el("ul", {}, named), more > 0 ? el("p", { class: "note" }, say("moves.more", { n: figure(more) })) : null) : el("p", {}, say("moves.no-duties")),
    done.ended.length ? el("details", { class: "duties", open: true }, el("summary", {}, say("moves.ended", { n: figure(done.ended.length) })), el("ul", {}, done.ended.map(endedSaid))) : null,
    el("p", {}, say(done.revision ? "moves.now" : "moves.later", { day: day(done.effective_on) })),
  ];
}

/** A duty that is over with its special grid: a row of the list by its number and service. @param {Published["ended"][number]} duty */
function endedSaid({ area, area_name, role, party, party_name, service, service_name, row }) {
  const what = row === null ? say(`role.${role}`) : say("moves.row", { n: row, service: service_name || service || "" });
  return el("li", {}, el("b", {}, area_name || area), " ", what, " ", party_name || party || "");
}
