// The bar on top of every page: who acts, what waits for them, the menu of all pages, the language.
import { ask } from "./ask.js";
import { el, icon, part } from "./dom.js";
import { say } from "./say.js";

const YEAR_S = 31_536_000;

/** Bring the bar to life. @param {{name: string, role: string} | null | undefined} who acts */
export function topBar(who) {
  keepLanguage();
  closeMenu();
  document.addEventListener("click", once, true);
  showWho(who);
}

/** The second tap of a double tap sends nothing again. @param {MouseEvent} event */
function once(event) {
  const sends = event.target instanceof Element && event.target.closest("button.networked, form button:not([type=button])");
  if (event.detail < 2 || !sends) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** A menu that was opened closes by Esc and by a press beside it. */
function closeMenu() {
  const menu = /** @type {HTMLDetailsElement} */ (part("menu"));
  document.addEventListener("pointerdown", (event) => {
    if (menu.open && !menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  }, true);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}

/** The next page is in the language of this one, and the switch keeps every other part of the address. */
function keepLanguage() {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `jingwei_lang=${document.documentElement.lang}; path=/; max-age=${YEAR_S}; samesite=lax${secure}`;
  keepAddressInLanguageLink();
}

/** Who acts, as the bar says it. @param {{name: string, role: string} | null | undefined} who */
function showWho(who) {
  const room = document.getElementById("who");
  if (!room || !who) return;
  const role = say(`role.${who.role}`);
  room.replaceChildren(...(who.role ? [`${role} `] : []), el("b", {}, who.name));
  room.hidden = false;
  void ring();
}

const RING_MS = 60_000;
const MOST_RUNG = 100;

/** How many notices whoever acts has not read, at the bell; asked again each minute while the page is looked at. */
async function ring() {
  const bell = document.getElementById("bell");
  if (!bell) return;
  bell.hidden = false;
  const unread = document.hidden ? null : await ask(`/api/notices?limit=${MOST_RUNG}`).then((all) => all.length, () => null);
  if (unread !== null) {
    bell.querySelector("b")?.remove();
    if (unread) bell.append(el("b", {}, unread < MOST_RUNG ? unread : `${MOST_RUNG - 1}+`));
    bell.setAttribute("aria-label", unread ? say("notice.bell-n", { n: unread }) : say("notice.bell"));
  }
  setTimeout(ring, RING_MS);
}

/** The path of names in the top bar. @param {string[]} names */
export function showScope(names) {
  const room = part("scope");
  room.replaceChildren(icon("map"), ...names.flatMap((name, i) => [i ? " › " : " ", el(i === names.length - 1 ? "b" : "span", {}, name)]));
  room.hidden = !names.length;
}

/** Keep every part of the address but the language. */
export function keepAddressInLanguageLink() {
  const link = /** @type {HTMLAnchorElement} */ (part("language"));
  const query = new URLSearchParams(location.search);
  query.set("lang", new URL(link.href).searchParams.get("lang") ?? "zh-CN");
  link.search = query.toString();
}
