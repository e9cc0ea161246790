"""Laws of the oracle: it agrees with `covers` everywhere, on edges and corners too."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo.city import City
from geo.city.oracle import orientation

Reals = NDArray[np.float64]


def owners_by_covers(city: City, lon: Reals, lat: Reals) -> list[str | None]:
    """Return the owners by the rule, with polygons: special first, then the lowest code."""
    grid = city.layer("grid").sort_values(["special", "code"], ascending=[False, True])
    tree = shapely.STRtree(grid.geometry.to_numpy())
    point, area = tree.query(shapely.points(lon, lat), predicate="covered_by")
    best = np.full(len(lon), len(grid))
    np.minimum.at(best, point, area)
    codes = [*grid["code"], None]
    return [codes[k] for k in best]


def test_random_points_have_the_owner_that_covers_them(medium_city: City) -> None:
    west, south, east, north = medium_city.areas.total_bounds
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(west, east, 6_000), rng.uniform(south, north, 6_000)
    found = medium_city.owner_of(lon, lat)
    assert list(found) == owners_by_covers(medium_city, lon, lat)
    assert any(code is None for code in found)


def test_points_on_edges_and_corners_follow_the_tie_rule(medium_city: City) -> None:
    edges = shapely.get_coordinates(medium_city.layer("grid").geometry.to_numpy())[:6_000]
    middle = (edges[:-1] + edges[1:]) / 2.0
    for points in (edges, middle):
        lon, lat = points.T
        assert list(medium_city.owner_of(lon, lat)) == owners_by_covers(medium_city, lon, lat)


def test_buildings_are_owned_by_the_grid_they_name(medium_city: City) -> None:
    places = medium_city.places
    found = medium_city.owner_of(places.geometry.x, places.geometry.y)
    assert (found == places["grid"].to_numpy()).all()


def test_nobody_owns_points_far_away_or_without_a_number(small_city: City) -> None:
    lon = [0.0, np.nan, 117.0, np.inf, 180.0, 116.0]
    assert list(small_city.owner_of(lon, [0.0, 36.6, np.nan, 36.6, -90.0, 36.66])) == [None] * 6
    assert len(small_city.owner_of([], [])) == 0


@given(st.integers(-(2**40), 2**40), st.integers(-(2**40), 2**40), st.floats(0.0, 1.0))
def test_the_turn_of_three_points_is_exact(dx: int, dy: int, share: float) -> None:
    a, b = (np.array([0.0]), np.array([0.0])), (np.array([float(dx)]), np.array([float(dy)]))
    c = (b[0] * 0.5, b[1] * 0.5)
    assert orientation(a, b, c)[0] == 0
    off = (c[0], c[1] + (1.0 + share))
    assert orientation(a, b, off)[0] == np.sign(dx)


@pytest.mark.parametrize(
    ("y", "turn"), [(0.1, 0), (np.nextafter(0.1, 1), 1), (np.nextafter(0.1, 0), -1)]
)
def test_a_turn_by_the_last_digit_is_seen(y: float, turn: int) -> None:
    one = np.array([1.0])
    assert orientation((0.0 * one, 0.1 * one), (one, 0.1 * one), (0.3 * one, y * one))[0] == turn
