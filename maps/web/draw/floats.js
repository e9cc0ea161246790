// What floats over the map: what a stroke does, how to mend what it broke, and what has to be said.
import { el, icon, replace } from "../dom.js";
import { figure, say } from "../say.js";

/** @typedef {[number, number]} Point */
const TOAST_MS = 5000;

/** Beside the pointer, and clear of it. @param {HTMLElement} over */
export function tooltip(over) {
  const [title, lines, note] = [el("b", {}), el("span", { class: "tip-lines" }), el("span", { class: "tip-note" })];
  const box = el("div", { class: "tip", hidden: true, "aria-hidden": "true" }, title, lines, note);
  over.append(box);
  return {
    /** @param {{title: string, lines: string[][], note: string} | null} told @param {Point} [px] of the map */
    show(told, px = [0, 0]) {
      box.hidden = !told;
      if (!told) return;
      title.textContent = told.title;
      replace(lines, told.lines.map(([name, before, after]) => el("span", {}, `${name} ${before} → `, el("b", {}, after))));
      note.textContent = told.note;
      note.hidden = !told.note;
      const left = px[0] > 380 ? px[0] - 30 : px[0] + 30;
      box.style.transform = `translate(${Math.round(left)}px, ${Math.round(px[1] - 70 < 8 ? px[1] + 40 : px[1] - 70)}px)${px[0] > 380 ? " translateX(-100%)" : ""}`;
    },
  };
}

/** Messages under the top of the map: errors stay, the rest goes. @param {HTMLElement} over */
export function notices(over) {
  const room = el("div", { class: "notices" });
  const polite = el("div", { class: "unseen", role: "status", "aria-live": "polite" });
  over.append(room, polite);
  /** @param {string} kind @param {string} text @param {[string, () => void][]} acts */
  const show = (kind, text, acts) => {
    room.querySelectorAll(`.notice[data-kind=${kind}]`).forEach((old) => old.remove());
    const box = el("div", { class: "notice", "data-kind": kind, role: kind === "info" ? "status" : "alert" }, kind === "info" ? null : icon("warn"), el("span", {}, text),
      acts.map(([key, act]) => el("button", { type: "button", class: "button small", onclick: () => {
        box.remove();
        act();
      } }, say(key))),
      el("button", { type: "button", class: "plain", "aria-label": say("close"), onclick: () => box.remove() }, icon("close")));
    room.append(box);
    if (kind === "info") setTimeout(() => box.remove(), TOAST_MS);
  };
  return {
    info: (/** @type {string} */ text, /** @type {[string, () => void][]} */ acts = []) => show("info", text, acts),
    error: (/** @type {string} */ text, /** @type {[string, () => void][]} */ acts = []) => show("error", text, acts),
    held: (/** @type {string} */ text, /** @type {[string, () => void][]} */ acts) => show("held", text, acts),
    clear: (/** @type {string} */ kind) => room.querySelectorAll(`.notice[data-kind=${kind}]`).forEach((old) => old.remove()),
    /** For who listens: totals after a stroke, the atom under the cursor. @param {string} text */
    aloud: (text) => void (polite.textContent = text),
  };
}

/** A card at a place of the map: what is there and what may be done. @param {HTMLElement} over */
export function callouts(over) {
  /** @type {{box: HTMLElement, at: Point}[]} */
  let shown = [];
  const layer = el("div", { class: "callouts" });
  over.append(layer);
  return {
    /** @param {{at: Point, title: string, note: string, kind?: string, acts: [string, () => void, string?][]}[]} cards */
    show(cards) {
      shown = cards.map(({ at, title, note, acts, kind = "" }) => ({ at, box: el("section", { class: `callout ${kind}`, "aria-label": title },
        el("b", {}, kind === "broken" ? icon("warn") : null, title), el("p", {}, note),
        el("div", { class: "row" }, acts.map(([text, act, look = "button small"]) => el("button", { type: "button", class: look, onclick: act }, text)))) }));
      replace(layer, shown.map(({ box }) => box));
    },
    /** Put each where its place is now. @param {(at: Point) => Point} px @param {Point} size */
    place(px, [wide, tall]) {
      for (const { box, at } of shown) {
        const [x, y] = px(at);
        const [left, top] = cardAt([x, y], [wide, tall]);
        box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
        box.hidden = x < 0 || y < 0 || x > wide || y > tall;
      }
    },
  };
}

const CARD = [264, 130]; // px a card is wide and high, at most

/** Where the card of a place stands: beside it, or below or above it where a map is too narrow for that. @param {Point} at @param {Point} size of the map @returns {Point} */
export function cardAt([x, y], [wide, tall]) {
  const beside = Math.min(Math.max(12, y - 40), tall - CARD[1]);
  if (x + CARD[0] + 26 <= wide) return [x + 26, beside];
  if (x - CARD[0] - 26 >= 0) return [x - CARD[0] - 26, beside];
  const below = y + 26 + CARD[1] <= tall ? y + 26 : Math.max(12, y - CARD[1] - 10);
  return [Math.max(8, Math.min(x - CARD[0] / 2, wide - CARD[0] - 8)), below];
}

/** What a stroke says of itself. @param {import("./hands.js").Stroke} stroke @param {import("./desk.js").Desk} desk */
export function strokeSaid(stroke, desk) {
  const { look, sketch } = desk;
  const short = (/** @type {number} */ number) => look.grids.get(number)?.short ?? sketch.grids[number].name;
  return {
    title: say("draw.stroke", { name: short(stroke.target), n: figure(stroke.nodes.size), households: figure(stroke.households) }),
    lines: [...stroke.loads].map(([number, before]) => [short(number), figure(before), figure(sketch.grids[number].load)]),
    note: [...stroke.left].map((why) => say(`draw.left-${why}`)).join(" "),
  };
}

/** The keys, on a sheet of their own. @param {[string, string][]} keys key and what it does */
export function helpSheet(keys) {
  const sheet = el("dialog", { class: "help", "aria-label": say("draw.help") },
    el("h2", {}, say("draw.help"), el("button", { type: "button", class: "plain", "aria-label": say("close"), onclick: () => sheet.close() }, icon("close"))),
    el("dl", {}, keys.flatMap(([key, what]) => [el("dt", {}, key.split(" + ").map((part) => el("kbd", {}, part))), el("dd", {}, what)])));
  document.body.append(sheet);
  return sheet;
}
