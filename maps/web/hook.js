// Webhooks for whoever minds them: added, removed; what was sent, what was given up, what has no answer.
import { address, ask, fillFrom, sentenceOf } from "./ask.js";
import { topBar } from "./bar.js";
import { config, el, icon, part, replace, undisturbed } from "./dom.js";
import { field } from "./field.js";
import { partiesCalled } from "./parties.js";
import { picker } from "./picker.js";
import { clock, figure, say } from "./say.js";
import { sheet } from "./sheet.js";
import { watchNetwork } from "./stage.js";
import { segments } from "./segments.js";

/**
 * @typedef {{name: string, kind: string, url: string, nouns: string[], names: string[], area: string | null, party: string | null, rests_until: string | null, made_at: string, pending: number, dead: number}} Hook
 * @typedef {{id: number, hook: string | null, party: string | null, state: string, attempts: number, status: number | null, said: string | null, reference: string | null, noun: string | null, subject: string | null, event: string | null, task: number | null, made_at: string, tried_at: string | null}} Delivery
 */

const { who, scope } = config();
const panel = part("panel");
const STATES = ["", "dead", "pending", "delivered", "acknowledged", "dropped"];

async function open() {
  const [list, made, rows] = [el("div", { class: "plans" }), el("div", { role: "status" }), el("div", {})];
  let state = "";
  /** Delivery → where its number is typed, which outlives its row. @type {Map<number, HTMLInputElement>} */
  const typed = new Map();
  replace(panel, el("div", { class: "sheet-head" }, el("h1", {}, say("hook.title"))), el("p", { class: "lead" }, say("hook.lead")), made, list, addForm((words, secret) => {
    replace(made, el("div", { class: "done" }, el("p", {}, words), secret ? el("code", {}, secret) : null));
    void showHooks();
  }), el("div", { class: "sheet-head" }, el("h2", {}, say("hook.deliveries")), segments("hook.deliveries", /** @type {[string, string][]} */ ([...STATES.map((s) => [s, `hook.${s || "every"}`]), ["stuck", "hook.stuck"]]), "", (chosen) => {
    state = chosen;
    void showDeliveries();
  })), rows);
  await Promise.all([showHooks(), showDeliveries()]);
  document.body.dataset.ready = "hook";

  async function showHooks() {
    /** @type {Hook[]} */
    const hooks = await fillFrom(list, "what.hooks", () => ask("/api/hooks"));
    list.removeAttribute("aria-busy");
    replace(list, hooks.length ? el("ul", {}, hooks.map((hook) => hookRow(hook, (words) => {
      replace(made, el("p", { class: "sent" }, icon("tick"), words));
      void showHooks();
    }))) : el("p", { class: "state empty" }, say("hook.none")));
  }
  /** @returns {Promise<Delivery[]>} */
  function read() {
    return ask(state === "stuck" ? "/api/outbox/stuck" : address("/api/outbox", { state: state || null }));
  }
  async function showDeliveries() {
    const deliveries = await fillFrom(rows, "what.hooks", read);
    rows.removeAttribute("aria-busy");
    show(deliveries);
  }
  /** After one was dealt with: what is being typed for another stays. */
  async function again() {
    const asked = state;
    const deliveries = await read();
    if (asked === state) undisturbed(() => show(deliveries));
  }
  /** @param {Delivery[]} deliveries */
  function show(deliveries) {
    const heads = ["what", "to", "state", "when"].map((key) => say(`hook.${key}`));
    replace(rows, deliveries.length ? sheet(say("hook.deliveries"), heads, deliveries.map((each) => [eventOf(each), each.hook ?? each.party ?? say("none"), stateOf(each, typedFor(each.id), again), clock(each.tried_at ?? each.made_at)]))
      : el("p", { class: "state empty" }, say("hook.no-deliveries")));
  }
  /** @param {number} delivery */
  function typedFor(delivery) {
    const input = typed.get(delivery) ?? el("input", { type: "text", class: "reference", "aria-label": say("hook.reference"), placeholder: say("hook.reference") });
    typed.set(delivery, input);
    return input;
  }
}

/** @param {Hook} hook @param {(words: string) => void} told */
function hookRow(hook, told) {
  let sure = false;
  const said = el("small", { class: "fault", role: "alert" });
  const remove = el("button", { type: "button", class: "button small networked", onclick: async () => {
    if (!sure) {
      sure = true;
      return void (remove.textContent = say("hook.remove-sure"));
    }
    try {
      await ask(`/api/hooks/${encodeURIComponent(hook.name)}`, "DELETE");
      told(say("hook.removed", { name: hook.name }));
    } catch (error) {
      said.textContent = sentenceOf(error, "what.hook");
    }
  } }, say("hook.remove"));
  const facts = [hook.area, hook.party, ...hook.nouns, ...hook.names, hook.rests_until ? say("hook.rests", { at: clock(hook.rests_until) }) : ""].filter(Boolean).join(" · ");
  return el("li", { class: "hook" }, el("div", {}, el("b", {}, hook.name), " ", el("span", { class: "note" }, hook.url), el("p", { class: "note" }, facts), said),
    el("span", { class: "tag" }, say("hook.waiting", { n: figure(hook.pending) })), hook.dead ? el("span", { class: "tag amber" }, say("hook.failed", { n: figure(hook.dead) })) : null, remove);
}

/** @param {Delivery} delivery */
function eventOf({ noun, subject, event }) {
  const words = [noun, subject, event].filter(Boolean).join(" ");
  return noun === "issue" && subject ? el("a", { href: `/issues/${subject}` }, words) : words || say("none");
}

/** How it stands, and what may be done about it. @param {Delivery} delivery @param {HTMLInputElement} reference of the other system, as it is typed @param {() => Promise<void>} again */
function stateOf(delivery, reference, again) {
  const said = el("small", { class: "fault", role: "alert" });
  const act = (/** @type {string} */ path, /** @type {unknown} */ told) => ask(`/api/outbox/${delivery.id}/${path}`, "POST", { told }).then(again).catch((error) => void (said.textContent = sentenceOf(error, "what.hook")));
  const open = delivery.task !== null && !delivery.reference && !["acknowledged", "dropped"].includes(delivery.state);
  return [
    el("b", {}, say(`hook.${delivery.state}`)), " ", el("small", {}, [delivery.status, delivery.said, delivery.attempts ? say("hook.tries", { n: delivery.attempts }) : "", delivery.reference].filter(Boolean).join(" · ")),
    delivery.state === "dead" ? el("button", { type: "button", class: "button small networked", onclick: () => void act("retry", {}) }, say("hook.retry")) : null,
    open ? el("form", { class: "row", onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      if (reference.value.trim()) void act("acknowledge", { reference: reference.value.trim() });
    } }, reference, el("button", { type: "submit", class: "button small networked" }, say("hook.acknowledge"))) : null, said,
  ];
}

/** @param {(words: string, secret: string) => void} added */
function addForm(added) {
  const text = (/** @type {string} */ id, /** @type {Record<string, unknown>} */ more = {}) => el("input", { id: `hook-${id}`, type: "text", autocomplete: "off", ...more });
  const inputs = { name: text("name"), url: text("url", { inputmode: "url", placeholder: "https://" }), area: text("area", { value: scope }), names: text("names") };
  let party = "";
  const chosen = picker({ id: "hook-party", find: partiesCalled, took: (one) => void (party = one?.code ?? "") });
  const fields = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, field(`hook.${name}`, input)]));
  const said = el("p", { class: "fault", role: "alert" });
  return el("details", { class: "add-hook" }, el("summary", {}, say("hook.add")), el("form", { class: "form", novalidate: true, onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    const told = { name: inputs.name.value.trim(), area: inputs.area.value.trim(), url: inputs.url.value.trim(), names: inputs.names.value.split(/[,，\s]+/u).filter(Boolean), party: party || null };
    said.textContent = "";
    Object.values(fields).forEach((each) => each.fault(""));
    try {
      const { name, secret } = await ask("/api/hooks", "POST", { told });
      added(say("hook.secret", { name }), secret);
      /** @type {HTMLFormElement} */ (event.target).reset();
    } catch (error) {
      const faults = /** @type {any} */ (error).fields ?? new Map();
      for (const [name, sentence] of faults) fields[name]?.fault(sentence);
      if (![...faults.keys()].some((name) => name in fields)) said.textContent = sentenceOf(error, "what.hook");
    }
  } }, el("div", { class: "pair" }, fields.name.room, fields.area.room), fields.url.room, field("hook.party", chosen.input, { room: chosen.room }).room, fields.names.room, said,
  el("button", { type: "submit", class: "button main networked" }, say("hook.add"))));
}

topBar(who);
watchNetwork();
open();
