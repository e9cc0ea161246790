"""A draft edited over HTTP and from the command line: kept, seen by others, never overwritten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import geopandas as gpd
import pytest
from fastapi.testclient import TestClient

from api.acting import COOKIE
from api.app import create_app
from api.cli import app
from geo.errors import BadLineError, BadOptionError, GridLockedError
from geo.store import events
from geo.store.database import Store, transaction
from geo.store.net import areas
from geo.store.planning import plans
from tests.api.conftest import HERE
from tests.store import toy
from tests.store.test_plan_command import RUNNER, run
from tests.store.test_plans import drawn, merged, published

A, B, C, D, NEW = (f"{toy.ONE}{n:03d}" for n in (1, 2, 3, 4, 5))
ATOM = f"{A}-1"  # on the border of grid 002


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(store, person="planner"), client=HERE) as client:
        yield client


class Editor:
    """A browser with a draft open."""

    def __init__(self, client: TestClient, plan: int) -> None:
        self.client, self.plan = client, plan
        self.etag = client.get(f"/api/plans/{plan}/draft").headers["etag"]

    def send(self, **edit: object) -> Any:
        headers = {"if-match": self.etag}
        answer = self.client.post(f"/api/plans/{self.plan}/edits", json=edit, headers=headers)
        self.etag = answer.headers.get("etag", self.etag)
        return answer

    def done(self, **edit: object) -> dict[str, Any]:
        answer = self.send(**edit)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


def codes(told: dict[str, Any]) -> list[str]:
    return [grid["code"] for grid in told["grids"]]


def stored(store: Store, plan: int) -> tuple[dict[str, str], gpd.GeoDataFrame]:
    """The grid of each atom, and the areas, as anybody else reads them."""
    with transaction(store.app, "checker") as conn:
        atoms = plans.read_atoms(conn, plan)
        drawn_areas = areas.read_areas(conn, net="grid", plan=plan, scope=toy.ONE)
    return dict(zip(atoms["code"], atoms["grid"], strict=True)), drawn_areas


def test_households_moved_are_those_whose_grid_has_another_code(
    store: Store, client: TestClient
) -> None:
    plan = drawn(store, toy.atoms())
    editor = Editor(client, plan)
    editor.done(kind="merge", grids=[B, A])
    editor.done(kind="merge", grids=[B, C])
    told = client.get(f"/api/plans/{plan}/draft").json()
    with transaction(store.app, "checker") as conn:
        atoms = plans.read_atoms(conn, plan)
    moved = atoms["previous"].isin([A, C])
    assert told["moved_households"] == atoms.loc[moved, "households"].sum() > 0


def test_an_edit_is_answered_with_the_grids_it_touched_and_seen_by_others(
    store: Store, client: TestClient
) -> None:
    plan = drawn(store, toy.atoms())
    editor = Editor(client, plan)
    told = editor.done(kind="move", atoms=[ATOM], grid=B)
    assert codes(told) == [A, B]
    assert [grid["households"] for grid in told["grids"]] == [300, 500]
    assert (told["moved_households"], told["can_undo"], told["offers"]) == (100, True, [])
    grids, drawn_areas = stored(store, plan)
    assert grids[ATOM] == B
    with transaction(store.app, "planner") as conn:
        whole = plans.save_assignment(conn, plan, toy.atoms().assign(grid=list(grids.values())))
    ours = drawn_areas[~drawn_areas["special"]].sort_values("code")
    assert ours.geometry.to_wkb().tolist() == whole.geometry.to_wkb().tolist()
    assert ours["households"].tolist() == whole["households"].tolist()
    assert ours["name"].tolist() == whole["name"].tolist()


def test_steps_are_taken_back_and_made_again_after_the_program_was_started_anew(
    store: Store, client: TestClient
) -> None:
    plan = drawn(store, toy.atoms())
    before = stored(store, plan)
    editor = Editor(client, plan)
    editor.done(kind="move", atoms=[ATOM], grid=B)
    middle = stored(store, plan)
    line = [[117.0, 36.605], [117.01, 36.605]]
    told = editor.done(kind="split", grid=C, line=line, datum="wgs84")
    assert codes(told) == [C, NEW]
    editor.done(kind="lock", grids=[D])
    last = stored(store, plan)
    with TestClient(create_app(store, person="planner"), client=HERE) as fresh:
        again = Editor(fresh, plan)
        assert again.send(kind="merge", grids=[B, D]).json()["code"] == "GridLocked"
        assert again.done(kind="undo")["gone"] == [NEW]
        assert same(stored(store, plan), middle)
        assert again.done(kind="undo")["can_undo"] is False
        assert same(stored(store, plan), before)
        assert again.send(kind="undo").json()["code"] == "NothingToUndo"
    with TestClient(create_app(store, person="planner"), client=HERE) as fresh:
        again = Editor(fresh, plan)
        again.done(kind="redo")
        told = again.done(kind="redo")
        assert (told["can_redo"], told["locked"]) == (False, [D])
        assert same(stored(store, plan), last)
    assert editor.send(kind="undo").status_code == 412, "the first browser is behind"
    with transaction(store.app, "checker") as conn:
        names = events.history(conn, "plan", plan)["name"].tolist()
    assert names == ["create", "save", "edit", "edit", "lock", "undo", "undo", "redo", "redo"]


def same(one: tuple[dict[str, str], Any], other: tuple[dict[str, str], Any]) -> bool:
    return one[0] == other[0] and one[1].equals(other[1])


def test_of_two_editors_the_second_is_told_and_may_go_on(store: Store, client: TestClient) -> None:
    plan = drawn(store, toy.atoms())
    editors = [Editor(client, plan) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda e: e.send(kind="move", atoms=[ATOM], grid=B), editors))
    assert sorted(a.status_code for a in answers) == [200, 412, 412, 412]
    told = next(a for a in answers if a.status_code == 412)
    assert told.json()["code"] == "PlanChanged"
    assert told.headers["content-type"] == "application/problem+json"
    assert Editor(client, plan).done(kind="undo")["can_redo"] is True


def test_an_edit_that_fails_midway_leaves_no_trace_in_memory(
    store: Store, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = drawn(store, toy.atoms())
    before = stored(store, plan)
    editor = Editor(client, plan)
    keep = "api.workbench.Workbench._keep"
    monkeypatch.setattr(keep, _kept_then_failed)
    with pytest.raises(RuntimeError, match="after the edit"):
        editor.send(kind="move", atoms=[ATOM], grid=B)
    monkeypatch.undo()
    assert same(stored(store, plan), before)
    told = editor.done(kind="move", atoms=[f"{C}-3"], grid=A)
    assert codes(told) == [A, C]
    assert stored(store, plan)[0][ATOM] == A


def _kept_then_failed(self: Any, plan: int, bench: Any) -> None:
    self.kept[plan] = bench
    if bench.draft.past:
        raise RuntimeError("after the edit was made, before it was committed")


def test_a_plan_handed_on_is_edited_no_more_and_numbered_by_the_rule(
    store: Store, client: TestClient
) -> None:
    plan = drawn(store, toy.atoms())
    editor = Editor(client, plan)
    # Three quarters of grid 001 leave it under its old code: by the rule 001 ends.
    editor.done(kind="move", atoms=[f"{A}-1", f"{A}-3", f"{A}-0"], grid=B)
    assert {A, B} <= set(stored(store, plan)[0].values())
    with transaction(store.app, "planner") as conn:
        assert plans.move(conn, plan, "submit") == "submitted"
    grids, drawn_areas = stored(store, plan)
    assert set(grids.values()) == {B, C, D, NEW}
    assert set(grids.values()) <= set(drawn_areas["code"])
    assert editor.send(kind="undo").json()["code"] == "PlanStep"
    assert Editor(client, plan).send(kind="undo").status_code == 409
    with transaction(store.app, "planner") as conn:
        plans.move(conn, plan, "withdraw", reason="再改")
    assert Editor(client, plan).done(kind="move", atoms=[f"{C}-3"], grid=D)["can_undo"] is True


def test_a_rebase_keeps_the_locks_of_grids_that_go_on_and_names_those_that_do_not(
    store: Store, client: TestClient
) -> None:
    plan = drawn(store, toy.atoms())
    Editor(client, plan).done(kind="lock", grids=[A, C, D])
    published(store, merged(3))  # 001 ends
    step = {"step": "rebase"}
    headers = {"if-match": client.get(f"/api/plans/{plan}").headers["etag"]}
    told = client.post(f"/api/plans/{plan}/steps", json=step, headers=headers).json()
    assert (told["locked"], told["unlocked"]) == ([C, D], [A])
    editor = Editor(client, plan)
    assert editor.send(kind="merge", grids=[C, D]).json()["code"] == "GridLocked"
    assert editor.done(kind="unlock", grids=[C])["locked"] == [D]


def test_only_who_plans_there_edits_and_whoever_sees_it_looks(
    store: Store, client: TestClient
) -> None:
    toy.load_people(store, ["other"], [("other", "planner", "admin", toy.TWO)])
    plan = drawn(store, toy.atoms())
    client.cookies.set(COOKIE, "checker")
    editor = Editor(client, plan)
    assert editor.send(kind="undo").json()["code"] == "NotAllowed"
    client.cookies.set(COOKIE, "other")
    assert editor.send(kind="undo").status_code == 404
    assert client.get(f"/api/plans/{plan}/draft").status_code == 404


MOVE: dict[str, object] = {"kind": "move", "atoms": [ATOM], "grid": B}
LINE = json.dumps({"kind": "split", "grid": A, "datum": "wgs84", "line": 0}).replace("0}", "%s}")


NO_DATUM = {"kind": "split", "grid": A, "line": [[117, 36.6], [117.1, 36.6]]}
WRONG = {
    "no json": 422,
    "[]": 422,
    '{"kind": "explode"}': 422,
    '{"kind": "undo", "twice": true}': 422,
    json.dumps({**MOVE, "atoms": []}): 422,
    json.dumps({**MOVE, "atoms": ["x"] * 20_001}): 422,
    json.dumps({**MOVE, "atoms": ["nowhere"]}): 422,
    json.dumps({**MOVE, "atoms": ["a\0b"]}): 422,
    json.dumps({**MOVE, "atoms": ["\ud800"]}): 422,
    json.dumps({**MOVE, "grid": f"{toy.TWO}001"}): 422,
    LINE % "[[NaN, 1], [1, 1]]": 422,
    LINE % "[[1e999, 1], [1, 1]]": 422,
    LINE % "[[true, 1], [1, 1]]": 422,
    LINE % "[[117, 36, 1], [1, 1]]": 422,
    LINE % "[[117.0, 36.6], [117.0, 36.6]]": 422,
    LINE % "[[10, 10], [11, 11]]": 422,
    LINE % json.dumps([["x", None]] * 2000): 422,
    LINE % json.dumps([[117 + n / 1e5, 36.6] for n in range(2001)]): 422,
    json.dumps(NO_DATUM): 422,
    '{"kind": "redraw", "within": "370102001001", "seed": -1}': 422,
    '{"kind": "redraw", "within": "nowhere"}': 422,
    '{"kind": "redo"}': 409,
    json.dumps({"kind": "merge", "grids": [A]}): 422,
}


def test_an_edit_that_is_none_is_refused_with_a_sentence_and_nothing_changes(
    store: Store, client: TestClient
) -> None:
    plan = drawn(store, toy.atoms())
    etag = client.get(f"/api/plans/{plan}/draft").headers["etag"]
    headers = {"if-match": etag, "content-type": "application/json"}
    for body, status in WRONG.items():
        answer = client.post(f"/api/plans/{plan}/edits", content=body, headers=headers)
        assert (answer.status_code, bool(answer.json()["zh"])) == (status, True), body
        assert answer.json()["code"] != "Malformed" or status == 422, answer.text
        assert len(answer.content) < 3_000, "a few faults say enough"
    assert client.get(f"/api/plans/{plan}").headers["etag"] == etag
    assert Editor(client, plan).done(**MOVE)["can_undo"] is True


def test_an_edit_names_the_version_it_is_meant_for(store: Store, client: TestClient) -> None:
    plan = drawn(store, toy.atoms())
    for etag, refused in (
        (None, (428, "VersionNotNamed")),
        ("*", (428, "VersionNotNamed")),
        ("3", (422, "BadVersion")),
        ('"1"', (412, "PlanChanged")),
        ('"x", W/"2"', (412, "PlanChanged")),
    ):
        headers = {} if etag is None else {"if-match": etag}
        answer = client.post(f"/api/plans/{plan}/edits", json=MOVE, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == refused
    assert stored(store, plan)[0][ATOM] == A


def test_a_draft_is_edited_from_the_command_line(
    store: Store, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cli.planning.open_store", lambda _: store)
    plan = drawn(store, toy.atoms())
    editor = Editor(client, plan)
    told = run("edit", "move", plan, ATOM, "--to", B)
    assert "1 atom with 100 households" in told
    assert editor.send(kind="undo").status_code == 412, "what is done there is seen here"
    middle = "117.0,36.605 117.01,36.605"
    assert NEW in run("edit", "split", plan, C, "--along", middle, "--datum", "wgs84")
    assert f"locked: {C}" in run("edit", "lock", plan, C)
    refused = RUNNER.invoke(app, ["plan", "edit", "merge", str(plan), C, D])
    assert isinstance(refused.exception, GridLockedError)
    both = RUNNER.invoke(app, ["plan", "edit", "unlock", str(plan), C, "--all"])
    assert isinstance(both.exception, BadOptionError)
    run("edit", "unlock", plan, "--all")
    assert "No grid is locked" in run("edit", "unlock", plan, "--all")
    assert f"gone: {NEW}" in run("edit", "undo", plan)
    run("edit", "redo", plan)
    assert f"gone: {NEW}" in run("edit", "merge", plan, C, NEW)
    for line in ("x", "117.0,36.6", "117.0 36.6", ""):
        wrong = ["plan", "edit", "split", str(plan), C, "--along", line, "--datum", "wgs84"]
        assert isinstance(RUNNER.invoke(app, wrong).exception, BadLineError)
    assert stored(store, plan)[0][ATOM] == B
    run("edit", "redraw", plan, toy.ONE)
    assert "5" in run("edit", "show", plan)
    assert Editor(client, plan).done(kind="undo")["can_redo"] is True


def test_a_new_grid_bears_no_number_that_was_ever_used(store: Store, client: TestClient) -> None:
    published(store, merged(3))  # 001 ends, 005 begins
    published(store, toy.atoms())  # 005 ends, 006 begins
    plan = drawn(store, toy.atoms())
    told = Editor(client, plan).done(kind="move", atoms=[f"{C}-0"], grid=None)
    assert {A, NEW}.isdisjoint(codes(told))
    fresh = max(codes(told))
    assert fresh == f"{toy.ONE}007"
    told = Editor(client, plan).done(kind="merge", grids=[C, fresh])
    assert told["gone"] == [fresh]
    with transaction(store.app, "planner") as conn:
        plans.move(conn, plan, "submit")
    assert {A, NEW}.isdisjoint(stored(store, plan)[0].values())


def test_a_draft_edited_while_it_is_submitted_is_one_or_the_other(
    store: Store, client: TestClient
) -> None:
    plan = drawn(store, toy.atoms())
    for _ in range(3):
        editor = Editor(client, plan)
        edit = {"kind": "move", "atoms": [ATOM], "grid": B}
        step: dict[str, Any] = {"json": {"step": "submit"}, "headers": {"if-match": editor.etag}}
        with ThreadPoolExecutor(2) as pool:
            sent = pool.submit(client.post, f"/api/plans/{plan}/steps", **step)
            edited = pool.submit(editor.send, **edit)
        outcome = sent.result().status_code, edited.result().status_code
        assert outcome in {(200, 409), (412, 200)}, "nobody submits what was not seen"
        back = {"step": "withdraw", "reason": "再改"}
        if outcome[0] == 200:
            assert client.post(f"/api/plans/{plan}/steps", json=back).status_code == 200
        else:
            Editor(client, plan).done(kind="undo")
