"""An index with some grids changed beside the one it was made of."""

from __future__ import annotations

import pytest
from shapely import box

from geo.lookup import GridIndex
from tests.lookup.test_index import QUARTERS, grids


def test_a_revised_index_is_another_one_and_a_sparing_one_never_draws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("geo.lookup.index.WORTH_A_RASTER", 1)
    monkeypatch.setattr("geo.lookup.raster.draw", lambda _: pytest.fail("drawn"))
    first = GridIndex(grids(QUARTERS)).sparing()
    other = first.revised(grids({"a": None, "e": box(0, 0, 1, 0.5), "b": box(1, 0, 3, 1)}))
    x, y = [0.5, 0.5, 2.5, 1.5], [0.2, 0.8, 0.5, 1.5]
    assert first.locate(x, y).tolist() == ["a", "a", None, "d"]
    assert other.locate(x, y).tolist() == ["e", None, "b", "d"]
    assert (first.locate(0.5, 0.2), other.locate(0.5, 0.2)) == ("a", "e")
