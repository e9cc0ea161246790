"""A server that draws, publishes and takes back, again and again, holds no more than at first."""

from __future__ import annotations

import ctypes
import gc
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.acting import COOKIE
from api.app import create_app
from api.clock import draw_anew
from api.workbench import Workbench
from geo.store.database import Store, transaction
from tests.api.conftest import HERE
from tests.faults.callers import issue
from tests.store import toy
from tests.store.test_plan_command import buildings_given_to
from tests.store.test_plans import drawn, merged

WARM, CYCLES = 2, 2
OURS = ("geo.", "api.", "maps.", "geopandas.", "pandas.core.frame", "threading")
STEPS = {"submit": "planner", "check": "checker", "approve": "approver", "publish": "approver"}


@pytest.fixture
def client(toy_store: Store) -> Iterator[TestClient]:
    buildings_given_to(toy_store, "x")
    with TestClient(create_app(toy_store, person="planner"), client=HERE) as client:
        client.app.state.workbench = Workbench(most=2)  # type: ignore[attr-defined]
        yield client


def posted(
    client: TestClient, person: str, path: str, told: dict[str, object]
) -> dict[str, object]:
    client.cookies.set(COOKIE, person)
    seen = {"if-match": str(told.pop("seen"))} if "seen" in told else {}
    answer = client.post(path, json=told, headers=seen)
    assert answer.is_success, answer.text
    found: dict[str, object] = answer.json()
    return found


def cycle(client: TestClient, store: Store, turn: int) -> None:
    """A draft, redrawn and put in force and taken back, while an issue comes in and boards look."""
    begun = posted(client, "planner", "/api/plans", {"scope": toy.ONE, "title": "微调"})
    path = f"/api/plans/{begun['plan']}"
    for edit in ({"kind": "redraw", "within": toy.ONE, "seed": turn}, {"kind": "undo"}):
        looked_at = client.get(f"{path}/draft").headers["etag"]
        posted(client, "planner", f"{path}/edits", {**edit, "seen": looked_at})
    for step, person in STEPS.items():
        done = posted(client, person, f"{path}/steps", {"step": step})
    posted(client, "dispatcher", "/api/issues", issue(f"steady-{turn}", turn))
    undone = f"/api/nets/grid/revisions/{done['revision']}/rollback"
    posted(client, "approver", undone, {"step": "roll back"})
    state = client.app.state  # type: ignore[attr-defined]
    state.intake_desk.ready()
    draw_anew(store)
    client.cookies.set(COOKIE, "dispatcher")
    for seen in (
        "/api/board",
        "/api/issues.geojson",
        "/tiles/grids.json",
        f"/plans/{begun['plan']}/draw",
    ):
        assert client.get(seen).is_success, seen


def living() -> Counter[str]:
    """How many objects of ours there are, by kind, and of threads and frames."""
    gc.collect()
    kinds = (type(each) for each in gc.get_objects())
    return Counter(
        f"{kind.__module__}.{kind.__qualname__}"
        for kind in kinds
        if kind.__module__.startswith(OURS)
    )


def caches(app: FastAPI) -> dict[str, int]:
    """How much is kept in each cache that could grow."""
    state = app.state
    return {
        "drafts": len(state.workbench.kept),
        "drafts being read": len(state.workbench.reading),
        "without an answer": len(state.late.open),
        "incoming": len(state.incoming),
    }


def test_what_is_drawn_published_and_taken_back_leaves_nothing_behind(
    client: TestClient, toy_store: Store
) -> None:
    for turn in range(WARM):
        cycle(client, toy_store, turn)
    before, held = living(), caches(client.app)  # type: ignore[arg-type]
    for turn in range(WARM, WARM + CYCLES):
        cycle(client, toy_store, turn)
    after = living()
    assert {kind: n - before[kind] for kind, n in after.items() if n - before[kind] >= CYCLES} == {}
    assert caches(client.app) == held  # type: ignore[arg-type]


def test_drafts_in_memory_are_few_and_of_few_atoms_but_for_one(toy_store: Store) -> None:
    numbers = [drawn(toy_store, merged(share)) for share in (1, 2, 3)]
    atoms = len(toy.atoms())
    for most_atoms, left in ((3 * atoms, 3), (2 * atoms, 2), (atoms - 1, 1)):
        bench = Workbench(most_atoms=most_atoms)
        with transaction(toy_store.app, "planner") as conn:
            for number in numbers:
                bench.look(conn, number)
        assert [*bench.kept] == numbers[-left:]


THREADS = """
import threading
from api.settling import hold_few_heaps
assert hold_few_heaps()
import ctypes, os, tempfile
gate = threading.Barrier(13)
def work():
    held = [bytes(1000) for _ in range(100)]
    gate.wait(); gate.wait()
for _ in range(12):
    threading.Thread(target=work).start()
gate.wait()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
path = tempfile.mktemp()
file = ctypes.c_void_p(libc.fopen(path.encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
gate.wait()
print(open(path).read().count("<heap nr="))
os.unlink(path)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="GNU's C library alone")
def test_all_threads_of_a_server_share_two_heaps() -> None:
    order = [sys.executable, "-c", THREADS]
    said = subprocess.run(order, capture_output=True, check=True)  # noqa: S603 our own words
    assert int(said.stdout) <= 2
