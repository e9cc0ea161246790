from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import minimum_spanning_tree

from geo.atoms import (
    ATOM_COLUMNS,
    Borders,
    adjacency,
    as_coverage,
    bridges,
    make_atoms,
    metres_per_unit,
)
from geo.atoms.edges import sides_of
from geo.atoms.forms import forms_of
from geo.errors import BadFrameError, BadPointsError, BadPolygonsError, NotDegreesError

WGS84 = "EPSG:4326"
STRIP = 1e-6 / 111_320  # a thousandth of a millimetre, in degrees
WEST, EAST = "370102001001", "370102001002"


@given(
    seed=st.integers(0, 1000),
    there=st.sampled_from([(0.0, 0.0, 1.0), (5e5, 4e6, 1.0), (117.0, 36.0, 1e-5)]),
    turned=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_forms_from_edges_are_those_of_the_polygons(
    seed: int, there: tuple[float, float, float], *, turned: bool
) -> None:
    rng, (west, south, unit) = np.random.default_rng(seed), there
    stars = shapely.points(rng.uniform(0, 400, (6, 2)))
    rings = shapely.buffer(stars, rng.uniform(5, 60, 6), quad_segs=3)
    holes = shapely.difference(rings, shapely.buffer(stars, 2))
    shapes = np.array([*rings[:3], *holes[3:], shapely.union_all(holes)])
    if turned:
        shapes = shapely.reverse(shapes)
    shapes = shapely.transform(shapes, lambda xy: xy * unit + (west, south))
    scale = (0.8 / unit, 1.0 / unit)
    found = forms_of(sides_of(shapes), scale)
    flat = shapely.transform(shapes, lambda xy: (xy - (west, south)) * scale)
    middle = shapely.centroid(flat)
    assert found.area == pytest.approx(shapely.area(flat), rel=1e-6)
    assert found.around == pytest.approx(shapely.length(flat), rel=1e-6)
    assert found.x - west * scale[0] == pytest.approx(shapely.get_x(middle), abs=1e-3)
    assert found.y - south * scale[1] == pytest.approx(shapely.get_y(middle), abs=1e-3)


def communities() -> gpd.GeoDataFrame:
    shapes = [shapely.box(117.00, 36, 117.01, 36.008), shapely.box(117.01, 36, 117.02, 36.008)]
    return gpd.GeoDataFrame(
        {"code": [WEST, EAST], "rule": ["urban", "village"]}, geometry=shapes, crs=WGS84
    )


def places(x: list[float], y: list[float], **columns: object) -> gpd.GeoDataFrame:
    """Return places at thousandths of a degree from the south-west corner."""
    points = gpd.points_from_xy(117 + np.array(x) / 1000, 36 + np.array(y) / 1000)
    table = {"households": [10] * len(x), "people": [25] * len(x)} | columns
    return gpd.GeoDataFrame(table, geometry=points, crs=WGS84)


def areas(*boxes: tuple[float, float, float, float], codes: list[str]) -> gpd.GeoDataFrame:
    shapes = [
        shapely.box(117 + a / 1000, 36 + b / 1000, 117 + c / 1000, 36 + d / 1000)
        for a, b, c, d in boxes
    ]
    return gpd.GeoDataFrame({"code": codes}, geometry=shapes, crs=WGS84)


def roads(*lines: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    shapes = [shapely.LineString([(117 + x / 1000, 36 + y / 1000) for x, y in at]) for at in lines]
    return gpd.GeoDataFrame(geometry=shapes, crs=WGS84)


def assert_tiles(atoms: gpd.GeoDataFrame) -> None:
    assert shapely.coverage_is_valid(atoms.geometry.to_numpy())
    for code, shape in zip(communities()["code"], communities().geometry, strict=True):
        ours = atoms.loc[atoms["within"] == code].geometry.to_numpy()
        assert shapely.area(ours).sum() == pytest.approx(shape.area, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 60))
def test_atoms_tile_each_community_and_count_every_household_once(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.random(count) * 20, rng.random(count) * 8
    town = places(
        [*x.round(1), 10, 10, 0], [*y.round(1), 4, 4, 0], households=rng.integers(0, 50, count + 3)
    )
    atoms = make_atoms(
        communities(),
        town,
        estates=areas((2, 1, 5, 5), (8, 2, 12, 3), codes=["E1", "E2"]),
        barriers=roads([(-1, 4), (21, 4.2)], [(6, -1), (7, 9)]),
        specials=areas((0.5, 6, 2.5, 7.7), codes=[f"{WEST}901"]),
    )
    assert_tiles(atoms)
    assert atoms["households"].sum() == town["households"].sum()
    assert atoms["people"].sum() == town["people"].sum()
    assert tuple(atoms.columns) == ATOM_COLUMNS
    assert atoms["atom"].is_unique
    assert atoms["special"].sum() == 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 60))
def test_grids_of_today_can_be_put_together_again_from_atoms(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    border = [(x - 1.0, 4.0 + y) for x, y in enumerate(rng.uniform(-3, 3, 23).round(2))]
    parts = shapely.get_parts(
        shapely.polygonize([shapely.unary_union([roads(border).geometry[0], *outlines()])])
    )
    grids = gpd.GeoDataFrame({"code": [f"G{n}" for n in range(len(parts))]}, geometry=parts)
    beside = [(x, y + 2e-3) for x, y in border]  # a road as near as one that was meant to be it
    town = places([*(rng.random(count) * 20).round(1), 6], [*(rng.random(count) * 8).round(1), 4])
    atoms = make_atoms(
        communities(),
        town,
        estates=areas((16, 0, 18, 8), codes=["E1"]),
        barriers=roads(beside, [(6, -1), (7, 9)]),
        grids=grids.set_crs(WGS84),
    )
    assert_tiles(atoms)
    assert atoms["households"].sum() == town["households"].sum()
    free = atoms[atoms["estate"].isna()]
    atom, grid = grids.sindex.query(free.representative_point(), predicate="intersects")
    assert (np.bincount(atom, minlength=len(free)) == 1).all()
    outside = shapely.area(shapely.difference(free.geometry.to_numpy()[atom], parts[grid]))
    assert outside.max() < STRIP * shapely.length(parts).max()


def outlines() -> list[shapely.Geometry]:
    return list(communities().boundary)


def test_a_place_on_the_border_belongs_to_the_lowest_code() -> None:
    atoms = make_atoms(communities(), places([10], [4]))
    assert atoms.groupby("within")["households"].sum().to_dict() == {WEST: 10, EAST: 0}


def test_a_place_on_the_border_of_a_special_grid_belongs_to_it() -> None:
    special = areas((2, 2, 4, 4), codes=[f"{WEST}901"])
    atoms = make_atoms(communities(), places([2, 4, 1], [3, 4, 1]), specials=special)
    inside = atoms.loc[atoms["special"]].iloc[0]
    assert (inside["households"], inside["previous"], inside["rule"]) == (
        20,
        f"{WEST}901",
        "special",
    )


def test_places_outside_every_community_are_left_out() -> None:
    atoms = make_atoms(communities(), places([5, 50], [4, 50]))
    assert atoms["households"].sum() == 10


def test_an_estate_is_one_atom_even_where_a_road_crosses_it() -> None:
    estate = areas((2, 1, 5, 6), codes=["E1"])
    atoms = make_atoms(
        communities(),
        places([3, 4, 8], [2, 5, 4]),
        estates=estate,
        barriers=roads([(-1, 4), (21, 4)]),
    )
    ours = atoms.loc[atoms["estate"] == "E1"]
    assert ours["households"].tolist() == [20]
    assert_tiles(atoms)


def test_an_estate_in_two_communities_is_an_atom_of_each() -> None:
    estate = areas((8, 2, 12, 4), codes=["E1"])
    atoms = make_atoms(communities(), places([9, 11], [3, 3]), estates=estate)
    ours = atoms.loc[atoms["estate"] == "E1"]
    assert ours.groupby("within")["households"].sum().to_dict() == {WEST: 10, EAST: 10}


def test_estates_known_by_name_only_join_the_ground_of_their_buildings() -> None:
    town = places([1, 2, 5, 8], [1, 1, 1, 1], estate=["E1", "E1", None, None])
    atoms = make_atoms(communities(), town)
    ours = atoms.loc[atoms["estate"] == "E1"]
    assert ours["households"].tolist() == [20]


def test_no_ground_of_a_building_crosses_a_road_or_a_river() -> None:
    river = areas((-1, 3, 21, 3.5), codes=["river"])
    atoms = make_atoms(communities(), places([5, 5], [1, 6]), barriers=river)
    lived = atoms.loc[atoms["households"] > 0]
    assert len(lived) == 2
    assert not lived.geometry.iloc[0].intersects(lived.geometry.iloc[1])


def test_today_s_grid_is_that_of_most_households() -> None:
    town = places([2, 2, 2], [2, 2, 2], households=[5, 3, 3], grid=["a", "b", "b"])
    atoms = make_atoms(communities(), town)
    assert atoms.loc[atoms["households"] > 0, "previous"].tolist() == ["b"]


def test_communities_without_places_are_an_atom_each() -> None:
    atoms = make_atoms(communities(), places([], []))
    assert atoms["rule"].tolist() == ["urban", "village"]
    assert atoms["households"].tolist() == [0, 0]


def test_slivers_between_lines_that_were_meant_to_be_one_are_nobodys_ground() -> None:
    along = roads([(9.9995, -1), (9.9995, 9)])
    atoms = make_atoms(communities(), places([5, 15], [4, 4]), barriers=along)
    assert len(atoms) == 2
    assert_tiles(atoms)


@pytest.mark.parametrize(("gap", "atoms"), [(1e-12, 3), (1e-9, 3), (1e-8, 3), (1e-6, 4)])
def test_what_rounding_leaves_between_two_grids_is_no_ground_of_its_own(
    gap: float, atoms: int
) -> None:
    north, south, middle = (117.005, 36.008), (117.005, 36), (117.006, 36.0024)
    west = shapely.Polygon([(117, 36), south, middle, north, (117, 36.008)])
    off = (middle[0] + gap, middle[1])
    east = shapely.Polygon([(117.01, 36), (117.01, 36.008), north, off, south])
    today = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[west, east], crs=WGS84)
    made = make_atoms(communities(), places([2, 8], [4, 4]), grids=today)
    assert len(made) == atoms
    assert_tiles(made)


def test_columns_and_counts_that_cannot_be_used_are_named() -> None:
    with pytest.raises(BadFrameError, match=r"communities\.code"):
        make_atoms(communities().drop(columns="code"), places([1], [1]))
    with pytest.raises(BadFrameError, match=r"places\.households"):
        make_atoms(communities(), places([1], [1], households=[-1]))
    with pytest.raises(BadFrameError, match="0 rows"):
        make_atoms(communities().iloc[:0], places([1], [1]))
    broken = communities()
    broken.loc[0, "geometry"] = shapely.Polygon()
    with pytest.raises(BadPolygonsError, match="1"):
        make_atoms(broken, places([1], [1]))


def test_metres_are_those_of_the_frame_s_system() -> None:
    box = [shapely.box(0, 0, 1, 1)]
    feet = gpd.GeoDataFrame(geometry=box, crs="EPSG:2225")
    assert metres_per_unit(feet)[0] == pytest.approx(0.3048006)
    assert metres_per_unit(gpd.GeoDataFrame(geometry=box)) == (1.0, 1.0)
    assert metres_per_unit(gpd.GeoDataFrame(geometry=box, crs=WGS84))[0] < 111_320


@pytest.mark.parametrize("system", [3857, 3395, 6933, 4548, 4490])
def test_metres_are_metres_where_a_projection_stretches(system: int) -> None:
    box = gpd.GeoDataFrame(geometry=[shapely.box(117.0, 36.6, 117.01, 36.61)], crs=4490)
    there = box.to_crs(system)
    west, south, east, north = there.total_bounds
    x, y = metres_per_unit(there)
    assert (east - west) * x == pytest.approx(894.7, rel=0.005)
    assert (north - south) * y == pytest.approx(1109.7, rel=0.005)


@pytest.mark.parametrize("corner", [(36.6, 117.0), (500_000.0, 4_050_000.0)])
def test_coordinates_that_are_no_degrees_are_refused(corner: tuple[float, float]) -> None:
    x, y = corner
    odd = gpd.GeoDataFrame(geometry=[shapely.box(x, y, x + 0.01, y + 0.01)], crs=4490)
    with pytest.raises(NotDegreesError, match="northing first"):
        metres_per_unit(odd)


def test_polygons_without_coordinates_are_refused_with_the_reason() -> None:
    endless = shapely.Polygon([(0, 0), (np.inf, 0), (1, 1)])
    with pytest.raises(BadPolygonsError, match="finite"):
        as_coverage(np.array([endless], dtype=object))


def test_corners_are_no_border_and_holes_are() -> None:
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    borders = adjacency(np.array([ring, shapely.box(1, 1, 2, 2), shapely.box(3, 3, 4, 4)]))
    assert (borders.left.tolist(), borders.right.tolist()) == ([0], [1])
    assert borders.metres.tolist() == [4.0]


def test_bridges_join_every_piece_by_the_shortest_way() -> None:
    squares = shapely.box([0, 10, 3, 30], [0, 0, 0, 0], [1, 11, 4, 31], [1, 1, 1, 1])
    home = np.array([0, 0, 0, 1])
    links = bridges(squares, home, adjacency(squares))
    assert list(zip(links.left.tolist(), links.right.tolist(), strict=True)) == [(0, 2), (1, 2)]


@pytest.mark.parametrize("wide", [9, 60])
@pytest.mark.parametrize("seed", range(3))
def test_bridges_join_loose_buildings_about_as_short_as_can_be(seed: int, wide: int) -> None:
    rng = np.random.default_rng(seed)
    spots = np.unique(rng.integers(0, (wide, 540 // wide), (60, 2)), axis=0) * 10.0
    homes = spots + rng.choice([0.0, 1.0], spots.shape)  # corners meet, rows are straight
    size = rng.choice([2.0, 9.0, 10.0], len(homes))
    houses = shapely.box(*homes.T, *(homes + size[:, None]).T)
    houses = houses[[not shapely.overlaps(houses, house).any() for house in houses]]
    borders, home = adjacency(houses), np.zeros(len(houses), np.int64)
    piece = borders.components(len(houses))
    links = bridges(houses, home, borders)
    assert len(links.left) >= piece.max()
    both = (np.r_[a, b] for a, b in zip(borders, links, strict=True))
    assert Borders(*both).components(len(houses)).max() == 0
    turned = bridges(houses[::-1], home, adjacency(houses[::-1]))
    last = len(houses) - 1
    pairs = zip(last - turned.right, last - turned.left, strict=True)
    assert sorted(pairs) == list(zip(links.left, links.right, strict=True))
    away = shapely.distance(houses[:, None], houses[None, :]) + 1e-9
    away[piece[:, None] == piece[None, :]] = 1e-9
    linked = np.where(piece[:, None] == piece[None, :], away, 0)
    linked[links.left, links.right] = away[links.left, links.right]
    assert minimum_spanning_tree(linked).sum() <= 1.05 * minimum_spanning_tree(away).sum()


def test_places_without_coordinates_are_refused_with_their_row() -> None:
    town = places([1, 2], [1, 2])
    town.loc[1, "geometry"] = None
    with pytest.raises(BadPointsError, match="2"):
        make_atoms(communities(), town)
