// One labelled field of a form, with the sentence that stands beside it when it is refused.
import { el } from "./dom.js";
import { say } from "./say.js";

/** @typedef {{room: HTMLElement, input: HTMLElement, fault: (sentence: string) => void}} Field */

/** @param {string} key of its label @param {HTMLElement} input with an id @param {{hint?: string, room?: HTMLElement, beside?: HTMLElement | null}} [more] `room`: what holds the input @returns {Field} */
export function field(key, input, { hint, room, beside } = {}) {
  const fault = el("p", { class: "fault", id: `${input.id}-fault`, role: "alert" });
  const note = hint ? el("p", { class: "note", id: `${input.id}-note` }, hint) : null;
  input.setAttribute("aria-describedby", [note?.id, fault.id].filter(Boolean).join(" "));
  const whole = el("div", { class: "field" }, el("label", { for: input.id }, say(key)), room ?? input, beside, note, fault);
  return {
    room: whole, input,
    fault(sentence) {
      fault.textContent = sentence;
      whole.classList.toggle("faulty", Boolean(sentence));
      if (sentence) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    },
  };
}

/** @param {string} id @param {[string, string][]} choices value, word @param {(value: string) => void} [chose] @param {string} [value] */
export function choice(id, choices, chose, value) {
  const made = el("select", { id, onchange: () => chose?.(made.value) }, choices.map(([each, word]) => el("option", { value: each, selected: each === value }, word)));
  return made;
}
