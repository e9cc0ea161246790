"""The main job: once through, and again without doing anything twice."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from api.demo import Shown, run
from geo.store import plans
from geo.store.database import Store, transaction
from geo.store.issues import read_issues


def test_the_flow_ends_with_a_plan_in_force_and_issues_in_hands(store: Store, shown: Shown) -> None:
    with transaction(store.owner, "tests") as conn:
        (state,) = plans.read_plans(conn)["state"]
        issues = read_issues(conn)
    assert state == "in_force"
    assert issues["task"].notna().sum() == 60
    located = issues[issues.geometry.notna()]
    assert located["grid"].notna().mean() > 0.95
    assert shown.unclaimed < len(issues) / 10


def test_running_it_again_changes_nothing(store: Store, shown: Shown, tmp_path: Path) -> None:
    assert run(store, tmp_path, say=lambda *_: nullcontext(), quality="fast") == shown
    with transaction(store.owner, "tests") as conn:
        assert len(plans.read_plans(conn)) == 1
