// The second tap of a double one is no tap of its own: what lies under the finger by then is another button.

var WITHIN = 400; // ms between the two taps
var NEAR = 24; // px: a finger does not come down in quite the same place

/** Whether a tap is the second of two. @param {{at: number, x: number, y: number} | null} before @param {{at: number, x: number, y: number}} tap */
export function isSecond(before, tap) {
  return before !== null && tap.at >= before.at && tap.at - before.at < WITHIN && Math.abs(tap.x - before.x) < NEAR && Math.abs(tap.y - before.y) < NEAR;
}

/** Lets no second tap through to buttons and links of the page, but for those that zoom. */
export function onceATap() {
  /** @type {{at: number, x: number, y: number} | null} */
  var before = null;
  document.addEventListener("input", function () { before = null; }, true); // who writes between them means both
  document.addEventListener("click", function (event) {
    if (!event.detail) return; // of a key, or of a script
    var tap = { at: Date.now(), x: event.clientX, y: event.clientY };
    var second = isSecond(before, tap);
    before = tap;
    if (!second || !isDeed(/** @type {any} */ (event.target))) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}

/** @param {any} node */
function isDeed(node) {
  var found = false;
  for (var each = node; each && each.nodeType === 1; each = each.parentNode) {
    if (/\bzoom\b/.test(String(each.getAttribute("class")))) return false;
    found = found || /^(button|a)$/i.test(each.nodeName);
  }
  return found;
}
