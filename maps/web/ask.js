// Asks the server for JSON, and shows what a screen owes while it waits or when it fails.
import { el, replace } from "./dom.js";
import { english, say } from "./say.js";

const SLOW_MS = 3000;

/** A refusal of the server, with its own sentence where it gave one. */
export class Refusal extends Error {
  /** @param {number} status @param {{title?: string, zh?: string, en?: string, fields?: {field: string, zh: string, en: string}[]}} body after RFC 9457, its sentence in both languages, and what is said of single fields */
  constructor(status, body) {
    super((english ? body.en : body.zh) ?? "");
    this.status = status;
    /** Field of what was sent → what is wrong with it. */
    this.fields = new Map((body.fields ?? []).map((each) => [each.field, english ? each.en : each.zh]));
    this.code = `${status}${body.title ? ` ${body.title}` : ""}`;
  }
}

/** Changes on their way, by what they ask. @type {Map<string, Promise<any>>} */
const underway = new Map();

/**
 * What the server answers. A change that is asked for again while it is under way is asked once.
 * @typedef {{told?: unknown, file?: Blob, version?: number, signal?: AbortSignal}} Sent what goes with a question: values as JSON or a file; `version`: only if it is still that one
 * @param {string} address @param {"GET" | "POST" | "DELETE"} [method] @param {Sent} [sent] @returns {Promise<any>}
 */
export function ask(address, method = "GET", sent = {}) {
  if (method === "GET" || sent.file) return answered(address, method, sent);
  const key = JSON.stringify([method, address, sent.told, sent.version]);
  const asked = underway.get(key) ?? answered(address, method, sent).finally(() => underway.delete(key));
  underway.set(key, asked);
  return asked;
}

/** @param {string} address @param {string} method @param {Sent} sent */
async function answered(address, method, { told, file, version, signal }) {
  /** @type {Record<string, string>} */
  const headers = { accept: "application/json" };
  if (told !== undefined) headers["content-type"] = "application/json";
  if (file) headers["content-type"] = file.type || "application/octet-stream";
  if (version !== undefined) headers["if-match"] = `"${version}"`;
  const answer = await fetch(address, { method, headers, signal, body: file ?? (told === undefined ? undefined : JSON.stringify(told)) });
  const body = await answer.json().catch(() => undefined);
  if (!answer.ok) throw new Refusal(answer.status, body ?? {});
  // A gateway that wants one to sign in says 200, in HTML: the server has heard nothing.
  if (body === undefined && answer.status !== 204) throw new TypeError("not an answer of the server");
  return body === undefined ? {} : body;
}

/** What a failure says to the person who met it. @param {unknown} error @param {string} what key of the thing that did not come */
export function sentenceOf(error, what) {
  if (error instanceof TypeError) return say("state.unreached"); // what fetch says without a network
  return (error instanceof Refusal && error.message) || say("state.error", { what: say(what) });
}

/** @param {string} path @param {Record<string, string | null | undefined>} query */
export function address(path, query) {
  const held = Object.entries(query).filter(([, value]) => value);
  return `${path}?${new URLSearchParams(/** @type {[string, string][]} */ (held))}`;
}

/** What was asked last for a room. @type {WeakMap<HTMLElement, Promise<any>>} */
const newest = new WeakMap();

/**
 * What `work` answers, once it does: grey rows in `room` first, a sentence after 3 s, a failure with
 * one button that tries again. Where more was asked for the same room meanwhile, what the newest answers.
 * @template T
 * @param {HTMLElement} room @param {string} what key of the thing read @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export function fillFrom(room, what, work) {
  showLoading(room);
  const timer = setTimeout(() => showSlow(room, what), SLOW_MS);
  const last = () => newest.get(room) === asked;
  /** @type {Promise<T>} */
  const asked = work().then((answer) => (last() ? answer : newest.get(room)), async (error) => {
    if (last()) await new Promise((again) => showFailure(room, what, error, () => again(null)));
    return last() ? fillFrom(room, what, work) : newest.get(room);
  }).finally(() => clearTimeout(timer));
  newest.set(room, asked);
  return asked;
}

/**
 * What the page can do without comes when it comes; when it does not, a line says so.
 * @template T
 * @param {HTMLElement} over @param {string} what key of the thing read @param {Promise<T>} work @param {(answer: T) => void} show
 */
export function later(over, what, work, show) {
  work.then(show, () => over.append(el("p", { class: "pill missing", role: "status" }, say("state.without", { what: say(what) }))));
}

/** @param {HTMLElement} room */
function showLoading(room) {
  room.setAttribute("aria-busy", "true");
  const rows = [62, 88, 74, 91, 55, 80].map((width) => el("span", { class: "ghost", css: { width: `${width}%` } }));
  replace(room, el("div", { class: "loading" }, el("p", { class: "note" }, say("state.loading")), rows));
}

/** @param {HTMLElement} room @param {string} what */
function showSlow(room, what) {
  const note = room.querySelector(".loading .note");
  if (note) note.textContent = say("state.slow", { what: say(what) });
}

/** @param {HTMLElement} room @param {string} what @param {unknown} error @param {() => void} again */
export function showFailure(room, what, error, again) {
  room.removeAttribute("aria-busy");
  const refusal = error instanceof Refusal ? error : null;
  const denied = refusal && (refusal.status === 401 || refusal.status === 403);
  const title = say(denied ? "state.denied" : "state.error", { what: say(what) });
  replace(room, el("div", { class: denied ? "state denied" : "state failed", role: "alert" },
    el("h2", {}, title),
    refusal?.message ? el("p", {}, refusal.message) : null,
    denied ? el("p", {}, say("state.denied-ask")) : el("button", { class: "button", type: "button", onclick: again }, say("state.retry")),
    el("p", { class: "note" }, say("state.code", { code: refusal?.code ?? reasonOf(error) })),
  ));
  if (!refusal) console.debug(error);
}

/** @param {unknown} error */
function reasonOf(error) {
  return error instanceof TypeError ? "NETWORK" : String(error).slice(0, 60);
}

/** @param {HTMLElement} room @param {string} sentence */
export function showEmpty(room, sentence) {
  room.removeAttribute("aria-busy");
  replace(room, el("p", { class: "state empty" }, sentence));
}
