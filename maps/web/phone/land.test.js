import assert from "node:assert/strict";
import { test } from "node:test";
import { moveBy } from "./land_marks.js";

globalThis.window = /** @type {any} */ ({ addEventListener() {} });

test("a map that was pinched stays where it is, whichever finger is lifted first", () => {
  const heard = /** @type {Record<string, (event: any) => void>} */ ({}), moves = [], pinches = [];
  const canvas = /** @type {any} */ ({ addEventListener: (name, act) => { heard[name] = act; } });
  moveBy(canvas, (...by) => moves.push(by), (by) => pinches.push(by));
  const touch = (name, ...at) => heard[name]({ touches: at.map(([clientX, clientY]) => ({ clientX, clientY })), preventDefault() {} });
  touch("touchstart", [100, 100]);
  touch("touchmove", [110, 105]);
  touch("touchstart", [110, 105], [210, 105]);
  touch("touchmove", [90, 105], [290, 105]);
  touch("touchend", [290, 105]);
  touch("touchmove", [291, 107]);
  touch("touchend");
  assert.deepEqual(moves, [[10, 5], [1, 2]]);
  assert.deepEqual(pinches, [2]);
});
