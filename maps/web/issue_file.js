// All that is known of one issue and may be done with it: tasks, neighbours, photos, call-backs, what happened.
import { ask, sentenceOf } from "./ask.js";
import { arrivalLine, showCalling } from "./calling.js";
import { contactSaid } from "./contact.js";
import { el, icon, replace } from "./dom.js";
import { glyph } from "./glyphs.js";
import { cardBadge, stateWord } from "./issue_marks.js";
import { phoneLink } from "./phone_link.js";
import { photosSaid } from "./photos.js";
import { clock, english, figure, say, timeLeft } from "./say.js";
import { showSteps } from "./steps.js";

/** @typedef {import("./steps.js").Case} Case @typedef {import("./steps.js").Step} Step @typedef {import("./steps.js").Task} Task */
/**
 * @typedef {{id: number, kind: string, solved: boolean | null, satisfied: boolean | null, response: number | null, quality: number | null, score: number | null, text: string, rater: string, made_at?: string, at?: string}} Review
 * @typedef {Case & {outcome: string | null, into: number | null, needs_photo: boolean, photos: import("./photos.js").Photo[], reviews: Review[], answers: {question: string, answers: string[]}[],
 *   history: {id: number, name: string, zh: string, en: string, order: Record<string, any>, person: string, person_name: string | null, at: string}[],
 *   contact?: boolean, returns: number, reporter: {nth: number, zh: string, en: string} | null, located: {zh: string, en: string} | null}} File
 */

const RATED = ["whistle", "joint"];

/**
 * @param {HTMLElement} room @param {HTMLElement} foot @param {number} id @param {{known?: Record<string, unknown>, changed?: (told: File, step?: Step) => void, another?: string[], called?: boolean, news?: string}} [more]
 * `known`: what the page knows beside it (at, service, text); `another`: steps whose button elsewhere asks nobody; `called`: in the words of whoever was called in; `news`: what is said over the steps at first
 */
export async function showFile(room, foot, id, { known = {}, changed, another, called, news: first = "" } = {}) {
  const [chosen, helping] = [new Map(), new Map()]; // whom to call, who comes along: kept while the card is shown anew
  const told = /** @type {File} */ (Object.assign(await ask(`/api/issues/${id}`), known));
  let seen = told.version;
  let said = ""; // over the steps
  const contact = told.contact ? contactSaid(id) : null; // one for all showings: a reason that is being typed stays
  show(told, first);
  return {
    told,
    said: () => said,
    /** Somebody else did something: read anew, unless a form is being filled in, or was opened meanwhile, or another card is shown by then. */
    async heard() {
      if (foot.querySelector("form")) return;
      const now = await ask(`/api/issues/${id}`);
      if (now.version === seen || !foot.isConnected || foot.querySelector("form")) return;
      show(Object.assign(now, known), say("file.heard"));
      changed?.(now);
    },
  };

  /** @param {File} now @param {string} news */
  function show(now, news) {
    const at = document.activeElement;
    const inside = room.contains(at) || foot.contains(at);
    [seen, said] = [now.version, news];
    Object.assign(now, { chosen, helping });
    const calls = el("section", { class: "calls", hidden: true });
    replace(room, told.into || now.into ? mergedSaid(now) : null, now.reporter && now.reporter.nth > 1 ? el("section", {}, el("p", { class: "known" }, english ? now.reporter.en : now.reporter.zh)) : null,
      contact, tasksSaid(now), calls, neighboursSaid(now), photosSaid(`/api/issues/${now.id}/photos`, now.photos, { wanted: now.needs_photo, kept: () => void again("photo") }), answersSaid(now), reviewsSaid(now, () => void again("review")), historySaid(now));
    const line = el("p", { class: "sent", role: "status", tabindex: "-1" }, news ? [icon("tick"), news] : null);
    const steps = el("div", { class: "deeds" });
    replace(foot, news ? line : null, steps);
    showSteps(steps, now, { another, called, stale: () => void again(""), done: (after, step) => {
      const next = /** @type {File} */ (Object.assign(after, known));
      if (step.step === "whistle") [chosen, helping].forEach((each) => each.clear());
      show(next, say("step.done", { step: english ? step.en : step.zh }));
      changed?.(next, step);
      foot.querySelector(".sent")?.scrollIntoView({ block: "nearest" });
      /** @type {HTMLElement | null} */ (foot.querySelector(".sent"))?.focus();
    } });
    if (at && inside && !at.isConnected) stay(room, foot, at);
    if (now.steps.some(({ step }) => step === "whistle")) showCalling(calls, now, { chosen, helping }, () => press(foot, "whistle")).catch(() => undefined); // the form asks without it
  }
  /** @param {string} what */
  async function again(what) {
    show(/** @type {File} */ (Object.assign(await ask(`/api/issues/${id}`), known)), what ? say(`file.${what}-kept`) : say("file.stale"));
  }
}

// What a control is known by once it is drawn anew.
const KNOWN = ["id", "href", "data-step", "data-link", "data-call"];

/** Who went by keys through what is drawn anew goes on at the same control, else at what is said of it. @param {HTMLElement} room @param {HTMLElement} foot @param {Element} at what had the focus */
function stay(room, foot, at) {
  const same = [room, foot].flatMap((each) => [...each.querySelectorAll(at.localName)]).find((each) => KNOWN.every((name) => each.getAttribute(name) === at.getAttribute(name)));
  same?.closest("details")?.setAttribute("open", "");
  for (const each of [same, foot.querySelector(".sent")]) if (document.activeElement === document.body) /** @type {HTMLElement | null | undefined} */ (each)?.focus();
}

/** A step's button as if it were pressed, wherever it stands. @param {HTMLElement} foot @param {string} step */
export function press(foot, step) {
  /** @type {HTMLElement | null} */ (foot.querySelector(`details:has([data-step=${step}])`))?.setAttribute("open", "");
  /** @type {HTMLElement | null} */ (foot.querySelector(`[data-step=${step}]`))?.click();
}

/** @param {File} told */
function mergedSaid({ into }) {
  return el("section", {}, el("p", {}, say("file.merged"), " ", el("a", { href: `/issues/${into}` }, `#${into}`)));
}

/** @param {File} told */
function tasksSaid({ tasks, returns }) {
  if (!tasks.length) return null;
  const now = Date.now();
  return el("section", {}, el("h3", {}, say("file.tasks")), el("ul", { class: "tasks" }, tasks.map((task) => el("li", {}, glyph(shownState(task.state)),
    el("div", {}, el("b", {}, task.party_name), el("span", { class: "tag" }, say(task.lead ? "file.lead" : "file.assist")), RATED.includes(task.kind) ? el("span", { class: "tag" }, say(`file.${task.kind}`)) : null,
      el("p", { class: "note" }, taskFacts(task, now, returns)), arrivalLine(task), task.result ? el("p", {}, task.result) : null, phoneLink(task)),
    cardBadge(/** @type {any} */ (task), now)))));
}

/** @param {Task} task @param {number} now @param {number} returns how often the issue was given back */
function taskFacts(task, now, returns) {
  const open = !["closed", "withdrawn", "done"].includes(task.state);
  return [
    task.state === "drafted" || task.state === "withdrawn" ? say(`file.${task.state}`) : stateWord(task.state),
    open ? `${clock(task.due_at)} ${timeLeft(task.due_at, now)}` : "",
    open && task.due_guessed ? say("file.due-guessed") : "",
    task.asked ? say(`file.asked-${task.asked}`, { days: task.asked_days, on: task.review_on ?? "" }) : "",
    task.state === "returned" ? say(RATED.includes(task.kind) || returns > 1 ? "file.waits-ruling" : "file.waits-dispatcher") : "",
    task.appealed ? say(`file.appeal-${task.appealed}`) : "",
  ].filter(Boolean).join(" · ");
}

/** A task has two states that an issue has not. @param {string} state */
const shownState = (state) => ({ drafted: "new", withdrawn: "closed" })[state] ?? state;

/** @param {File} told */
function neighboursSaid({ neighbours, located }) {
  if (!neighbours.length && !located) return null;
  return el("section", {}, located ? el("p", { class: "note" }, english ? located.en : located.zh) : null,
    neighbours.length ? el("p", { class: "amber" }, say("entry.near-edge", { names: neighbours.map((n) => say("entry.near-grid", { name: n.name, n: figure(n.metres) })).join(say("list-comma")) })) : null);
}

/** @param {File} told */
function answersSaid({ answers }) {
  if (!answers.length) return null;
  return el("section", {}, el("h3", {}, say("file.answers")), el("dl", { class: "facts" }, answers.flatMap((each) => [el("dt", {}, each.question), el("dd", {}, each.answers.join(say("list-comma")))])));
}

/** Call-backs and ratings there are, and the form of those that may be given. @param {File} told @param {() => void} kept */
function reviewsSaid(told, kept) {
  const ratable = told.tasks.filter((task) => RATED.includes(task.kind) && ["done", "closed"].includes(task.state));
  if (!told.reviews.length && !ratable.length) return null;
  return el("section", {}, el("h3", {}, say("file.reviews")), el("ul", { class: "events" }, told.reviews.map(reviewShown)), ratable.map((task) => ratingForm(task, kept)));
}

/** @param {Review} review */
function reviewShown(review) {
  const stars = (/** @type {string} */ key, /** @type {number | null} */ n) => (n === null ? "" : say(key, { n }));
  const yes = (/** @type {string} */ key, /** @type {boolean | null} */ v) => (v === null ? "" : say(v ? `${key}-yes` : `${key}-no`));
  const said = [yes("file.solved", review.solved), yes("file.satisfied", review.satisfied), stars("file.response", review.response), stars("file.quality", review.quality)].filter(Boolean);
  return el("li", {}, el("b", {}, say(`review.${review.kind}`)), el("span", {}, [said.join(say("comma")), review.text].filter(Boolean).join(" · ")));
}

/** Stars for a department that was called in, or by it. @param {Task} task @param {() => void} kept */
function ratingForm(task, kept) {
  const said = el("p", { class: "fault", role: "alert" });
  const stars = (/** @type {string} */ name) => el("select", { id: `${name}-${task.id}` }, [5, 4, 3, 2, 1].map((n) => el("option", { value: n }, say("file.stars", { n }))));
  const [response, quality] = [stars("response"), stars("quality")];
  const kind = el("select", { id: `kind-${task.id}` }, ["whistle", "support"].map((k) => el("option", { value: k }, say(`review.${k}`))));
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await ask("/api/reviews", "POST", { told: { kind: kind.value, task: task.id, response: Number(response.value), quality: Number(quality.value) } });
      kept();
    } catch (error) {
      said.textContent = sentenceOf(error, "what.review");
    }
  };
  const labelled = (/** @type {string} */ key, /** @type {HTMLElement} */ input) => el("div", { class: "field" }, el("label", { for: input.id }, say(key)), input);
  return el("details", {}, el("summary", {}, say("file.rate", { who: task.party_name })), el("form", { class: "form rating", onsubmit: send },
    labelled("file.rate-kind", kind), el("div", { class: "pair" }, labelled("file.rate-response", response), labelled("file.rate-quality", quality)),
    el("button", { type: "submit", class: "button networked" }, say("file.rate-send")), said));
}

/** @param {Pick<File, "history">} told */
export function historySaid({ history }) {
  return el("section", {}, el("h3", {}, say("file.history")), el("ul", { class: "events" }, history.map((event) => {
    const { order } = event;
    const words = [order.reason, order.result, order.closed_at ? clock(order.closed_at) : "", order.into ? `#${order.into}` : "", order.days ? say("days", { n: order.days }) : "", order.for_reporter ? say("file.for-reporter") : ""].filter(Boolean).join(" · ");
    return el("li", {}, el("time", { datetime: event.at }, clock(event.at)), el("span", {}, el("b", {}, english ? event.en : event.zh), " ", el("span", { class: "by" }, event.person_name ?? (event.person === "clock" ? "" : event.person)), words ? el("q", {}, words) : null));
  })));
}
