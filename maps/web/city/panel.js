// Beside the map: search, figures of the city, the area picked, the legend, and the list that mirrors the map.
import { ask, address, showFailure } from "../ask.js";
import { el, icon, replace } from "../dom.js";
import { picker } from "../picker.js";
import { roving } from "../roving.js";
import { english, figure, say } from "../say.js";
import { TOKENS } from "../tokens.js";
import { KEYS, MEASURES } from "./measures.js";

/** @typedef {Record<string, any>} Held */
/** @typedef {{measure: (key: typeof KEYS[number]) => void, only: (step: number | null) => void, pick: (code: string) => void, go: (found: Found) => void, close: () => void, into: () => void}} Acts */
/** @typedef {{code: string, name: string, hint: string, at: [number, number], box?: [number, number, number, number], kind: string}} Found lon, lat; west, south, east, north */

const MOST_LISTED = 12;
const PATIENCE_MS = 1500;
const LINES = ["district", "subdistrict", "community", "grid"];

/** @param {HTMLElement} room @param {Acts} acts */
export function cityPanel(room, acts) {
  const card = el("section", { class: "city-card", "aria-live": "polite" });
  const list = el("ul", { class: "city-list" });
  const walks = roving(list, "button");
  const seen = el("small", {});
  const figures = el("div", { class: "counts city-counts" });
  const key = el("section", { class: "legend", "aria-label": say("plan.legend") });
  const chosen = measureChoice(acts);
  const drafts = el("div", {});
  room.removeAttribute("aria-busy");
  replace(room,
    el("div", { class: "panel-head" }, el("h1", {}, say("city.title")), el("span", { class: "note" }, say("city.published"))),
    el("section", {}, searchBox(acts), figures), card, el("section", {}, chosen.room, key, drafts),
    el("section", {}, el("h2", {}, say("city.in-view"), seen), list));
  /** Names of what tiles of low zooms leave unnamed. @type {Map<string, string>} */
  const names = new Map();

  /** @param {string[]} codes */
  async function nameThose(codes) {
    if (!codes.length) return;
    const told = await ask(`/api/areas/names?${new URLSearchParams(codes.map((code) => ["code", code]))}`).catch(() => ({}));
    for (const [code, name] of Object.entries(told)) names.set(code, name);
  }

  return {
    drafts,
    /** @param {typeof KEYS[number]} measure */
    choose(measure) {
      chosen.set(measure);
      showKey(key, measure, acts);
    },
    /** @param {Held[]} districts */
    total: (districts) => replace(figures, totals(districts)),
    /** What is in view, the most striking first. @param {Held[]} all @param {typeof KEYS[number]} measure @param {Map<string, number>} open @param {string | null} picked */
    async list(all, measure, open, picked) {
      const { weight, told } = MEASURES[measure];
      const kind = all[0]?.kind ?? "grid";
      const first = [...all].sort((a, b) => weight(b, open) - weight(a, open) || (a.code < b.code ? -1 : 1)).slice(0, MOST_LISTED);
      seen.textContent = all.length ? say(`city.seen-${kind}`, { n: figure(all.length) }) : say("city.seen-none");
      replace(list, first.map((held) => el("li", {}, el("button", { type: "button", "data-code": held.code, "aria-pressed": String(held.code === picked), onclick: () => acts.pick(held.code) },
        el("span", { class: "name" }, held.name || held.code), el("b", {}, figure(held.households ?? 0)), el("small", {}, told(held, open))))));
      walks();
      await nameThose(first.filter(({ code, name }) => !name && !names.has(code)).map(({ code }) => code));
      for (const button of list.querySelectorAll("button")) {
        const name = names.get(button.dataset.code ?? "");
        if (name) /** @type {HTMLElement} */ (button.querySelector(".name")).textContent = name;
      }
    },
    /** @param {Held | null} held @param {typeof KEYS[number]} measure @param {Map<string, number>} open */
    picked(held, measure, open) {
      list.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.code === held?.code)));
      replace(card, held ? cardOf(held, MEASURES[measure].told(held, open), acts) : null);
      card.hidden = !held;
    },
    /** Who answers there, once it is known. @param {any} who */
    answers(who) {
      card.querySelector(".ghost")?.remove();
      replace(/** @type {HTMLElement} */ (card.querySelector(".facts")), facts(who));
      const links = card.querySelector(".row");
      if (links) replace(/** @type {HTMLElement} */ (links), linksOf(who));
      const name = card.querySelector("h2 span");
      const known = who[`${card.dataset.kind}_name`];
      if (name && known) name.textContent = known;
    },
    /** @param {unknown} error @param {() => void} again */
    failed: (error, again) => showFailure(/** @type {HTMLElement} */ (card.querySelector(".facts") ?? card), "what.area", error, again),
  };

  /** @param {Held} held @param {string} said @param {Acts} acts */
  function cardOf(held, said, acts) {
    card.dataset.kind = held.kind;
    return [
      el("h2", {}, el("span", {}, held.name || names.get(held.code) || held.code), held.special ? el("span", { class: "tag" }, say("city.special")) : null,
        el("button", { type: "button", class: "button small", "aria-label": say("close"), onclick: acts.close }, icon("close"))),
      el("p", { class: "big" }, say("city.households", { n: figure(held.households ?? 0) }), " ", el("small", {}, said)),
      held.kind === "grid" ? null : el("button", { type: "button", class: "button small", onclick: acts.into }, say("city.into")),
      el("span", { class: "ghost" }), el("dl", { class: "facts" }), el("p", { class: "row" }),
    ];
  }
}

/** @param {any} who */
function facts(who) {
  /** @type {[string, string | null][]} */
  const rows = [["city.grid", who.grid_name], ["city.within", who.within.slice(-3).join(" › ") || null], ["role.grid_leader", who.grid_leader], ["role.grid_worker", who.grid_worker],
    ["city.manager", who.street_manager && [who.street_manager, who.lane_name].filter(Boolean).join(" · ")]];
  return rows.flatMap(([key, value]) => [el("dt", {}, say(key)), el("dd", value ? {} : { class: "vacant" }, value ?? say("city.vacant"))]);
}

/** @param {any} who */
function linksOf(who) {
  const inside = who.grid ?? who.community ?? who.subdistrict;
  if (!inside) return [];
  return [el("a", { class: "button small", href: address("/issues", { scope: who.community ?? inside, area: who.grid }) }, say("city.to-board")), el("a", { class: "button small", href: address("/plans", { scope: who.subdistrict ?? inside }) }, say("city.to-plans"))];
}

/** @param {Held[]} districts */
function totals(districts) {
  const sum = (/** @type {string} */ key) => districts.reduce((all, held) => all + (held[key] ?? 0), 0);
  const [households, grids, good] = [sum("households"), sum("grids"), sum("in_band")];
  return [["city.total-households", figure(households)], ["city.total-grids", figure(grids)], ["city.total-in-band", grids ? `${((100 * good) / grids).toFixed(1)}%` : say("none")]]
    .map(([key, value]) => el("div", {}, el("b", {}, value), el("span", { class: "note" }, say(key))));
}

/** @param {Acts} acts */
function searchBox(acts) {
  const { input, room } = picker({ id: "find", hint: say("city.find-hint"), find, took: (choice) => {
    if (choice) acts.go(/** @type {Found} */ (choice));
  } });
  return el("div", { class: "field" }, el("label", { for: input.id }, say("city.find")), room);
}

/** Areas by name or code, then what an address may name. @param {string} words @returns {Promise<Found[]>} */
async function find(words) {
  if (!words) return [];
  const none = { candidates: [] };
  const late = new Promise((done) => setTimeout(() => done(none), PATIENCE_MS)); // its first answer may take a while
  const addresses = ask(address("/api/gazetteer", { q: words })).catch(() => none);
  const [areas, { candidates }] = await Promise.all([ask(address("/api/areas/named", { q: words })), Promise.race([addresses, late])]);
  const known = new Set(areas.map((/** @type {any} */ one) => one.code));
  return [
    ...areas.map((/** @type {any} */ one) => ({ code: one.code, name: one.name || one.code, hint: one.within.join(" › ") || say(`city.kind-${one.kind}`), at: one.at, box: one.box, kind: one.kind })),
    ...candidates.filter((/** @type {any} */ one) => !known.has(one.code)).map((/** @type {any} */ one) => ({ code: one.code, name: one.title, hint: say("city.address"), at: [one.lon, one.lat], kind: one.kind })),
  ];
}

/** @param {Acts} acts */
function measureChoice(acts) {
  const buttons = KEYS.map((key) => el("button", { type: "button", class: "button small", "aria-pressed": "false", onclick: () => acts.measure(key) }, say(`city.by-${key}`)));
  return {
    room: el("div", { class: "row", role: "group", "aria-label": say("city.by") }, buttons),
    /** @param {typeof KEYS[number]} measure */
    set: (measure) => buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(KEYS[i] === measure))),
  };
}

/** @param {HTMLElement} room @param {typeof KEYS[number]} measure @param {Acts} acts */
function showKey(room, measure, acts) {
  const steps = MEASURES[measure].steps(0);
  const buttons = steps.map((step, i) => el("button", { type: "button", class: "city-step", "aria-pressed": "false", onclick: () => press(i) },
    el("i", { class: `swatch ${step.pattern}`, css: { background: tinted(step.token, step.opacity) } }, step.sign), el("span", {}, step.word)));
  const press = (/** @type {number} */ i) => {
    const on = buttons[i].getAttribute("aria-pressed") !== "true";
    buttons.forEach((button, j) => button.setAttribute("aria-pressed", String(on && i === j)));
    acts.only(on ? i : null);
  };
  replace(room, el("h2", {}, say("plan.legend"), el("small", {}, say(`city.unit-${measure}`))), el("div", { class: "city-steps" }, buttons),
    el("div", { class: "samples" }, LINES.map((name) => el("span", {}, el("i", { class: `sample ${name}` }), borderName(name)))), el("p", { class: "note" }, say(`city.rule-${measure}`)));
}

/** A token as it looks at an opacity. @param {string} colour @param {number} opacity */
const tinted = (colour, opacity) => `color-mix(in srgb, ${colour} ${Math.round(100 * opacity)}%, var(--surface))`;

/** @param {string} key */
function borderName(key) {
  const found = TOKENS.borders.find((border) => border.key === key);
  return (english ? found?.en : found?.zh) ?? key;
}
