// What happens while the page is open: issues that changed are asked for by number, nothing else is.

const GATHER_MS = 700; // events of so long are asked for at once
const AGAIN_MS = 5000; // before what could not be asked is asked again
const MOST = 200; // numbers in one question

/**
 * Numbers gathered for a while, then asked for; those of a question that failed wait for the next.
 * @param {(numbers: string[] | null) => Promise<void>} ask null: for all
 * @param {{gather?: number, again?: number}} [wait] ms
 */
export function gathering(ask, { gather = GATHER_MS, again = AGAIN_MS } = {}) {
  /** @type {Set<string>} */
  let waiting = new Set();
  let all = false;
  let timer = 0;
  let busy = false;
  /** @param {number} ms */
  const later = (ms) => {
    if (!timer && !busy) timer = Number(setTimeout(go, ms));
  };
  async function go() {
    const [asked, whole] = [[...waiting].slice(0, MOST), all];
    waiting = new Set([...waiting].slice(MOST));
    all = false;
    timer = 0;
    busy = true;
    const done = await ask(whole ? null : asked).then(() => true, () => false);
    busy = false;
    if (!done) for (const number of asked) waiting.add(number);
    if (!done) all ||= whole;
    if (all || waiting.size) later(done ? gather : again);
  }
  return {
    /** @param {string} number */
    one(number) {
      waiting.add(number);
      later(gather);
    },
    every() {
      all = true;
      later(gather);
    },
  };
}

/**
 * Listen to what happens to issues inside an area, as long as the page is open. Once it is heard, all is
 * asked for again: what happened between the first answer and then, nobody tells.
 * @param {string} address @param {(numbers: string[] | null) => Promise<void>} ask
 */
export function listen(address, ask) {
  const gathered = gathering(ask);
  const source = new EventSource(address);
  source.addEventListener("open", () => gathered.every(), { once: true });
  source.addEventListener("issue", (event) => gathered.one(String(JSON.parse(event.data).subject)));
  source.addEventListener("reset", () => gathered.every());
  window.addEventListener("pagehide", () => source.close());
}
