// Words of the page in its language, figures as people write them.
import { WORDS } from "./words.js";

export const english = (globalThis.document?.documentElement.lang ?? "zh-CN").startsWith("en");

/** The word of a key, its `{values}` filled in. @param {string} key @param {Record<string, unknown>} [values] */
export function say(key, values = {}) {
  const word = WORDS[key];
  if (!word) return key;
  return fill(word[english ? 1 : 0], values);
}

/** `{n}` is the value of that name, `{n:issue|issues}` the first where it is one, else the second. @param {string} template @param {Record<string, unknown>} values */
export function fill(template, values) {
  return template.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (whole, name, one, many) => {
    if (!(name in values)) return whole;
    return one === undefined ? String(values[name]) : String(values[name]) === "1" ? one : many;
  });
}

const FIGURES = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A whole number with thousands: 1,763. @param {number | null | undefined} n */
export function figure(n) {
  return n === null || n === undefined ? say("none") : FIGURES.format(Math.round(n));
}

/** Minutes that something took: what took less than one is not told as nothing. @param {number} minutes */
export const inMinutes = (minutes) => (minutes < 0.5 ? "<1" : figure(minutes));

/** A whole number where there is little room: 1,763, from ten thousand on 1.7万 or 17k. @param {number} n */
export function short(n) {
  if (n < 10_000) return figure(n);
  return english ? `${figure(n / 1000)}k` : `${Number((n / 10_000).toPrecision(2))}万`;
}

/** 剩 1 天 2 小时, or 已超期 2 小时; empty where there is no date. @param {string | null | undefined} due @param {number} now */
export function timeLeft(due, now) {
  const at = asDate(due);
  if (!at) return "";
  const minutes = Math.round(Math.abs(at.getTime() - now) / 60_000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  const parts = [days ? say("days", { n: days }) : "", hours && days < 10 ? say("hours", { n: hours }) : "", days || hours ? "" : say("minutes", { n: minutes })];
  return say(at.getTime() < now ? "time-over" : "time-left", { time: parts.filter(Boolean).join(" ") });
}

/** 11 月 24 日 18:00, or 24 Nov 18:00. @param {string | Date | null | undefined} moment */
export function clock(moment) {
  const at = inCity(moment);
  return at ? `${day(moment)} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}` : say("none");
}

/** @param {string | Date | null | undefined} moment */
export function day(moment) {
  const at = inCity(moment);
  if (!at) return say("none");
  return english
    ? at.toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" })
    : `${at.getUTCMonth() + 1} 月 ${at.getUTCDate()} 日`;
}

/** A date whose UTC fields are the city's: China keeps UTC+8 all year, wherever the screen stands. @param {string | Date | null | undefined} moment */
function inCity(moment) {
  const at = asDate(moment);
  return at && new Date(at.getTime() + 8 * 3_600_000);
}

/** @param {string | Date | null | undefined} moment */
function asDate(moment) {
  if (!moment) return null;
  const at = new Date(moment);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** @param {number} n */
function two(n) {
  return String(n).padStart(2, "0");
}
