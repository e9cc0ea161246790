// What may be done with an issue now: a button for each step, and the form of what a step needs.
import { Refusal, ask, sentenceOf } from "./ask.js";
import { begunAt, carryWords, giveUp, isBegun, keepTyped } from "./begun.js";
import { callable } from "./calling.js";
import { el, replace } from "./dom.js";
import { choice, field } from "./field.js";
import { intoAsked } from "./into.js";
import { partiesCalled } from "./parties.js";
import { picker } from "./picker.js";
import { placeAsked, spotAsked } from "./placing.js";
import { clock, english, say } from "./say.js";

/** @typedef {{step: string, task: number | null, zh: string, en: string, needs: string[]}} Step */
/** @typedef {{id: number, kind: string, party: string, party_name: string, lead: boolean, state: string, asked: string, appealed: string, asked_days: number, due_at: string, due_guessed?: boolean, result: string, card: string | null, review_on: string | null, signed_by: string | null, arrived_at: string | null, arrive_by: string | null, sent_at: string, finished_at?: string | null}} Task */
/** @typedef {{id: number, version: number, state: string, source: string, address?: string, tasks: Task[], steps: Step[], neighbours: {code: string, name: string, metres: number}[], chosen?: Map<string, string>, helping?: Map<string, string>, unasked?: string[], uncalled?: number[], reviews?: any[]}} Case `chosen`: whom to call, as the card has it; `helping`: who comes along; `unasked`: what no form asks for here */
/** @typedef {{value: () => unknown, room: HTMLElement, fault: (sentence: string) => void, again?: () => void}} Asked `again`: it is shown once more */

/** Step → what its form asks for, in order; a question mark: may be left out. @type {Record<string, string[]>} */
export const FORMS = {
  answer: ["result"], cancel: ["reason", "for_reporter?"], merge: ["into"], place: ["where"], reopen: ["reason", "for_reporter?"],
  urge: ["reason?", "for_reporter?"], order: ["reason"], whistle: ["parties", "assists?", "reason", "emergency?"], joint: ["parties", "reason"],
  decline: ["reason"], arrive: ["spot"], return: ["reason"], send: ["party?", "assists?"], resend: ["party?", "reason?"], rule: ["party?", "reason"], settle: ["party", "reason"],
  ask_extend: ["days", "reason"], extend: ["days?"], ask_hold: ["review_on", "reason"], hold: ["review_on?"], refuse: ["reason"],
  hand_over: ["party", "reason"], escalate: ["reason", "party?"], finish: ["result"], self_close: ["result", "outcome?"], pass: ["outcome?", "solved?", "satisfied?", "reason?"], fail: ["solved?", "satisfied?", "reason"],
};
/** What is offered stands in this order: what moves it on, then what helps, what ends it last. */
const ORDER = [
  "take", "finish", "sign", "pass", "rule", "resend", "send", "resume", "return", "fail", "answer", "place", "hand_over", "whistle", "merge", "urge", "arrive", "escalate",
  "ask_extend", "ask_hold", "self_close", "decline", "joint", "order", "reopen", "withdraw", "extend", "hold", "refuse", "appeal", "strike", "dismiss", "cancel", "settle",
];
const MAIN = ORDER.slice(0, 8); // the first step offered is the main button, if it is one of these
const SIGNED = ["sign", "decline"]; // offered where a whistle waits for it
const VERDICTS = ["strike", "dismiss"]; // on an appeal
const PASS = "pass"; // of one task, or of all that are done (no task named): one call-back speaks of them all
const CALLED = ["whistle", "joint"];
const BESIDE = 2; // buttons beside the main one; the others wait behind 更多

/** @param {Task} task */
const isUnsigned = (task) => task.kind === "whistle" && !task.signed_by && task.state !== "withdrawn";

/** Somebody called in has to be on the spot first. @param {Pick<Step, "step" | "task">} step @param {Case} told */
const comesFirst = ({ step, task }, told) => step === "arrive" && told.tasks.some((each) => each.id === task && CALLED.includes(each.kind) && !each.arrived_at);

/** The order in which steps are offered: what is asked for first, what is rare last. @param {Case} told @returns {Step[]} */
export function ordered(told) {
  const asked = new Map(told.tasks.map((task) => [task.id, task.asked]));
  const whole = told.steps.some(({ step, task }) => step === PASS && task === null);
  const appealed = new Set(told.tasks.filter((task) => task.appealed === "asked").map((task) => task.id));
  const worth = (/** @type {Pick<Step, "step" | "task">} */ { step, task }) => {
    const wanted = task !== null && asked.get(task);
    if (wanted && (step === wanted || step === "refuse")) return step === wanted ? -2 : -1;
    if (task !== null && appealed.has(task) && VERDICTS.includes(step)) return -1;
    if (comesFirst({ step, task }, told)) return -1;
    if (whole && step === PASS && task !== null) return ORDER.length;
    return ORDER.indexOf(step);
  };
  return told.steps.filter(({ step }) => !SIGNED.includes(step) || told.tasks.some(isUnsigned)).sort((a, b) => worth(a) - worth(b));
}

export const OF_ISSUES = ["outcome", "solved", "satisfied", "for_reporter", "emergency"]; // not asked of a task of no issue
const SPREAD = ["spot", "where", "parties"]; // their answer may be several fields of the body

/** A need of the server's → what asks for it. @type {Record<string, string>} */
const ASKED_BY = { lon: "spot", away_m: "spot", party: "parties" };

/** What a step's form asks for: what is known here, and whatever the server says it needs. @param {Pick<Step, "step" | "needs">} step */
export function asksOf({ step, needs }) {
  const known = FORMS[step] ?? [];
  const others = needs.filter((need) => !(need === "lon" && known.includes("where"))).map((need) => ASKED_BY[need] ?? need).filter((need) => !known.some((name) => name.replace("?", "") === need));
  return [...known, ...new Set(others)];
}

/** Leading tasks that are done: what is passed where none is named. @param {Case} told */
const passable = ({ tasks }) => tasks.filter(({ lead, state }) => lead && state === "done");

/** What a step is called, and on whose task where there are several. @param {Step} step @param {Case} told @param {boolean} [called] in the words of whoever was called in */
export function stepWord(step, told, called = false) {
  const [plain, theirs] = [english ? step.en[0].toUpperCase() + step.en.slice(1) : step.zh, `step.${step.step}-called`];
  const word = called && say(theirs) !== theirs ? say(theirs) : plain;
  if (step.step === PASS && step.task === null) return say("step.all", { step: word, n: passable(told).length });
  const task = told.tasks.find((each) => each.id === step.task);
  return task && told.tasks.length > 1 ? say("step.of", { step: word, who: task.party_name }) : word;
}

/** @param {Case} told @param {Step} step @param {Record<string, unknown>} body @returns {Promise<Case>} */
const posted = (told, step, body) => ask(`/api/issues/${told.id}/steps`, "POST", { told: { step: step.step, task: step.task, ...body }, version: told.version });

/**
 * @param {HTMLElement} room @param {Case} told @param {{done: (told: Case, step: Step) => void, stale: () => void, another?: string[], called?: boolean, send?: (told: Case, step: Step, body: Record<string, unknown>) => Promise<Case>}} acts
 * `another`: steps that a button elsewhere takes as the rules say, here for somebody else; `called`: in the words of whoever was called in; `send`: how a step is taken, of an issue by default
 */
export function showSteps(room, told, { done, stale, another = [], called = false, send = posted }) {
  const late = (/** @type {Step} */ { step }) => Number(another.includes(step));
  const steps = ordered(told).sort((a, b) => late(a) - late(b));
  const word = (/** @type {Step} */ step) => (another.includes(step.step) ? say("step.another") : stepWord(step, told, called));
  const form = el("div", { class: "deed-room" });
  const said = el("p", { class: "fault", role: "alert" });
  const button = (/** @type {Step} */ step, /** @type {boolean} */ main) => el("button", {
    type: "button", class: main ? "button main networked" : "button networked", "data-step": step.step, onclick: () => start(step),
  }, word(step));
  const isMain = (/** @type {Step} */ { step, task: on }) => !another.length && (MAIN.includes(step) || comesFirst({ step, task: on }, told) || told.tasks.some((task) => task.asked === step));
  const rest = steps.slice(1 + BESIDE);
  replace(room, form, said, steps.length ? el("div", { class: "row" }, steps.slice(0, 1 + BESIDE).map((step, i) => button(step, i === 0 && isMain(step))),
    rest.length ? el("details", { class: "more-steps" }, el("summary", { class: "button" }, say("step.more")), el("div", { class: "row" }, rest.map((step) => button(step, false)))) : null)
    : el("p", { class: "note" }, say("step.none")));
  const left = steps.find((step) => isBegun(keyOf(told, step)));
  if (left) replace(form, keptSaid(word(left)));

  /** @param {Step} step */
  function start(step) {
    said.textContent = "";
    if (!asksOf(step).length) return void take(step, {});
    showForm(form, step, told, { send: (body) => take(step, body), word: word(step) });
  }
  /** What is wrong with fields of a form comes back, for them to say. @param {Step} step @param {Record<string, unknown>} body @returns {Promise<Map<string, string>>} */
  async function take(step, body) {
    let faults = new Map();
    room.classList.add("busy");
    try {
      const after = await send(told, step, body);
      giveUp(keyOf(told, step));
      done(after, step);
    } catch (error) {
      if (error instanceof Refusal) faults = error.fields;
      const asked = asksOf(step).map((name) => name.replace("?", ""));
      if (!faults.size || [...faults.keys()].some((name) => !asked.includes(name))) said.textContent = sentenceOf(error, "what.step");
      if (error instanceof Refusal && error.status === 412) stale();
    }
    room.classList.remove("busy");
    return faults;
  }
}

/** Under what a form that was begun is kept: of issues and of tasks of none alike. @param {Case} told @param {Step} step */
const keyOf = ({ id, tasks }, { step, task }) => [id, tasks[0]?.id ?? "", step, task ?? ""].join(" ");

/** @param {string} word of the step */
const keptSaid = (word) => el("p", { class: "note", role: "status" }, say("step.kept", { step: word }));

/** @param {HTMLElement} room @param {Step} step @param {Case} told @param {{send: (body: Record<string, unknown>) => Promise<Map<string, string>>, word: string}} acts */
function showForm(room, step, told, { send, word }) {
  const key = keyOf(told, step);
  const held = begunAt(key);
  const made = held?.version === told.version ? held : newForm(step, told, word);
  if (held && made !== held) carryWords(held.form, made.form);
  if (made !== held) keepTyped(key, made);
  made.send = send;
  made.close = () => {
    replace(room, isBegun(key) ? keptSaid(word) : null);
    /** @type {HTMLElement | null | undefined} */ (room.parentElement?.querySelector(`[data-step="${step.step}"]`))?.focus();
  };
  made.again();
  replace(room, made.form);
  made.next()?.focus();
}

/** @param {Step} step @param {Case} told @param {string} word @returns {import("./begun.js").Begun} */
function newForm(step, told, word) {
  const names = asksOf(step).filter((name) => !told.unasked?.includes(name.replace("?", "")));
  /** @type {[string, boolean, Asked][]} */
  const asked = names.map((name) => [name.replace("?", ""), name.endsWith("?"), question(name.replace("?", ""), step, told)]);
  const go = el("button", { type: "submit", class: "button main networked" }, word);
  const drop = () => {
    giveUp(keyOf(told, step));
    made.close();
  };
  const form = el("form", { class: "deed form", novalidate: true, oninput: () => asked.forEach(([, , each]) => each.fault("")), onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && (event.stopPropagation(), made.close()), onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    const body = filled(asked);
    if (!body || go.disabled) return;
    go.disabled = true;
    const faults = await made.send(body);
    go.disabled = false;
    for (const [name, , each] of asked) each.fault(faults.get(name) ?? "");
  } }, el("h3", {}, word), asked.map(([, , each]) => each.room), step.step === "hand_over" ? neighbourButtons(told, (body) => made.send(body)) : null,
  el("div", { class: "row" }, go, el("button", { type: "button", class: "button", onclick: drop }, say("step.cancel"))));
  /** @type {import("./begun.js").Begun} */
  const made = { form: /** @type {HTMLFormElement} */ (form), version: told.version, send: async () => new Map(), close: () => undefined, again: () => asked.forEach(([, , each]) => each.again?.()), next: () => nextOf(asked)?.room.querySelector("input, textarea, select") ?? null };
  return made;
}

/** The first question; where it is answered already, the first that must be and is not, else the last. @param {[string, boolean, Asked][]} asked @returns {Asked | undefined} */
function nextOf(asked) {
  if (!asked.length || isEmpty(asked[0][2].value())) return asked[0]?.[2];
  return (asked.find(([, optional, each]) => !optional && isEmpty(each.value())) ?? asked[asked.length - 1])[2];
}

/** @param {unknown} value */
const isEmpty = (value) => value === "" || value === null || value === undefined || (Array.isArray(value) && !value.length);

/** What was filled in; null where something is missing, which is said there. @param {[string, boolean, Asked][]} asked */
export function filled(asked) {
  /** @type {Record<string, unknown>} */
  const body = {};
  let whole = true;
  for (const [name, optional, each] of asked) {
    const value = each.value();
    const empty = isEmpty(value);
    const fault = Number.isNaN(value) ? "step.number" : empty && !optional ? "step.needed" : null;
    each.fault(fault ? say(fault) : "");
    if (fault) whole = false;
    else if (!empty) Object.assign(body, SPREAD.includes(name) && !Array.isArray(value) ? value : { [name]: value });
  }
  return whole ? body : null;
}

/** Grids beside: one press hands it to whoever leads one. @param {Case} told @param {(body: Record<string, unknown>) => Promise<unknown>} send */
function neighbourButtons(told, send) {
  if (!told.neighbours.length) return null;
  return el("div", { class: "field" }, el("span", { class: "note" }, say("step.neighbours")), el("div", { class: "row" }, told.neighbours.map((grid) =>
    el("button", { type: "button", class: "button small networked", onclick: () => send({ grid: grid.code, reason: say("step.near-reason", { n: Math.round(grid.metres) }) }) }, say("entry.near-grid", { name: grid.name, n: Math.round(grid.metres) })))));
}

/** @param {string} name @param {Step} step @param {Case} told @returns {Asked} */
export function question(name, step, told) {
  const key = `step.${name}`;
  const id = `step-${name}`;
  if (name === "party") return partyAsked(id, key, { send: "step.party-route", resend: "step.party-same", escalate: "step.party-above" }[step.step] ?? "step.party-hint");
  const led = step.step === "joint"; // one of them, the others come along
  if (name === "parties") return partiesAsked(id, key, led ? new Map([...(told.chosen ?? []), ...(told.helping ?? [])]) : told.chosen, { led, find: callable(told.id) });
  if (name === "assists") return partiesAsked(id, key, step.step === "whistle" ? told.helping : undefined, { find: callable(told.id) });
  if (name === "into") return intoAsked(id, key, /** @type {any} */ (told));
  if (name === "spot") return spotAsked(id, key);
  if (name === "where") return placeAsked(id, told);
  if (name === "solved" || name === "satisfied") {
    const made = choice(id, [["", say("step.not-asked")], ["yes", say("step.yes")], ["no", say("step.no")]]);
    return { ...field(key, made, { hint: answerSaid(name, step, told) }), value: () => ({ yes: true, no: false })[made.value] };
  }
  if (name === "outcome") {
    const made = choice(id, ["", "unfounded", "answered"].map((each) => [each, say(`step.outcome-${each || "solved"}`)]));
    return { ...field(key, made), value: () => made.value };
  }
  if (name === "called") return calledAsked(key, told.uncalled ?? []);
  if (name === "emergency" || name === "for_reporter") {
    const made = el("input", { id, type: "checkbox" });
    return { room: el("label", { class: "tick" }, made, el("span", {}, say(key))), value: () => made.checked || null, fault: () => undefined };
  }
  if (name === "days" || name === "review_on") {
    const work = told.tasks.find((each) => each.id === step.task); // who grants begins with what was asked
    const asked = step.step === "extend" ? work?.asked_days : step.step === "hold" ? work?.review_on : null;
    const made = el("input", { id, ...(name === "days" ? { type: "text", inputmode: "decimal" } : { type: "date" }), value: String(asked ?? "") });
    return { ...field(key, made), value: () => (made.value === "" ? "" : name === "days" ? Number(made.value) : made.value) };
  }
  const made = el("textarea", { id, rows: 3 });
  return { ...field(key, made), value: () => made.value.trim() };
}

/** What the reporter answered by themselves since the work was done: it need not be asked again. @param {"solved" | "satisfied"} name @param {Step} step @param {Case} told */
function answerSaid(name, step, told) {
  const about = step.task === null ? passable(told) : told.tasks.filter(({ id }) => id === step.task);
  const since = Math.max(...about.map(({ finished_at }) => Date.parse(finished_at ?? "")));
  const said = (told.reviews ?? []).find((each) => each.kind === "call_back" && about.some(({ id }) => id === each.task) && Date.parse(each.made_at) >= since);
  return said ? say("step.answered", { said: say(said[name] ? "step.yes" : "step.no"), at: clock(said.made_at) }) : undefined;
}

/** Reporters of merged issues, who are called back too: those who were. @param {string} key @param {number[]} numbers @returns {Asked} */
function calledAsked(key, numbers) {
  const fault = el("p", { class: "fault", role: "alert" });
  const ticks = numbers.map((number) => ({ number, made: el("input", { type: "checkbox", name: "called", value: String(number) }) }));
  const room = el("fieldset", { class: "field" }, el("legend", {}, say(key)), ticks.map(({ number, made }) => el("label", { class: "tick" }, made, el("span", {}, el("a", { href: `/issues/${number}`, target: "_blank", rel: "noopener" }, `#${number}`)))), fault);
  return { room, value: () => ticks.filter(({ made }) => made.checked).map(({ number }) => number), fault: (sentence) => void (fault.textContent = sentence) };
}

/** @param {string} id @param {string} key @param {string} hint what is meant where none is named @returns {Asked} */
function partyAsked(id, key, hint) {
  let code = "";
  const made = picker({ id, find: partiesCalled, hint: say(hint), took: (one) => void (code = one?.code ?? "") });
  return { ...field(key, made.input, { room: made.room }), value: () => code };
}

/**
 * Whom to call; of joint enforcement the first leads, and the others come along.
 * @param {string} id @param {string} key @param {Map<string, string>} [chosen] begun elsewhere @param {{led?: boolean, find?: (words: string) => Promise<import("./picker.js").Choice[]>}} [more] @returns {Asked}
 */
export function partiesAsked(id, key, chosen = new Map(), { led = false, find = partiesCalled } = {}) {
  const chips = el("div", { class: "row chips" });
  const show = () => replace(chips, [...chosen].map(([code, name], i) => el("button", { type: "button", class: "chip", "aria-label": say("step.without", { name }), onclick: () => {
    chosen.delete(code);
    show();
  } }, led && i === 0 ? el("b", {}, say("step.lead")) : null, name, " ×")));
  const made = picker({ id, find, hint: say("step.party-hint"), took: (one) => {
    if (!one) return;
    chosen.set(one.code, one.name);
    setTimeout(() => made.set(""));
    show();
  } });
  show();
  return { ...field(key, made.input, { room: made.room, beside: chips, hint: led ? say("step.joint-hint") : undefined }), again: show, value: () => {
    const [first, ...others] = chosen.keys();
    if (!led) return [...chosen.keys()];
    return others.length ? { party: first, parties: others } : [];
  } };
}
