// A row of the list, or a mark of the map, let down on a grid of the map.
import { el } from "../dom.js";
import { titleOf } from "../issues.js";
import { say } from "../say.js";
import { followPress } from "./press.js";
import { gridAt, reassign } from "./reassign.js";

/** @typedef {import("../issues.js").Issue} Issue @typedef {import("../grids.js").Grid} Grid @typedef {import("./paint.js").Mark} Mark */
/** @typedef {{markAt: (at: L.LatLng) => Mark | undefined, issueOf: (number: number) => Promise<Issue | undefined>}} Marks */

const BESIDE = 14; // px between the pointer and what is said beside it

/**
 * @param {L.Map} map @param {import("./paint.js").Board} board
 * @param {{repaint: () => void, given: (issue: Issue, state: string) => void}} acts `repaint` the outline of the grid below
 */
export function dropsOn(map, board, { repaint, given }) {
  /** @type {Issue | null} */
  let lifted = null; // a row on its way to a grid
  const room = map.getContainer();
  const under = (/** @type {MouseEvent} */ event) => {
    const { lat, lng } = map.mouseEventToLatLng(event);
    return board.kind === "grid" ? gridAt(board.grids, board.world.xy([lng, lat])) : null;
  };
  const onto = (/** @type {Grid | null} */ grid) => {
    const code = grid?.code ?? "";
    if (board.lifted === code) return;
    board.lifted = code;
    repaint();
  };
  const down = () => {
    [board.lifted, lifted] = [null, null];
    repaint();
  };
  /** @param {Issue} issue @param {Grid} grid */
  const give = (issue, grid) => void reassign({ id: Number(issue.id), title: titleOf(issue) }, grid, (after) => given(issue, after.state));
  room.addEventListener("dragover", (event) => {
    const grid = lifted && under(event);
    if (!grid) return;
    event.preventDefault();
    onto(grid);
  });
  document.addEventListener("dragend", down);
  room.addEventListener("drop", (event) => {
    const [issue, grid] = [lifted, under(event)];
    event.preventDefault();
    down();
    if (issue && grid) give(issue, grid);
  });
  return {
    /** A row is lifted, to be let down on a grid. @param {Issue} issue @param {DragEvent} event */
    lift(issue, event) {
      event.dataTransfer?.setData("text/plain", issue.number);
      if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
      board.lifted = "";
      lifted = issue;
    },
    /** Marks are lifted by a mouse or a pen: a finger moves the map. @param {Marks} marks */
    liftMarks(marks) {
      room.addEventListener("pointerdown", (event) => {
        const mark = event.button === 0 && event.pointerType !== "touch" && board.kind === "grid" ? marks.markAt(map.mouseEventToLatLng(event)) : undefined;
        if (mark) carry(event, mark);
      }, true);

      /** @param {PointerEvent} pressed @param {Mark} mark */
      function carry(pressed, mark) {
        const from = under(pressed)?.code;
        const other = (/** @type {MouseEvent} */ event) => {
          const grid = event.target instanceof Node && room.contains(event.target) ? under(event) : null;
          return grid?.code === from ? null : grid;
        };
        const said = el("span", { class: "lifted", hidden: true });
        document.body.append(said);
        map.dragging.disable(); // the mark is moved, not the map
        followPress(pressed, {
          moved(event) {
            const grid = other(event);
            Object.assign(said.style, { left: `${event.clientX + BESIDE}px`, top: `${event.clientY + BESIDE}px` });
            said.hidden = false;
            said.textContent = grid ? say("reassign.onto", { grid: grid.name }) : say("reassign.off");
            onto(grid);
          },
          async ended(event) {
            const grid = event && other(event);
            said.remove();
            down();
            map.dragging.enable();
            const issue = grid ? await marks.issueOf(mark.id) : undefined;
            if (issue && grid) give(issue, grid);
          },
        });
      }
    },
  };
}
