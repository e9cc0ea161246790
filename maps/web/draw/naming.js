// A name asked for before something is made: a dialog of one field.
import { el } from "../dom.js";
import { say } from "../say.js";

/** @param {string} title @param {string} label @param {string} act */
export function nameDialog(title, label, act) {
  const [note, field] = [el("p", { class: "note" }), el("input", { id: "name-asked", type: "text", maxlength: 100, required: true, pattern: ".*\\S.*", autocomplete: "off" })];
  /** @type {(name: string) => void} */
  let took = () => undefined;
  const sheet = el("dialog", { class: "help", "aria-label": title }, el("form", { class: "naming", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    sheet.close();
    took(field.value.trim());
  } }, el("h2", {}, title), note, el("label", { for: "name-asked" }, label), field,
  el("div", { class: "row" }, el("button", { class: "button main" }, act), el("button", { type: "button", class: "button", onclick: () => sheet.close() }, say("draw.not-now")))));
  document.body.append(sheet);
  /** @param {string} said @param {(name: string) => void} done */
  return (said, done) => {
    note.textContent = said;
    field.value = "";
    took = done;
    sheet.showModal();
    field.focus();
  };
}
