// A person's duties under the row of her account: given, moved to another area, ended.
import { address, ask, fillFrom, sentenceOf } from "./ask.js";
import { el, replace } from "./dom.js";
import { choice, field } from "./field.js";
import { picker } from "./picker.js";
import { say } from "./say.js";

/** @typedef {{id: number, role: string, net: string, area: string, area_name: string, valid_from: string, valid_to: string | null}} Duty */
/** @typedef {import("./picker.js").Choice} Choice */

const ROLES = ["grid_worker", "grid_leader", "building_leader", "street_manager", "dispatcher", "checker", "approver", "planner", "department", "auditor", "administrator"];

/** @param {string} words @returns {Promise<Choice[]>} */
async function areasCalled(words) {
  if (!words) return [];
  /** @type {{kind: string, code: string, name: string, within: string[]}[]} */
  const found = await ask(address("/api/areas/named", { q: words }));
  return found.map(({ kind, code, name, within }) => ({ code: `${kind === "grid" ? "grid" : "admin"}:${code}`, name, hint: within.join(" ") }));
}

/** @param {string} party */
export function dutiesOf(party) {
  const where = `/api/accounts/${encodeURIComponent(party)}/duties`;
  const list = el("div", {});
  const said = el("p", { class: "fault", role: "alert" });
  let place = "";
  let role = ROLES[0] ?? "";
  /** @type {Duty | null} */
  let moved = null;
  const area = picker({ id: "duty-area", find: areasCalled, took: (one) => void (place = one?.code ?? "") });
  const roles = choice("duty-role", ROLES.map((each) => [each, say(`role.${each}`)]), (value) => void (role = value), role);
  const from = el("input", { id: "duty-from", type: "date" });
  const until = el("input", { id: "duty-until", type: "date" });
  const go = el("button", { type: "submit", class: "button main networked" }, say("duty.give"));

  /** @param {string} path @param {object} told */
  async function done(path, told) {
    said.textContent = "";
    try {
      await ask(path, "POST", { told });
      moved = null;
      go.textContent = say("duty.give");
      await show();
    } catch (error) {
      said.textContent = sentenceOf(error, "what.duty");
    }
  }
  /** A second press ends it: what the person may see and do goes with it. @param {Duty} duty */
  function endButton(duty) {
    let sure = false;
    const button = el("button", { type: "button", class: "button small networked", onclick: () => {
      if (sure) return void done(`${where}/${duty.id}/end`, {});
      sure = true;
      button.textContent = say("account.sure");
    } }, say("duty.end"));
    return button;
  }
  /** @param {Duty} duty */
  function row(duty) {
    const days = duty.valid_to ? `${duty.valid_from} – ${duty.valid_to}` : say("duty.since", { day: duty.valid_from });
    return el("li", {}, el("b", {}, say(`role.${duty.role}`)), " ", duty.area_name || duty.area, " ", el("small", {}, days), " ",
      el("button", { type: "button", class: "button small", onclick: () => {
        moved = moved?.id === duty.id ? null : duty;
        go.textContent = moved ? say("duty.move-to", { area: duty.area_name || duty.area }) : say("duty.give");
        area.input.focus();
      } }, say("duty.move")), " ",
      endButton(duty));
  }
  async function show() {
    /** @type {Duty[]} */
    const duties = await fillFrom(list, "what.duties", () => ask(where));
    list.removeAttribute("aria-busy");
    replace(list, el("ul", { class: "duties" }, duties.length ? duties.map(row) : el("li", {}, say("duty.none"))));
  }
  const form = el("form", { class: "form duty-form", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    const [net, code] = place.split(":");
    void done(where, { role: moved ? moved.role : role, net: net || "admin", area: code ?? "", valid_from: from.value || null, valid_to: until.value || null, instead: moved?.id ?? null });
  } }, field("duty.role", roles).room, field("duty.area", area.input, { room: area.room }).room, field("duty.from", from).room, field("duty.until", until).room, said, go);
  void show();
  return el("section", { "aria-label": say("duty.title") }, list, form);
}
