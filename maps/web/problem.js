// Where a page cannot be shown: why, and the way back.
import { topBar } from "./bar.js";
import { config, el, part, replace } from "./dom.js";
import { say } from "./say.js";

const { status, code, sentence, home } = config();
const linked = home === "/";
const denied = linked && (status === 401 || status === 403);
replace(part("panel"), el("div", { class: denied ? "state denied" : "state failed" },
  el("h1", {}, say(denied ? "problem.denied" : status === 404 ? "problem.missing" : "problem.title")),
  el("p", {}, sentence),
  el("p", {},
    code === "NobodyActs" ? el("a", { class: "button main", href: "/sign-in" }, say("sign-in.go")) : null,
    home ? el("a", { class: "button", href: home }, say(linked ? "problem.home" : "problem.report")) : null),
  el("p", { class: "note" }, say("state.code", { code: `${status} ${code}` }))));
if (linked) topBar(null);
document.body.dataset.ready = "problem";
