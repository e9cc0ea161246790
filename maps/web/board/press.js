// A press that is held, moved and let go: less than a few pixels of it is a click.

const FAR = 6; // px

/**
 * Follow a press until it is let go. Esc gives it up; the click that ends a press that moved is nobody's.
 * @param {PointerEvent} pressed @param {{moved: (event: PointerEvent) => void, ended: (event: PointerEvent | null) => void}} acts
 * `moved` once it is no click any more; `ended` once: where it was let go, null where it was given up or never moved
 */
export function followPress(pressed, { moved, ended }) {
  const ending = new AbortController();
  const held = { signal: ending.signal, capture: true };
  let [moving, over] = [false, false];
  const end = (/** @type {PointerEvent | null} */ event) => {
    if (!over) ended(moving ? event : null);
    over = true;
  };
  const release = (/** @type {PointerEvent | null} */ event) => {
    end(event);
    setTimeout(() => ending.abort()); // its click comes before
  };
  document.addEventListener("pointermove", (event) => {
    moving ||= Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) >= FAR;
    if (moving && !over) moved(event);
  }, held);
  document.addEventListener("pointerup", release, held);
  document.addEventListener("pointercancel", () => release(null), held);
  document.addEventListener("click", (event) => moving && event.stopPropagation(), held);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || over || !moving) return;
    event.stopPropagation();
    end(null);
  }, held);
}
