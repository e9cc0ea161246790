// Departments' nets over the draft: one at a time, so that where it runs otherwise is seen.
import { ask, sentenceOf } from "../ask.js";
import { borderPath } from "../borders.js";
import { el } from "../dom.js";
import { say } from "../say.js";

/**
 * A choice of nets in the box of switches, where there are any.
 * @param {HTMLElement} room @param {string} at address of the plan @param {import("../chart.js").World} world @param {import("./paint.js").Scene} scene
 * @param {() => void} repaint @param {(words: string) => void} failed
 */
export function netChoice(room, at, world, scene, repaint, failed) {
  ask(`${at}/nets`).then((/** @type {string[]} */ nets) => {
    if (!nets.length) return;
    const choice = el("select", { id: "department-net", onchange: () => void show(choice.value) }, el("option", { value: "" }, say("draw.no-net")), nets.map((net) => el("option", { value: net }, net)));
    room.append(el("label", { for: "department-net" }, el("span", {}, say("draw.show-net")), choice));
  }, (error) => failed(sentenceOf(error, "what.nets")));

  let turn = 0;
  /** @param {string} net */
  async function show(net) {
    const mine = ++turn;
    const told = net ? await ask(`${at}/nets/${encodeURIComponent(net)}`).catch((error) => void failed(sentenceOf(error, "what.nets"))) : null;
    if (mine !== turn) return; // another has been chosen since
    scene.department = told ? borderPath(world, told.features) : null;
    repaint();
  }
}
