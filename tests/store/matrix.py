"""For the access matrix: every endpoint of the application, a city with secrets, who may not ask.

An endpoint that is new is asked too: the matrix fails until `PARTS` knows what stands in its
address, `SENT` what it is sent, or `ANYBODY` why it asks nobody who they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text

from api.app import create_app
from api.contacts import contact_keys
from api.links.acting import cookie_name
from api.links.signing import cookie_of, link_secret, new_device
from api.settings import Settings
from geo.issues import Order
from geo.store.database import Store, transaction
from geo.store.outgoing import hooks
from geo.store.persons import keep_contact
from geo.store.planning import plans
from geo.store.planning.comments import begin_thread
from geo.store.planning.presence import others_on
from geo.store.working.alone import NewTask, new_task
from geo.store.working.links import link_to_task
from geo.store.working.photos import add_photo
from geo.vault import sealed
from tests.photographed import jpeg
from tests.store import toy
from tests.store.test_handling import acted
from tests.store.test_inbox import staffed
from tests.store.test_issues import at, received
from tests.store.test_plans import merged

AWAY: Final = ("10.9.8.7", 5)
SECRET: Final = "龙潭虎穴"  # noqa: S105 stands in every text that outsiders must not read
HOLDER: Final = f"leader-{toy.ONE}003"
SESSION: Final = "jingwei_session"
CALLER: Final = "ab" * 16
MARKED: Final = "M-310"  # the number of an issue at its source, which nobody else is told either

# What answers whoever asks, and why.
ANYBODY: Final = {
    "GET /sign-in": "where people sign in",
    "POST /sign-in": "signs in",
    "POST /sign-in/choose": "signs in, by a ticket",
    "POST /sign-out": "ends the session that is sent, or none",
    "GET /pages/{name}": "scripts and styles, named by their content",
    "GET /phone/worker.js": "a script",
    "GET /t/{token}": "a signed link, exchanged",
    "GET /day/{token}": "a signed link, exchanged",
    "GET /api/openapi.json": "the description of the API",
    "GET /health": "that the server lives, for what watches it",
    "GET /ready": "that it can take issues in, or the reason why not",
    "GET /metrics": "figures, to this machine or with a token",
}
BY_DOOR: Final = ("/report", "/r/", "/api/report", "/open311/")  # open as the settings say
OF_NONE: Final = ("/api/tasks/{task}/steps", "/api/tasks/{task}/photos")  # for tasks of no issue
BY_LINK: Final = ("/phone/{link}", "/api/phone/{link}")  # what a phone holds lets it in

# What is everybody's who is signed in: borders and names in force, catalogue, calendar.
SHARED: Final = frozenset(
    (
        *("GET /api/nets/{net}/revisions", "GET /tiles/{layer}.json", "GET /api/calendar"),
        *("GET /tiles/heat/{z}/{x}/{y}.mvt", "GET /tiles/{layer}/{z}/{x}/{y}.mvt"),
        *("GET /api/ledgers/{which}.{form}", "GET /api/issues.{form}", "GET /api/replies.{form}"),
        *("POST /sign-in/password", "POST /as/{person}"),
        # Answered with what of it is the person's own: nothing.
        "GET /api/accounts/{party}/duties",
        *("GET /api/tasks/{task}/links", "POST /api/notices/{kind}/{task}/read"),
    )
)


class Ground(NamedTuple):
    """The city of the matrix: its store, the application on it, and what addresses name."""

    store: Store
    app: FastAPI
    parts: Mapping[str, object]


def endpoints(app: FastAPI) -> list[str]:
    """Return every endpoint of an application: its methods, each with its address."""
    return sorted(set(_within(app.router.routes)), key=_last)


def page_filters(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Give each filter of what is read that the API does not describe: of pages."""
    described = app.openapi()["paths"]
    for route in _routes(app.router.routes):
        endpoint = f"GET {route.path}"
        if "GET" in route.methods and route.path not in described and asks_who(endpoint):
            yield from ((endpoint, name) for name in _asked(route.dependant))


def _asked(dependant: Any) -> Iterator[str]:
    yield from (each.alias for each in dependant.query_params)
    for part in dependant.dependencies:
        yield from _asked(part)


def _last(endpoint: str) -> tuple[bool, int, str]:
    """Order what only looks first, and last what takes away from those who ask after it."""
    takes = ("/reset", "/sign-out", "/close", "/rollback")
    taken = next((n for n, end in enumerate(takes, 1) if endpoint.endswith(end)), 0)
    return not endpoint.startswith("GET"), taken, endpoint


def _within(routes: Iterable[Any]) -> Iterator[str]:
    for route in _routes(routes):
        yield from (f"{method} {route.path}" for method in route.methods - {"HEAD", "OPTIONS"})


def _routes(routes: Iterable[Any]) -> Iterator[Any]:
    for route in routes:
        if hasattr(route, "effective_candidates"):
            yield from _routes(route.effective_candidates())
            yield from _routes(route.effective_low_priority_routes())
        elif hasattr(route, "methods"):
            yield route


def asks_who(endpoint: str) -> bool:
    """Tell whether an endpoint is for people who are signed in."""
    path = endpoint.partition(" ")[2]
    return endpoint not in ANYBODY and not path.startswith((*BY_DOOR, *BY_LINK))


def made(store: Store, folder: Path) -> Ground:
    """Return the toy city with another subdistrict's people beside it, and secrets of its own."""
    _people(store)
    app = create_app(store, person="dispatcher", chosen=Settings(folder, sign_in="required"))
    with transaction(store.app, "approver") as conn:
        hooks.add(conn, hooks.Hook("lights", "370102", url=f"https://{MARKED}.example.cn/"))
    with transaction(store.app, "planner") as conn:
        plan = plans.create(conn, net="grid", scope=toy.ONE, title=SECRET)
        plans.save_assignment(conn, plan, merged(1))
        comment = begin_thread(conn, plan, SECRET, toy.WEST, toy.SOUTH)
        others_on(conn, plan, SECRET[:2], (toy.WEST, toy.SOUTH))
    held = text("select id from duty where party = :holder")
    with transaction(store.owner, "x") as conn:
        duty = conn.execute(held, {"holder": HOLDER}).scalar_one()
    words = {"party": HOLDER, "person": HOLDER, "net": "grid", "form": "csv", "layer": "grids"}
    words |= {"name": "lights", "kind": "sent", "reference": "report-0001", "which": "fallback"}
    counts = {
        "duty": duty,
        "plan": plan,
        "other": plan,
        "comment": comment,
        "number": 1,
        "z": 12,
        "x": 3381,
        "y": 1601,
    }
    work = _work(store, folder)
    with transaction(store.owner, "x") as conn:
        conn.execute(text("update duty set valid_to = current_date where party = 'over'"))
    return Ground(store, app, {**words, **counts, **work})


def _work(store: Store, folder: Path) -> dict[str, int]:
    """Return the numbers of an issue sent out, and of what hangs on it; of another whistled for.

    Whoever held every desk then wrote the first down, and the errand.
    """
    issue = received(
        store, replace(at(0.5, 0.5, MARKED, f"井盖 {SECRET}"), reporter=CALLER), person="over"
    ).id
    with transaction(store.app, "over") as conn:
        keep_contact(conn, issue, sealed(SECRET, CALLER, contact_keys(folder)[0]))
    whistled = received(store, at(0.5, 0.5, f"{MARKED}-2", SECRET)).id
    acted(store, "dispatcher", whistled, Order(step="whistle", parties=("roads",), reason=SECRET))
    acted(store, "approver", whistled, Order(step="sign"))
    acted(store, "dispatcher", issue, Order(step="send", reason=SECRET))
    with transaction(store.app, HOLDER) as conn:
        photo = add_photo(conn, folder / "photos", issue, jpeg(), "before")["id"]
    with transaction(store.owner, "x") as conn:
        one = text("select id from task where issue = :issue")
        task = conn.execute(one, {"issue": issue}).scalar_one()
        delivery = conn.execute(text("select min(id) from delivery")).scalar_one()
    errand = NewTask(kind="errand", party=HOLDER, area=f"{toy.ONE}003", text=SECRET)
    with transaction(store.app, "over") as conn:
        alone = new_task(conn, errand).id
    with transaction(store.app, "dispatcher") as conn:
        link = link_to_task(conn, task, datetime.now(UTC) + timedelta(hours=1))["id"]
    of_task = {"task": task, "alone": alone, "link": link, "photo": photo}
    return {"issue": issue, "whistled": whistled, "delivery": delivery, **of_task}


def _people(store: Store) -> None:
    """Import departments, an administrator, and people of a subdistrict of another district."""
    staffed(store)
    roles = ("planner", "dispatcher", "checker", "approver", "administrator", "grid_leader")
    toy.load_people(
        store,
        ["minds", "beside", "over"],
        [
            ("minds", "administrator", "admin", toy.SUBDISTRICT),
            *(("beside", role, "admin", "370103001") for role in roles),
            *(("over", role, "admin", toy.SUBDISTRICT) for role in roles),
        ],
    )


def session(ground: Ground, person: str) -> str:
    """Return what the browser of a person holds who has just signed in."""
    with transaction(ground.store.owner, "x") as conn:
        account = "insert into account (party, name, made_by) values (:who, lower(:who), 'x')"
        conn.execute(text(f"{account} on conflict do nothing"), {"who": person})
    token: str = ground.app.state.entrance.begin(person, "password").token
    return f"{SESSION}={token}"


def client(ground: Ground) -> TestClient:
    """Return a program elsewhere, which holds nothing of its own."""
    return TestClient(
        ground.app, client=AWAY, follow_redirects=False, raise_server_exceptions=False
    )


def ask(
    asking: TestClient, ground: Ground, endpoint: str, cookie: str, sent: Mapping[str, Any]
) -> Response:
    """Return the answer to an endpoint about what the city keeps secret."""
    method, _, path = endpoint.partition(" ")
    asking.cookies.clear()
    headers = {"accept": "application/json", "cookie": cookie, **sent.get("headers", {})}
    filled = re.sub(r"\{(\w+)(:\w+)?\}", lambda part: _named(ground, endpoint, part[1]), path)
    more = {name: value for name, value in sent.items() if name != "headers"}
    answer: Response = asking.request(method, filled, headers=headers, **more)
    return answer


def _named(ground: Ground, endpoint: str, part: str) -> str:
    path = endpoint.partition(" ")[2]
    if part == "number" and path.startswith("/api/plans"):
        part = "plan"
    if part == "task" and path.startswith(("/tasks/", *OF_NONE)):
        part = "alone"
    if part == "task" and endpoint == "GET /api/tasks/{task}":
        part = "alone"
    if part == "issue" and path.endswith("/whistle"):
        part = "whistled"
    return str(ground.parts[part])


def tables(store: Store) -> list[str]:
    """Return the tables that are under row-level security."""
    with transaction(store.owner, "x") as conn:
        named = "select relname from pg_class where relkind in ('r', 'p') and relrowsecurity"
        return list(conn.execute(text(named)).scalars())


def rows(store: Store) -> dict[str, set[str]]:
    """Return what every table holds, but for what is only ever added or counted on."""
    added = ("event", "session", "device", "account", "delivery", "asked_once", "import_batch")
    kept = [name for name in tables(store) if name not in added]
    with transaction(store.owner, "x") as conn:
        return {
            name: set(conn.execute(text(f"select t::text from {name} as t")).scalars())
            for name in kept
        }


def phone(ground: Ground, *, serial: int = 1, link: int | None = None, ours: bool = True) -> str:
    """Return what another phone holds that exchanged a link; not ours: signed by somebody else."""
    secret = link_secret(ground.app.state.settings) if ours else b"another"
    number = int(str(ground.parts["link"]))
    held = cookie_of(secret, new_device(link or number, serial))
    return f"{cookie_name(number)}={held}"


def readable(store: Store, person: str, table: str) -> list[str]:
    """Return the rows of a table that a person is shown by the database itself, as text."""
    columns = ", ".join(_granted(store, table, "select"))
    if not columns:
        return []
    with transaction(store.app, person) as conn:
        return list(conn.execute(text(f"select ({columns})::text from {table}")).scalars())


def changeable(store: Store, person: str, table: str) -> int:
    """Return how many rows of a table a person may write or remove by the database itself."""
    columns, count = _granted(store, table, "update"), 0
    orders = [f"update {table} set {columns[0]} = {columns[0]}"] if columns else []
    for order in (*orders, *([f"delete from {table}"] * _deletes(store, table))):
        with transaction(store.app, person, commit=False) as conn:
            count += conn.execute(text(order)).rowcount
    return count


def _granted(store: Store, table: str, verb: str) -> list[str]:
    asked = """select quote_ident(attname) from pg_attribute
        where attrelid = cast(:table as regclass) and attnum > 0 and not attisdropped
            and (:verb = 'select' or attidentity = '' and attgenerated = '')
            and has_column_privilege('jingwei_app', attrelid, attnum, :verb)"""
    with transaction(store.owner, "x") as conn:
        return list(conn.execute(text(asked), {"table": table, "verb": verb}).scalars())


def _deletes(store: Store, table: str) -> bool:
    with transaction(store.owner, "x") as conn:
        asked = text("select has_table_privilege('jingwei_app', cast(:t as regclass), 'delete')")
        return bool(conn.execute(asked, {"t": table}).scalar_one())
