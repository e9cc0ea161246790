// A position as people paste it: two numbers, degrees and minutes, or the link of a map.
// A link says its datum where its maker has one; two bare numbers do not, and nothing is guessed.

/** @typedef {"wgs84" | "cgcs2000" | "gcj02" | "bd09"} Datum */
/** @typedef {{lon: number, lat: number, datum: Datum | null, from: string}} Pasted `from`: whose link it is, "" of bare numbers */

const LON = [73, 136]; // of China: what tells longitude from latitude
const LAT = [3, 54];
const NUMBER = String.raw`[-+]?\d{1,3}(?:\.\d+)?`;
const PAIR = new RegExp(String.raw`(${NUMBER})\s*,\s*(${NUMBER})`, "u");
const TWO = new RegExp(String.raw`^(${NUMBER})[,;/\s]+(${NUMBER})[,;\s]*$`, "u");
const LABELS = /longitude|latitude|lng|lon|lat|[东西]?经度?|[南北]?纬度?|[nesw东西南北]|[()[\]{}:=°"]/giu;
const SEXAGESIMAL = /(\d{1,3})\s*[°度]\s*(\d{1,2})\s*[′'’分]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:[″"”秒]|''))?/gu;

/**
 * Whose link → where in it the numbers are, in which order, and on which datum.
 * @type {{from: string, host: RegExp, keys: string[], lonFirst: boolean, datum: (query: URLSearchParams) => Datum}[]}
 */
const LINKS = [
  { from: "amap", host: /(^|\.)(amap|gaode)\.com$/, keys: ["position", "to", "dest", "lnglat"], lonFirst: true, datum: (q) => (q.get("coordinate") === "wgs84" ? "wgs84" : "gcj02") },
  { from: "baidu", host: /(^|\.)baidu\.com$/, keys: ["location", "destination", "latlng"], lonFirst: false, datum: (q) => /** @type {const} */ ({ wgs84: "wgs84", gcj02: "gcj02" })[q.get("coord_type") ?? ""] ?? "bd09" },
  { from: "tencent", host: /(^|\.)map\.qq\.com$/, keys: ["marker", "coord", "tocoord"], lonFirst: false, datum: (q) => (q.get("coord_type") === "1" ? "wgs84" : "gcj02") },
  { from: "apple", host: /(^|\.)apple\.com$/, keys: ["ll", "q", "daddr", "coordinate"], lonFirst: false, datum: () => "gcj02" },
];

/** What a text says of a position; null where it says none. @param {string} text @returns {Pasted | null} */
export function pasted(text) {
  const said = text.normalize("NFKC").trim();
  return geoUri(said) ?? link(said) ?? bare(said);
}

/** geo:36.66,117.02;u=30 is WGS 84 by its own rule. @param {string} said @returns {Pasted | null} */
function geoUri(said) {
  const found = /^geo:([^;?]+)/iu.exec(said);
  const pair = found && PAIR.exec(found[1]);
  return pair ? placed(Number(pair[2]), Number(pair[1]), "wgs84", "geo") : null;
}

/** @param {string} said @returns {Pasted | null} */
function link(said) {
  const found = /https?:\/\/[^\s"'<>]+/iu.exec(said);
  const url = found && URL.canParse(found[0]) ? new URL(found[0]) : null;
  const maker = url && LINKS.find(({ host }) => host.test(url.hostname));
  if (!url || !maker) return null;
  for (const key of maker.keys) {
    const pair = PAIR.exec(url.searchParams.get(key) ?? "");
    if (!pair) continue;
    const [first, second] = [Number(pair[1]), Number(pair[2])];
    return placed(maker.lonFirst ? first : second, maker.lonFirst ? second : first, maker.datum(url.searchParams), maker.from);
  }
  return null;
}

/** Two numbers alone, in either order: in China one of them can only be the longitude. @param {string} said @returns {Pasted | null} */
function bare(said) {
  const parts = [...said.matchAll(SEXAGESIMAL)].map(([, d, m, s]) => Number(d) + Number(m) / 60 + Number(s ?? 0) / 3600);
  const pair = TWO.exec(said.replace(LABELS, " ").trim());
  const two = parts.length === 2 ? parts : pair && [Number(pair[1]), Number(pair[2])];
  if (!two) return null;
  const swapped = within(two[1], LON) && within(two[0], LAT);
  return placed(swapped ? two[1] : two[0], swapped ? two[0] : two[1], null, "");
}

/** @param {number} lon @param {number} lat @param {Datum | null} datum @param {string} from @returns {Pasted | null} */
function placed(lon, lat, datum, from) {
  return within(lon, LON) && within(lat, LAT) ? { lon, lat, datum, from } : null;
}

/** @param {number} value @param {number[]} range */
const within = (value, [low, high]) => value >= low && value <= high;
