"""A draft begun from what is in force: today's grids, to the millimetre, whatever they follow."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import pytest
import shapely
from fastapi.testclient import TestClient

from api.app import create_app
from api.persons import holder
from api.plan_changes import changes
from api.proposals import begin_as_was
from geo.city import City
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.net.areas import read_areas
from geo.store.planning import plans
from tests.api.conftest import HERE
from tests.plugins.database import Databases

STRIP = 1e-4 / 111_320  # a tenth of a millimetre
STEPS = (("planner", "submit"), ("checker", "check"), ("approver", "approve"))


@pytest.fixture(scope="module")
def town(databases: Databases, small_city: City) -> Iterator[Store]:
    """The small city as it was imported: its grids follow no ground of a building."""
    name, made = databases.make()
    with transaction(made.owner, "import") as conn:
        batch = imports.open_batch(conn, "city")
        imports.commit_areas(conn, small_city.areas, batch)
        imports.commit_places(conn, small_city.places, batch)
        imports.commit_people(conn, small_city.parties, batch)
        imports.commit_people(conn, small_city.duties, batch)
    yield made
    made.close()
    databases.drop(name)


def scope_of(city: City) -> str:
    return str(city.layer("admin", "subdistrict")["code"].iloc[0])


def person(store: Store, role: str, scope: str) -> str:
    with transaction(store.owner, "tests") as conn:
        return holder(conn, role, scope)


def begun(store: Store, scope: str) -> int:
    with transaction(store.app, person(store, "planner", scope)) as conn:
        return begin_as_was(conn, scope=scope, title="草案")


def in_force(store: Store, scope: str) -> gpd.GeoDataFrame:
    with transaction(store.owner, "tests") as conn:
        return read_areas(conn, net="grid", scope=scope).set_index("code")


def passed_on(store: Store, plan: int) -> tuple[tuple[str, ...], ...]:
    """Return the codes that are new, gone and changed in a draft, as its difference tells."""
    with transaction(store.owner, "tests") as conn:
        told = changes(conn, plan).descent
    return told.fresh, told.gone, told.changed


def published(store: Store, plan: int, scope: str) -> plans.Published:
    for role, step in STEPS:
        with transaction(store.app, person(store, role, scope)) as conn:
            plans.move(conn, plan, step)
    with transaction(store.app, person(store, "approver", scope)) as conn:
        return plans.publish(conn, plan)


def test_a_fresh_draft_has_the_borders_of_today_and_changes_nothing(
    town: Store, small_city: City
) -> None:
    scope = scope_of(small_city)
    today = in_force(town, scope)
    plan = begun(town, scope)
    with transaction(town.owner, "tests") as conn:
        drawn = read_areas(conn, net="grid", plan=plan, scope=scope).set_index("code")
    shapes = drawn.geometry.to_numpy()
    apart = shapely.symmetric_difference(shapes, today.geometry.loc[drawn.index].to_numpy())
    assert set(drawn.index) == set(today.index)
    assert (shapely.area(apart) <= STRIP * shapely.length(shapes)).all()
    assert passed_on(town, plan) == ((), (), ()), "as the revision tells below, by SQL"
    told = published(town, plan, scope)
    assert (told.new, told.gone, told.changed, told.tasks_moved) == ((), (), (), 0)
    assert in_force(town, scope).geometry.equals(today.geometry)


def test_beside_a_special_grid_just_cut_out_nothing_changes_either(
    town: Store, small_city: City
) -> None:
    scope = scope_of(small_city)
    plan = begun(town, scope)
    with transaction(town.owner, "tests") as conn:
        atoms = plans.read_atoms(conn, plan)
    some = atoms[atoms["grid"] == atoms["grid"].mode()[0]]["code"].iloc[:1].tolist()
    planner = person(town, "planner", scope)
    with TestClient(create_app(town, person=planner), client=HERE) as client:
        version = client.get(f"/api/plans/{plan}/draft").json()["version"]
        edit = {"kind": "special", "atoms": some, "name": "实验小学"}
        match = {"if-match": f'"{version}"'}
        assert client.post(f"/api/plans/{plan}/edits", json=edit, headers=match).is_success
    assert len(published(town, plan, scope).new) == 1
    again = begun(town, scope)
    assert passed_on(town, again) == ((), (), ())
    told = published(town, again, scope)
    assert (told.new, told.gone, told.changed) == ((), (), ())
