"""Layers of one file against each other, and generated cities that must raise no alarm."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.city import City
from geo.crs import DATUMS, Datum, from_wgs84
from geo.load import coverage, datums, points, polygons
from geo.load.findings import ReadOptions
from tests.load.drawn import areas, box, tiles
from tests.load.made import every, found


def layered(path: Path, **layers: gpd.GeoDataFrame) -> Path:
    for name, frame in layers.items():
        frame.to_file(path, layer=name)
    return path


def test_a_special_grid_in_a_layer_of_its_own_fills_the_gap(tmp_path: Path) -> None:
    whole = tiles(3)
    file = layered(tmp_path / "a.gpkg", grid=whole.drop(index=5), special=whole.loc[[5]])
    grid, special = every(file, all_layers=True)
    assert not found(grid)
    assert not found(special)
    alone = every(file, layers=("grid",))[0]
    assert found(alone) == {"gap": 1}
    known = every(file, layers=("grid",), known=special.frame)[0]
    assert not found(known)


def test_layers_of_grids_that_overlap_are_asked_about_once(tmp_path: Path) -> None:
    stray = areas([box(350, 350, 450, 450)], code=["s"])
    file = layered(tmp_path / "a.gpkg", grid=tiles(3), special=stray)
    grid, special = every(file, all_layers=True)
    assert not found(grid)
    assert found(special) == {"overlap": 1}
    accepted = every(file, all_layers=True, accept=frozenset({"overlaps"}))
    assert not any(layer.questions for layer in accepted)


def test_parents_are_found_in_the_layer_above(tmp_path: Path) -> None:
    above = areas([box(0, 0, 900, 900)], net="admin", kind="community", code=["p"])
    below = tiles(3).assign(parent="p")
    below.loc[9, "parent"] = "q"
    below.loc[1, "geometry"] = below.geometry[1].union(box(-200, 0, 100, 100))
    file = layered(tmp_path / "a.gpkg", above=above, below=below)
    _, grids = every(file, all_layers=True)
    assert found(grids) == {"parent-missing": 1, "outside-parent": 1}


def test_a_generated_city_raises_nothing(small_city: City) -> None:
    options = ReadOptions(known=small_city.areas)
    rows = polygons.check(small_city.areas, datum="wgs84", options=options, file_format="GPKG")
    checked = coverage.check(rows.frame, options=options)
    assert {f.code for f in rows.findings} <= {"polygon-holes", "polygon-far-part"}
    assert checked.findings == ()
    for frame, optional in ((small_city.places, False), (small_city.issues, True)):
        seen = points.check(frame, datum="wgs84", options=options, optional=optional)
        assert {f.severity for f in seen.findings} <= {"info"}
        assert len(seen.frame) == len(frame)


@pytest.mark.parametrize("datum", DATUMS)
def test_the_datum_of_a_generated_city_is_named(small_city: City, datum: Datum) -> None:
    places, issues = small_city.places, small_city.issues.dropna(subset="geometry")
    wrong = np.random.default_rng(4).random(len(places)) < 0.15
    grids = places["grid"].where(~wrong, places["grid"].sample(frac=1.0, random_state=1).to_numpy())
    said: tuple[tuple[gpd.GeoDataFrame, pd.Series], ...] = (
        (places, grids),
        (issues, issues["address"]),
    )
    for frame, named in said:
        at = from_wgs84(frame.geometry.x, frame.geometry.y, datum)
        votes = datums.detect(*at, named, small_city.areas)
        assert votes.confident
        assert votes.best == ("wgs84" if datum == "cgcs2000" else datum)
