"""`jingwei plan` as a person runs it: scheduled, due, listed, shown beside another time, undone."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from api.proposals import atoms_of
from geo.errors import MissingError
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.net import revisions
from geo.store.working import issues
from tests.store import toy
from tests.store.test_issues import at, received
from tests.store.test_plans import approved, drawn, grids, merged, states

RUNNER = CliRunner(env={"COLUMNS": "80"})


@pytest.fixture
def store(toy_store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    # The command gives its connections back at the end; engines open new ones when asked again.
    monkeypatch.setattr("api.cli.planning.open_store", lambda _: toy_store)
    return toy_store


def run(*words: object) -> Any:
    result = RUNNER.invoke(app, ["plan", *map(str, words)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_plan_is_scheduled_falls_due_and_is_taken_back(store: Store) -> None:
    before, plan = grids(store), approved(store, merged(3))
    with transaction(store.owner, "x") as conn:
        day = revisions.today(conn) + timedelta(days=1)
    assert "--commit" in run("publish", plan, "--on", day)
    assert states(store) == ["approved"]
    assert str(day) in run("publish", plan, "--on", day, "--commit")
    listed = run("list")
    assert "scheduled" in listed
    assert str(day) in listed
    assert "No plan is due" in run("due", "--commit")
    with store.owner.begin() as conn:  # a day goes by
        conn.execute(text("update plan set effective_on = effective_on - 1"))
    assert "in_force" in run("due")
    assert states(store) == ["scheduled"], "a dry run"
    assert "+1 −1" in run("due", "--commit")
    assert states(store) == ["in_force"]
    assert "households moved" in run("show", plan, "--at", 1)
    assert "From revision 1 to plan" in run("diff", plan)
    assert "--commit" in run("rollback", 2, "--as", "approver")
    assert "revision 3" in run("rollback", 2, "--as", "approver", "--commit")
    assert "rollback" in run("revisions")
    assert grids(store).equals(before)


def test_a_plan_is_forked_and_its_log_told(store: Store) -> None:
    plan = approved(store, merged(1))
    assert f"Draft {plan + 1} forked from plan {plan}" in run("fork", plan, "--name", "另一案")
    assert "另一案" in run("list")
    told = run("log", plan + 1)
    assert "approve" in told
    assert told.count("create") == 2


def test_a_plan_goes_to_files_and_an_assignment_comes_back(store: Store, tmp_path: Path) -> None:
    plan = drawn(store, merged(1))
    for ending in ("csv", "gpkg", "parquet", "xlsx"):
        file = tmp_path / f"方案.{ending}"
        assert "5 grids, 15 atoms" in run("export", plan, "--out", file)
        assert "nothing changes" in run("import", plan, file, "--commit")
    text = (tmp_path / "方案.csv").read_text("utf-8-sig").splitlines()
    given = next(n for n, line in enumerate(text) if line.endswith("003"))
    text[given] = text[given].removesuffix("003") + "新网格"
    (tmp_path / "改.csv").write_text("\n".join([text[0], text[given]]), "utf-8")
    words = ("import", plan, tmp_path / "改.csv", "--partial")
    assert "--commit" in run(*words)
    assert "nothing changes" in run("import", plan, tmp_path / "方案.csv"), "a dry run"
    told = run(*words, "--commit")
    assert "1 atom with 100 households" in told
    assert f"New: {toy.ONE}005" in told
    assert "1 atom with 100 households" in run("import", plan, tmp_path / "方案.csv")
    far, loose = (line.split(",")[0] for line in (text[1], text[-1]))
    (tmp_path / "散.csv").write_text(f"atom,grid\n{far},{toy.ONE}004\n{loose},\n", "utf-8")
    told = run("import", plan, tmp_path / "散.csv", "--partial")
    assert f"in several pieces: {toy.ONE}004" in told
    assert "1 个地块不在任何网格" in told


def test_a_difference_counts_what_moves_and_says_where_grids_come_from(
    store: Store, tmp_path: Path
) -> None:
    buildings_given_to(store, f"{toy.ONE}009")
    for reference, place in (("waits", (0.7, 1.2)), ("taken", (0.8, 1.3)), ("stays", (0.7, 1.7))):
        receipt = received(store, at(*place, reference))
        with transaction(store.app, "dispatcher") as conn:
            task = issues.send(conn, receipt.id)
        if reference == "taken":
            with transaction(store.app, f"leader-{toy.ONE}001") as conn:
                issues.take(conn, task)
    plan = drawn(store, merged(1))  # the south-eastern quarter of grid 001 goes to grid 002
    told = json.loads(run("diff", plan, "--json"))
    sums = [told[key] for key in ("buildings", "households", "tasks_sent", "tasks_taken")]
    assert sums == [1, 7, 1, 1]
    assert told["changed"] == [f"{toy.ONE}001", f"{toy.ONE}002"]
    assert told["fresh"] == told["gone"] == []
    came = {
        row["old"][-3:]: row["share_of_new"] for row in told["lineage"] if row["new"][-1] == "2"
    }
    assert came == {"002": pytest.approx(0.8), "001": pytest.approx(0.2)}
    other = drawn(store, toy.atoms())
    assert json.loads(run("diff", other, "--json"))["lineage"][0]["share_of_new"] == 1.0
    assert json.loads(run("diff", other, plan, "--json")) == told
    pairs = tmp_path / "对照.csv"
    shown = run("diff", plan, "--out", pairs)
    assert pairs.read_text("utf-8-sig").splitlines() == [
        "old,new,households,people,buildings,estates,tasks_sent,tasks_taken",
        f"{toy.ONE}001,{toy.ONE}002,7,0,1,0,1,1",
    ]
    assert "20.0%" in shown
    assert "what is in force" in shown
    replayed = run("replay", plan)
    assert "66.7% to another grid" in replayed
    assert "3 issues" in run("show", plan)
    assert json.loads(run("replay", plan, "--json"))["issues"] == 3
    assert "No issues from 2020-01-01" in run(
        "replay", plan, "--from", "2020-01-01", "--to", "2020-03-31"
    )


def test_a_draft_starts_from_the_grids_in_force_whatever_the_buildings_were_imported_with(
    store: Store,
) -> None:
    buildings_given_to(store, f"{toy.ONE}009")
    with transaction(store.owner, "planner") as conn:
        atoms = atoms_of(conn, toy.ONE)
    assert set(atoms["previous"]) == {code for code in toy.GRIDS if code.startswith(toy.ONE)}


def buildings_given_to(store: Store, grid: str, *, households: int = 7) -> None:
    """Import a building into each atom of the toy city, all of one grid's code."""
    quarters = toy.atoms()
    rows: list[tuple[object, ...]] = [
        ("building", code, households, grid, shape.centroid)
        for code, shape in zip(quarters["code"], quarters.geometry, strict=True)
    ]
    frame = toy.frame(rows, "kind code households grid geometry")
    with transaction(store.owner, "import") as conn:
        imports.commit_places(conn, frame, imports.open_batch(conn, "places"))


def test_a_department_s_net_is_called_by_a_name_and_by_its_code_without(store: Store) -> None:
    police = toy.frame(
        [("dept-police", "grid", "GA1", "警务区", None, toy.square(0, 0, 1, 1))],
        "net kind code name parent geometry",
    )
    with transaction(store.owner, "import") as conn:
        imports.commit_areas(conn, police, imports.open_batch(conn, "police"))

    def net(*words: str) -> str:
        return str(RUNNER.invoke(app, ["net", *words], catch_exceptions=False).output)

    assert "公安网" in net("call", "dept-police", "公安网")
    assert net("list").count("dept-police") == 2, "a dry run: its code is its name"
    net("call", "dept-police", "公安网", "--commit")
    assert "公安网" in net("list")
    assert "grid" not in net("list"), "nets of our own are none"
    with pytest.raises(MissingError):
        net("call", "dept-none", "没有", "--commit")
