// Signing in: forms that post themselves, so that nothing typed here passes through a script.
import { config, el, part, replace } from "./dom.js";
import { field } from "./field.js";
import { english, say } from "./say.js";

/** @type {{next: string, name?: string, ticket?: string, change?: boolean, city?: boolean, fault?: string}} */
const told = /** @type {any} */ (config());
const lang = english ? "?lang=en" : "";

/** @param {string} id @param {string} key @param {string} type @param {string} fill what a browser may fill in @param {{value?: string, hint?: string}} [more] */
function input(id, key, type, fill, { value = "", hint } = {}) {
  return field(key, el("input", { id, name: id, type, autocomplete: fill, required: true, maxlength: 256, value, autocapitalize: "none", spellcheck: "false" }), { hint }).room;
}

/** @param {string} name @param {string | undefined} value */
function hidden(name, value) {
  return value ? el("input", { type: "hidden", name, value }) : null;
}

/** @param {string} action @param {string} key of its button @param {...(HTMLElement | null)} parts */
function form(action, key, ...parts) {
  const fault = el("p", { class: "fault", role: "alert" }, told.fault ?? "");
  return el("form", { method: "post", action: `${action}${lang}`, class: "sign-in" }, parts, fault, hidden("next", told.next),
    el("button", { type: "submit", class: "button main" }, say(key)));
}

function signIn() {
  const away = `/sign-in/city/?next=${encodeURIComponent(told.next)}`;
  const city = told.city ? [el("p", {}, el("a", { class: "button main", href: away }, say("sign-in.city"))), el("p", { class: "note" }, say("sign-in.or"))] : [];
  return [el("h1", {}, say("sign-in.title")), ...city,
    form("/sign-in", "sign-in.go", input("name", "sign-in.name", "text", "username", { value: told.name }), input("password", "sign-in.password", "password", "current-password")),
    el("p", { class: "note" }, say("sign-in.help"))];
}

/** @param {string} action @param {string} key of title and hint @param {...(HTMLElement | null)} before */
function choose(action, key, ...before) {
  return [el("h1", {}, say(key)), el("p", { class: "lead" }, say(`${key}-hint`)),
    form(action, "sign-in.keep", ...before, input("password", "sign-in.new", "password", "new-password", { hint: say("sign-in.rule") }), input("again", "sign-in.again", "password", "new-password"))];
}

const shown = told.ticket ? choose("/sign-in/choose", "sign-in.choose", hidden("ticket", told.ticket))
  : told.change ? choose("/sign-in/password", "sign-in.change", input("old", "sign-in.old", "password", "current-password"))
  : signIn();
const other = el("p", {}, el("a", { href: `?${new URLSearchParams({ next: told.next, lang: english ? "zh-CN" : "en" })}`, lang: english ? "zh-CN" : "en" }, say("other-language")));
replace(part("panel"), shown, told.ticket ? null : other);
/** @type {HTMLInputElement | undefined} */ ([...document.querySelectorAll("input:not([type=hidden])")].find((each) => !/** @type {HTMLInputElement} */ (each).value))?.focus();
document.body.dataset.ready = "sign_in";
