// What is said of edits: what they did, why they were refused, what of them still waits.
import { Refusal, sentenceOf } from "../ask.js";
import { icon } from "../dom.js";
import { clock, figure, say } from "../say.js";

const AGAIN_MS = 4000; // before an edit that got no answer is sent again

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
    const names = answer.grids.slice(0, 2).map((/** @type {any} */ grid) => say("draw.total-said", { name: grid.name, n: figure(grid.households) }));
    notice.aloud([say(`draw.did-${asked.kind}`), ...names].join(say("comma")));
    whom().machine?.answered(asked.kind, answer.atoms.length > 0);
  }
  /** @param {unknown} error */
  function refused(error) {
    const words = sentenceOf(error, "what.edit");
    notice.error(sketch.grids.reduce((text, { code, name }) => (name ? text.replaceAll(code, name) : text), words));
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
    notice.held(say("draw.held", { n: held.length }), [["draw.held-again", () => desk.outbox.settle(true)], ["draw.held-drop", () => desk.outbox.settle(false)]]);
  }
  /** Somebody else has drawn: what they changed is shown, and said. */
  function takenOver() {
    notice.info(say("draw.taken-over"));
    notice.aloud(say("draw.taken-over"));
  }
}
