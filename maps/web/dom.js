// Elements made by hand: text always goes in as text, never as markup.

const STEERING = /[\u202a-\u202e\u2066-\u2069]/gu;

/** Text without the marks that turn what stands around it: 户数 typed after one would read backwards. @param {string} text */
export function unsteered(text) {
  return text.replace(STEERING, "");
}

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, unknown>} [props] @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  dress(node, props);
  fillWith(node, children);
  return node;
}

/** @param {string} tag @param {Record<string, unknown>} [props] @param {...(Child | Child[])} children */
export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  dress(node, props);
  fillWith(node, children);
  return node;
}

/** @param {string} name */
export function icon(name) {
  return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `#i-${name}` }));
}

/** @template {HTMLElement} T @param {T} node @param {...(Child | Child[])} children @returns {T} */
export function replace(node, ...children) {
  node.replaceChildren();
  fillWith(node, children);
  return node;
}

/** What `draw` puts there anew; whoever types into what it puts back goes on typing. @param {() => void} draw */
export function undisturbed(draw) {
  const held = document.activeElement;
  draw();
  if (held instanceof HTMLElement && held.isConnected) held.focus();
}

/** The element with this id, which the page's skeleton holds. @param {string} id */
export function part(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`no element #${id}`);
  return node;
}

/** 1 where the page is shown on a dark ground: it says that it can be, and the person wants it. @returns {0 | 1} */
export function darkened() {
  const can = document.querySelector('meta[name="color-scheme"][content*="dark"]');
  return can && window.matchMedia("(prefers-color-scheme: dark)").matches ? 1 : 0;
}

/** Called whenever the person's wish turns, with what `darkened` says then. @param {(base: 0 | 1) => void} act */
export function whenDarkened(act) {
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => act(darkened()));
}

/** What the page was told by the server. @returns {Record<string, any>} */
export function config() {
  return JSON.parse(part("config").textContent || "{}");
}

/** @param {Element} node @param {Record<string, unknown>} props */
function dress(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === "css") Object.assign(/** @type {HTMLElement} */ (node).style, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
}

/** @param {Element} node @param {(Child | Child[])[]} children */
function fillWith(node, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : unsteered(String(child)));
  }
}
