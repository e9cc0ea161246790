// Photos of an issue or a task, with where each was taken, and the way to add one.
import { ask, sentenceOf } from "./ask.js";
import { el } from "./dom.js";
import { english, say } from "./say.js";

/** @typedef {{id: number, stage: string, zh: string, en: string, href: string, made_at?: string, at?: string, finding: string}} Photo */

const STAGES = ["before", "after"];

/** @param {string} at where they are sent @param {Photo[]} photos @param {{wanted: boolean, kept: () => void}} more `wanted`: the work is not finished without one */
export function photosSaid(at, photos, { wanted, kept }) {
  const said = el("p", { class: "fault", role: "alert" });
  const wait = el("p", { class: "note", role: "status" });
  const add = (/** @type {string} */ stage) => {
    const input = el("input", { type: "file", accept: "image/*", id: `photo-${stage}`, class: "unseen", onchange: () => input.files?.[0] && send(stage, input.files[0]) });
    return [input, el("label", { class: "button small networked", for: `photo-${stage}` }, say(`file.add-${stage}`))];
  };
  /** @param {string} stage @param {File} file */
  async function send(stage, file) {
    [said.textContent, wait.textContent] = ["", say("file.sending")];
    try {
      await ask(`${at}?stage=${stage}`, "POST", { file });
      kept();
    } catch (error) {
      said.textContent = sentenceOf(error, "what.photo");
    }
    wait.textContent = "";
  }
  return el("section", {}, el("h3", {}, say("file.photos"), wanted ? el("small", { class: "tag amber" }, say("file.needs-photo")) : null),
    photos.length ? el("ul", { class: "photos" }, photos.map(photoShown)) : el("p", { class: "note" }, say("file.no-photo")),
    el("div", { class: "row" }, STAGES.flatMap(add)), wait, said);
}

/** @param {Photo} photo */
function photoShown(photo) {
  const words = english ? photo.en : photo.zh;
  return el("li", {}, el("a", { href: photo.href, target: "_blank", rel: "noopener" }, el("img", { src: photo.href, alt: `${say(`stage.${photo.stage}`)}${say("comma")}${words}`, loading: "lazy" })),
    el("b", {}, say(`stage.${photo.stage}`)), el("span", { class: photo.finding === "away" ? "note amber" : "note" }, words));
}
