"""Layers of one file against each other, and generated cities that must raise no alarm."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.city import City
from geo.crs import DATUMS, Datum, from_wgs84
from geo.load import coverage, datums, points, polygons, siblings, together
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


def test_layers_as_large_as_each_other_tell_of_an_overlap_once(tmp_path: Path) -> None:
    east = tiles(2).assign(code=["e1", "e2", "e3", "e4"])
    west = tiles(2, step=290.0).assign(code=["w1", "w2", "w3", "w4"])
    layers = every(layered(tmp_path / "a.gpkg", east=east, west=west), all_layers=True)
    assert sorted(found(layer)["overlap"] for layer in layers) == [0, 9]


def test_an_area_in_two_layers_is_kept_once(tmp_path: Path) -> None:
    whole = tiles(2)
    moved = whole.loc[[4]].assign(geometry=[box(900, 0, 1000, 100)])
    again = pd.concat([whole.loc[[1, 2]], moved])
    file = layered(tmp_path / "a.gpkg", one=whole, two=again)
    one, two = every(file, all_layers=True)
    assert not found(one)
    assert found(two) == {"layers-repeat-row": 2, "layers-repeat-code": 1}
    assert (two.report.used, two.report.quarantined, two.report.waiting) == (0, 2, 1)
    assert two.quarantined["reason"].str.contains("“a.gpkg｜one”第 1 行").any()
    _, first = every(file, all_layers=True, accept=frozenset({"duplicates"}))
    assert (first.report.quarantined, first.questions) == (3, ())


def test_an_area_in_two_files_is_kept_once(tmp_path: Path) -> None:
    paths = [tmp_path / "a.gpkg", tmp_path / "b.geojson"]
    for path in paths:
        tiles(2).to_file(path)
    read = tuple(layer for path in paths for layer in every(path))
    first, second = together(read, "areas", ReadOptions())
    assert (len(first.frame), len(second.frame)) == (4, 0)
    assert found(second) == {"layers-repeat-row": 4}


def test_an_empty_layer_beside_others_is_said_and_stops_none(tmp_path: Path) -> None:
    file = layered(tmp_path / "a.gpkg", grid=tiles(2), nothing=tiles(2).iloc[:0])
    grid, nothing = every(file, all_layers=True)
    assert (len(grid.frame), len(nothing.frame)) == (4, 0)
    assert found(nothing) == {"layer-empty": 1}


def test_grids_in_force_that_the_file_does_not_replace_are_held_against_it(tmp_path: Path) -> None:
    tiles(2).to_file(tmp_path / "a.gpkg")
    force = tiles(2).assign(code=["00000", "00001", "old1", "old2"])
    (loaded,) = every(tmp_path / "a.gpkg", known=force)
    assert [question.rows for question in loaded.questions] == [(3,), (4,)]
    assert ["old1" in loaded.questions[0].zh, "old2" in loaded.questions[1].zh] == [True, True]
    (unsure,) = every(tmp_path / "a.gpkg", known=force, datum=None)
    assert [f.code for f in unsure.questions] == ["datum-unknown"]


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


def test_layers_that_lie_apart_are_not_held_against_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each subdistrict in a layer of its own is some 160 of them: as many pairs are 12,720."""
    compared = Mock(wraps=siblings._crossing)  # noqa: SLF001 what is spared
    monkeypatch.setattr(siblings, "_crossing", compared)
    corners = [(0, 0), (300, 0), (600, 0), (0, 300), (900, 900)]
    drawn = {
        f"s{n}": areas([box(x, y, x + 300, y + 300)], code=[f"c{n}"])
        for n, (x, y) in enumerate(corners)
    }
    assert not any(
        found(layer) for layer in every(layered(tmp_path / "a.gpkg", **drawn), all_layers=True)
    )
    assert compared.call_count == 4, "those beside each other"
