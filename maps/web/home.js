// The first page: who begins where, and the plans there are.
import { ask, fillFrom, showEmpty } from "./ask.js";
import { topBar } from "./bar.js";
import { config, el, icon, part, replace } from "./dom.js";
import { say } from "./say.js";
import { watchNetwork } from "./stage.js";

/** Who, and the page where they begin; without one, what they type. @type {[string, string | null][]} */
const DOORS = [["planner", "/plans"], ["dispatcher", "/issues"], ["leader", "/leader"], ["department", "/inbox"], ["worker", "/issues"], ["resident", "/report"], ["importer", null]];

/** What is nobody's beginning and everybody's way. @type {[string, string][]} */
const BESIDE = [["/issues/new", "entry.title"], ["/notices", "notice.title"], ["/ledgers", "ledger.title"], ["/tasks", "task.title"], ["/hooks", "hook.title"], ["/accounts", "account.title"], ["/audit", "audit.title"]];

/** Role → the door of who has it. @type {Record<string, string>} */
const OWN = { planner: "planner", checker: "planner", approver: "leader", dispatcher: "dispatcher", department: "department", grid_worker: "worker", grid_leader: "worker", building_leader: "worker", street_manager: "worker" };

/** One's own door first. @param {string | undefined} role */
function doorsFor(role) {
  const own = OWN[role ?? ""];
  return [...DOORS].sort(([a], [b]) => Number(b === own) - Number(a === own)).map(([who, address]) => door(who, address, who === own));
}

/** @param {string} who @param {string | null} address @param {boolean} own */
function door(who, address, own) {
  return el("section", { class: own ? "door own" : "door" }, el("h2", {}, say(`home.${who}`), own ? el("span", { class: "tag" }, say("home.yours")) : null), el("p", {}, say(`home.${who}-does`)),
    address ? el("a", { href: address }, say(`home.${who}-go`), icon("go")) : el("code", {}, say(`home.${who}-go`)));
}

/** @param {any} plan */
function planRow(plan) {
  return el("li", {}, el("a", { href: `/plans/${encodeURIComponent(plan.id)}` }, el("b", {}, plan.title || `#${plan.id}`),
    el("small", {}, say("home.plan-state", { state: say(`plan-state.${plan.state}`), scope: plan.scope_name || plan.scope }))));
}

/** @param {{party: string, name: string, role: string, area: string, area_name?: string}} person @param {string} acting */
function personButton(person, acting) {
  const now = person.party === acting;
  return el("form", { method: "post", action: `/as/${encodeURIComponent(person.party)}` },
    el("button", { class: "button person", "aria-pressed": String(now) }, el("b", {}, person.name),
      el("small", {}, [say(`role.${person.role}`), person.area_name || person.area, now ? say("home.acting") : ""].filter(Boolean).join(" · "))));
}

/** Who is signed in: the way out, and to another password. */
function account() {
  return [el("form", { method: "post", action: "/sign-out", class: "row beside", id: "persons" },
    el("a", { class: "button", href: "/sign-in/password" }, say("sign-in.change")), el("button", { class: "button" }, say("sign-in.out")))];
}

function personList() {
  const { persons, acting } = /** @type {any} */ (config());
  if (!persons.length) return account();
  return [el("h2", { id: "persons" }, say("home.persons"), el("small", {}, say("home.persons-hint"))),
    el("div", { class: "persons" }, persons.map((/** @type {any} */ person) => personButton(person, acting)))];
}

/** Ways for everybody, and those of few for these. */
function ways() {
  const { closed } = /** @type {{closed: string[]}} */ (/** @type {any} */ (config()));
  const mine = BESIDE.filter(([address]) => !closed.includes(address));
  return el("p", { class: "row beside" }, mine.map(([address, key]) => el("a", { class: "button", href: address }, say(key))));
}

async function open() {
  const list = el("div", { class: "plans" });
  part("panel").append(el("div", { class: "doors" }, doorsFor(/** @type {any} */ (config()).who?.role)), ways(), el("h2", {}, say("home.plans")), list, ...personList());
  const plans = await fillFrom(list, "what.plans", () => ask("/api/plans"));
  list.removeAttribute("aria-busy");
  if (!plans.length) showEmpty(list, say("home.plans-empty"));
  else replace(list, el("ul", {}, plans.map(planRow)));
  document.body.dataset.ready = "home";
}

topBar(/** @type {any} */ (config()).who);
watchNetwork();
open();
