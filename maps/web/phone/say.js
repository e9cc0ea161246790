// Words of the phone in its language; moments as the city's clocks show them.
import { WORDS } from "./words.js";

export var english = typeof document !== "undefined" && (document.documentElement.lang || "").indexOf("en") === 0;

/** `{n}` is the value of that name, `{n:task|tasks}` the first where it is one, else the second. @param {string} key @param {Record<string, any>} [values] */
export function say(key, values) {
  var word = WORDS[key];
  if (!word) return key;
  return word[english ? 1 : 0].replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, function (whole, name, one, many) {
    if (!values || !(name in values)) return whole;
    return one === undefined ? String(values[name]) : String(values[name]) === "1" ? one : many;
  });
}

/** The word of what has two. @param {{zh: string, en: string}} told */
export function either(told) {
  return english ? told.en : told.zh;
}

var MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** ISO 8601 in milliseconds: old engines read no microseconds and no offset without a colon. @param {string} iso */
export function instant(iso) {
  var found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?(?:\.(\d{1,3})\d*)?(Z|[+-]\d\d:?\d\d)?$/.exec(iso || "");
  if (!found) return NaN;
  var at = Date.UTC(+found[1], +found[2] - 1, +found[3], +found[4], +found[5], +(found[6] || 0), +((found[7] || "0") + "00").slice(0, 3));
  var zone = /^([+-])(\d\d):?(\d\d)$/.exec(found[8] || "");
  return zone ? at - (zone[1] === "-" ? -1 : 1) * (+zone[2] * 60 + +zone[3]) * 60000 : at;
}

/** @param {number} n */
function two(n) {
  return (n < 10 ? "0" : "") + n;
}

/** China keeps UTC+8 all year, wherever the phone thinks it is. @param {string | number} moment */
export function clock(moment) {
  var at = new Date((typeof moment === "number" ? moment : instant(moment)) + 8 * 3600000);
  if (isNaN(at.getTime())) return "";
  var day = english ? at.getUTCDate() + " " + MONTHS[at.getUTCMonth()] : at.getUTCMonth() + 1 + " 月 " + at.getUTCDate() + " 日";
  return day + " " + hour(at.getTime() - 8 * 3600000);
}

/** @param {number} at */
export function hour(at) {
  var there = new Date(at + 8 * 3600000);
  return two(there.getUTCHours()) + ":" + two(there.getUTCMinutes());
}

/** How long: days and hours, or minutes. @param {number} ms */
export function span(ms) {
  var minutes = Math.max(1, Math.round(Math.abs(ms) / 60000));
  var days = Math.floor(minutes / 1440);
  var hours = Math.floor((minutes % 1440) / 60);
  var parts = [];
  if (days) parts.push(say("phone.d", { n: days }));
  if (hours && days < 10) parts.push(say("phone.h", { n: hours }));
  if (!days && !hours) parts.push(say("phone.m", { n: minutes }));
  return parts.join(" ");
}

/** How far, in metres or kilometres. @param {number} metres */
export function far(metres) {
  return metres < 1000 ? say("phone.metres", { n: Math.round(metres) }) : say("phone.kilometres", { n: Math.round(metres / 1000) });
}

/** @typedef {{kind: string | null, name: string | null} | null | undefined} Above the area of whoever a task would be reported up to */

/** What a step is called: reporting up by where it goes. @param {import("./task.js").Step} step @param {Above} above */
export function stepWord(step, above) {
  var key = "phone.step." + step.step, placed = key + "-" + (above && above.kind);
  var word = say(WORDS[placed] ? placed : key);
  return word === key ? either(step) : word;
}

/** An address without what the name of its grid says already: the community, and what lies before it. @param {string | null | undefined} address @param {string | null | undefined} grid */
export function nearAddress(address, grid) {
  var community = (grid || "").replace(/第\d+网格$/, "");
  var at = community && community !== grid ? (address || "").indexOf(community) : -1;
  return at < 0 ? address : /** @type {string} */ (address).slice(at + community.length).replace(/^\s+/, "") || address;
}

/** A building: what it is called, and where it is, where its name does not say so; "2号楼" alone is many. @param {{name: string, code: string, address?: string | null}} building @param {string} grid @returns {[string, string]} */
export function buildingSaid(building, grid) {
  var name = building.name || building.code, near = nearAddress(building.address, grid) || "";
  var ends = near.length > name.length && near.slice(-name.length) === name;
  return ends ? [near, ""] : [name, near];
}

var TITLE = 60; // letters

/** @param {{text: string, service: string, number: string}} task */
export function titleOf(task) {
  var first = String(task.text || "").split(/[。！？；\n]/)[0].replace(/^\s+|\s+$/g, "");
  return first.slice(0, TITLE) || task.service || task.number;
}
