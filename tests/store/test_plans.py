"""A plan is drawn, handed on, put in force and taken back; nothing else moves."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text

from geo.errors import (
    BadDraftError,
    MissingError,
    NotAllowedError,
    NotTiledError,
    PlanScopeError,
    PlanStepError,
    ReasonNeededError,
    StaleBaseError,
)
from geo.store import events, imports
from geo.store.database import Connection, Store, transaction
from geo.store.net import areas, ground, lookup, places
from geo.store.net.revisions import read_revisions
from geo.store.planning import plans
from tests.store import toy

CODES = [f"{toy.ONE}{i:03d}" for i in (1, 2, 3, 4)]


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def merged(share: int) -> gpd.GeoDataFrame:
    """Return the atoms with so many atoms of grid 001 given to grid 002, and labels of no code."""
    atoms = toy.atoms()
    own = atoms.index[atoms.code.str.startswith(f"{toy.ONE}001")]
    given = own[[1, 3, 0, 2][:share]]  # from the border on, so that both stay in one piece
    atoms.loc[given, "grid"] = f"{toy.ONE}002"
    return atoms.assign(grid="label " + atoms["grid"])


def drawn(store: Store, atoms: gpd.GeoDataFrame, scope: str = toy.ONE) -> int:
    with transaction(store.app, "planner") as conn:
        plan = plans.create(conn, net="grid", scope=scope, title="方案")
        plans.save_assignment(conn, plan, atoms)
    return plan


def approved(store: Store, atoms: gpd.GeoDataFrame, scope: str = toy.ONE) -> int:
    plan = drawn(store, atoms, scope)
    for person, edge in (("planner", "submit"), ("checker", "check"), ("approver", "approve")):
        with transaction(store.app, person) as conn:
            plans.move(conn, plan, edge)
    return plan


def published(store: Store, atoms: gpd.GeoDataFrame) -> plans.Published:
    plan = approved(store, atoms)
    with transaction(store.app, "approver") as conn:
        return plans.publish(conn, plan)


def states(store: Store) -> list[str]:
    with transaction(store.app, "approver") as conn:
        return [str(state) for state in plans.read_plans(conn).state[::-1]]


def grids(store: Store, person: str = "stranger") -> gpd.GeoDataFrame:
    """Return the grids in force; corners on an edge, which a neighbour may give, are left out."""
    with transaction(store.app, person) as conn:
        found = areas.read_areas(conn, net="grid").drop(columns=["valid_from", "valid_to"])
    return found.set_geometry(found.geometry.simplify(1e-9))


def test_a_draft_is_invisible_until_it_is_published(store: Store) -> None:
    before = grids(store)
    plan = approved(store, merged(1))
    assert grids(store).equals(before)
    reads: tuple[Callable[[Connection], object], ...] = (
        lambda conn: areas.read_areas(conn, net="grid", plan=plan),
        lambda conn: areas.read_areas(conn, net="admin", plan=plan),
        lambda conn: lookup.owners_of(conn, toy.admin().representative_point(), plan=plan),
        lambda conn: places.read_places(conn, plan=plan),
        lambda conn: ground.read_ground(conn, toy.ONE, plan=plan),
    )
    with transaction(store.app, "stranger") as conn:
        for read in reads:
            with pytest.raises(MissingError):
                read(conn)
    with transaction(store.app, "planner") as conn:
        draft = areas.read_areas(conn, net="grid", plan=plan, scope=toy.ONE)
    with transaction(store.app, "approver") as conn:
        done = plans.publish(conn, plan)
    after = grids(store)
    inside = after[after.code.str.startswith(toy.ONE)].reset_index(drop=True)
    assert done.changed == (f"{toy.ONE}001", f"{toy.ONE}002", f"{toy.ONE}003", f"{toy.ONE}004")
    assert inside.geometry.geom_equals(draft.geometry).all()
    assert inside.code.tolist() == [*CODES, f"{toy.ONE}901"]


def test_a_grid_that_loses_its_half_gets_a_number_never_used(store: Store) -> None:
    done = published(store, merged(3))
    assert done.new == (f"{toy.ONE}005",)
    assert done.gone == (f"{toy.ONE}001",)
    with transaction(store.app, "approver") as conn:
        plans.rollback(conn, done.revision)
    again = published(store, merged(3))
    assert again.new == (f"{toy.ONE}006",)


def test_a_rollback_puts_the_plan_before_back_in_force_and_its_own_rollback_takes_it_out(
    store: Store,
) -> None:
    published(store, merged(1))
    second = published(store, merged(2))
    assert states(store) == ["superseded", "in_force"]
    numbers = [second.revision]
    for expected in (["in_force", "superseded"], ["superseded", "in_force"]) * 2:
        with transaction(store.app, "approver") as conn:
            numbers.append(plans.rollback(conn, numbers[-1]).revision)
        assert states(store) == expected
    with transaction(store.app, "approver") as conn:
        told = events.history(conn, "plan", 1).name.tolist()
    assert told[-4:] == ["reinstate", "supersede", "reinstate", "supersede"]


def test_an_import_is_taken_back_by_who_approves_for_all_it_touched(store: Store) -> None:
    before = grids(store)
    renamed = toy.grids().assign(name="改名")
    with transaction(store.owner, "import") as conn:
        imports.commit_areas(conn, renamed, imports.open_batch(conn, "areas"))
        imports.commit_areas(conn, toy.admin().assign(name="x"), imports.open_batch(conn, "areas"))
    with transaction(store.app, "approver") as conn:
        assert len(plans.rollback(conn, 2).changed) == len(toy.grids())
    with transaction(store.app, "approver") as conn, pytest.raises(NotAllowedError):
        plans.rollback(conn, 2, net="admin")  # the city itself is above the district's approver
    assert grids(store).equals(before)


def test_a_plan_whose_scope_has_changed_is_told_which_codes(store: Store) -> None:
    first, second = approved(store, merged(1)), approved(store, merged(2))
    with transaction(store.app, "approver") as conn:
        plans.publish(conn, first)
    with (
        pytest.raises(StaleBaseError, match=f"{toy.ONE}001"),
        transaction(store.app, "approver") as conn,
    ):
        plans.publish(conn, second)
    with transaction(store.app, "planner") as conn:
        plans.move(conn, second, "rebase")
    for person, edge in (("planner", "submit"), ("checker", "check"), ("approver", "approve")):
        with transaction(store.app, person) as conn:
            plans.move(conn, second, edge)
    with transaction(store.app, "approver") as conn:
        assert plans.move(conn, second, "publish") == "in_force"
        states = plans.read_plans(conn).set_index("id").state
    assert states[first] == "superseded"


def test_another_scope_changing_does_not_hold_a_plan_up(store: Store) -> None:
    plan = approved(store, merged(1))
    renamed = toy.grids()
    renamed = renamed[renamed.code.str.startswith(toy.TWO)].assign(name="改名")
    with transaction(store.owner, "import") as conn:
        imports.commit_areas(conn, renamed, imports.open_batch(conn, "areas"))
    with transaction(store.app, "approver") as conn:
        assert plans.publish(conn, plan).changed


def test_a_rollback_of_what_has_changed_again_is_refused(store: Store) -> None:
    first = published(store, merged(1))
    published(store, merged(2))
    with transaction(store.app, "approver") as conn:
        with pytest.raises(StaleBaseError) as refused:
            plans.rollback(conn, first.revision)
        with pytest.raises(MissingError):
            plans.rollback(conn, 99)
        told = read_revisions(conn, "grid").set_index("number")
        assert str(told.refused[first.revision]) == str(refused.value)
        assert told.may_undo.tolist() == [True, False, False]
        back = plans.rollback(conn, first.revision + 1)
        told = read_revisions(conn, "grid").set_index("number")
    assert told.may_undo.to_dict() == {back.revision: True, 3: False, 2: True, 1: False}


@pytest.mark.parametrize(
    ("fault", "atoms"),
    [
        ("gap", toy.atoms().iloc[1:]),
        ("gap", toy.atoms().assign(grid=None)),
        (
            "overlap",
            toy.atoms().set_geometry(toy.atoms().scale(1.1, 1.1).set_crs("EPSG:4326")),
        ),
    ],
)
def test_a_plan_that_does_not_tile_its_community_is_not_handed_on(
    store: Store, fault: str, atoms: gpd.GeoDataFrame
) -> None:
    plan = drawn(store, atoms)
    with pytest.raises(NotTiledError, match=fault), transaction(store.app, "planner") as conn:
        plans.move(conn, plan, "submit")


def test_a_grid_in_two_communities_or_outside_the_scope_is_refused(store: Store) -> None:
    atoms = toy.atoms()
    torn = atoms.assign(within=[toy.TWO, *atoms["within"].tolist()[1:]])
    for scope, reason in ((toy.ONE, "outside"), (toy.SUBDISTRICT, "two communities")):
        with pytest.raises(BadDraftError, match=reason):
            drawn(store, torn, scope)


def test_each_step_needs_its_role_and_its_state(store: Store) -> None:
    plan = drawn(store, merged(1))
    with transaction(store.app, "checker") as conn:
        with pytest.raises(PlanStepError):
            plans.move(conn, plan, "check")
        with pytest.raises(NotAllowedError, match="planner"):
            plans.move(conn, plan, "submit")
        with pytest.raises(PlanStepError):
            plans.publish(conn, plan)
    with transaction(store.app, "planner") as conn:
        plans.move(conn, plan, "submit")
        with pytest.raises(PlanStepError, match="save"):
            plans.save_assignment(conn, plan, merged(2))
        with pytest.raises(PlanStepError):
            plans.move(conn, plan, "supersede")
        with pytest.raises(ReasonNeededError, match="withdraw"):
            plans.move(conn, plan, "withdraw", reason=" ")
    with transaction(store.app, "planner") as conn:
        assert plans.move(conn, plan, "withdraw", reason="改一处") == "draft"
        told = events.history(conn, "plan", plan)
    assert told.name.tolist() == ["create", "save", "submit", "withdraw"]
    assert told.detail.iloc[-1] == {"reason": "改一处"}


def test_atoms_know_the_grid_they_lie_in_today(store: Store) -> None:
    plan = drawn(store, toy.atoms().set_index("code"))
    with transaction(store.app, "planner") as conn:
        atoms = plans.read_atoms(conn, plan)
    assert atoms.previous.tolist() == atoms.grid.tolist()
    assert shapely.area(atoms.geometry.to_numpy()).sum() > 0


@pytest.mark.parametrize(
    ("net", "scope"),
    [("admin", toy.ONE), ("dept-fire", toy.ONE), ("grid", "3701"), ("grid", f"{toy.ONE}001")],
)
def test_plans_are_of_grids_and_for_a_district_or_below(store: Store, net: str, scope: str) -> None:
    with (
        pytest.raises((PlanScopeError, MissingError)),
        transaction(store.owner, "planner") as conn,
    ):
        plans.create(conn, net=net, scope=scope, title="x")


def test_a_stranger_may_not_draw_here_and_nobody_draws_nowhere(store: Store) -> None:
    with transaction(store.app, "stranger") as conn, pytest.raises(NotAllowedError):
        plans.create(conn, net="grid", scope=toy.ONE, title="x")
    with transaction(store.app, "planner") as conn, pytest.raises(MissingError):
        plans.create(conn, net="grid", scope="nowhere", title="x")
    with transaction(store.owner, "x") as conn:
        assert conn.execute(text("select count(*) from plan")).scalar() == 0
