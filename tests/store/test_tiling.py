"""What is wrong with a tiling is said for each community."""

from __future__ import annotations

import pytest

from geo.store.tiling import tiling_faults
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
