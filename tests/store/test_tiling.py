"""What is wrong with a tiling is said for each community."""

from __future__ import annotations

import pytest
import shapely

from geo.store.planning.pieces import torn_grids
from geo.store.planning.tiling import tiling_faults
from tests.store import toy


def fault(*grids: tuple[float, float, float, float]) -> str | None:
    rows: list[tuple[object, ...]] = [(toy.ONE, toy.square(*grid)) for grid in grids]
    areas = toy.admin()
    found = tiling_faults(toy.frame(rows, "parent geometry"), areas[areas.code == toy.ONE])
    return found[toy.ONE][0] if found else None


@pytest.mark.parametrize(
    ("grids", "said"),
    [
        (((0, 0, 1, 2), (1, 0, 1, 2)), None),
        (((0, 0, 1, 2),), "gap"),
        (((0, 0, 1, 2), (1, 0, 1, 2), (0, 0, 1, 1)), "overlap"),
        (((0, 0, 1, 2), (1, 0, 1.5, 2)), "beyond the border"),
        ((), "no grid"),
    ],
)
def test_a_tiling_is_exact_or_its_fault_is_named(
    grids: tuple[tuple[float, float, float, float], ...], said: str | None
) -> None:
    assert fault(*grids) == said


def torn(estate: str | None, *, apart: bool) -> set[str]:
    """Return the torn grids where one holds two opposite corners of a community."""
    corners = [toy.square(0, 0), toy.square(1, 1)]
    rest = [toy.square(1, 0), toy.square(0, 1, 1, 1)]
    rows: list[tuple[object, ...]] = [
        ("x", toy.ONE, False, shapely.MultiPolygon(corners)),
        *((f"r{i}", toy.ONE, apart, shape) for i, shape in enumerate(rest)),
    ]
    grids = toy.frame(rows, "code parent special geometry")
    atoms = toy.frame([("x", estate, shape) for shape in corners], "grid estate geometry")
    areas = toy.admin()
    return set(torn_grids(grids, areas[areas.code == toy.ONE], atoms).index)


@pytest.mark.parametrize(
    ("estate", "special", "found"),
    [
        (None, [], {"x"}),
        ("苑", [], set()),  # an estate in two places is not split
        (None, ["r0", "r1"], set()),  # special grids leave the ground itself in pieces
    ],
)
def test_a_grid_in_pieces_is_named_where_its_ground_and_its_estates_are_whole(
    estate: str | None, special: list[str], found: set[str]
) -> None:
    assert torn(estate, apart=bool(special)) == found
