// How the reporter is reached: hidden until somebody says why; who asked, and why, is kept for auditors.
import { ask, sentenceOf } from "./ask.js";
import { el, replace } from "./dom.js";
import { field } from "./field.js";
import { say } from "./say.js";

/** @param {number} issue */
export function contactSaid(issue) {
  const reason = el("input", { id: "contact-reason", type: "text", maxlength: 200, autocomplete: "off" });
  const why = field("contact.reason", reason, { hint: say("contact.kept") });
  const shown = el("p", { role: "status" }, el("span", { "aria-label": say("contact.hidden") }, "•••••••••••"));
  const form = el("form", { class: "form", novalidate: true, oninput: () => why.fault(""), onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (reason.value.trim().length < 2) return why.fault(say("step.needed"));
    try {
      const { contact } = await ask(`/api/issues/${issue}/contact`, "POST", { told: { reason: reason.value.trim() } });
      replace(shown, el("b", { class: "contact" }, contact));
      form.closest("details")?.remove();
    } catch (error) {
      why.fault(sentenceOf(error, "what.contact"));
    }
  } }, why.room, el("button", { type: "submit", class: "button networked" }, say("contact.show")));
  return el("section", { class: "reached" }, el("h3", {}, say("contact.title")), shown, el("details", {}, el("summary", {}, say("contact.show")), form));
}
