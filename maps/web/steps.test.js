// Units of what may be done with an issue.
import assert from "node:assert/strict";
import { test } from "node:test";
import { OF_ISSUES, asksOf, ordered, stepWord } from "./steps.js";

const step = (/** @type {string} */ name, /** @type {number | null} */ task = null) => ({ step: name, task, zh: name, en: name, needs: [] });

test("what moves an issue on comes first, what ends it last, and what was asked for before all", () => {
  const steps = ["cancel", "urge", "refuse", "hold", "take", "whistle"].map((name) => step(name, ["refuse", "hold", "take"].includes(name) ? 1 : null));
  const told = /** @type {any} */ ({ steps, tasks: [{ id: 1, asked: "" }] });
  assert.deepEqual(ordered(told).map((s) => s.step), ["take", "whistle", "urge", "hold", "refuse", "cancel"]);
  told.tasks[0].asked = "hold";
  assert.deepEqual(ordered(told).map((s) => s.step).slice(0, 2), ["hold", "refuse"]);
});

test("what several handed in is passed at once first, one by one last", () => {
  const tasks = [1, 2].map((id) => ({ id, lead: true, state: "done", asked: "", party_name: `p${id}` }));
  const told = /** @type {any} */ ({ steps: [step("pass"), step("pass", 1), step("fail", 1), step("pass", 2), step("urge")], tasks });
  assert.deepEqual(ordered(told).map((s) => [s.step, s.task]), [["pass", null], ["fail", 1], ["urge", null], ["pass", 1], ["pass", 2]]);
  assert.equal(stepWord(told.steps[0], told), "pass（2 项一起）");
  assert.equal(stepWord(told.steps[1], told), "pass（p1）");
});

test("signing is offered where a whistle waits for it", () => {
  const told = /** @type {any} */ ({ steps: [step("sign"), step("urge")], tasks: [{ id: 1, kind: "whistle", signed_by: "p", state: "taken", asked: "" }] });
  assert.deepEqual(ordered(told).map((s) => s.step), ["urge"]);
  told.tasks[0].signed_by = null; // in an emergency afterwards
  assert.deepEqual(ordered(told).map((s) => s.step), ["sign", "urge"]);
});

test("of a task of no issue nobody asks how an issue ended, nor what its reporter says", () => {
  const asked = (/** @type {string} */ name) => asksOf({ step: name, needs: [] }).filter((each) => !OF_ISSUES.includes(each.replace("?", "")));
  assert.deepEqual([asked("pass"), asked("fail"), asked("self_close")], [["reason?"], ["reason"], ["result"]]);
});

test("a form asks for whatever the server says the step needs", () => {
  assert.deepEqual(asksOf({ step: "take", needs: [] }), []);
  assert.deepEqual(asksOf({ step: "place", needs: ["lon"] }), ["where"]);
  assert.deepEqual(asksOf({ step: "pass", needs: [] }), ["outcome?", "solved?", "satisfied?", "reason?"]);
  assert.deepEqual(asksOf({ step: "pass", needs: ["called"] }), ["outcome?", "solved?", "satisfied?", "reason?", "called"]);
  assert.deepEqual(asksOf({ step: "something_new", needs: ["reason", "lon"] }), ["reason", "spot"]);
});
