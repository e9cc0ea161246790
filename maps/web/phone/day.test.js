import assert from "node:assert/strict";
import { test } from "node:test";
import { inTurn } from "./day.js";
import { stepWord } from "./say.js";
import { whatToDo } from "./task.js";

const TAKEN = { state: "taken", is_held: true, needs_photo: false };

test("what is to do stands before what waits for others, and both before what is done", () => {
  const tasks = ["closed", "sent", "held", "taken", "withdrawn", "returned", "done"].map((state, n) => ({ state, n }));
  assert.deepEqual(inTurn(tasks).map((task) => task.n), [1, 3, 2, 5, 0, 4, 6]);
});

test("reporting up is called by where it goes", () => {
  const step = { step: "escalate", zh: "上报", en: "report up", needs: [] };
  const words = ["community", "subdistrict", "district", null].map((kind) => stepWord(step, { kind, name: "" }));
  assert.deepEqual(words, ["上报社区", "上报街道", "上报", "上报"]);
  assert.equal(stepWord(step, null), "上报");
});

test("what a sender wrote ends before the next sentence begins", () => {
  const said = (/** @type {string} */ told) => whatToDo(/** @type {any} */ ({ ...TAKEN, told }));
  assert.match(said("先围挡"), /^先围挡。到场处理/);
  assert.match(said("先围挡！"), /^先围挡！到场处理/);
  assert.match(said(""), /^到场处理/);
});
