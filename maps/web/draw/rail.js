// The tools down the left: icon, word, key; the one in use is filled.
import { el, icon, replace } from "../dom.js";
import { say } from "../say.js";

/** @typedef {{name: string, key: string, icon: string}} Named */
/** @type {Named[]} */
export const TOOLS = [
  { name: "select", key: "V", icon: "select" }, { name: "brush", key: "B", icon: "brush" }, { name: "lasso", key: "L", icon: "lasso" },
  { name: "split", key: "S", icon: "split" }, { name: "merge", key: "M", icon: "merge" }, { name: "edge", key: "E", icon: "edge" }, { name: "special", key: "X", icon: "special" }, { name: "lock", key: "K", icon: "lock" }, { name: "comment", key: "C", icon: "comment" },
];

/** @param {HTMLElement} room @param {{use: (name: string) => void, undo: () => void, redo: () => void, help: () => void}} acts */
export function railOf(room, acts) {
  const tool = (/** @type {Named} */ { name, key, icon: drawn }) => button(name, key, drawn, () => acts.use(name), { "aria-pressed": "false", "data-tool": name, "aria-keyshortcuts": key });
  const tools = TOOLS.map(tool);
  const undo = button("undo", "Ctrl Z", "undo", acts.undo, { "aria-keyshortcuts": "Control+Z" });
  const redo = button("redo", "Ctrl Y", "redo", acts.redo, { "aria-keyshortcuts": "Control+Y" });
  replace(room, tools, el("hr"), undo, redo, el("span", { class: "grow" }), button("help", "?", "help", acts.help, { "aria-keyshortcuts": "?" }));
  room.addEventListener("keydown", (event) => {
    const all = /** @type {HTMLElement[]} */ ([...room.querySelectorAll("button:not(:disabled)")]);
    const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    all[(at + step + all.length) % all.length].focus();
  });
  return {
    /** @param {string} name */
    mark: (name) => tools.forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.tool === name))),
    /** @param {(name: string) => boolean} uses @param {boolean} edit @param {boolean} canUndo @param {boolean} canRedo */
    able(uses, edit, canUndo, canRedo) {
      tools.forEach((each) => void (each.disabled = !uses(each.dataset.tool ?? "")));
      [undo.disabled, redo.disabled] = [!edit || !canUndo, !edit || !canRedo];
    },
  };
}

/** @param {string} name @param {string} key @param {string} drawn @param {() => void} act @param {Record<string, unknown>} [more] */
function button(name, key, drawn, act, more = {}) {
  return el("button", { type: "button", title: say(`draw.${name}-does`), onclick: act, ...more }, icon(drawn), el("span", {}, say(`draw.${name}`)), el("kbd", { "aria-hidden": "true" }, key));
}
