// Forms that were begun: what was typed in them stays, wherever their card went, until it is sent or given up.

/** @typedef {{form: HTMLFormElement, version: number, send: (body: Record<string, unknown>) => Promise<Map<string, string>>, close: () => void, again: () => void, next: () => HTMLElement | null}} Begun `again`: it is shown once more; `next`: where one goes on filling it in */

/** @type {Map<string, Begun>} */
const begun = new Map(); // as long as the page is open: it may be about people, and is written nowhere

/** A form that was begun, if one was. @param {string} key */
export const begunAt = (key) => begun.get(key);

/** What is typed in a form from now on stays under a key. @param {string} key @param {Begun} made */
export function keepTyped(key, made) {
  const keep = () => void begun.set(key, made);
  made.form.addEventListener("input", keep);
  made.form.addEventListener("change", keep);
}

/** It was sent, or given up. @param {string} key */
export const giveUp = (key) => void begun.delete(key);

/** Whether there is still something in it: what was erased is not kept. @param {string} key */
export function isBegun(key) {
  const held = begun.get(key);
  if (held && isBlank(held.form)) begun.delete(key);
  return begun.has(key);
}

/** The words of a form in one made anew: the thing has changed since, and so may have what can be chosen. @param {HTMLFormElement} from @param {HTMLFormElement} to */
export function carryWords(from, to) {
  for (const old of from.querySelectorAll("textarea")) {
    const fresh = to.querySelector(`textarea[id="${old.id}"]`);
    if (fresh) /** @type {HTMLTextAreaElement} */ (fresh).value = old.value;
  }
}

/** @param {HTMLFormElement} form */
function isBlank(form) {
  return [...form.elements].every((/** @type {any} */ each) => (["checkbox", "radio"].includes(each.type) ? each.checked === each.defaultChecked : each.tagName === "SELECT" ? each.selectedIndex <= 0 : each.tagName === "BUTTON" || each.tagName === "FIELDSET" || each.value.trim() === each.defaultValue));
}
