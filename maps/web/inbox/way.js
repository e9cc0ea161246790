// Where one of an inbox is: its place in its grid, as its phone shows it, and the maps that lead there.
import { ask } from "../ask.js";
import { el, replace, whenDarkened } from "../dom.js";
import { landMap } from "../phone/land.js";
import { english, say } from "../say.js";
import { isPlaced } from "./map.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {{lon: number, lat: number, coordinates: string, ways: {key: string, zh: string, en: string, url: string}[], ground: import("../phone/land.js").Ground | null}} Way */

/** @type {Map<number, Promise<Way>>} what was read stays: a card is shown anew with every step */
const read = new Map();
/** @type {ReturnType<typeof landMap> | null} the one of the open card */
let shown = null;
whenDarkened(() => shown?.draw());

/** @param {HTMLElement} room @param {Row} row */
export async function showWay(room, row) {
  if (row.issue === null || !isPlaced(row)) return;
  const asked = read.get(row.issue) ?? ask(`/api/issues/${row.issue}/way`);
  read.set(row.issue, asked);
  try {
    const told = /** @type {Way} */ (await asked);
    const land = el("div", { class: "land" });
    replace(room, el("h3", {}, say("way.title")), land, el("div", { class: "row" }, told.ways.map((way) => el("a", { class: "button small", href: way.url, target: "_blank", rel: "noopener noreferrer" }, english ? way.en : way.zh))),
      el("p", { class: "note" }, say("way.at", { at: told.coordinates })));
    shown = landMap(land, { ground: told.ground, at: told, state: row.state, name: row.grid_name ?? "", place: row.address ?? "" });
  } catch {
    read.delete(row.issue); // the map beside it shows the place as well
    room.hidden = true;
  }
}
