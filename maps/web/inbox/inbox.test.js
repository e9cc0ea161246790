import assert from "node:assert/strict";
import { test } from "node:test";
import { around, metresBetween, metresOf, tripOf } from "./trip.js";

const at = (x, y) => [117 + x / 1000, 36.6 + y / 1000];

test("a trip begins where it is told to, and visits each place once", () => {
  const places = [at(5, 0), at(0, 0), at(9, 1), at(3, 3), at(5, 0)];
  const order = tripOf(places);
  assert.equal(order[0], 0);
  assert.deepEqual([...order].sort(), [0, 1, 2, 3, 4]);
  assert.deepEqual(tripOf([]), []);
  assert.deepEqual(tripOf([at(1, 1)]), [0]);
});

test("no turn of a stretch makes a trip shorter", () => {
  const places = Array.from({ length: 9 }, (_, i) => at((i * 37) % 11, (i * 53) % 7));
  const order = tripOf(places);
  for (let a = 1; a < order.length - 1; a++) for (let b = a + 1; b < order.length; b++) {
    const other = [...order.slice(0, a), ...order.slice(a, b + 1).reverse(), ...order.slice(b + 1)];
    assert.ok(metresOf(places, other) >= metresOf(places, order) - 0.02);
  }
});

test("what lies around a place is near, the nearest first, itself before all", () => {
  const places = [at(0, 0), at(1, 0), at(0, 3), at(90, 90)];
  assert.deepEqual(around(places, 0, { most: 8, reach: 2000 }), [0, 1, 2]);
  assert.deepEqual(around(places, 0, { most: 2, reach: 2000 }), [0, 1]);
  assert.ok(Math.abs(metresBetween(at(0, 0), at(0, 1)) - 111.3) < 1);
});
