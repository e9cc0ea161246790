"""Laws of the areas: every layer is a coverage, and children tile their parents exactly."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.city import City

LAYERS = ("city", "district", "subdistrict", "community")


@pytest.fixture(params=["small_city", "medium_city"])
def city(request: pytest.FixtureRequest) -> City:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, City)
    return found


def layers(city: City) -> dict[str, gpd.GeoDataFrame]:
    found = {kind: city.layer("admin", kind) for kind in LAYERS}
    nets = [net for net in city.areas["net"].unique() if net.startswith("dept-")]
    return found | {net: city.layer(net) for net in ("grid", "estate", *nets)}


def children_of(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    groups = frame.groupby("parent", sort=True).geometry
    return gpd.GeoSeries(groups.apply(lambda own: shapely.coverage_union_all(own.to_numpy())))


def test_every_layer_is_a_valid_coverage_in_stored_coordinates(city: City) -> None:
    found = layers(city)
    assert len(found) == 11
    for name, frame in found.items():
        shapes = frame.geometry.to_numpy()
        assert shapely.is_valid(shapes).all(), name
        assert (shapely.get_type_id(shapes) == 3).all(), f"{name} has areas in several pieces"
        assert shapely.coverage_is_valid(shapes), name


@pytest.mark.parametrize(
    ("child", "parent"),
    [("grid", "community"), ("community", "subdistrict"), ("subdistrict", "district")],
)
def test_children_tile_their_parent_exactly(city: City, child: str, parent: str) -> None:
    found = layers(city)
    above = found[parent].set_index("code").geometry
    tiled = children_of(found[child])
    assert tiled.index.equals(above.index)
    # The same vertices on the same nodes: the outlines are equal, not only close.
    same = shapely.equals(shapely.normalize(tiled.to_numpy()), shapely.normalize(above.to_numpy()))
    assert same.all()


def test_departmental_nets_tile_the_city_and_do_not_nest(city: City) -> None:
    found = layers(city)
    whole = found["city"].geometry.iloc[0]
    communities = found["community"].geometry.to_numpy()
    for name in (name for name in found if name.startswith("dept-")):
        shapes = found[name].geometry.to_numpy()
        assert shapely.equals(shapely.coverage_union_all(shapes), whole), name
        inside = shapely.covers(shapes[:, None], communities[None, :]).any(axis=0)
        assert not inside.all(), f"every community lies in one area of {name}"


def test_special_grids_and_ordinary_ones_are_disjoint(city: City) -> None:
    grid = city.layer("grid")
    special, ordinary = grid[grid["special"]], grid[~grid["special"]]
    assert len(special) > 5
    assert set(special["rule"]) == {"special"}
    assert ordinary["rule"].isna().all()
    touching = shapely.STRtree(ordinary.geometry.to_numpy()).query(
        special.geometry.to_numpy(), predicate="intersects"
    )
    pairs = zip(
        special.geometry.to_numpy()[touching[0]],
        ordinary.geometry.to_numpy()[touching[1]],
        strict=True,
    )
    assert all(shapely.intersection(a, b).area == 0.0 for a, b in pairs)


def test_estates_are_never_split_by_a_community(city: City) -> None:
    estate = city.layer("estate")
    community = city.layer("admin", "community").set_index("code").geometry
    assert shapely.covers(
        community.loc[estate["parent"]].to_numpy(), estate.geometry.to_numpy()
    ).all()


def test_every_building_lies_in_its_estate_community_and_grid(city: City) -> None:
    places = city.places
    point, outline = places.geometry.to_numpy(), places["footprint"].to_numpy()
    grid = city.layer("grid").set_index("code").geometry
    assert shapely.contains_properly(grid.loc[places["grid"]].to_numpy(), point).all()
    assert shapely.covers(grid.loc[places["grid"]].to_numpy(), outline).mean() > 0.999
    own = places["estate"].notna().to_numpy()
    estate = city.layer("estate").set_index("code").geometry
    assert shapely.contains_properly(estate.loc[places["estate"][own]].to_numpy(), point[own]).all()
    assert (places["estate"][own].str[:12] == places["grid"][own].str[:12]).all()
    assert (places["code"].str[:12] == places["grid"].str[:12]).all()


def test_no_grid_splits_an_estate(city: City) -> None:
    grids = city.places.dropna(subset="estate").groupby("estate")["grid"].nunique()
    assert (grids == 1).all()


def test_lanes_and_roads_are_valid_lines_and_lanes_lie_along_their_subdistrict(city: City) -> None:
    lane = city.layer("lane")
    subdistrict = city.layer("admin", "subdistrict").set_index("code").geometry
    assert shapely.is_valid(lane.geometry.to_numpy()).all()
    assert shapely.covers(
        subdistrict.loc[lane["parent"]].to_numpy(), lane.geometry.to_numpy()
    ).all()
    assert set(city.layer("base", "road")["class"]) >= {"arterial", "collector", "street", "lane"}
    assert shapely.is_valid(city.layer("base").geometry.to_numpy()).all()


def test_codes_are_unique_and_say_where_an_area_lies(city: City) -> None:
    areas = city.areas
    assert not areas.duplicated(["net", "code"]).any()
    grid = city.layer("grid")
    assert (grid["code"].str.len() == 15).all()
    assert (grid["code"].str[:12] == grid["parent"]).all()
    assert np.all(grid["special"].to_numpy(bool) == (grid["code"].str[12] == "9").to_numpy(bool))
