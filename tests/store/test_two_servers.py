"""Two server processes on one database: a publication by one holds for the intakes of both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from threading import Barrier, Event
from time import monotonic
from typing import Any, NamedTuple

import httpx2
import pandas as pd
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from api.acting import COOKIE
from api.app import create_app
from geo.store import imports
from geo.store.answers import rows_of
from geo.store.database import Store, transaction
from tests.faults.callers import until
from tests.plugins.database import Databases
from tests.serving import served
from tests.store import toy
from tests.store.second_server import another
from tests.store.test_plans import approved, merged

# In the quarters of grid 001 that go to grid 002, in one that stays, and in a grid beside.
PLACES = ((0.7, 1.3), (0.7, 1.7), (0.3, 1.3), (0.3, 1.7), (0.5, 0.5))
EACH = 12  # intakes of a server after the publication was answered
# Of each revision: who covers the position. Toy grids do not overlap away from their edges.
OF_ONE_REVISION = """
select i.reference, i.grid_revision as revision
from issue as i join area as a
    on a.net = 'grid' and a.code = i.grid and a.valid_from <= i.grid_revision
    and (a.valid_to is null or a.valid_to > i.grid_revision) and ST_Covers(a.geom, i.geom)
"""
WHERE_THEY_LIE = """
select t.id
from task as t join issue as i on i.id = t.issue
    join area as a on a.net = 'grid' and a.code = t.area and a.valid_to is null
    and ST_Covers(a.geom, i.geom)
"""


class Told(NamedTuple):
    """An intake: when it was begun and answered, and what came of it."""

    server: int
    begun: float
    ended: float
    status: int
    reference: str


@pytest.fixture
def database(databases: Databases, toy_database: str) -> Iterator[tuple[str, Store]]:
    """The toy city with a service that is sent by rule."""
    name, store = databases.make(toy_database)
    lamp = pd.DataFrame([("lamp", "路灯", True)], columns=["code", "name", "auto_send"])
    with transaction(store.owner, "import") as conn:
        imports.commit_services(conn, lamp, imports.open_batch(conn, "toy"))
    yield name, store
    store.close()
    databases.drop(name)


def test_each_issue_has_one_grid_of_one_revision_while_one_of_two_servers_publishes(
    databases: Databases, database: tuple[str, Store]
) -> None:
    name, store = database
    plan = approved(store, merged(2))
    with (
        another(databases, name, "dispatcher") as other,
        served(create_app(store, person="dispatcher")) as own,
    ):
        told, begun, done = while_published((own, other), plan)
    assert {one.status for one in told} == {201}
    with transaction(store.owner, "audit") as conn:
        kept = rows_of(conn, text(OF_ONE_REVISION)).set_index("reference")["revision"]
        tasks = [
            len(rows_of(conn, text(asked))) for asked in ("select id from task", WHERE_THEY_LIE)
        ]
    assert sorted(kept.index) == sorted(one.reference for one in told), "each has one owner"
    assert tasks == [len(told)] * 2, "each is sent, and waits where it lies now"
    for server in (0, 1):
        before = {kept[o.reference] for o in told if o.server == server and o.ended < begun}
        after = {kept[o.reference] for o in told if o.server == server and o.begun > done}
        assert (before, after) == ({1}, {2})


def while_published(servers: tuple[str, str], plan: int) -> tuple[list[Told], float, float]:
    """Return what both servers took in, and when one began to publish and had answered."""
    warm, published = Barrier(3), Event()
    with ThreadPoolExecutor(2) as pool:
        taking = [pool.submit(taken, n, root, warm, published) for n, root in enumerate(servers)]
        warm.wait(60)
        begun = monotonic()
        steps, who = f"{servers[0]}/api/plans/{plan}/steps", {"cookie": f"{COOKIE}=approver"}
        answer = httpx2.post(steps, json={"step": "publish"}, headers=who, timeout=60)
        done = monotonic()
        published.set()
        assert (answer.status_code, answer.json()["revision"]) == (200, 2)
        return [one for each in taking for one in each.result()], begun, done


def taken(server: int, root: str, warm: Barrier, published: Event) -> list[Told]:
    """Return intakes of one server: one before the barrier, and some after the publication."""
    told: list[Told] = []
    rest = iter(range(EACH))
    with httpx2.Client(base_url=root, timeout=60) as client:
        for n in count():
            report = reported(f"{server}-{n}", PLACES[n % len(PLACES)])
            begun = monotonic()
            status = client.post("/api/issues", json=report).status_code
            told.append(Told(server, begun, monotonic(), status, report["reference"]))
            if n == len(PLACES):
                warm.wait(60)
            if published.is_set() and next(rest, None) is None:
                break
    return told


def reported(reference: str, place: tuple[float, float]) -> dict[str, Any]:
    (point,) = toy.points(place)
    where = {"lon": point.x, "lat": point.y, "datum": "wgs84"}
    return {"source": "web", "reference": reference, "service": "lamp", "text": "路灯不亮", **where}


def counted(root: str, route: str) -> dict[str, float]:
    """Return how often a route was asked and timed, as one server tells of all."""
    told = httpx2.get(f"{root}/metrics", timeout=60)
    assert told.status_code == 200, told.text
    samples = [
        each for family in text_string_to_metric_families(told.text) for each in family.samples
    ]
    own = [each for each in samples if each.labels.get("route") == route]
    names = ("jingwei_requests_total", "jingwei_request_seconds_count")
    return {name: sum(each.value for each in own if each.name == name) for name in names}


def test_what_was_asked_of_two_servers_is_added_up_by_each(
    databases: Databases,
    database: tuple[str, Store],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    name, _ = database
    with ExitStack() as stack:
        roots = [stack.enter_context(another(databases, name, "dispatcher")) for _ in range(2)]
        for root, times in zip(roots, (2, 3), strict=True):
            for _ in range(times):
                assert httpx2.get(f"{root}/health", timeout=60).status_code == 200
        for root in roots:
            until(lambda: set(counted(root, "/health").values()) == {5.0})  # noqa: B023 at once
        assert linked_elsewhere(*roots) == {200}


def linked_elsewhere(root: str, other: str) -> set[int]:
    """Return what one server says of files that pages link to which only another has shown."""
    paths = set[str]()
    with httpx2.Client(timeout=60) as client:
        for way in ("/city", "/issues", "/inbox"):
            page = client.get(f"{root}{way}")
            assert page.status_code == 200, page.text
            paths |= set(re.findall(r'"(/pages/[^"]+)"', page.text))
        assert len(paths) > 3, "a script and a style each"
        return {client.get(f"{other}{path}").status_code for path in paths}
