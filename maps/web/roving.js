// A list of buttons as one stop for Tab: arrows walk it, Home and End go to its ends.

/** Where a key leads in a list of so many, or null for keys of others. @param {string} key @param {number} at @param {number} many */
export function nextOf(key, at, many) {
  switch (key) {
    case "ArrowUp": case "ArrowLeft": return Math.max(0, at - 1);
    case "ArrowDown": case "ArrowRight": return Math.min(many - 1, at + 1);
    case "Home": return 0;
    case "End": return many - 1;
    default: return null;
  }
}

/**
 * Arrows walk the buttons of a room; what comes back makes one of them the stop again, and is to be
 * called when they were made anew. @param {HTMLElement} room @param {string} selector @returns {() => void}
 */
export function roving(room, selector) {
  const all = () => /** @type {HTMLElement[]} */ ([...room.querySelectorAll(selector)]);
  const stop = (/** @type {HTMLElement | undefined} */ at) => all().forEach((button) => button.setAttribute("tabindex", button === at ? "0" : "-1"));
  room.addEventListener("focusin", (event) => {
    const at = all().find((button) => button === event.target);
    if (at) stop(at);
  });
  room.addEventListener("keydown", (event) => {
    const buttons = all();
    const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
    const next = at < 0 ? null : nextOf(event.key, at, buttons.length);
    if (next === null) return;
    event.preventDefault();
    buttons[next].focus();
  });
  return () => stop(all().find((button) => button.matches("[aria-selected=true], [aria-pressed=true]")) ?? all()[0]);
}

/** Whoever opened a card by keys goes on in it: by pointer the focus stays. @param {MouseEvent} event @param {HTMLElement | null} card */
export function goneInto(event, card) {
  if (!event.detail) /** @type {HTMLElement | null | undefined} */ (card?.querySelector("h2"))?.focus();
}

/** What the keys reach in a card comes out from under the buttons at its foot; under a pointer nothing moves. @param {HTMLElement} card */
export function uncovered(card) {
  card.addEventListener("focusin", ({ target }) => {
    const foot = card.querySelector(".card-actions");
    if (!foot || !(target instanceof HTMLElement) || foot.contains(target) || !target.matches(":focus-visible")) return;
    const shown = /** @type {HTMLInputElement} */ (target).labels?.[0] ?? target;
    card.scrollTop += Math.max(0, shown.getBoundingClientRect().bottom + 8 - foot.getBoundingClientRect().top);
  });
}
