// Edits on their way: one after the other, each on the version the one before it left; kept in this
// browser until they are answered, so that neither a cut nor a closed window loses one.

/** @typedef {{kind: string, [name: string]: unknown}} Edit */
/** @typedef {{edit: Edit, base: number | null, at: number}} Waiting `base`: version it was first sent on; null: not sent yet */

const PREFIX = "jingwei.edits.";
/** Edits of one person to one plan, in this browser. @param {Storage} store @param {string} person @param {string} plan */
export function shelfOf(store, person, plan) {
  const key = `${PREFIX}${person}.${plan}`;
  return {
    /** @param {Waiting[]} waiting */
    keep: (waiting) => (waiting.length ? store.setItem(key, JSON.stringify(waiting)) : store.removeItem(key)),
    /** @returns {Waiting[]} */
    all() {
      try {
        const held = JSON.parse(store.getItem(key) ?? "[]");
        return Array.isArray(held) ? held.filter((each) => each?.edit?.kind) : [];
      } catch (error) {
        if (error instanceof SyntaxError) return [];
        throw error;
      }
    },
  };
}

/**
 * @typedef {"again" | "done" | "hold"} Verdict on an edit that came second: send it on the new version, it is there already, or let the person say
 * @param {{version: number, shelf: ReturnType<typeof shelfOf>, now: () => number,
 *   send: (edit: Edit, version: number) => Promise<{version: number}>,
 *   answered: (answer: any, one: Waiting) => void, refused: (error: any, one: Waiting) => void,
 *   cut: (error: unknown) => void, stale: (one: Waiting, again: boolean) => Promise<Verdict>, changed: () => void, aside: () => void}} told
 * `refused`: the server will not do it; `cut`: no answer came; `stale`: somebody else was first, and `again` says that an answer to it may have been lost; `aside`: what is held waits no more, or does again
 */
export function outboxOf(told) {
  /** @type {Waiting[]} */
  let waiting = [];
  let held = told.shelf.all();
  let busy = false;
  const keep = () => {
    told.shelf.keep([...held, ...waiting]);
    told.changed();
  };
  async function go() {
    if (busy) return;
    busy = true;
    while (waiting.length && (await step(waiting[0])));
    busy = false;
  }
  /** @param {Waiting} one */
  function off(one) {
    waiting = waiting.filter((each) => each !== one);
    return true;
  }
  /** @param {Waiting} one @returns {Promise<boolean>} whether to go on */
  async function step(one) {
    const again = one.base !== null;
    one.base ??= told.version;
    told.shelf.keep([...held, ...waiting]);
    try {
      const answer = await told.send(one.edit, told.version);
      if (!waiting.includes(one)) return true; // withdrawn meanwhile: what became of it is read
      told.version = answer.version;
      off(one);
      told.answered(answer, one);
      keep();
      return true;
    } catch (error) {
      if (!waiting.includes(one)) return true;
      const status = /** @type {any} */ (error).status;
      if (status === 412) return await second(one, again);
      if (status === undefined || status >= 500) return cut(error);
      off(one);
      told.refused(error, one);
      keep();
      return true;
    }
  }
  /** @param {Waiting} one @param {boolean} again */
  async function second(one, again) {
    const verdict = await told.stale(one, again).catch(cut);
    if (!verdict) return false;
    if (verdict === "done") {
      off(one);
      keep();
      return true;
    }
    one.base = null;
    if (verdict === "again") return true;
    held = [...held, ...waiting];
    waiting = [];
    keep();
    told.aside();
    return false;
  }
  /** @param {unknown} error @returns {false} */
  function cut(error) {
    told.cut(error);
    return false;
  }
  return {
    /** @param {Edit} edit */
    put(edit) {
      waiting = [...waiting, { edit, base: null, at: told.now() }];
      keep();
      void go();
    },
    go,
    /** What waits of a kind is not sent any more, nor its answer taken. @param {string} kind @returns {boolean} whether there was any */
    withdraw(kind) {
      const left = waiting.filter(({ edit }) => edit.kind !== kind);
      const some = left.length < waiting.length;
      waiting = left;
      if (some) keep();
      return some;
    },
    /** What waits for the person's word is sent after all, or forgotten. @param {boolean} yes */
    settle(yes) {
      if (yes) waiting = [...waiting, ...held.map((each) => ({ ...each, base: null }))];
      held = [];
      keep();
      if (yes) told.aside();
      void go();
    },
    get waiting() { return waiting; },
    get held() { return held; },
    get version() { return told.version; },
    set version(version) { told.version = version; },
  };
}
