"""What is imported is kept once, whole, and changes nothing when it comes again."""

from __future__ import annotations

from typing import TypeAlias

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from geo.errors import MissingError, RefusedRowsError, UnknownParentError, UnknownPartyError
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.net import areas, people, places, revisions
from tests.deep import cases
from tests.store import toy


@pytest.fixture(scope="module", autouse=True)
def _city(store: Store) -> None:
    toy.load(store)


def test_the_same_areas_again_change_nothing(store: Store) -> None:
    with transaction(store.owner, "import") as conn:
        again = imports.commit_areas(conn, toy.grids(), imports.open_batch(conn, "areas"))
    assert (again.new, again.changed, again.same, again.revisions) == (0, 0, 9, {})


def test_a_changed_area_makes_a_revision_and_the_old_one_stays_readable(store: Store) -> None:
    with transaction(store.owner, "import") as conn:
        before = areas.read_areas(conn, net="admin")
        changed = toy.admin().head(1).assign(name="新市")
        counts = imports.commit_areas(conn, changed, imports.open_batch(conn, "areas"))
        now = areas.read_areas(conn, net="admin")
        then = areas.read_areas(conn, net="admin", at=counts.revisions["admin"] - 1)
    assert (counts.new, counts.changed) == (0, 1)
    assert now.name.tolist()[0] == "新市"
    assert then.name.tolist() == before.name.tolist()


def test_what_lay_below_an_area_then_is_read_though_it_has_moved_since(toy_store: Store) -> None:
    moved = toy.admin().tail(1).assign(parent="370102002")
    other = toy.admin().iloc[[2]].assign(code="370102002", name="另一街道")
    with transaction(toy_store.owner, "import") as conn:
        for frame in (other, moved, toy.grids().head(1).assign(name="改名")):
            imports.commit_areas(conn, frame, imports.open_batch(conn, "areas"))
        now, then, known = (
            areas.read_areas(conn, net="grid", scope=toy.SUBDISTRICT, **which)
            for which in ({}, {"at": 1}, {"at": revisions.today(conn)})
        )
        below = areas.read_areas(conn, net="admin", scope=toy.SUBDISTRICT, at=1)
    assert len(now) == len(known) == 5
    assert (len(then), len(below)) == (9, 3)


def test_an_unknown_parent_is_named_and_nothing_is_kept(store: Store) -> None:
    orphan = toy.grids().head(1).assign(code="999", parent="nowhere")
    with pytest.raises(UnknownParentError, match="nowhere"), transaction(store.owner, "i") as conn:
        imports.commit_areas(conn, orphan, imports.open_batch(conn, "areas"))
    with transaction(store.owner, "i") as conn:
        assert "999" not in areas.read_areas(conn, net="grid").code.tolist()


def test_parents_in_a_circle_are_refused(store: Store) -> None:
    circle = toy.admin().tail(2).assign(code=["x", "y"], parent=["y", "x"])
    with pytest.raises(UnknownParentError), transaction(store.owner, "i") as conn:
        imports.commit_areas(conn, circle, imports.open_batch(conn, "areas"))


Named: TypeAlias = tuple[str, str]  # net and code
MOVES = st.lists(
    st.dictionaries(
        st.tuples(st.sampled_from(["admin", "grid", "kept"]), st.sampled_from("abcd")),
        st.sampled_from([None, *"abcd"]),
        min_size=1,
        max_size=5,
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=cases(12), deadline=None, suppress_health_check=list(HealthCheck))
@given(MOVES)
def test_ways_to_the_top_are_those_that_parents_name_whatever_moved(
    toy_store: Store, moves: list[dict[Named, str | None]]
) -> None:
    """Only what lies below a change is looked at: the rest must be right without."""
    shape = toy.grids().geometry.iloc[0]
    with transaction(toy_store.owner, "i") as conn, conn.begin_nested() as all_of_it:
        held = {one: up for one, (up, _) in _in_force(conn).items()}
        for step in moves:
            rows: list[tuple[object, ...]] = [
                (net, "lane", code, code, up, shape) for (net, code), up in step.items()
            ]
            frame = toy.frame(rows, "net kind code name parent geometry")
            after = held | step
            ways = {one: _way(after, one) for one in after}
            try:
                with conn.begin_nested():
                    imports.commit_areas(conn, frame, imports.open_batch(conn, "areas"))
            except UnknownParentError:
                assert None in ways.values()
            else:
                held = after
                assert {one: way for one, (_, way) in _in_force(conn).items()} == ways
        all_of_it.rollback()


def _in_force(conn: Connection) -> dict[Named, tuple[str | None, list[str]]]:
    asked = text("select net, code, parent, path from area where valid_to is null")
    return {(net, code): (parent, path) for net, code, parent, path in conn.execute(asked)}


def _way(held: dict[Named, str | None], named: Named) -> list[str] | None:
    """The codes from the top down to an area; None where there is no way."""
    labels, seen = list[str](), set[Named]()
    one: Named | None = named
    while one is not None:
        net, code = one
        if one in seen or one not in held:
            return None
        seen.add(one)
        labels.insert(0, code if net in {"admin", "grid"} else f"{net}:{code}")
        above = held[one]
        if above is not None:
            one = ("admin", above) if ("admin", above) in held else (net, above)
        else:
            one = None
    return labels


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("code", "a\0b"),
        ("geometry", shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])),
        ("geometry", shapely.Polygon()),
        ("geometry", shapely.Point(float("inf"), 0)),
        ("rule", "no such rule"),
        ("code", ""),
    ],
)
def test_a_row_that_cannot_be_kept_refuses_the_whole_file(
    store: Store, column: str, value: object
) -> None:
    bad = toy.grids().head(2)
    bad["rule"] = pd.Series([None, None], dtype="object")
    bad[column] = (
        gpd.GeoSeries([bad.geometry.iloc[0], value], crs=4326)
        if (column == "geometry")
        else pd.Series([bad[column].iloc[0], value], dtype="object")
    )
    with transaction(store.owner, "i") as conn:
        before = conn.execute(text("select count(*) from area")).scalar()
    with pytest.raises(RefusedRowsError), transaction(store.owner, "i") as conn:
        imports.commit_areas(conn, bad, imports.open_batch(conn, "areas"))
    with transaction(store.owner, "i") as conn:
        assert conn.execute(text("select count(*) from area")).scalar() == before


def test_places_come_back_as_they_went_in_and_change_where_they_stand(store: Store) -> None:
    rows: list[tuple[object, ...]] = [
        ("building", f"b{i}", "号楼", 30 + i, square, square.centroid)
        for i, square in enumerate(toy.GRIDS.values())
    ]
    frame = toy.frame(rows, "kind code name households footprint geometry")
    with transaction(store.owner, "import") as conn:
        first = imports.commit_places(conn, frame, imports.open_batch(conn, "places"))
        changed = frame.assign(households=[99, *frame.households.tolist()[1:]])
        second = imports.commit_places(conn, changed, imports.open_batch(conn, "places"))
        found = places.read_places(conn, kind="building")
        inside = places.read_places(conn, scope=toy.ONE)
    assert (first.new, first.changed, first.same) == (9, 0, 0)
    assert (second.new, second.changed, second.same) == (0, 1, 8)
    assert found.households.tolist() == changed.households.tolist()
    assert found.geometry.to_wkb().tolist() == frame.geometry.to_wkb().tolist()
    assert len(inside) == 5


def test_parties_above_themselves_are_refused(store: Store) -> None:
    circle = pd.DataFrame({"code": ["x", "y"], "kind": "unit", "name": "n", "parent": ["y", "x"]})
    with pytest.raises(UnknownParentError, match="x, y"), transaction(store.owner, "i") as conn:
        imports.commit_people(conn, circle, imports.open_batch(conn, "parties"))


def test_a_duty_of_nobody_is_refused(store: Store) -> None:
    ghost = toy.duties().head(1).assign(party="ghost")
    with pytest.raises(UnknownPartyError, match="ghost"), transaction(store.owner, "i") as conn:
        imports.commit_people(conn, ghost, imports.open_batch(conn, "duties"))


def test_people_services_and_duties_come_back(store: Store) -> None:
    catalogue = pd.DataFrame({"code": ["water", "leak"], "name": ["水", "漏水"]})
    catalogue["parent"] = pd.Series([None, "water"], dtype="str")
    with transaction(store.owner, "import") as conn:
        counts = imports.commit_services(conn, catalogue, imports.open_batch(conn, "services"))
        again = imports.commit_people(conn, toy.duties(), imports.open_batch(conn, "duties"))
        assert people.read_services(conn).code.tolist() == ["leak", "water"]
        assert set(people.read_parties(conn, kind="person").code) == set(toy.parties().code)
        assert people.read_duties(conn, role="approver").area.tolist() == ["370102"]
    assert counts.new == 2
    assert (again.new, again.changed, again.same) == (0, 0, len(toy.duties()))


def test_areas_under_a_scope_share_borders_when_simplified(store: Store) -> None:
    with transaction(store.app, "stranger") as conn:
        found = areas.read_areas(conn, net="grid", scope=toy.TWO, simplify=10.0)
        lanes = areas.read_areas(conn, net="lane", simplify=10.0)
    assert found.code.tolist() == [f"{toy.TWO}00{i}" for i in (1, 2, 3, 4)]
    assert shapely.coverage_is_valid(found.geometry.to_numpy())
    assert lanes.code.tolist() == ["north", "south"]


def test_a_revision_that_never_was_is_told(store: Store) -> None:
    with transaction(store.app, "stranger") as conn, pytest.raises(MissingError, match="99"):
        areas.read_areas(conn, net="grid", at=99)


def test_a_number_too_large_for_its_column_is_refused(store: Store) -> None:
    point = toy.GRIDS[f"{toy.ONE}001"].centroid
    row = toy.frame([("building", "huge", 2**40, point)], "kind code households geometry")
    with pytest.raises(RefusedRowsError, match="out of range"), transaction(store.owner, "i") as c:
        imports.commit_places(c, row, imports.open_batch(c, "places"))
