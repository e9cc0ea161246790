from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import (
    BadFrameError,
    BadOptionError,
    BadPointsError,
    BadPolygonsError,
    BadWeightError,
    LocksNeedPreviousError,
    OverlapError,
    UnknownRuleError,
)
from geo.redraw import redraw
from geo.rules import load_rules
from tests.redraw.toy import town

RULES = load_rules()


def test_points_without_coordinates_are_refused_with_their_row() -> None:
    atoms = town("....").drop(columns="special")
    for lost in (shapely.Point(), shapely.Point(np.nan, 1), shapely.Point(np.inf, 1)):
        points = _with(atoms.assign(geometry=atoms.geometry.centroid), 2, lost)
        with pytest.raises(BadPointsError, match="3"):
            redraw(points, weight="households", rules=RULES)


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf, "many"])
def test_weights_that_are_no_numbers_are_refused_with_their_row(value: object) -> None:
    atoms = town("....").astype({"households": "object"})
    atoms.loc[2, "households"] = value
    with pytest.raises(BadWeightError, match="3"):
        redraw(atoms, weight="households", rules=RULES)


def test_columns_that_are_not_there_are_named() -> None:
    with pytest.raises(BadFrameError, match=r"people, community"):
        redraw(town(".."), weight="people", within="community", rules=RULES)
    with pytest.raises(BadFrameError, match="0 rows"):
        redraw(town("..").iloc[:0], weight="households", rules=RULES)
    atoms = town("..").assign(within=["a", None])
    with pytest.raises(BadFrameError, match="rows 2"):
        redraw(atoms, weight="households", within="within", rules=RULES)


def test_locks_without_the_grids_of_today_and_flags_of_other_words_are_refused() -> None:
    atoms = town("..").assign(lock=["是", "perhaps"], grid="A")
    with pytest.raises(LocksNeedPreviousError):
        redraw(atoms, weight="households", locked="lock", rules=RULES)
    with pytest.raises(BadFrameError, match="perhaps"):
        redraw(atoms, weight="households", locked="lock", previous="grid", rules=RULES)


def test_shapes_that_are_no_polygons_or_overlap_are_refused() -> None:
    atoms = town("...")
    bow = shapely.from_wkt("POLYGON((0 0, 1 1, 1 0, 0 1, 0 0))")
    for shape in (None, shapely.Polygon(), shapely.Point(0, 0), bow):
        with pytest.raises(BadPolygonsError, match="2"):
            redraw(_with(atoms, 1, shape), weight="households", rules=RULES)
    over = shapely.box(50, 100, 180, 200)
    with pytest.raises(OverlapError, match="1 and 2"):
        redraw(_with(atoms, 1, over), weight="households", rules=RULES)


def test_unknown_rules_qualities_and_seeds_are_refused() -> None:
    with pytest.raises(UnknownRuleError, match="suburb"):
        redraw(town("..").assign(rule="suburb"), weight="households", rules=RULES)
    with pytest.raises(BadOptionError, match="seed"):
        redraw(town(".."), weight="households", rules=RULES, seed=-1)
    with pytest.raises(BadOptionError, match="quality"):
        redraw(town(".."), weight="households", rules=RULES, quality="slow")  # type: ignore[arg-type]


def _with(atoms: gpd.GeoDataFrame, row: int, shape: shapely.Geometry | None) -> gpd.GeoDataFrame:
    shapes = atoms.geometry.to_numpy().copy()
    shapes[row] = shape
    return atoms.set_geometry(gpd.GeoSeries(shapes, crs=atoms.crs))
