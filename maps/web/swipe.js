// The divider of a comparison: one map, two sides, moved by pointer or keys.
import { el, icon } from "./dom.js";
import { say } from "./say.js";

const EDGE = 4000;

/** Where a key sends the divider, in per cent, or null for keys of others. @param {string} key @param {number} at @param {boolean} [far] */
export function keyTarget(key, at, far = false) {
  const step = far ? 10 : 1;
  switch (key) {
    case "ArrowLeft": case "ArrowDown": return Math.max(0, at - step);
    case "ArrowRight": case "ArrowUp": return Math.min(100, at + step);
    case "PageDown": return Math.max(0, at - 10);
    case "PageUp": return Math.min(100, at + 10);
    case "Home": return 0;
    case "End": return 100;
    default: return null;
  }
}

/**
 * @param {HTMLElement} over @param {L.Map} map @param {{left: string[], right: string[]}} panes
 * @param {{left: HTMLElement, right: HTMLElement}} captions
 * @param {(x: number, left: string[]) => void} moved told where the divider is, in px of the layer, and which panes lie left of it
 */
export function swipe(over, map, panes, captions, moved) {
  const sides = { left: panes.left, right: panes.right };
  let at = 50;
  const handle = el("button", { type: "button", class: "handle", role: "slider", "aria-orientation": "horizontal", "aria-valuemin": "0", "aria-valuemax": "100", id: "divider" }, icon("swipe"));
  const divider = el("div", { class: "divider" }, handle);
  over.append(divider, captions.left, captions.right);

  function clip() {
    const size = map.getSize();
    const x = map.containerPointToLayerPoint([(size.x * at) / 100, 0]).x;
    const y = map.containerPointToLayerPoint([0, 0]).y;
    const [top, bottom] = [y - EDGE, y + size.y + EDGE];
    const half = (/** @type {number} */ from, /** @type {number} */ to) => `polygon(${from}px ${top}px, ${to}px ${top}px, ${to}px ${bottom}px, ${from}px ${bottom}px)`;
    for (const name of sides.left) /** @type {HTMLElement} */ (map.getPane(name)).style.clipPath = half(x - 3 * EDGE, x);
    for (const name of sides.right) /** @type {HTMLElement} */ (map.getPane(name)).style.clipPath = half(x, x + 3 * EDGE);
    moved(x, sides.left);
  }

  function show() {
    divider.style.left = captions.right.style.left = `${at}%`;
    captions.left.style.right = `${100 - at}%`;
    captions.left.hidden = at < 6;
    captions.right.hidden = at > 94;
    const [left, right] = [captions.left.textContent ?? "", captions.right.textContent ?? ""];
    handle.setAttribute("aria-label", say("plan.divider", { left, right }));
    handle.setAttribute("aria-valuenow", String(Math.round(at)));
    handle.setAttribute("aria-valuetext", say("plan.divider-value", { n: Math.round(at) }));
    clip();
  }

  function swap() {
    [sides.left, sides.right] = [sides.right, sides.left];
    const [left, right] = [[...captions.left.childNodes], [...captions.right.childNodes]];
    const [a, b] = [captions.left.className, captions.right.className];
    captions.left.replaceChildren(...right);
    captions.right.replaceChildren(...left);
    captions.left.className = b.replace("right", "left");
    captions.right.className = a.replace("left", "right");
    show();
  }

  handle.addEventListener("keydown", (event) => {
    if (event.key === " ") swap();
    const target = keyTarget(event.key, at, event.shiftKey);
    if (target !== null) at = target;
    if (target !== null || event.key === " ") {
      event.preventDefault();
      show();
    }
  });
  handle.addEventListener("keyup", (event) => event.key === " " && event.preventDefault());
  handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
  handle.addEventListener("pointermove", (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const frame = over.getBoundingClientRect();
    at = Math.min(100, Math.max(0, ((event.clientX - frame.left) / frame.width) * 100));
    show();
  });
  map.on("move zoom zoomend moveend resize viewreset", clip);
  show();
  return { swap, show };
}
