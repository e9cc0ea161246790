"""The Big List of Naughty Strings on every screen: shown as typed, nothing of it run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

import geopandas as gpd
import pytest
from playwright.sync_api import BrowserContext, Dialog, Page
from sqlalchemy import text

from api.acting import COOKIE
from api.mapping import Wanted, picture_of_store
from geo.issues import Order
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.outgoing.hooks import Hook
from geo.store.outgoing.hooks import add as add_hook
from geo.store.planning.comments import begin_thread
from geo.store.working.alone import NewTask, new_task
from maps.report_page import report_page
from tests.naughty import STRINGS
from tests.plugins.browser import Watched
from tests.store import toy
from tests.store.phone import HOLDER, Job, Server, day_of, job
from tests.store.test_auditor import appoint
from tests.store.test_handling import acted
from tests.store.test_inbox import staffed
from tests.store.test_plans import drawn, merged

# All strings are in each: as what is said, as what is answered, and spread over the names.
WORDS: Final = "\n".join(STRINGS)
ORDER: Final = WORDS[:2000]
ADDRESSES: Final = tuple(
    f"https://a.cn/{' '.join(STRINGS[n : n + 20])}" for n in range(0, len(STRINGS), 20)
)
SCREENS: Final = (
    ("/issues/{issue}/why", "why"),
    ("/wall?scope={scope}", "wall"),
    ("/ledgers", "ledger"),
    ("/notices", "notice"),
    ("/plans", "plans"),
    ("/plans/{plan}", "plan"),
    ("/plans/{plan}/draw", "draw"),
    ("/issues/new", "entry"),
    ("/", "home"),
)
# Who opens what a dispatcher does not: the page, its mark, what of an issue stands on it.
OTHERS: Final = (
    ("planner", "/plans/{plan}/sheets", "sheets", ""),
    ("planner", "/plans/{plan}/sheets?purpose=handover", "sheets", ORDER),
    ("desk", "/inbox", "inbox", WORDS),
    ("approver", "/leader?scope={scope}", "leader", ORDER),
    ("dispatcher", "/tasks", "task", ORDER),
    ("dispatcher", "/city", "city", ""),
    ("mayor", "/accounts", "accounts", ""),
)
_BLANK: Final = re.compile(r"\s+")
_STEERING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MADE: Final = "iframe, object, embed, [onerror], [onload], [onclick], [onfocus], [onmouseover]"
_RENAMED: Final = """
with named as (select code, row_number() over (order by net, kind, code) as n from area)
update area set name = (cast(:names as text[]))[named.n] from named where area.code = named.code;
with named as (select code, row_number() over (order by code) as n from party)
update party set name = (cast(:names as text[]))[1 + named.n % :many] from named
where party.code = named.code;
insert into service (code, name) values ('S', (cast(:names as text[]))[1]);
update plan set title = array_to_string(cast(:names as text[]), ' ');
"""


class Typed(NamedTuple):
    """What is shown: an issue and its phone, a draft, the names of all there is."""

    job: Job
    plan: int
    names: tuple[str, ...]


def unasked(dialog: Dialog) -> None:
    """Nothing on a page of ours opens one."""
    dialog.dismiss()
    pytest.fail(f"a string was run: {dialog.message}")


def seen(said: str) -> str:
    """Text as a page shows it: blanks folded, without the marks that turn what follows."""
    return _BLANK.sub(" ", _STEERING.sub("", said)).strip()


def named(store: Store) -> list[str]:
    """Call areas, parties and a service by all strings, some forty a name."""
    with store.owner.begin() as conn:
        many = int(conn.execute(text("select count(*) from area")).scalar_one())
        names = [" ".join(STRINGS[n::many]) for n in range(many)]
        for statement in _RENAMED.strip().split(";\n"):
            conn.execute(text(statement), {"names": names, "many": many})
    return names


def minded(store: Store) -> None:
    """Hooks to addresses of all strings, and somebody who minds them and accounts."""
    with store.owner.begin() as conn:
        conn.execute(text("insert into party (code, kind, name) values ('mayor', 'person', 'm')"))
        duty = "insert into duty (party, role, net, area) values ('mayor', :r, 'admin', '370102')"
        for role in ("administrator", "approver"):
            conn.execute(text(duty), {"r": role})
        for n, said in enumerate(ADDRESSES):
            add_hook(conn, Hook(f"hook-{n}", "370102", url=said))


def shows(page: Page, *said: str) -> str:
    """The page holds what was said, and nothing that was made of it; return all its text."""
    told = seen(str(page.evaluate("document.body.textContent")))
    for each in said:
        assert seen(each) in told
    assert page.locator(_MADE).count() == 0
    return told


@pytest.fixture(scope="module")
def typed(server: Server) -> Typed:
    """An issue on its way, a draft, and everything about them called by naughty strings."""
    plan = drawn(server.store, merged(1))
    it = job(server, "naughty", WORDS)
    acted(server.store, f"leader-{toy.TWO}003", it.issue, Order(step="take"))
    acted(server.store, "dispatcher", it.issue, Order(step="urge", reason=ORDER))
    staffed(server.store)
    whistle = Order(step="whistle", parties=("roads",), reason=ORDER, emergency=True)
    acted(server.store, "dispatcher", it.issue, whistle)
    with transaction(server.store.app, "dispatcher") as conn:
        new_task(conn, NewTask(kind="errand", party="desk", area=toy.TWO, text=ORDER))
    with transaction(server.store.app, "planner") as conn:
        for at in range(0, len(WORDS), len(ORDER)):
            begin_thread(conn, plan, WORDS[at : at + len(ORDER)], toy.WEST, toy.SOUTH)
    appoint(server.store, "auditor", "3701")
    minded(server.store)
    return Typed(it, plan, tuple(seen(name) for name in named(server.store)))


def test_every_screen_shows_what_was_typed_and_runs_none_of_it(
    server: Server, typed: Typed, page: Watched, phone: Watched
) -> None:
    page.page.on("dialog", unasked)
    phone.page.on("dialog", unasked)
    shows(phone.open(typed.job.url, ready="phone"), WORDS)
    page.page.context.add_cookies([{"name": COOKIE, "value": "dispatcher", "url": server.root}])
    board = f"/issues?scope={toy.SUBDISTRICT}&issue={typed.job.issue}"
    shown = page.open(server.root + board, ready="board")
    shown.locator("#card .events").wait_for(state="attached")
    shows(shown, WORDS, ORDER)
    shows(page.open(f"{server.root}/issues/{typed.job.issue}", ready="one"), WORDS, ORDER)
    for path, ready in SCREENS:
        at = path.format(issue=typed.job.issue, plan=typed.plan, scope=toy.SUBDISTRICT)
        told = shows(page.open(server.root + at, ready=ready))
        assert any(name in told for name in typed.names), path
        if path.startswith("/plans/"):
            shown.locator(".comments li").first.wait_for(state="attached")
            told = seen(str(shown.evaluate("document.body.textContent")))
            assert seen(ORDER)[:100] in told, path
    page.page.context.add_cookies([{"name": COOKIE, "value": "auditor", "url": server.root}])
    audit = page.open(f"{server.root}/audit", ready="audit")
    audit.get_by_role("button", name="全部").click()
    audit.locator(".rows-table tr").nth(1).wait_for()
    assert any(name in shows(audit) for name in typed.names)


def test_everybodys_own_screen_shows_what_was_typed_and_runs_none_of_it(
    server: Server, typed: Typed, page: Watched
) -> None:
    page.page.on("dialog", unasked)
    for person, path, ready, said in OTHERS:
        page.page.context.add_cookies([{"name": COOKIE, "value": person, "url": server.root}])
        at = path.format(plan=typed.plan, scope=toy.SUBDISTRICT)
        shown = page.open(server.root + at, ready=ready)
        if ready == "inbox":
            shown.locator(".work-row .work").first.click()
            shown.locator("#card .events").wait_for(state="attached")
        told = shows(shown, said)
        assert any(name in told for name in typed.names), at


def test_addresses_of_hooks_are_shown_as_typed_and_never_run(
    server: Server, typed: Typed, page: Watched
) -> None:
    page.page.on("dialog", unasked)
    page.page.context.add_cookies([{"name": COOKIE, "value": "mayor", "url": server.root}])
    shown = page.open(f"{server.root}/hooks", ready="hook")
    assert typed.plan
    shows(shown, *ADDRESSES)


def test_a_door_chart_is_called_as_its_building_is(
    server: Server, typed: Typed, phone: Watched
) -> None:
    phone.page.on("dialog", unasked)
    names = [" ".join(STRINGS[n::9]) for n in range(9)]
    with transaction(server.store.owner, "import") as conn:
        rows = [
            {"kind": "building", "code": f"B{n}", "name": name, "units": 2, "floors": 2,
             "dwellings": 8, "households": 8}
            for n, name in enumerate(names)
        ]  # fmt: skip
        spots = toy.points(*((2.1 + n / 20, 0.4) for n in range(9)))
        frame = gpd.GeoDataFrame(rows, geometry=spots, crs="EPSG:4326")
        imports.commit_places(conn, frame, imports.open_batch(conn, "places"))
    page = phone.open(day_of(server, HOLDER), ready="phone")
    page.click("nav.parts >> text=网格")
    page.locator("a[href='#doors-B8']").wait_for()
    shows(page, *names)
    page.locator("a[href='#doors-B4']").click()
    page.wait_for_selector(".door")
    shows(page, names[4])
    assert typed.plan


def test_a_map_that_is_given_away_shows_what_was_typed_and_runs_none_of_it(
    server: Server, typed: Typed, context: BrowserContext, tmp_path: Path
) -> None:
    page, said = context.new_page(), list[str]()
    page.on("dialog", unasked)
    page.on("console", lambda message: said.append(message.text))
    for kind in ("issues", "balance", "net"):
        with transaction(server.store.owner, "tests") as conn:
            picture = picture_of_store(conn, Wanted(kind))
        file = tmp_path / f"{kind}.html"
        file.write_text(report_page(picture), encoding="utf-8")
        page.goto(file.as_uri())
        page.wait_for_selector("body[data-ready=report]")
        assert any(name in shows(page) for name in typed.names), kind
    assert said == []
