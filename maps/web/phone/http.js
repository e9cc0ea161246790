// Requests without fetch: an answer always comes, status 0 where nobody answered, or somebody else did.

/** @typedef {{status: number, told: any}} Answer */
var LONGEST = 30000; // ms: a bad network may keep a request for ever

/** @param {string} method @param {string} url @param {{json?: any, blob?: any, type?: string, headers?: Record<string, string>}} [sent] @returns {Promise<Answer>} */
export function ask(method, url, sent) {
  return new Promise(function (resolve) {
    var asked = new XMLHttpRequest();
    var body = sent && (sent.json !== undefined ? JSON.stringify(sent.json) : sent.blob);
    asked.open(method, url);
    asked.timeout = sent && sent.blob ? LONGEST * 4 : LONGEST;
    if (sent && sent.json !== undefined) asked.setRequestHeader("content-type", "application/json");
    else if (sent && sent.type) asked.setRequestHeader("content-type", sent.type);
    var headers = (sent && sent.headers) || {};
    Object.keys(headers).forEach(function (name) { asked.setRequestHeader(name, headers[name]); });
    asked.onload = function () {
      var told = read(asked.responseText);
      // A network to be signed in to says 200 to everything, in HTML: the server has heard nothing.
      var strange = told === undefined && asked.status >= 200 && asked.status < 300 && asked.status !== 204;
      resolve(strange ? { status: 0, told: null } : { status: asked.status, told: told === undefined ? null : told });
    };
    asked.onerror = asked.ontimeout = asked.onabort = function () { resolve({ status: 0, told: null }); };
    asked.send(body === undefined ? null : body);
  });
}

/** What a text says; undefined where it is no JSON. @param {string} text */
function read(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return undefined;
  }
}
