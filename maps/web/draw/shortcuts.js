// Keys of the page: tools by their letters, undo and redo, the size of the brush, Esc.
import { TOOLS } from "./rail.js";
import { RADII } from "./scene.js";

/**
 * What a key asks for; null: nothing that is the same for every tool.
 * @param {{key: string, ctrlKey?: boolean, metaKey?: boolean, shiftKey?: boolean}} event
 * @returns {{does: "undo" | "redo" | "escape" | "help" | "new"} | {does: "tool", name: string} | {does: "radius", by: number} | {does: "other"} | null}
 */
export function askedBy({ key: typed, ctrlKey, metaKey, shiftKey }) {
  const key = typed.toLowerCase();
  if (ctrlKey || metaKey) return ["z", "y"].includes(key) ? { does: key === "y" || shiftKey ? "redo" : "undo" } : { does: "other" };
  const named = TOOLS.find((tool) => tool.key.toLowerCase() === key);
  if (named) return { does: "tool", name: named.name };
  if (key === "[" || key === "]") return { does: "radius", by: key === "]" ? 1 : -1 };
  const plain = /** @type {Record<string, "escape" | "help" | "new">} */ ({ escape: "escape", "?": "help", n: "new" })[key];
  return plain ? { does: plain } : null;
}

/** The next size of the brush, or the last there is. @param {number} radius @param {number} by */
export function nextRadius(radius, by) {
  return RADII[Math.max(0, Math.min(RADII.length - 1, RADII.indexOf(radius) + by))];
}

/** @param {KeyboardEvent} event */
function isTyping({ target }) {
  return target instanceof HTMLElement && target.closest("input:not([type=checkbox]), textarea, select, dialog[open]") !== null;
}

/**
 * @param {{radius: number}} scene
 * @param {{edit: (edit: {kind: string}) => void, use: (name: string) => void, escape: () => void, help: () => void, newGrid: () => unknown, repaint: () => void,
 *   onTool: (key: string, event: KeyboardEvent) => void, toMap: () => void}} acts `newGrid`: falsy where nothing was caught for one
 */
export function listenToKeys(scene, acts) {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || isTyping(event)) return;
    const asked = askedBy(event);
    if (asked?.does === "undo" || asked?.does === "redo") {
      event.preventDefault();
      return acts.edit({ kind: asked.does });
    }
    if (asked?.does === "tool") return takeUp(asked.name);
    if (asked?.does === "escape") return acts.escape();
    if (asked?.does === "help") return acts.help();
    if (asked?.does === "radius") {
      scene.radius = nextRadius(scene.radius, asked.by);
      return acts.repaint();
    }
    if (asked?.does === "other" || (asked?.does === "new" && acts.newGrid())) return;
    acts.onTool(event.key.toLowerCase(), event);
  });

  /** A tool taken by its key is used by keys as well: where nothing else is in use they go to the map. @param {string} name */
  function takeUp(name) {
    acts.use(name);
    const rail = document.getElementById("rail");
    if (document.activeElement === document.body || rail?.contains(document.activeElement)) acts.toMap();
  }
}
