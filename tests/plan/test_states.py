from __future__ import annotations

import pytest

from geo.errors import PlanStepError
from geo.frames import ADMIN_KINDS, ROLES
from geo.plan import OPEN_STATES, PLAN_EDGES, PLAN_STATES, allowed_steps, step


def reachable(state: str) -> set[str]:
    found, todo = {state}, [state]
    while todo:
        targets = {edge.target for edge in allowed_steps(todo.pop())}
        todo.extend(targets - found)
        found |= targets
    return found


@pytest.mark.parametrize("state", [*OPEN_STATES, "in_force"])
def test_every_open_state_can_reach_the_end(state: str) -> None:
    assert "superseded" in reachable(state)


def test_every_state_is_reached_from_a_draft() -> None:
    assert reachable("draft") == set(PLAN_STATES)


def test_steps_are_named_once_and_use_known_states_roles_and_levels() -> None:
    assert len({edge.name for edge in PLAN_EDGES}) == len(PLAN_EDGES)
    for edge in PLAN_EDGES:
        assert {*edge.sources, edge.target} <= set(PLAN_STATES)
        assert edge.role is None or edge.role in ROLES
        assert edge.level is None or edge.level in ADMIN_KINDS


def test_community_submits_subdistrict_checks_district_approves_and_publishes() -> None:
    state, path = "draft", []
    for name in ("submit", "check", "approve", "publish", "supersede"):
        edge = step(state, name)
        state = edge.target
        path.append((edge.target, edge.role, edge.level))
    assert path == [
        ("submitted", "planner", "community"),
        ("checked", "checker", "subdistrict"),
        ("approved", "approver", "district"),
        ("in_force", "approver", "district"),
        ("superseded", None, None),
    ]


def test_going_back_to_a_draft_says_why() -> None:
    back = [e for e in PLAN_EDGES if e.target == "draft" and e.name != "rebase"]
    assert back
    assert all(edge.reason for edge in back)


def test_a_step_the_state_has_not_is_refused_with_those_it_has() -> None:
    with pytest.raises(PlanStepError, match="submit") as caught:
        step("draft", "publish")
    assert caught.value.values["allowed"] == "submit, rebase"
    with pytest.raises(PlanStepError, match="fork a draft"):
        step("superseded", "publish")
