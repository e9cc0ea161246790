"""Three grids and a run over them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from tests.files.given import Run, invoke


@pytest.fixture
def grids(tmp_path: Path) -> Path:
    """Two grids side by side, a special one across their border."""
    shapes = [box(117, 36.6, 117.01, 36.61), box(117.01, 36.6, 117.02, 36.61)]
    rows = {"Code": ["007", "010", "s,1"], "special": ["否", "否", "是"]}
    school = box(117.009, 36.604, 117.011, 36.606)
    path = tmp_path / "grids.gpkg"
    gpd.GeoDataFrame(rows, geometry=[*shapes, school], crs=4326).to_file(path, layer="grid")
    return path


@pytest.fixture
def run(grids: Path, tmp_path: Path) -> Run:
    def run(points: Path | str, out: str = "out.csv", *options: str, datum: str = "wgs84") -> Path:
        named = ["--datum", datum] if datum else []
        target = tmp_path / out
        result = invoke(points, "--grids", grids, "--out", target, *named, *options)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return target

    return run
