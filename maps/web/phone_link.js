// 手机链接: a task on its holder's phone, by a code to be read off the screen or an address to be sent.
import { ask, sentenceOf } from "./ask.js";
import { config, el, replace } from "./dom.js";
import { clock, say } from "./say.js";

/** @typedef {{id: number, url: string, qr: string, party_name: string, expires_at: string}} Link */
const OPEN = ["sent", "taken", "returned", "held"];

/** The button of a task that whoever sends work out has; null where there is nothing to open. @param {{id: number, state: string, party_name: string}} task */
export function phoneLink(task) {
  if (config().who?.role !== "dispatcher" || !OPEN.includes(task.state)) return null;
  const room = el("div", { class: "phone-link" });
  const make = async () => {
    try {
      show(await ask(`/api/tasks/${task.id}/links`, "POST"));
    } catch (error) {
      replace(room, el("p", { class: "fault", role: "alert" }, sentenceOf(error, "what.link")));
    }
  };
  /** @param {Link} link */
  const show = (link) => {
    const address = el("input", { readonly: true, value: link.url, "aria-label": say("link.address") });
    const said = el("p", { class: "note", role: "status" }, say("link.said", { who: link.party_name, at: clock(link.expires_at) }));
    const copy = async () => {
      address.select();
      await navigator.clipboard?.writeText(link.url);
      replace(said, say("link.copied"));
    };
    const revoke = async () => {
      try {
        await ask(`/api/links/${link.id}`, "DELETE");
        replace(room, el("p", { class: "note", role: "status" }, say("link.revoked")));
      } catch (error) {
        replace(said, sentenceOf(error, "what.link"));
      }
    };
    replace(room, el("img", { src: link.qr, alt: say("link.code", { who: link.party_name }), width: 220, height: 220 }), address, said,
      el("div", { class: "row" }, el("button", { type: "button", class: "button small", onclick: copy }, say("link.copy")), el("button", { type: "button", class: "button small networked", onclick: revoke }, say("link.revoke"))));
  };
  return [el("button", { type: "button", class: "button small networked", "data-link": task.id, onclick: make }, say("link.make")), room];
}
