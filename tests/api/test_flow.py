"""The main job: once through, and again without doing anything twice."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from sqlalchemy import text

from api.demo import Shown, run
from geo.store.database import Store, transaction
from geo.store.planning import plans
from geo.store.working.issues import read_issues


def test_the_flow_ends_with_a_plan_in_force_and_issues_in_hands(store: Store, shown: Shown) -> None:
    with transaction(store.owner, "tests") as conn:
        (state,) = plans.read_plans(conn)["state"]
        issues = read_issues(conn)
        asked = text(
            "select detail ->> 'by' as by, count(*) from event where name = 'send' group by 1"
        )
        by = {who: int(n) for who, n in conn.execute(asked)}
    assert state == "in_force"
    assert by[None] == 60  # by a dispatcher, along their routes
    assert by["rule"] > 10  # and at intake, as the catalogue says
    assert issues["task"].notna().sum() == sum(by.values())
    assert issues.loc[issues["task"].notna(), "state"].eq("sent").all()
    located = issues[issues.geometry.notna()]
    assert located["grid"].notna().mean() > 0.95
    assert shown.unclaimed < len(issues) / 10


def test_running_it_again_changes_nothing(store: Store, shown: Shown, tmp_path: Path) -> None:
    assert run(store, tmp_path, say=lambda *_: nullcontext(), quality="fast") == shown
    with transaction(store.owner, "tests") as conn:
        assert len(plans.read_plans(conn)) == 1
