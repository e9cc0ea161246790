// A link becomes this phone's once a person touches its page: what opens pages before people do has no finger.
import { ask } from "./http.js";

var SIGNS = ["touchstart", "mousedown", "keydown", "click"];

/** Binds the link at the first touch that reaches the server. @param {number} link @param {() => void} done */
export function whenTouched(link, done) {
  var asking = false;
  /** @param {Event} event */
  function touched(event) {
    if (asking || event.isTrusted === false) return; // made by a script; old web views do not say
    asking = true;
    ask("POST", "/api/phone/" + link + "/device").then(function (answer) {
      asking = false;
      if (answer.status === 0 || answer.status >= 500 || answer.status === 429) return; // with the next touch
      SIGNS.forEach(function (name) { document.removeEventListener(name, touched, true); });
      done();
    });
  }
  SIGNS.forEach(function (name) { document.addEventListener(name, touched, true); });
}
