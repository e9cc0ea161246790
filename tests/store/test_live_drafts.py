"""What a draft begins with, and what it knows of the ground around it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request

from api.acting import COOKIE
from api.app import create_app
from api.drawing import ground_told
from api.workbench import Bench, Workbench
from geo.store import events, imports
from geo.store.database import Store, transaction
from geo.store.net import areas
from geo.store.planning import plans
from geo.store.planning.forking import fork
from tests.api.conftest import HERE
from tests.store import toy
from tests.store.test_plan_command import buildings_given_to, run
from tests.store.test_plan_edits import A, B, C, D, Editor, codes, stored
from tests.store.test_plans import drawn, merged, published


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(store, person="planner"), client=HERE) as client:
        yield client


def test_a_draft_whose_buildings_were_imported_anew_says_so_and_is_counted_anew(
    store: Store, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recounted(asked: str = "base") -> object:
        return client.get(f"/api/plans/{plan}/{asked}").json()["recounted"]

    def households() -> list[int]:
        grids = client.get(f"/api/plans/{plan}/draft").json()["grids"]
        with transaction(store.app, "planner") as conn:
            drawn = areas.read_areas(conn, net="grid", kind="grid", plan=plan, scope=toy.ONE)
        ordinary = drawn[~drawn["special"].astype("bool")].set_index("code")["households"]
        assert [grid["households"] for grid in grids] == ordinary.sort_index().tolist()
        return [grid["households"] for grid in grids]

    monkeypatch.setattr("api.cli.planning.open_store", lambda _: store)
    buildings_given_to(store, "x")
    plan = client.post("/api/plans", json={"scope": toy.ONE, "title": "x"}).json()["plan"]
    assert recounted() is None
    editor = Editor(client, plan)
    assert editor.done(kind="recount")["counts"] == {}
    assert not editor.done(kind="lock", grids=[A])["can_undo"], "nothing to take back"
    buildings_given_to(store, "x", households=9)
    for asked in ("base", "compare"):
        assert recounted(asked) == {"drawn": 105, "now": 135, "atoms": 15}
    shown = run("show", str(plan))
    assert f"15 个地块不同。重算：jingwei plan recount {plan}" in shown
    told = editor.done(kind="recount")
    assert (codes(told), len(told["counts"]), told["can_undo"]) == ([A, B, C, D], 15, True)
    assert (households(), recounted()) == ([36, 36, 36, 27], None)
    client.app.state.workbench.kept.clear()  # type: ignore[attr-defined]
    ground = client.get(f"/api/plans/{plan}/ground").json()["features"]
    assert {each["properties"]["households"] for each in ground} == {9}
    editor.done(kind="undo")
    assert households() == [28, 28, 28, 21]
    late = Editor(client, plan)
    assert editor.done(kind="redo")["counts"] == told["counts"]
    assert late.send(kind="recount").status_code == 412, "another was first"
    assert "与楼栋一致" in run("recount", str(plan))
    buildings_given_to(store, "x", households=500)
    said = run("recount", str(plan))
    assert "15 个地块的户数按楼栋重算" in said
    with transaction(store.app, "planner") as conn:
        plans.move(conn, plan, "submit")
    refused = Editor(client, plan).send(kind="recount")
    assert (refused.status_code, refused.json()["code"]) == (409, "PlanStep")


def test_a_draft_begins_with_the_grids_in_force(
    store: Store, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    buildings_given_to(store, "x")
    asked = {"scope": toy.ONE, "title": "从现行开始"}
    answer = client.post("/api/plans", json=asked)
    assert answer.status_code == 201, answer.text
    plan = answer.json()["plan"]
    told = client.get(f"/api/plans/{plan}/draft").json()
    assert [(grid["code"], grid["broken"]) for grid in told["grids"]] == [
        (code, 0) for code in (A, B, C, D)
    ]
    assert [grid["households"] for grid in told["grids"]] == [28, 28, 28, 21]
    assert told["moved_households"] == 0
    assert client.post("/api/plans", json={**asked, "scope": "nowhere"}).status_code == 404
    assert client.post("/api/plans", json={**asked, "scope": "3701"}).status_code == 422
    monkeypatch.setattr("api.cli.planning.open_store", lambda _: store)
    assert "Draft" in run("begin", "--title", "x", "--scope", toy.ONE)
    over = client.get(f"/api/plans/{plan}/base").json()
    beside = client.get(f"/api/plans/{plan}/compare").json()
    now = {row["key"]: row["now"] for row in beside["measures"]}
    assert over["now"] == {key: now[key] for key in ("in_band", "pieces", "compactness")}
    assert {key: over[key] for key in ("scope", "revision", "stale")} == {
        "scope": beside["scope"],
        "revision": 1,
        "stale": None,
    }
    published(store, merged(3))
    over = client.get(f"/api/plans/{plan}/base").json()
    assert over["stale"]["base"] == 1
    assert over["stale"] == client.get(f"/api/plans/{plan}/compare").json()["stale"]
    assert client.get(f"/api/plans/{plan}/compare").json()["editable"]
    past = client.post("/api/plans", json={**asked, "at": "1"}).json()["plan"]
    told = client.get(f"/api/plans/{past}/draft").json()
    assert [grid["households"] for grid in told["grids"]] == [28, 28, 21, 28], "001 is now 006"
    assert codes(told) == [B, C, D, f"{toy.ONE}006"]
    assert client.post("/api/plans", json={**asked, "at": "9"}).status_code == 404
    assert client.post("/api/plans", json={**asked, "at": "x"}).status_code == 422
    client.cookies.set(COOKIE, "checker")
    assert client.post("/api/plans", json=asked).json()["code"] == "NotAllowed"
    assert not client.get(f"/api/plans/{plan}/compare").json()["editable"]


def test_borders_of_a_live_draft_know_the_roads_that_the_store_holds(store: Store) -> None:
    plan = drawn(store, merged(1))
    before, after = Workbench(), Workbench()
    with transaction(store.app, "planner") as conn:
        before.look(conn, plan)
    road = toy.square(0.99, 0, 0.02, 2)  # between the grids of the west and of the east
    base = toy.frame(
        [("base", "road", "R1", "大路", "arterial", road)], "net kind code name class geometry"
    )
    with transaction(store.owner, "import") as conn:
        imports.commit_areas(conn, base, imports.open_batch(conn, "areas"))
    with transaction(store.app, "planner") as conn:
        after.look(conn, plan)
    told = [bench.kept[plan].draft.ground.problems.along for bench in (before, after)]
    assert [along is not None and float(along.worth.sum()) > 0 for along in told] == [False, True]


def test_who_asks_for_a_draft_at_once_gets_what_was_read_once(store: Store) -> None:
    plan, bench = drawn(store, merged(1)), Workbench()

    def read(_: int) -> Bench:
        with transaction(store.app, "planner") as conn:
            return bench.read(conn, plan)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(read, range(4)))
    assert all(each is found[0] for each in found)


def test_the_ground_of_a_draft_is_packed_once_and_no_edit_changes_it(
    store: Store, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, made = drawn(store, toy.atoms()), list[Bench]()

    def noted(bench: Bench) -> str:
        made.append(bench)
        return ground_told(bench)

    monkeypatch.setattr("api.drawing.ground_told", noted)
    way = f"/api/plans/{plan}/ground"
    packed = client.get(way, headers={"accept-encoding": "gzip"})
    Editor(client, plan).done(kind="move", atoms=[f"{A}-1"], grid=B)
    plain = client.get(way, headers={"accept-encoding": "identity"})
    assert len(made) == 1
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-type"] == plain.headers["content-type"]
    client.app.state.workbench.kept.clear()  # type: ignore[attr-defined]
    anew = client.get(way)
    assert len(made) == 2
    assert packed.text == plain.text == anew.text
    assert len(anew.json()["features"]) == len(toy.atoms())


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


def test_a_redraw_that_nobody_waits_for_is_not_kept(
    store: Store, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(_: Request) -> bool:
        return True

    plan = drawn(store, toy.atoms())
    editor = Editor(client, plan)
    before = stored(store, plan)[0]
    with monkeypatch.context() as cut:
        cut.setattr(Request, "is_disconnected", gone)
        answer = editor.send(kind="redraw", within=f"{toy.ONE}", seed=1, quality="draft")
        assert (answer.status_code, answer.json()["code"]) == (409, "NotAwaited")
        assert stored(store, plan)[0] == before
    told = editor.done(kind="redraw", within=f"{toy.ONE}", seed=1, quality="draft")
    assert told["version"] > 1, "who waits is answered, on the version it was"
