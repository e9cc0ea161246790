"""`jingwei plan` as a person runs it: scheduled, due, listed, shown beside another time, undone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from geo.store import revisions
from geo.store.database import Store, transaction
from tests.store import toy
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
    assert "--commit" in run("rollback", 2, "--as", "approver")
    assert "revision 3" in run("rollback", 2, "--as", "approver", "--commit")
    assert "rollback" in run("revisions")
    assert grids(store).equals(before)


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
    assert "1 atoms with 100 households" in told
    assert f"New: {toy.ONE}005" in told
    assert "1 atoms with 100 households" in run("import", plan, tmp_path / "方案.csv")
