"""Real census blocks of Providence: 39 tracts as communities, people as weight."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.redraw import redraw
from geo.rules import one_band

BLOCKS = Path(__file__).parents[2] / ".." / "shared" / "data" / "providence_blocks.zip"
pytestmark = pytest.mark.skipif(not BLOCKS.exists(), reason="the real census blocks are not here")


def test_real_blocks_are_in_band_but_where_one_block_is_too_big() -> None:
    blocks = gpd.read_file(BLOCKS)
    drawn = redraw(
        blocks, weight="TOTPOP", within="TRACTCE10", rules=one_band(720, 1200), quality="fast"
    )
    table = drawn.report.communities
    assert table["pieces"].sum() == 0
    assert drawn.grids["households"].sum() == blocks["TOTPOP"].sum()
    assert drawn.grids["in_band"].mean() > 0.97
    assert (table["reason"] == "open").sum() <= 2
    assert drawn.grids["compactness"].mean() > 0.6
    assert shapely.coverage_is_valid(drawn.grids.geometry.to_numpy())
    area = shapely.area(blocks.geometry.to_numpy()).sum()
    assert shapely.area(drawn.grids.geometry.to_numpy()).sum() == pytest.approx(area, rel=1e-9)
