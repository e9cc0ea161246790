"""Locks of a draft when it is given other codes or atoms."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from geo.store import events
from geo.store.database import Store, transaction
from geo.store.planning import plans
from geo.store.planning.forking import fork
from tests.api.conftest import HERE
from tests.store import toy
from tests.store.test_plan_edits import Editor
from tests.store.test_plans import drawn, merged

A, B, C, D = (f"{toy.ONE}{n:03d}" for n in (1, 2, 3, 4))


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(store, person="planner"), client=HERE) as client:
        yield client


def test_locks_stay_on_grids_that_go_on_when_a_plan_is_handed_in_saved_or_forked(
    store: Store, client: TestClient
) -> None:
    plan = drawn(store, toy.atoms())
    editor = Editor(client, plan)
    # Three quarters of grid 001 leave it: it ends, and 002 with them is a new one.
    editor.done(kind="move", atoms=[f"{A}-1", f"{A}-3", f"{A}-0"], grid=B)
    editor.done(kind="split", grid=C, line=[[117.0, 36.605], [117.01, 36.605]], datum="wgs84")
    editor.done(kind="lock", grids=[A, D])
    with transaction(store.app, "planner") as conn:
        plans.move(conn, plan, "submit")
        plans.move(conn, plan, "withdraw", reason="再改")
        codes = plans.read_atoms(conn, plan).set_index("code")["grid"]
        locked = sorted({codes[f"{A}-2"], D})
        made = fork(conn, plan)
    assert A not in locked, "numbered anew"
    for each in (plan, made):
        assert client.get(f"/api/plans/{each}/draft").json()["locked"] == locked
        refused = Editor(client, each).send(kind="merge", grids=[B, D])
        assert refused.json()["code"] == "GridLocked"
    Editor(client, made).done(kind="unlock", grids=locked)
    assert client.get(f"/api/plans/{plan}/draft").json()["locked"] == locked
    with transaction(store.app, "planner") as conn:
        plans.save_assignment(conn, plan, merged(0).assign(grid=lambda rows: "x" + rows["grid"]))
        told = events.history(conn, "plan", plan)
    assert client.get(f"/api/plans/{plan}/draft").json()["locked"] == [D]
    assert told.loc[told["name"] == "save", "detail"].iloc[-1]["unlocked"] == [locked[1]]
