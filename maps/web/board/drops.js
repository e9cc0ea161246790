// A row of the list let down on a grid of the map.
import { titleOf } from "../issues.js";
import { gridAt, reassign } from "./reassign.js";

/** @typedef {import("../issues.js").Issue} Issue */

/**
 * @param {L.Map} map @param {import("./paint.js").Board} board
 * @param {{repaint: () => void, given: (issue: Issue, state: string) => void}} acts `repaint` the outline of the grid below
 */
export function dropsOn(map, board, { repaint, given }) {
  /** @type {Issue | null} */
  let lifted = null; // a row on its way to a grid
  const room = map.getContainer();
  const under = (/** @type {DragEvent} */ event) => {
    const { lat, lng } = map.mouseEventToLatLng(event);
    return board.kind === "grid" ? gridAt(board.grids, board.world.xy([lng, lat])) : null;
  };
  room.addEventListener("dragover", (event) => {
    const grid = lifted && under(event);
    if (!grid) return;
    event.preventDefault();
    if (board.lifted === grid.code) return;
    board.lifted = grid.code;
    repaint();
  });
  const down = () => {
    [board.lifted, lifted] = [null, null];
    repaint();
  };
  document.addEventListener("dragend", down);
  room.addEventListener("drop", (event) => {
    const [issue, grid] = [lifted, under(event)];
    event.preventDefault();
    down();
    if (issue && grid) void reassign({ id: Number(issue.id), title: titleOf(issue) }, grid, (after) => given(issue, after.state));
  });
  return {
    /** A row is lifted, to be let down on a grid. @param {Issue} issue @param {DragEvent} event */
    lift(issue, event) {
      event.dataTransfer?.setData("text/plain", issue.number);
      if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
      board.lifted = "";
      lifted = issue;
    },
  };
}
