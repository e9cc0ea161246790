// Elements made by hand, in the language of 2015: text always goes in as text, never as markup.

/** @typedef {any} Child a node, a text, a number, nothing, or a list of these */

/** @param {string} tag @param {Record<string, any>} [props] @param {Child} [children] @returns {any} */
export function el(tag, props, children) {
  return dress(document.createElement(tag), props, children);
}

/** @param {string} tag @param {Record<string, any>} [props] @param {Child} [children] @returns {any} */
export function svg(tag, props, children) {
  return dress(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

// What a control is known by once it is drawn anew.
var KNOWN = ["id", "href", "data-step", "data-act", "data-door", "data-found", "data-grid"];

/** What stands in a node is another from now on; who goes by keys stays where they were. @param {any} node @param {Child} children */
export function replace(node, children) {
  var at = document.activeElement;
  var inside = at !== node && node.contains(at);
  var nth = inside ? alike(node, at).indexOf(at) : 0;
  while (node.firstChild) node.removeChild(node.firstChild);
  fill(node, children);
  if (inside) stay([node.contains(at) ? at : alike(node, at)[nth]].concat(grounds(node)));
  return node;
}

/** Controls in a node that are known by the same. @param {any} node @param {any} at @returns {any[]} */
function alike(node, at) {
  return [].filter.call(node.querySelectorAll(at.tagName), function (/** @type {any} */ each) {
    return KNOWN.every(function (name) { return each.getAttribute(name) === at.getAttribute(name); });
  });
}

/** What may be gone on from where the control is no more, the nearest first. @param {any} node @returns {any[]} */
function grounds(node) {
  var found = [];
  for (var up = node; up && up.getAttribute; up = up.parentNode) if (up.hasAttribute("tabindex")) found.push(up);
  return found.concat(node.querySelector("[tabindex]"), document.querySelector("main"));
}

/** The first of these that can be is focused: what is hidden cannot. @param {any[]} nodes */
function stay(nodes) {
  nodes.some(function (node) {
    if (node) node.focus({ preventScroll: true });
    return node && document.activeElement === node;
  });
}

/** @param {any} node @param {Record<string, any> | undefined} props @param {Child} children */
function dress(node, props, children) {
  Object.keys(props || {}).forEach(function (name) {
    var value = /** @type {any} */ (props)[name];
    if (value === null || value === undefined || value === false) return;
    if (name.indexOf("on") === 0) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  });
  fill(node, children);
  return node;
}

/** Text without the marks that turn what stands around it. @param {string} text */
export function unsteered(text) {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
}

/** @param {any} node @param {Child} child */
function fill(node, child) {
  if (child === null || child === undefined || child === false) return;
  if (Array.isArray(child)) child.forEach(function (each) { fill(node, each); });
  else node.appendChild(child.nodeType ? child : document.createTextNode(unsteered(String(child))));
}

/** @type {Record<string, string>} 24 grid, stroked. */
var ICONS = {
  way: "M12 3l7 17-7-4-7 4z", copy: "M8 8h12v12H8zM4 16V4h12", tick: "M5 12.5l4.5 4.5L19 7.5", clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2",
  off: "M3 3l18 18M8.5 13.6a5 5 0 0 1 7 0M5 10a10 10 0 0 1 4-2.4M13 7.1A10 10 0 0 1 19 10M2 7a15 15 0 0 1 4.5-2.8M11 4a15 15 0 0 1 11 3M12 17.5v.1",
  warn: "M12 4L2.8 20h18.4L12 4zM12 10v4.5M12 17.4v.1", plus: "M12 5v14M5 12h14", minus: "M5 12h14", fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5", back: "M15 5l-7 7 7 7",
};

/** @param {string} name */
export function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
}
