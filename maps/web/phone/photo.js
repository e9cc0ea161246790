// A photo made small on the phone: at most 1,600 px and 200 kB, with when and where it was taken.
import { carried, takenOf } from "./exif.js";
import { bytesOf } from "./queue.js";

var LONGEST = 1600; // px
var MOST = 200 * 1024; // bytes
var STEPS = [[1, 0.82], [1, 0.68], [1, 0.55], [0.8, 0.6], [0.65, 0.55], [0.5, 0.5], [0.4, 0.4]]; // of the size, of the quality

/** @param {File} file @returns {Promise<{photo: string, bytes: number}>} refused with the key of the sentence that says why */
export function shrunk(file) {
  return made(file).catch(function () {
    return bufferOf(file).then(function (buffer) {
      throw new Error(isHeic(new Uint8Array(buffer)) ? "phone.photo-heic" : "phone.photo-bad");
    }, function () { throw new Error("phone.photo-bad"); });
  });
}

/** Whether a file is what phones of Apple write, and few other browsers read. @param {Uint8Array} bytes */
function isHeic(bytes) {
  return /^ftyp(hei|hev|mif1|msf1)/.test(String.fromCharCode.apply(null, [].slice.call(bytes, 4, 12)));
}

/** @param {File} file @returns {Promise<{photo: string, bytes: number}>} */
function made(file) {
  return Promise.all([drawable(file), bufferOf(file)]).then(function (both) {
    var image = both[0];
    var jpeg = smallEnough(image);
    var whole = carried(jpeg, takenOf(both[1]), turnsByItself());
    return addressOf(whole).then(function (address) { return { photo: address, bytes: whole.length }; });
  });
}

/** @param {any} image */
function smallEnough(image) {
  var wide = image.naturalWidth || image.width;
  var tall = image.naturalHeight || image.height;
  var scale = Math.min(1, LONGEST / Math.max(wide, tall));
  var base = drawn(image, Math.max(1, Math.round(wide * scale)), Math.max(1, Math.round(tall * scale))); // the photo itself is read once
  var bytes = new Uint8Array(0);
  for (var i = 0; i < STEPS.length; i += 1) {
    var canvas = STEPS[i][0] === 1 ? base : drawn(base, Math.max(1, Math.round(base.width * STEPS[i][0])), Math.max(1, Math.round(base.height * STEPS[i][0])));
    var address = canvas.toDataURL("image/jpeg", STEPS[i][1]);
    if (address.indexOf("data:image/jpeg") !== 0) throw new Error("no room to draw it"); // else nothing would be sent, as a photo
    bytes = bytesOf(address);
    if (bytes.length <= MOST - 1024) return bytes; // room for what is carried over
  }
  return bytes;
}

/** @param {any} image @param {number} wide @param {number} tall */
function drawn(image, wide, tall) {
  var canvas = document.createElement("canvas");
  canvas.width = wide;
  canvas.height = tall;
  var pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = "#FFFFFF";
  pen.fillRect(0, 0, wide, tall);
  pen.drawImage(image, 0, 0, wide, tall);
  return canvas;
}

/** Whether this browser draws a photo upright by what it says of itself. */
function turnsByItself() {
  var css = /** @type {any} */ (window).CSS;
  return Boolean(css && css.supports && css.supports("image-orientation", "from-image"));
}

/** @param {File} file @returns {Promise<any>} */
function drawable(file) {
  return new Promise(function (resolve, reject) {
    var address = window.URL.createObjectURL(file);
    var image = new Image();
    image.onload = function () { resolve(image); setTimeout(function () { window.URL.revokeObjectURL(address); }, 5000); };
    image.onerror = function () { window.URL.revokeObjectURL(address); reject(new Error("no picture")); };
    image.src = address;
  });
}

/** @param {Blob} file @returns {Promise<ArrayBuffer>} */
function bufferOf(file) {
  return new Promise(function (resolve, reject) {
    var reader = new FileReader();
    reader.onload = function () { resolve(/** @type {ArrayBuffer} */ (reader.result)); };
    reader.onerror = function () { reject(reader.error); };
    reader.readAsArrayBuffer(file.slice(0, 262144)); // what cameras say of a photo stands at its beginning
  });
}

/** A photo as text: what a web view of 2015 can keep, and any queue. @param {Uint8Array} bytes @returns {Promise<string>} */
function addressOf(bytes) {
  return new Promise(function (resolve, reject) {
    var reader = new FileReader();
    reader.onload = function () { resolve(String(reader.result)); };
    reader.onerror = function () { reject(reader.error); };
    reader.readAsDataURL(new Blob([/** @type {any} */ (bytes)], { type: "image/jpeg" }));
  });
}
