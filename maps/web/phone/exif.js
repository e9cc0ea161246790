// When and where a photo was taken, carried over to its smaller copy; nothing else of its metadata.

var TIFF = 10; // bytes before the directory's own offsets begin: marker, length, "Exif\0\0"
/** Bytes a value takes, by its type. @type {Record<number, number>} */
var SIZES = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };
var MOST = 256; // bytes of one value: a position or a moment takes no more

/** @typedef {{tag: number, type: number, count: number, bytes: number[]}} Entry */

/** Where the metadata's segment begins; -1: there is none. @param {DataView} view */
function segmentOf(view) {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return -1;
  for (var at = 2; at + 10 < view.byteLength && view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint16(at) === 0xffda) return -1;
    if (view.getUint16(at) === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return at;
  }
  return -1;
}

/** @param {DataView} view @param {number} start @param {number} offset @param {boolean} little @returns {Entry[]} */
function directory(view, start, offset, little) {
  /** @type {Entry[]} */
  var entries = [];
  var at = start + offset;
  if (offset < 8 || at + 2 > view.byteLength) return entries;
  var count = view.getUint16(at, little);
  for (var i = 0; i < count; i += 1) {
    var row = at + 2 + i * 12;
    if (row + 12 > view.byteLength) break;
    var type = view.getUint16(row + 2, little);
    var many = view.getUint32(row + 4, little);
    var size = (SIZES[type] || 0) * many;
    if (!size || size > MOST) continue;
    var from = size > 4 ? start + view.getUint32(row + 8, little) : row + 8;
    if (from + size > view.byteLength) continue;
    entries.push({ tag: view.getUint16(row, little), type: type, count: many, bytes: big(view, from, size, type, little) });
  }
  return entries;
}

/** A value's bytes with the greatest first, as they are written again. @param {DataView} view @param {number} from @param {number} size @param {number} type @param {boolean} little */
function big(view, from, size, type, little) {
  var unit = type === 3 ? 2 : type === 4 || type === 5 || type === 9 || type === 10 ? 4 : 1;
  var bytes = [];
  for (var at = 0; at < size; at += unit) {
    for (var i = 0; i < unit; i += 1) bytes.push(view.getUint8(from + at + (little ? unit - 1 - i : i)));
  }
  return bytes;
}

/** @param {Entry[]} entries @param {number} tag */
function pointer(entries, tag) {
  var found = entries.filter(function (entry) { return entry.tag === tag && entry.type === 4; })[0];
  return found ? ((found.bytes[0] * 256 + found.bytes[1]) * 256 + found.bytes[2]) * 256 + found.bytes[3] : 0;
}

/** What a photo says of where and when: its directories, without anything else. @param {ArrayBuffer} buffer */
export function takenOf(buffer) {
  var view = new DataView(buffer);
  var at = segmentOf(view);
  /** @type {{orientation: number, camera: Entry[], place: Entry[]}} */
  var none = { orientation: 1, camera: [], place: [] };
  if (at < 0 || at + TIFF + 8 > view.byteLength) return none;
  var start = at + TIFF;
  var little = view.getUint16(start) === 0x4949;
  var first = directory(view, start, view.getUint32(start + 4, little), little);
  var turned = first.filter(function (entry) { return entry.tag === 0x0112; })[0];
  return {
    orientation: turned ? turned.bytes[1] : 1,
    camera: directory(view, start, pointer(first, 0x8769), little).filter(function (entry) { return entry.tag === 0x9003 || entry.tag === 0x9011; }),
    place: directory(view, start, pointer(first, 0x8825), little).filter(function (entry) { return entry.tag <= 0x001f && entry.type !== 7; }),
  };
}

/** @param {number} value @param {number} size */
function number(value, size) {
  var bytes = [];
  for (var i = size - 1; i >= 0; i -= 1) bytes.push(Math.floor(value / Math.pow(256, i)) % 256);
  return bytes;
}

/** A directory's bytes, its longer values behind it. @param {Entry[]} entries @param {number} offset */
function written(entries, offset) {
  /** @type {number[]} */
  var rows = number(entries.length, 2);
  /** @type {number[]} */
  var behind = [];
  var after = offset + 2 + entries.length * 12 + 4;
  entries.slice().sort(function (a, b) { return a.tag - b.tag; }).forEach(function (entry) {
    rows = rows.concat(number(entry.tag, 2), number(entry.type, 2), number(entry.count, 4));
    if (entry.bytes.length <= 4) rows = rows.concat(entry.bytes.concat([0, 0, 0, 0]).slice(0, 4));
    else {
      rows = rows.concat(number(after + behind.length, 4));
      behind = behind.concat(entry.bytes, entry.bytes.length % 2 ? [0] : []);
    }
  });
  return rows.concat(number(0, 4), behind);
}

/** A JPEG that says of itself what another said; `turned` where it is drawn upright already. @param {Uint8Array} jpeg @param {ReturnType<typeof takenOf>} taken @param {boolean} upright @returns {Uint8Array} */
export function carried(jpeg, taken, upright) {
  var orientation = upright ? 1 : taken.orientation;
  if (orientation === 1 && !taken.camera.length && !taken.place.length) return jpeg;
  var camera = 8 + 2 + 3 * 12 + 4;
  var cameraBytes = written(taken.camera, camera);
  var place = camera + cameraBytes.length;
  var placeBytes = written(taken.place, place);
  /** @type {Entry[]} */
  var first = [
    { tag: 0x0112, type: 3, count: 1, bytes: number(orientation, 2) },
    { tag: 0x8769, type: 4, count: 1, bytes: number(camera, 4) },
    { tag: 0x8825, type: 4, count: 1, bytes: number(place, 4) },
  ];
  var body = [0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8].concat(written(first, 8), cameraBytes, placeBytes);
  var head = [0xff, 0xd8, 0xff, 0xe1].concat(number(body.length + 2, 2), body);
  var whole = new Uint8Array(head.length + jpeg.length - 2);
  whole.set(head, 0);
  whole.set(jpeg.subarray(2), head.length);
  return whole;
}
