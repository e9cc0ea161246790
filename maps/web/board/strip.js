// The period: bars by day, a window over them with two handles, and play.
import { el, replace, svg } from "../dom.js";
import { glyph } from "../glyphs.js";
import { stateWord } from "../issue_marks.js";
import { day, figure, say } from "../say.js";
import { TOKENS } from "../tokens.js";
import { cityDay, dayAfter, daysFrom } from "./filters.js";

/** @typedef {{from: string, to: string, n: number}} Bar a bar stands for days from one to another, both counted */
/** @typedef {{chose: (from: string, to: string) => void}} Acts */

const BARS = 30;
const MOST_BARS = 60;
const STEP_MS = 900; // of play, a day or a bar each

/**
 * Bars that end with the last day that has any: of a day each, or of so many that all of time has room.
 * @param {[string, number, number][]} days @param {boolean} whole all of time @param {string} last @returns {Bar[]}
 */
export function barsOf(days, whole, last) {
  const first = whole && days.length ? days[0][0] : dayAfter(last, 1 - BARS);
  const many = daysFrom(first, last) + 1;
  const wide = whole ? Math.max(1, Math.ceil(many / MOST_BARS)) : 1;
  const count = Math.max(1, Math.ceil(many / wide));
  const bars = Array.from({ length: count }, (_, i) => ({ from: dayAfter(last, 1 - (count - i) * wide), to: dayAfter(last, -(count - i - 1) * wide), n: 0 }));
  for (const [at, n] of days) {
    const i = Math.floor(daysFrom(bars[0].from, at) / wide);
    if (bars[i]) bars[i].n += n;
  }
  return bars;
}

/** How many of before a period are not closed. @param {[string, number, number][]} days with how many came, and are open @param {[string, string] | null} chosen first and last day, null: all of time */
export function earlierOf(days, chosen) {
  return days.reduce((sum, [day, , open]) => sum + (chosen && day < chosen[0] ? open : 0), 0);
}

/** Where the bars end: with the last day until today that has any, or the last of a period chosen. @param {[string, number, number][]} days @param {[string, string] | null} chosen @param {number} now */
export function lastOf(days, chosen, now) {
  const today = cityDay(now);
  const last = days.map(([day]) => day).filter((day) => day <= today).pop() ?? today;
  return chosen && chosen[1] > last ? chosen[1] : last;
}

/** @param {HTMLElement} over @param {Acts} acts */
export function strip(over, acts) {
  const play = el("button", { type: "button", class: "play", "aria-pressed": "false", onclick: () => (timer ? stop() : start()) });
  const chart = el("div", { class: "strip-chart" });
  const said = el("b", { role: "status" });
  const [firstDay, lastDay] = [el("span"), el("span")];
  const key = el("div", { class: "heat-key" });
  const room = el("div", { class: "strip" }, el("div", { class: "strip-top" }, play, el("div", { class: "strip-bars" }, chart, el("div", { class: "strip-days" }, firstDay, said, lastDay)), key), glyphKey());
  over.append(room);
  /** @type {Bar[]} */
  let bars = [];
  let [from, to] = [0, 0];
  let timer = 0;
  playing(false);

  /** @param {boolean} on */
  function playing(on) {
    play.setAttribute("aria-pressed", String(on));
    play.setAttribute("aria-label", say(on ? "strip.stop" : "strip.play"));
    replace(play, svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: on ? "M8 6h3v12H8zM14 6h3v12h-3z" : "M8.5 5.5l10 6.5-10 6.5z" })));
  }
  function start() {
    const wide = to - from;
    if (wide >= bars.length - 1) [from, to] = [0, Math.min(6, bars.length - 1)];
    else [from, to] = [0, wide];
    playing(true);
    tell();
    timer = Number(setInterval(() => {
      if (to >= bars.length - 1) return stop();
      [from, to] = [from + 1, to + 1];
      tell();
    }, STEP_MS));
  }
  function stop() {
    clearInterval(timer);
    timer = 0;
    playing(false);
  }
  function tell() {
    draw();
    acts.chose(bars[from].from, bars[to].to);
  }
  /** @param {"from" | "to"} end @param {number} at */
  function move(end, at) {
    const bound = Math.max(0, Math.min(bars.length - 1, at));
    const next = end === "from" ? [Math.min(bound, to), to] : [from, Math.max(bound, from)];
    if (next[0] === from && next[1] === to) return;
    [from, to] = next;
    draw();
  }
  /** @param {"from" | "to"} end */
  function handle(end) {
    const made = el("span", { class: `strip-handle ${end}`, role: "slider", tabindex: "0", "aria-label": say(`strip.${end}`), "data-end": end,
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const at = end === "from" ? from : to;
        const next = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, Home: 0, End: bars.length - 1 }[event.key];
        if (next === undefined) return;
        event.preventDefault();
        stop();
        move(end, next);
        tell();
      },
      onpointerdown: (/** @type {PointerEvent} */ event) => {
        stop();
        made.setPointerCapture(event.pointerId);
        event.preventDefault();
        made.focus();
      },
      onpointermove: (/** @type {PointerEvent} */ event) => {
        if (!made.hasPointerCapture(event.pointerId)) return;
        const box = chart.getBoundingClientRect();
        const at = ((event.clientX - box.left) / box.width) * bars.length;
        move(end, end === "from" ? Math.round(at) : Math.round(at) - 1);
      },
      onpointerup: () => tell(),
    });
    return made;
  }
  const handles = [handle("from"), handle("to")];
  function draw() {
    const most = Math.max(1, ...bars.map(({ n }) => n));
    const drawing = svg("svg", { viewBox: `0 0 ${bars.length * 10} 44`, preserveAspectRatio: "none", role: "img", "aria-label": say("strip.bars") },
      bars.map(({ n }, i) => svg("rect", { x: i * 10 + 1, width: 8, y: 44 - Math.max(1.5, (n / most) * 42), height: Math.max(1.5, (n / most) * 42), class: i >= from && i <= to ? "on" : "" }, svg("title", {}, `${day(bars[i].from)} ${figure(n)}`))));
    chart.querySelector("svg")?.remove();
    chart.prepend(drawing);
    if (!handles[0].isConnected) chart.append(...handles);
    handles.forEach((each, i) => {
      each.style.left = `${((i ? to + 1 : from) / bars.length) * 100}%`;
      each.setAttribute("aria-valuemin", "0");
      each.setAttribute("aria-valuemax", String(bars.length - 1));
      each.setAttribute("aria-valuenow", String(i ? to : from));
      each.setAttribute("aria-valuetext", day(i ? bars[to].to : bars[from].from));
    });
  }
  return {
    room,
    stop,
    get playing() { return Boolean(timer); },
    /** @param {Bar[]} all @param {[string, string] | null} chosen first and last day, null: all of time @param {number} n issues in it @param {number | null} people who reported them, where they are counted */
    show(all, chosen, n, people) {
      bars = all;
      const at = (/** @type {string} */ wanted) => bars.findIndex((bar) => bar.from <= wanted && wanted <= bar.to);
      if (!timer) {
        from = chosen ? Math.max(0, at(chosen[0])) : 0;
        to = chosen && at(chosen[1]) >= 0 ? at(chosen[1]) : bars.length - 1;
      }
      const [first, last] = chosen ?? [bars[0].from, bars[bars.length - 1].to];
      said.textContent = [say("issue.period-said", { from: day(first), to: day(last), n: figure(n) }), people === null ? "" : say("issue.people-said", { n: figure(people) })].filter(Boolean).join(" · ");
      firstDay.textContent = day(bars[0].from);
      lastDay.textContent = day(bars[bars.length - 1].to);
      draw();
    },
    /** @param {string} unit @param {string[]} colours @param {number[]} opacities @param {string[]} limits */
    showKey(unit, colours, opacities, limits) {
      replace(key, say(unit), el("div", { class: "colours" }, colours.map((c, i) => el("i", { css: { background: c, opacity: String(opacities[i] + 0.2) } }))),
        el("div", { class: "values" }, limits.map((limit) => el("span", {}, limit))));
    },
  };
}

function glyphKey() {
  const flag = (/** @type {string} */ kind) => el("span", {}, el("i", { class: `flag ${kind}` }), say(`card.${kind}`));
  return el("div", { class: "glyph-key" }, TOKENS.states.map((s) => el("span", {}, glyph(s.key), stateWord(s.key))), flag("yellow"), flag("red"), el("span", {}, el("i", { class: "dot" }), say("issue.crowded")));
}
