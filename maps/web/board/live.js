// What happens while the board is open: heard as it happens, asked about at most every few seconds.

const GATHER_MS = 700; // events of so long are answered together
const CALM_MS = 3000; // between two answers, however much happens
const SLOWER = 4; // times as long as an answer took, where the server is slow
const LONGEST_MS = 20_000; // whatever an answer took: one that a cut line held up says nothing of the server
const STALE_MS = 30_000; // cut off for so long: what is shown is old

/** @typedef {"live" | "again" | "stale"} Line how the line to the server stands */

/**
 * Work done soon after it is called for, once for all calls meanwhile, never twice at a time, and with
 * rests between: hundreds of calls a minute cost what one every three seconds does. Time is counted by a
 * clock that nobody sets.
 * @param {(numbers: Set<number>) => Promise<void>} work @param {{gather?: number, calm?: number, longest?: number}} [wait] ms
 */
export function calmly(work, { gather = GATHER_MS, calm = CALM_MS, longest = LONGEST_MS } = {}) {
  /** @type {Set<number>} */
  let waiting = new Set();
  let wanted = false;
  let busy = false;
  let timer = 0;
  let rest = 0; // until when
  const later = () => {
    if (!wanted || busy || timer) return;
    timer = Number(setTimeout(go, Math.max(gather, rest - performance.now())));
  };
  async function go() {
    timer = 0;
    const numbers = waiting;
    [waiting, wanted, busy] = [new Set(), false, true];
    const began = performance.now();
    try {
      await work(numbers);
    } catch {
      for (const number of numbers) waiting.add(number);
      wanted = true;
    }
    busy = false;
    rest = performance.now() + Math.min(Math.max(calm, SLOWER * (performance.now() - began)), Math.max(calm, longest));
    later();
  }
  return (/** @type {number[]} */ ...numbers) => {
    for (const number of numbers) waiting.add(number);
    wanted = true;
    later();
  };
}

/**
 * Listen to what happens inside an area as long as the page is open; the browser calls again by itself.
 * The first time something may have happened already: between what the page read first and then.
 * @param {string} address @param {{happened: (number: number | null) => void, line: (line: Line) => void}} acts
 */
export function follow(address, { happened, line }) {
  const source = new EventSource(address);
  let cut = 0;
  source.addEventListener("open", () => {
    clearTimeout(cut);
    cut = 0;
    line("live");
  });
  source.addEventListener("error", () => {
    line("again");
    cut ||= Number(setTimeout(() => line("stale"), STALE_MS));
  });
  // A machine without a network hears nothing of its line for minutes; back on it, an open one is the same.
  window.addEventListener("offline", () => line("again"));
  window.addEventListener("online", () => source.readyState === EventSource.OPEN && line("live"));
  source.addEventListener("open", () => happened(null), { once: true });
  source.addEventListener("issue", (event) => happened(Number(JSON.parse(event.data).subject)));
  source.addEventListener("reset", () => happened(null));
  window.addEventListener("pagehide", () => source.close());
}
