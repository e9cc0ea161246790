"""A fork begins with what its plan says, remembers where it comes from, and goes its own way."""

from __future__ import annotations

import pytest

from geo.errors import MissingError, NotAllowedError, NothingToRebaseError, StaleBaseError
from geo.plan import PlanEdge
from geo.store.database import Store, transaction
from geo.store.planning import plans
from geo.store.planning.forking import fork, read_log
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
    for person, may in (("planner", True), ("approver", False)):
        with transaction(store.app, person) as conn:
            assert plans.read_plans(conn)["forkable"].tolist() == [may, may], person


def test_a_fork_is_told_from_its_source_and_from_other_forks_by_its_title(store: Store) -> None:
    source = drawn(store, merged(1))
    with transaction(store.app, "planner") as conn:
        made = [fork(conn, source), fork(conn, source)]
        made += [fork(conn, made[0])]
        titles = plans.read_plans(conn).set_index("id")["title"]
    own = titles[source]
    assert titles[made].tolist() == [f"{own}（副本 {n}）" for n in (2, 3, 4)]


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


def open_steps(store: Store, plan: int) -> list[PlanEdge]:
    with transaction(store.app, "planner") as conn:
        return plans.steps_open(conn, plan)


def test_a_rebase_takes_over_what_others_changed_and_names_what_both_did(store: Store) -> None:
    one, two, three, four = (f"{toy.ONE}{n:03d}" for n in (1, 2, 3, 4))
    south = toy.atoms()
    south.loc[south["code"] == f"{three}-1", "grid"] = four
    apart, clash = drawn(store, south), drawn(store, merged(2))
    offered = [step.name for step in open_steps(store, apart)]
    assert offered == ["submit"], "nothing has changed that could be taken over"
    published(store, merged(1))
    assert [step.name for step in open_steps(store, apart)] == ["submit", "rebase"]
    with transaction(store.app, "planner") as conn:
        for plan in (apart, clash):
            plans.move(conn, plan, "rebase")
        told = [read_log(conn, plan, "rebase")["detail"].iloc[-1] for plan in (apart, clash)]
        bases = plans.read_plans(conn).set_index("id").loc[[apart, clash], "base"]
    assert bases.tolist() == [2, 2]
    assert told[0]["taken"] == [one, two]
    assert told[0]["conflicts"] == told[1]["taken"] == []
    assert told[1]["conflicts"] == [one, two]
    both = assignment(store, apart)
    assert both[f"{one}-1"] == two, "what was published meanwhile"
    assert both[f"{three}-1"] == four, "what the draft has drawn"
    assert [both[f"{code}-0"] for code in (one, two, three)] == [one, two, three]
    assert assignment(store, clash)[f"{one}-3"] == two


def test_what_both_changed_is_named_as_the_draft_calls_it_from_then_on(store: Store) -> None:
    atoms = toy.atoms()
    one, new = f"{toy.ONE}001", f"{toy.ONE}005"
    mine = atoms.assign(grid=atoms["grid"].mask(atoms["code"] == f"{one}-0", "mine"))
    other = atoms.assign(grid=atoms["grid"].mask(atoms["code"] == f"{one}-3", "other"))
    plan = drawn(store, mine)
    assert published(store, other).new == (new,)
    with transaction(store.app, "planner") as conn:
        plans.move(conn, plan, "rebase")
        named = read_log(conn, plan, "rebase")["detail"].iloc[-1]["conflicts"]
    drafted = assignment(store, plan)
    assert named == sorted({drafted[f"{one}-{n}"] for n in range(4)})
    assert set(named) <= set(drafted.values())


def test_a_plan_on_the_newest_grids_is_not_taken_back_to_a_draft(store: Store) -> None:
    plan = drawn(store, merged(1))
    with transaction(store.app, "planner") as conn:
        plans.move(conn, plan, "submit")
    with (
        pytest.raises(NothingToRebaseError, match="already"),
        transaction(store.app, "planner") as conn,
    ):
        plans.move(conn, plan, "rebase")
    with transaction(store.app, "planner") as conn:
        assert plans.read_plans(conn).set_index("id").loc[plan, "state"] == "submitted"


def test_codes_that_two_drafts_gave_afresh_are_told_apart(store: Store) -> None:
    new = f"{toy.ONE}005"
    atoms = toy.atoms()
    first = atoms.assign(grid=atoms["grid"].mask(atoms["code"] == f"{toy.ONE}001-0", "x"))
    last = atoms.assign(grid=atoms["grid"].mask(atoms["code"] == f"{toy.ONE}004-2", "y"))
    plan = drawn(store, last)
    assert published(store, first).new == (new,)
    with transaction(store.app, "planner") as conn:
        plans.move(conn, plan, "rebase")
    grids_now = assignment(store, plan)
    assert grids_now[f"{toy.ONE}001-0"] == new
    assert grids_now[f"{toy.ONE}004-2"] == f"{toy.ONE}006"
