// Figures of the month in the bar, beside who acts; without them the page goes on.
import { el, part } from "./dom.js";
import { say } from "./say.js";

const AGAIN_MS = 5 * 60_000;
const SLOWER = 60; // times as long as an answer took, where the server is slow

/** @typedef {{name: string, value: string, note: string}} Figure what it is called, how much, how it is counted */

/** Read now and again as long as the page is looked at; none where there is nothing to say. @param {() => Promise<Figure[]>} read */
export async function monthInBar(read) {
  const room = el("p", { id: "month", class: "month", hidden: true });
  part("who").before(room);
  for (;;) {
    const began = performance.now();
    const said = document.hidden ? null : await read().catch(() => null);
    if (said) {
      room.hidden = !said.length;
      room.replaceChildren(say("inbox.month"), ...said.flatMap(({ name, value, note }) => [" ", el("span", { title: note }, name, " ", el("b", {}, value))]));
    }
    const took = performance.now() - began;
    await new Promise((done) => setTimeout(done, Math.max(AGAIN_MS, SLOWER * took)));
  }
}
