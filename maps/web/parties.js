// Persons and organisations by their names, as a field offers them.
import { address, ask } from "./ask.js";

/** @typedef {import("./picker.js").Choice} Choice */

/** @param {string} words @returns {Promise<Choice[]>} */
export async function partiesCalled(words) {
  if (!words) return [];
  /** @type {{code: string, name: string, kind: string, above: string | null}[]} */
  const found = await ask(address("/api/parties", { q: words }));
  return found.map(({ code, name, above }) => ({ code, name, hint: above ?? "" }));
}
