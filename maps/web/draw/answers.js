// What is said of edits: what they did, why they were refused, what of them still waits.
import { Refusal, sentenceOf } from "../ask.js";
import { icon } from "../dom.js";
import { clock, figure, say } from "../say.js";

const MOST_NAMED = 2; // grids or edits in one sentence
const MOST_FALLEN = 6;
const AGAIN_MS = 4000; // before an edit that got no answer is sent again

/** What is said where buildings have been counted anew since. @param {{drawn: number, now: number, atoms: number}} counts @param {boolean} edits the notice has a button then */
export function recountedSaid({ drawn, now, atoms }, edits) {
  const what = say("plan.recounted", { drawn: figure(drawn), now: figure(now), n: figure(atoms) });
  return edits ? what : `${what} ${say("plan.recounted-what")}`;
}

/**
 * @param {ReturnType<typeof import("./floats.js").notices>} notice @param {HTMLElement} saved @param {import("./sketch.js").Sketch} sketch
 * @param {() => {desk: import("./desk.js").Desk, machine: ReturnType<typeof import("./proposal.js").proposal> | null, able: (undo: boolean, redo: boolean) => void}} whom known once all is there
 */
export function answersOf(notice, saved, sketch, whom) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return { said, refused, cut, changed, takenOver };

  /** @param {any} answer @param {import("./outbox.js").Edit} asked */
  function said(answer, asked) {
    notice.clear("error");
    const { grids } = answer;
    const names = grids.length > MOST_NAMED ? [say("draw.grids-said", { n: grids.length })]
      : grids.map((/** @type {any} */ grid) => say("draw.total-said", { name: grid.name, n: figure(grid.households) }));
    notice.aloud([say(`draw.did-${asked.kind}`), ...names].join(say("comma")));
    whom().machine?.answered(asked.kind, answer.atoms.length > 0);
    if (asked.kind === "recount") notice.info(recountSaid(answer));
  }
  /** @param {any} answer */
  function recountSaid({ counts, fallen, grids }) {
    if (!Object.keys(counts).length) return say("draw.recounted-none");
    const names = grids.filter((/** @type {any} */ grid) => fallen.includes(grid.code)).slice(0, MOST_FALLEN).map((/** @type {any} */ grid) => grid.name);
    const more = fallen.length > MOST_FALLEN ? "…" : "";
    return say(fallen.length ? "draw.recounted-fallen" : "draw.recounted", { n: figure(fallen.length), names: names.join(say("list-comma")) + more });
  }
  /** @param {unknown} error */
  function refused(error) {
    const words = sentenceOf(error, "what.edit");
    const longest = [...sketch.grids, ...sketch.ground.communities].sort((a, b) => b.code.length - a.code.length);
    notice.error(longest.reduce((text, { code, name }) => (name ? text.replaceAll(code, name) : text), words));
    whom().machine?.failed();
  }
  /** @param {unknown} error */
  function cut(error) {
    clearTimeout(timer);
    timer = setTimeout(() => void whom().desk.outbox.go(), AGAIN_MS);
    if (error instanceof Refusal) notice.error(sentenceOf(error, "what.edit"));
  }
  function changed() {
    const { desk, machine, able } = whom();
    const { waiting, held } = desk.outbox;
    saved.classList.toggle("waits", waiting.length > 0);
    saved.replaceChildren(...(waiting.length ? [say("draw.waiting", { n: waiting.length })] : desk.savedAt ? [icon("tick"), ` ${say("draw.saved", { at: clock(new Date(desk.savedAt)).split(" ").pop() })}`] : []));
    able(desk.canUndo || waiting.length > 0, desk.canRedo && !waiting.length);
    if (!held.length) return notice.clear("held");
    machine?.failed(); // its next step would be drawn on what nobody has looked at
    notice.held(say("draw.held", { n: held.length, what: heldSaid(held.map(({ edit }) => edit)) }), [["draw.held-again", () => desk.outbox.settle(true)], ["draw.held-drop", () => desk.outbox.settle(false)]]);
  }
  /** @param {import("./outbox.js").Edit[]} edits */
  function heldSaid(edits) {
    const named = edits.slice(0, MOST_NAMED).map(editSaid);
    return [...named, ...(edits.length > MOST_NAMED ? [say("draw.held-more")] : [])].join(say("list-comma"));
  }
  /** What an edit would do. @param {import("./outbox.js").Edit} edit */
  function editSaid({ kind, atoms, grid, grids }) {
    const nameOf = (/** @type {unknown} */ code) => sketch.grids[sketch.number.get(String(code)) ?? -1]?.name || String(code);
    if (kind === "move") return say(grid ? "draw.held-move" : "draw.held-new", { n: /** @type {string[]} */ (atoms).length, name: nameOf(grid) });
    const codes = /** @type {string[]} */ (grids ?? (grid ? [grid] : []));
    return say("draw.held-other", { what: say(`draw.${kind}`), names: codes.slice(0, MOST_NAMED).map(nameOf).join(say("list-comma")) }).trim();
  }
  /** Somebody else has drawn: what they changed is shown, and said. */
  function takenOver() {
    notice.info(say("draw.taken-over"));
    notice.aloud(say("draw.taken-over"));
  }
}
