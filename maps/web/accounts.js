// Accounts for whoever administers them: opened with a one-time password, reset, closed, signed out.
import { ask, fillFrom, sentenceOf } from "./ask.js";
import { topBar } from "./bar.js";
import { config, el, part, replace } from "./dom.js";
import { dutiesOf } from "./duties.js";
import { field } from "./field.js";
import { partiesCalled } from "./parties.js";
import { picker } from "./picker.js";
import { clock, say } from "./say.js";
import { sheet, under } from "./sheet.js";
import { watchNetwork } from "./stage.js";

/** @typedef {{party: string, person: string, name: string, subject: string | null, one_time_until: string | null, waits_until: string | null, signed_in_at: string | null, closed_at: string | null, sessions: number}} Account */

const { who } = config();
const panel = part("panel");
const list = el("div", {});
const made = el("div", { role: "status" });

/** @param {string} person @param {string} password */
function told(person, password) {
  const copy = el("button", { type: "button", class: "button small", onclick: () => navigator.clipboard.writeText(password).then(() => void (copy.textContent = say("account.copied"))) }, say("account.copy"));
  replace(made, el("div", { class: "done one-time" }, el("p", {}, say("account.added", { person })), el("p", { class: "row" }, el("code", {}, password), navigator.clipboard ? copy : null), el("p", { class: "note" }, say("account.added-hint"))));
}

/** @param {Account} account */
function stateOf(account) {
  const key = account.closed_at ? "closed" : account.waits_until && new Date(account.waits_until) > new Date() ? "waits" : account.one_time_until ? "fresh" : "open";
  return el("span", {}, say(`account.${key}`), account.sessions ? el("small", {}, " · ", say("account.sessions", { n: account.sessions })) : null);
}

/** @param {Account} account @param {string} key @param {string} step */
function act(account, key, step) {
  let sure = false;
  const said = el("small", { class: "fault", role: "alert" });
  const button = el("button", { type: "button", class: "button small networked", onclick: async () => {
    if (!sure) {
      sure = true;
      button.textContent = say("account.sure");
      return;
    }
    try {
      const answer = await ask(`/api/accounts/${encodeURIComponent(account.party)}/${step}`, "POST");
      if (answer.password) told(account.person, answer.password);
      else replace(made);
      await show();
    } catch (error) {
      said.textContent = sentenceOf(error, "what.account");
    }
  } }, say(key));
  return el("span", {}, button, " ", said);
}

/** @param {Account} account */
function actsOf(account) {
  return el("span", { class: "row" }, act(account, "account.reset", "reset"),
    account.closed_at ? act(account, "account.reopen", "open") : act(account, "account.close", "close"),
    account.sessions ? act(account, "account.sign-out", "sign-out") : null,
    el("button", { type: "button", class: "button small", onclick: (/** @type {Event} */ event) => {
      const row = event.target instanceof HTMLElement ? event.target.closest("tr") : null;
      if (row) under(row, dutiesOf(account.party));
    } }, say("duty.title")));
}

async function show() {
  /** @type {Account[]} */
  const accounts = await fillFrom(list, "what.accounts", () => ask("/api/accounts"));
  list.removeAttribute("aria-busy");
  const heads = ["person", "name", "state", "seen", "acts"].map((key) => say(`account.${key}`));
  replace(list, accounts.length ? sheet(say("account.title"), heads, accounts.map((each) => [el("span", {}, el("b", {}, each.person), " ", el("small", {}, each.party)), each.name, stateOf(each), each.signed_in_at ? clock(each.signed_in_at) : say("none"), actsOf(each)]))
    : el("p", { class: "state empty" }, say("account.none")));
}

function addForm() {
  let party = "";
  const person = picker({ id: "account-person", find: partiesCalled, took: (one) => void (party = one?.code ?? "") });
  const name = el("input", { id: "account-name", type: "text", maxlength: 128, autocapitalize: "none" });
  const subject = el("input", { id: "account-subject", type: "text", maxlength: 256 });
  const said = el("p", { class: "fault", role: "alert" });
  /** @type {HTMLFormElement} */
  const form = el("form", { class: "form", onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    said.textContent = "";
    try {
      const answer = await ask("/api/accounts", "POST", { told: { party, name: name.value || null, subject: subject.value || null } });
      told(answer.person, answer.password);
      form.reset();
      party = "";
      await show();
    } catch (error) {
      said.textContent = sentenceOf(error, "what.account");
    }
  } }, field("account.person", person.input, { room: person.room }).room, field("account.name", name).room, field("account.subject", subject).room, said,
    el("button", { type: "submit", class: "button main networked" }, say("account.add")));
  return form;
}

async function open() {
  replace(panel, el("div", { class: "sheet-head" }, el("h1", {}, say("account.title"))), el("p", { class: "lead" }, say("account.lead")), made, list, el("h2", {}, say("account.new")), addForm());
  await show();
  document.body.dataset.ready = "accounts";
}

topBar(who);
watchNetwork();
void open();
