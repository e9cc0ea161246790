// Comments on places of a plan: pins on the map, the list beside it, a thread as a card.
import { ask, sentenceOf } from "./ask.js";
import { el, icon, replace } from "./dom.js";
import { clock, figure, say } from "./say.js";

/** @typedef {{id: number, answers: number | null, lon: number | null, lat: number | null, grid_name: string | null, text: string, name: string, at: string, settled_at: string | null, settled_name: string | null}} Comment */
/** @typedef {{first: Comment, answers: Comment[]}} Thread */

/** @typedef {{closed?: () => void, placed?: (spots: [number, number][]) => void}} Told when the card of a thread or of a new one has gone; where pins stand, lon and lat */

const LONGEST = 2000; // letters, as the server takes them
/** Until a plan is in force. @param {string} state */
export const isOpen = (state) => !["in_force", "superseded"].includes(state);

/** The open ones first, the newest first. @param {Comment[]} told @returns {Thread[]} */
export function threadsOf(told) {
  const threads = told.filter(({ answers }) => answers === null).map((first) => ({ first, answers: told.filter((one) => one.answers === first.id) }));
  return threads.sort((a, b) => Number(Boolean(a.first.settled_at)) - Number(Boolean(b.first.settled_at)) || b.first.id - a.first.id);
}

/**
 * @param {HTMLElement} over @param {L.Map} map @param {string} plan address of it under /api @param {boolean} may say something
 * @param {Told} told
 */
export function commentsOn(over, map, plan, may, { closed = () => undefined, placed = () => undefined } = {}) {
  const at = `${plan}/comments`;
  const [pins, card] = [el("div", { class: "pins" }), el("section", { class: "thread", hidden: true, "aria-label": say("comment.title") })];
  const [list, count] = [el("ul", {}), el("span", {})];
  const file = el("a", { href: `${at}.xlsx`, hidden: true }, say("comment.file"));
  const room = el("section", { class: "comments" }, el("h2", {}, el("span", {}, say("comment.title"), " ", count), el("small", {}, file)), list);
  over.append(pins, card);
  /** @type {Thread[]} */
  let threads = [];
  /** @type {number | null} */
  let open = null;
  /** @type {number | null} */
  let mark = null;
  /** @type {HTMLElement | null} what gets the focus back */
  let from = null;

  /** @param {Comment[]} told */
  function take(told) {
    threads = threadsOf(told);
    count.textContent = figure(threads.filter(({ first }) => !first.settled_at).length);
    file.hidden = !threads.length;
    replace(pins, threads.map(pinOf));
    replace(list, threads.length ? threads.map(rowOf) : el("li", { class: "note" }, say(may ? "comment.none" : "comment.none-any")));
    const thread = threads.find(({ first }) => first.id === open);
    if (thread) replace(/** @type {HTMLElement} */ (card.querySelector("ul")), saidIn(thread));
    place();
    placed(threads.map(({ first }) => [first.lon ?? 0, first.lat ?? 0]));
  }
  async function read() {
    take(await ask(at));
  }
  /** @param {Thread} thread */
  function pinOf({ first, answers }) {
    return el("button", { type: "button", class: `pin${first.settled_at ? " settled" : ""}`, "aria-expanded": String(first.id === open), "aria-label": `${say("comment.one")}${say("comma")}${first.text}`, title: first.text,
      onclick: (/** @type {Event} */ event) => show(first.id, event) }, first.settled_at ? "✓" : figure(1 + answers.length));
  }
  /** @param {Thread} thread */
  function rowOf({ first, answers }) {
    const facts = [first.grid_name, first.name, clock(first.at), answers.length ? say("comment.answers", { n: answers.length }) : "", first.settled_at ? say("comment.is-settled") : ""];
    return el("li", {}, el("button", { type: "button", "aria-expanded": String(first.id === open), onclick: (/** @type {Event} */ event) => {
      map.panInside([first.lat ?? 0, first.lon ?? 0], { padding: [160, 120] });
      show(first.id, event);
    } }, first.text, el("small", {}, facts.filter(Boolean).join(" · "))));
  }
  /** @param {Thread} thread */
  function saidIn({ first, answers }) {
    return [first, ...answers].map((one) => el("li", {}, el("small", {}, `${one.name} · ${clock(one.at)}`), one.text));
  }
  /** @param {number} id @param {Event} [event] */
  function show(id, event) {
    const thread = threads.find(({ first }) => first.id === id);
    if (!thread) return;
    const { first } = thread;
    const settled = Boolean(first.settled_at);
    const settle = el("button", { type: "button", class: "button small networked", onclick: () => sent(`${at}/${id}/settled`, { settled: !settled }).then((told) => told && close()) }, say(settled ? "comment.reopen" : "comment.settle"));
    raise(first.grid_name ?? say("comment.title"), [el("ul", {}, saidIn(thread)), settled ? el("p", { class: "note" }, say("comment.settled-by", { name: first.settled_name ?? "", at: clock(first.settled_at) })) : null],
      may ? form("comment.answer", (text) => sent(`${at}/${id}/answers`, { text }), settle) : null, event);
    open = id;
    expand();
  }
  /** Ask for words about a place. @param {[number, number]} lonLat */
  function begin(lonLat) {
    if (!may) return;
    raise(say("comment.new"), [el("p", { class: "note" }, say("comment.new-hint"))], form("comment.say", (text) => sent(at, { text, at: lonLat, datum: "wgs84" }).then((made) => made && show(made.comment))));
    card.querySelector("textarea")?.focus();
  }
  /** @param {string} key of what its button says @param {(text: string) => Promise<any>} send @param {HTMLElement} [beside] */
  function form(key, send, beside) {
    const words = el("textarea", { rows: 3, maxlength: LONGEST, required: true, "aria-label": say(key) });
    const button = el("button", { class: "button small main networked" }, say(key));
    return el("form", { onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      const text = words.value.trim();
      if (!text) return words.focus();
      button.disabled = true;
      return send(text).then((done) => {
        button.disabled = false;
        if (done) words.value = "";
      });
    } }, words, el("div", { class: "row" }, button, beside));
  }
  /** @param {string} title @param {import("./dom.js").Child[]} body @param {HTMLElement | null} foot @param {Event} [event] */
  function raise(title, body, foot, event) {
    from = event?.currentTarget instanceof HTMLElement ? event.currentTarget : null;
    open = null;
    replace(card, el("h2", {}, title, el("button", { type: "button", class: "plain", "aria-label": say("close"), onclick: close }, icon("close"))), body, el("p", { class: "fault", role: "alert" }), foot);
    card.hidden = false;
    expand();
  }
  function close() {
    if (card.hidden) return false;
    card.hidden = true;
    open = null;
    expand();
    if (from?.isConnected) from.focus();
    closed();
    return true;
  }
  function expand() {
    const shown = (/** @type {Element} */ node, /** @type {number} */ i) => node.setAttribute("aria-expanded", String(threads[i].first.id === open));
    [...pins.children].forEach(shown);
    [...list.querySelectorAll("button")].forEach(shown);
  }
  /** What the server answered, once all is read anew; null: it refused, and why is said. @param {string} to @param {unknown} told */
  async function sent(to, told) {
    try {
      const answer = await ask(to, "POST", { told });
      await read();
      return answer;
    } catch (error) {
      const fault = card.querySelector(".fault");
      if (fault) fault.textContent = sentenceOf(error, "what.comments");
      return null;
    }
  }
  function place() {
    threads.forEach(({ first }, i) => {
      const { x, y } = map.latLngToContainerPoint([first.lat ?? 0, first.lon ?? 0]);
      /** @type {HTMLElement} */ (pins.children[i]).style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    });
  }
  card.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  map.on("move zoom zoomend moveend resize viewreset", place);
  return {
    room, read, begin, close,
    /** Somebody may have said something: another number than before. @param {number} told */
    heard(told) {
      if (mark !== null && mark !== told) void read().catch(() => undefined);
      mark = told;
    },
  };
}
