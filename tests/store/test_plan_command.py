"""`jingwei plan` as a person runs it: scheduled, due, listed, shown beside another time, undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from geo.store import revisions
from geo.store.database import Store, transaction
from tests.store.test_plans import approved, grids, merged, states

RUNNER = CliRunner(env={"COLUMNS": "80"})


@pytest.fixture
def store(toy_store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    # The command gives its connections back at the end; engines open new ones when asked again.
    monkeypatch.setattr("api.cli.plans.open_store", lambda _: toy_store)
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
