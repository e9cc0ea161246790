"""A fork begins with what its plan says, remembers where it comes from, and goes its own way."""

from __future__ import annotations

import pytest

from geo.errors import MissingError, NotAllowedError, StaleBaseError
from geo.store import plans
from geo.store.database import Store, transaction
from geo.store.forking import fork, read_log
from tests.store import toy
from tests.store.test_plans import approved, drawn, grids, merged, published


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def forked(store: Store, plan: int, person: str = "planner") -> int:
    with transaction(store.app, person) as conn:
        return fork(conn, plan, title="分叉")


def assignment(store: Store, plan: int) -> dict[str, str]:
    with transaction(store.app, "planner") as conn:
        atoms = plans.read_atoms(conn, plan)
    return dict(zip(atoms["code"], atoms["grid"], strict=True))


def test_a_fork_has_the_atoms_and_the_log_and_the_two_change_apart(store: Store) -> None:
    source = approved(store, merged(1))
    made = forked(store, source)
    was = assignment(store, source)
    assert assignment(store, made) == was
    with transaction(store.app, "planner") as conn:
        plans.save_assignment(conn, made, merged(3))
        rows = plans.read_plans(conn).set_index("id")
        log = read_log(conn, made)
    assert rows.loc[made, ["state", "forked_from", "base"]].tolist() == ["draft", source, 1]
    assert assignment(store, source) == was != assignment(store, made)
    with transaction(store.app, "approver") as conn:
        plans.publish(conn, source)
        assert read_log(conn, made).equals(log), "what the source does later is its own"
    assert log.name.tolist() == [
        *("create", "save", "submit", "check", "approve"),
        *("create", "save"),
    ]
    assert log.plan.tolist() == [source] * 5 + [made] * 2
    assert log.detail.iloc[-1]["communities"] == [toy.ONE]


def test_a_fork_of_a_stale_plan_is_as_stale(store: Store) -> None:
    old = approved(store, merged(1))
    published(store, merged(2))
    made = forked(store, old)
    for person, edge in (("planner", "submit"), ("checker", "check"), ("approver", "approve")):
        with transaction(store.app, person) as conn:
            plans.move(conn, made, edge)
    with transaction(store.app, "approver") as conn, pytest.raises(StaleBaseError):
        plans.publish(conn, made)


@pytest.mark.parametrize("later", [0, 1])
def test_a_fork_of_a_published_plan_starts_from_what_is_in_force(store: Store, later: int) -> None:
    published(store, merged(3))
    for _ in range(later):
        published(store, toy.atoms())
    before = grids(store)
    made = forked(store, 1)
    with transaction(store.app, "planner") as conn:
        atoms = plans.read_atoms(conn, made)
        assert plans.read_plans(conn).set_index("id").loc[made, "base"] == 2 + later
    same = atoms["grid"] == atoms["previous"]
    assert same.all() if not later else not same.all()
    if later:  # 005 has ended: its number is not given again
        assert f"{toy.ONE}005" not in set(atoms["grid"])
    assert grids(store).equals(before)


def test_who_plans_elsewhere_forks_nothing(store: Store) -> None:
    toy.load_people(store, ["other"], [("other", "planner", "admin", toy.TWO)])
    source = drawn(store, merged(1))
    for person, refusal in (("other", MissingError), ("checker", NotAllowedError)):
        with pytest.raises(refusal):
            forked(store, source, person)
    with transaction(store.owner, "x") as conn:
        assert len(plans.read_plans(conn)) == 1
