import assert from "node:assert/strict";
import { test } from "node:test";
import { MEASURES, bestOf, written } from "./measures.js";

const measure = (key) => MEASURES.find((m) => m.key === key);

test("more grids in band are better, even of another number", () => {
  assert.equal(bestOf(measure("in_band"), [[11, 24], [22, 24]]), 1);
  assert.equal(bestOf(measure("in_band"), [[10, 10], [11, 12]]), 0);
});

test("fewer broken pieces, a smaller spread and rounder grids are better", () => {
  assert.equal(bestOf(measure("pieces"), [2, 0]), 1);
  assert.equal(bestOf(measure("most_least"), [[604, 125], [588, 125]]), 1);
  assert.equal(bestOf(measure("compactness"), [0.43, 0.33]), 0);
});

test("a draw or a missing figure has no better side", () => {
  assert.equal(bestOf(measure("pieces"), [0, 0]), -1);
  assert.equal(bestOf(measure("moved"), [null, 2899]), -1);
  assert.equal(bestOf(measure("compactness"), [0.521, 0.524, 0.4]), -1);
  assert.equal(bestOf(measure("edges"), [null, 0.971, 0.969, 0.9]), -1);
  assert.equal(bestOf(measure("moved"), [null, 2899, 1102]), 2);
});

test("figures are written as people write them", () => {
  assert.equal(written(measure("moved"), 2899), "2,899");
  assert.equal(written(measure("in_band"), [11, 24]), "11 / 24");
  assert.equal(written(measure("compactness"), 0.4), "0.40");
  assert.equal(written(measure("moved"), null), "—");
});
