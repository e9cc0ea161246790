// Who else has the draft open, and what they do to it: told by events, and by a word every few seconds.
import { address, ask } from "../ask.js";
import { el, replace } from "../dom.js";
import { say } from "../say.js";

/** @typedef {{person: string, name: string, tool: string, at: [number, number] | null}} Other */
const WORD_MS = 4000;
const SETTLE_MS = 350; // an event of our own is answered by then
const MOST_SHOWN = 3;

/**
 * @param {HTMLElement} over @param {HTMLElement} bar where the names stand @param {{plan: string, scope: string}} of
 * @param {{word: () => {tool: string, at: [number, number] | null}, px: (at: [number, number]) => [number, number], version: () => number, waits: () => boolean, refresh: () => void, comments: (mark: number) => void}} told
 */
export function company(over, bar, { plan, scope }, told) {
  const layer = el("div", { class: "others", "aria-hidden": "true" });
  const room = el("span", { class: "company", role: "status", hidden: true });
  over.append(layer);
  bar.after(room);
  /** @type {Other[]} */
  let others = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  async function word() {
    const answer = await ask(`/api/plans/${encodeURIComponent(plan)}/here`, "POST", { told: told.word() }).catch(() => null);
    others = answer?.others ?? [];
    if (answer) behind(answer.version);
    if (answer) told.comments(answer.comments);
    show();
  }
  /** @param {number} version */
  function behind(version) {
    if (version > told.version() && !told.waits()) told.refresh();
  }
  function show() {
    room.hidden = !others.length;
    const names = others.slice(0, MOST_SHOWN).map(({ name }) => name).join(say("list-comma"));
    replace(room, others.slice(0, MOST_SHOWN).map(({ name }) => el("i", { class: "face", "aria-hidden": "true" }, [...name][0] ?? "?")), el("span", { title: names }, say("draw.company", { n: others.length + 1 })), el("span", { class: "unseen" }, names));
    replace(layer, others.filter(({ at }) => at).map((other) => el("span", { class: "other" }, el("i", {}), el("b", {}, other.tool ? `${other.name} · ${say(`draw.${other.tool}`)}` : other.name))));
    place();
  }
  function place() {
    [...layer.children].forEach((node, i) => {
      const { at } = others.filter((other) => other.at)[i];
      const [x, y] = told.px(/** @type {[number, number]} */ (at));
      /** @type {HTMLElement} */ (node).style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    });
  }
  function tick() {
    clearTimeout(timer);
    if (!document.hidden) void word();
    timer = setTimeout(tick, WORD_MS);
  }
  const source = new EventSource(`${address("/api/events/stream", { noun: "plan", scope })}&noun=comment`);
  const look = () => setTimeout(() => void word(), SETTLE_MS);
  source.addEventListener("plan", (event) => {
    if (String(JSON.parse(event.data).subject) === plan) look();
  });
  source.addEventListener("comment", look); // of this plan or another one: the word tells
  source.addEventListener("reset", look);
  window.addEventListener("pagehide", () => source.close());
  document.addEventListener("visibilitychange", () => document.hidden || tick());
  tick();
  return { place };
}
