// The page of a phone link: its task, or its day; it works on where there is no network.
import { onceATap } from "../double_tap.js";
import { dayRoom } from "./day.js";
import { el, icon, replace } from "./dom.js";
import { doorsRoom } from "./doors.js";
import { gridsRoom } from "./grids.js";
import { ask } from "./http.js";
import { openKept } from "./kept.js";
import { openQueue } from "./queue.js";
import { reportRoom } from "./report.js";
import { clock, either, instant, say } from "./say.js";
import { whenDarkened } from "./shade.js";
import { showTask } from "./task.js";
import { forgotten, tidied } from "./tidy.js";
import { whenTouched } from "./touched.js";
import { refusedOf, unsentRoom, waitingHere } from "./unsent.js";

var told = JSON.parse(/** @type {any} */ (document.getElementById("config")).textContent);
var link = told.link;
var root = /** @type {HTMLElement} */ (document.getElementById("phone"));
var EVERY = 60000; // ms between looks at what is new
var SOON = 400; // ms after what was delivered last, before what follows from it is read

/** @param {import("./kept.js").Kept} kept @param {number} skew ms that the city's clocks are ahead of this phone's */
function start(kept, skew) {
  var strip = el("div", { class: "strip", role: "status", hidden: true });
  var noted = el("p", { class: "unseen", role: "status" });
  var room = el("div", {});
  var asOf = instant(told.told.asked_at);
  var reached = true;
  /** @type {any} */
  var shown = null;
  /** @type {any} */
  var open = null; // the task on the screen, of a day
  /** @type {any} */
  var fault = null; // why the link opens no more
  var isDay = told.told.kind === "day";
  var asking = false, again = false, outdated = false, tidy = false, delivering = 0;

  openQueue(kept, { link: link, party: told.told.party, task: isDay ? null : told.told.tasks[0].task }, changed, delivered, function () { heardOf(false); }).then(function (queue) {
    /** @type {import("./task.js").Site} */
    var site = {
      link: link, edges: told.edges, queue: queue, kept: kept, back: null,
      online: function () { return reached && navigator.onLine !== false; },
      asOf: function () { return asOf; }, now: function () { return Date.now() + skew; }, refresh: refresh,
      note: function (words) { replace(noted, words); },
      parts: parts,
    };
    var english = document.documentElement.lang.indexOf("en") === 0;
    replace(root, [strip, noted, room, el("p", { class: "tongue" }, el("a", { href: english ? "?" : "?lang=en", lang: english ? "zh-CN" : "en" }, english ? "中文" : "English"))]);
    started = { queue: queue, site: site };
    look = function () {
      document.body.setAttribute("data-kept", kept.kind);
      void queue.look();
    };
    route();
    window.addEventListener("hashchange", route);
    window.addEventListener("online", wake);
    window.addEventListener("offline", function () { heardOf(false); banner(); });
    document.addEventListener("visibilitychange", function () { if (!document.hidden) wake(); });
    window.addEventListener("resize", redrawn);
    whenDarkened(redrawn);
    setInterval(function () { if (!document.hidden) wake(); }, EVERY);
    if (!told.told.is_bound) whenTouched(link, refresh);
    document.body.setAttribute("data-ready", "phone");
    document.body.setAttribute("data-kept", kept.kind);
    wake();
  });
  /** @type {any} */
  var started = null;

  function redrawn() {
    if (shown && shown.draw) shown.draw();
  }

  function route() {
    var hash = window.location.hash;
    var found = /^#task-(\d+)$/.exec(hash);
    var wanted = isDay ? found && taskOf(Number(found[1])) : hash === "#unsent" ? null : told.told.tasks[0];
    open = wanted || null;
    started.site.back = isDay ? function () { window.location.hash = ""; } : null;
    shown = wanted ? showTask(room, wanted, started.site) : otherRoom(hash);
    banner();
    window.scrollTo(0, 0);
  }

  /** @param {string} hash */
  function otherRoom(hash) {
    var site = started.site;
    if (hash.indexOf("#doors-") === 0) return doorsRoom(room, decodeURIComponent(hash.slice(7)), site);
    if (hash === "#unsent") return unsentRoom(room, site);
    if (hash === "#grids") return gridsRoom(room, site);
    return hash === "#report" ? reportRoom(room, site) : dayRoom(room, told.told, site);
  }

  /** The parts of a day. @param {string} at */
  function parts(at) {
    return el("nav", { class: "parts", "aria-label": say("phone.parts") }, [["", "tasks"], ["grids", "grids"], ["report", "found"]].map(function (part) {
      return el("a", { href: "#" + part[0], "aria-current": part[0] === at ? "page" : null }, say(`phone.${part[1]}`));
    }));
  }

  /** @param {number} number */
  function taskOf(number) {
    return told.told.tasks.filter(function (/** @type {any} */ task) { return task.task === number; })[0];
  }

  function changed() {
    if (!started) return;
    if (shown) shown.paint();
    banner();
    if (!fault && started.queue.closed()) refresh(); // which says why the link opens no more
  }

  /** @param {import("./queue.js").Item} item */
  function delivered(item) {
    outdated = true; // what is on its way was asked before this was done
    if (item.kind === "step" && item.answer && item.answer.task) {
      take(item.answer);
      seen("told/" + link, { told: told.told, skew: skew, at: Date.now() + skew });
    }
    if (item.kind === "visit" && item.answer) seen("doors/" + item.answer.code, { told: item.answer, at: Date.now() + skew }); // whatever is on the screen
    if (shown && shown.heard) shown.heard(item);
    heardOf(true);
    clearTimeout(delivering);
    delivering = Number(setTimeout(refresh, SOON)); // once for all that leave together
  }

  /** @param {any} fresh */
  function take(fresh) {
    told.told.tasks = told.told.tasks.map(function (/** @type {any} */ task) { return task.task === fresh.task ? fresh : task; });
    if (open && open.task === fresh.task) { open = fresh; shown.renew(fresh); }
  }

  /** Keeps what was read, for where there is no network. @param {string} key @param {any} row */
  function seen(key, row) {
    row.key = key;
    void kept.put("seen", row).catch(function () {});
  }

  function wake() {
    void started.queue.look();
    refresh();
  }

  /** Whether the server answers: where that is another than before, what is on its way is said anew. @param {boolean} now */
  function heardOf(now) {
    if (now === reached) return;
    reached = now;
    changed();
  }

  /** What is new; what was asked before something else was done is asked again, and not shown. */
  function refresh() {
    again = asking;
    if (asking) return;
    asking = true;
    outdated = false;
    ask("GET", "/api/phone/" + link).then(function (answer) {
      asking = false;
      if (again) return void refresh();
      heardOf(answer.status !== 0 && answer.status < 500);
      if (outdated) return; // it is asked again soon
      if (answer.status === 200) renew(answer.told);
      else if (answer.told && answer.told.code === "LinkClosed") {
        fault = answer.told;
        void forgotten(kept, link);
      }
      banner();
    });
  }

  /** A task that is open and no more among those of its day: who has it now. @param {any} gone */
  function lookAfter(gone) {
    ask("GET", "/api/phone/" + link + "/tasks/" + gone.task).then(function (answer) {
      if (answer.status === 403 || answer.status === 404) gone.is_held = false;
      if (open === gone) take(answer.status === 200 ? answer.told : gone);
    });
  }

  /** @param {any} fresh */
  function renew(fresh) {
    told.told = fresh;
    asOf = instant(fresh.asked_at);
    skew = asOf - Date.now();
    fault = null;
    started.queue.reopen();
    seen("told/" + link, { told: fresh, skew: skew, at: asOf });
    if (open) { var task = taskOf(open.task); if (task) take(task); else lookAfter(open); }
    else if (shown) shown.renew(fresh);
    started.queue.pump();
    if (!tidy) void tidied(kept, link, Date.now() + skew); // once a page, when the city's clock is known
    tidy = true;
  }

  function kept_words() {
    var items = started.queue.items();
    var n = items.filter(function (/** @type {any} */ item) { return item.state !== "done"; }).length;
    if (isUnsafe(items) && n) return say("phone.off-unkept");
    var why = fault ? "closed" : "off"; // by a closed link nothing leaves, with a network or without
    return n ? say(`phone.${why}-kept`, { n: n }) : say(`phone.${why}-none`, { at: clock(asOf) });
  }

  /** Whether something is lost when the page closes. @param {any[]} items */
  function isUnsafe(items) {
    return kept.kind === "memory" || items.some(function (item) { return item.unkept && item.state !== "done"; });
  }

  /** The truth in this order: what happened, what is safe, what may be done. */
  function banner() {
    if (!started) return;
    var items = started.queue.items();
    var waits = items.filter(function (/** @type {any} */ item) { return item.state === "waiting" || item.state === "sending"; }).length;
    var stuck = refusedOf(started.queue), stranded = started.queue.stranded().length;
    var off = !started.site.online();
    document.body.className = off ? "offline" : "";
    strip.className = "strip" + (fault || ((stuck.length || stranded) && !off) ? " bad" : "");
    strip.hidden = !fault && !off && !stuck.length && !stranded && !(waits && isUnsafe(items));
    // The link opens no more: what is kept stays, and is said.
    if (fault) replace(strip, [icon("warn"), el("b", {}, either(fault)), el("span", {}, kept_words())]);
    else if (off) replace(strip, [icon("off"), el("b", {}, say("phone.off")), el("span", {}, kept_words())]);
    else if (stuck.length || stranded) replace(strip, [icon("warn"), unsent(stuck, stranded)]);
    else if (waits) replace(strip, [icon("clock"), el("b", {}, say("phone.waiting-kept", { n: waits })), el("span", {}, kept_words())]);
    if (shown && shown.draw) shown.draw();
  }

  /** What was not taken and where it stands: on this screen, or on one of its own. @param {any[]} stuck @param {number} stranded */
  function unsent(stuck, stranded) {
    var below = !stranded && stuck.every(function (item) { return shown && item.task === shown.task; });
    return [stuck.length ? el("b", {}, say(below ? "phone.not-taken" : "phone.not-taken-else", { n: stuck.length })) : null,
      stranded ? el("b", {}, say("phone.stranded-n", { n: stranded })) : null,
      below || window.location.hash === "#unsent" ? null : el("a", { href: "#unsent" }, say("phone.look"))];
  }
}

/** @type {() => void} */
var look = function () {};
openKept(function () { look(); }).then(function (kept) {
  var waiting = document.getElementById("waiting"); // on the page that says why a link opens no more
  if (waiting) return kept.all("queue").then(function (rows) { waitingHere(/** @type {HTMLElement} */ (waiting), rows); });
  // A page that came out of the worker's store may be older than what was seen since.
  return kept.all("seen").catch(function () { return []; }).then(function (rows) {
    var row = rows.filter(function (each) { return each.key === "told/" + link; })[0];
    if (row && (row.at || instant(row.told.asked_at)) >= instant(told.told.asked_at)) told.told = row.told; // with what was done since
    start(kept, row && row.skew || 0);
  });
});
onceATap();
if (navigator.serviceWorker) navigator.serviceWorker.register("/phone/worker.js", { scope: "/phone/" }).catch(function () {});
