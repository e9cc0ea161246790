// What is being entered, kept in this browser until it is handed in: never the reporter's number,
// nothing at all of what is confidential, and no longer than a shift.

/** @typedef {Record<string, string | number | boolean | null>} Fields */
/** @typedef {{id: string, at: number, sending: boolean, fields: Fields}} Draft `sending`: handed in, the answer not seen yet */

export const KEPT_MS = 12 * 3_600_000;
const PREFIX = "jingwei.draft.";
/** What stays out of a draft. */
const UNKEPT = ["contact"];
const LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"; // none that look alike on paper

/** A number nobody else makes: the day, and eight letters by chance. @param {Date} now @param {Uint8Array} chance */
export function madeReference(now, chance) {
  const day = new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll("-", "");
  return `desk-${day}-${[...chance].map((byte) => LETTERS[byte % LETTERS.length]).join("")}`;
}

/** What of the fields may lie on a machine that others use. @param {Fields} fields @returns {Fields} */
export function keptOf(fields) {
  if (fields.confidential) return { reference: fields.reference, source: fields.source, number: fields.number, confidential: true };
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => !UNKEPT.includes(name) && value !== "" && value !== null));
}

/** Whether somebody has said anything yet. @param {Fields} fields */
export function isBegun({ text, address, service, lon, contact, against }) {
  return [text, address, service, lon, contact, against].some((value) => value !== "" && value !== null && value !== undefined);
}

/** A shelf for the drafts of one person in this browser. @param {Storage} store @param {string} person @param {() => number} now */
export function shelf(store, person, now) {
  const prefix = `${PREFIX}${person}.`;
  const all = () => Array.from({ length: store.length }, (_, i) => store.key(i) ?? "").filter((key) => key.startsWith(PREFIX));
  const read = (/** @type {string} */ key) => {
    try {
      return /** @type {Draft} */ (JSON.parse(store.getItem(key) ?? "null"));
    } catch (error) {
      if (error instanceof SyntaxError) return null; // half a draft is none
      throw error;
    }
  };
  return {
    /** @param {string} id @param {Fields} fields @param {boolean} [sending] */
    keep(id, fields, sending = false) {
      store.setItem(prefix + id, JSON.stringify({ id, at: now(), sending, fields: keptOf(fields) }));
    },
    /** @param {string} id */
    drop: (id) => store.removeItem(prefix + id),
    /** @param {string} id @returns {Draft | null} */
    get: (id) => read(prefix + id),
    /** Drafts of this person that are still good, the latest first; old ones of anybody go. @returns {Draft[]} */
    all() {
      for (const key of all()) {
        const held = read(key);
        if (!held || !(now() - held.at < KEPT_MS)) store.removeItem(key);
      }
      const mine = all().filter((key) => key.startsWith(prefix)).map(read);
      return mine.filter((draft) => draft !== null).sort((a, b) => b.at - a.at);
    },
  };
}

/** The browser's own store, or one that forgets where it may not be used. @param {"localStorage" | "sessionStorage"} name @returns {Storage} */
export function storeOf(name) {
  try {
    const store = window[name];
    store.setItem(`${PREFIX}?`, "");
    store.removeItem(`${PREFIX}?`);
    return store;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return forgetful();
  }
}

/** @returns {Storage} */
function forgetful() {
  /** @type {Map<string, string>} */
  const held = new Map();
  return {
    get length() { return held.size; },
    key: (i) => [...held.keys()][i] ?? null,
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
    clear: () => held.clear(),
  };
}
