"""A label of a coordinate system that the coordinates contradict is asked about, never followed."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.load import Loaded
from tests.load.made import alarms, grids, one, shapefile


def labelled(path: Path, crs: str, label: str, *, turned: bool = False) -> Path:
    """Return a file whose coordinates are of one system and whose label is of another."""
    frame = grids().to_crs(crs)
    shapes = frame.geometry.to_numpy()
    if turned:
        shapes = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=label).to_file(path)
    return path


def asked(loaded: Loaded) -> dict[str, str]:
    return {question.code: question.answer for question in loaded.questions}


@pytest.mark.parametrize(
    ("crs", "label", "answer"),
    [
        ("EPSG:4548", "EPSG:4326", "--crs EPSG:4548 / --accept crs"),
        ("EPSG:4326", "EPSG:4548", "--crs EPSG:4326 / --accept crs"),
        ("EPSG:4527", "EPSG:32650", "--crs EPSG:4527 / --accept crs"),
    ],
)
def test_a_label_the_coordinates_contradict_is_asked_with_the_system_that_fits(
    tmp_path: Path, crs: str, label: str, answer: str
) -> None:
    path = labelled(tmp_path / "a.gpkg", crs, label)
    assert asked(one(path)) == {"crs-misfit": answer}
    named = one(path, crs=crs)
    assert named.questions == ()
    assert named.frame.total_bounds[:2] == pytest.approx((117.0, 36.6), abs=1e-6)


@pytest.mark.parametrize("crs", ["EPSG:4548", "EPSG:4527", "EPSG:32650"])
def test_northings_in_front_are_asked_about_and_turned_when_accepted(
    tmp_path: Path, crs: str
) -> None:
    path = labelled(tmp_path / "a.gpkg", crs, crs, turned=True)
    assert list(asked(one(path))) == ["axes-swapped"]
    turned = one(path, accept=frozenset({"axes"}))
    assert alarms(turned) == ["axes-swapped"]
    assert turned.report.repaired == len(turned.frame) == 3
    assert turned.frame.total_bounds[:2] == pytest.approx((117.0, 36.6), abs=1e-6)


def test_northings_in_front_are_seen_without_a_label_too(tmp_path: Path) -> None:
    path = labelled(tmp_path / "a.gpkg", "EPSG:4548", "EPSG:4548", turned=True)
    bare = tmp_path / "wangge"
    shapefile(bare, gpd.read_file(path)[["geometry"]], without=".prj.cpg.dbf")
    assert list(asked(one(bare / "wangge.shp"))) == ["crs-guessed", "axes-swapped"]


@pytest.mark.parametrize("crs", ["EPSG:2363", "EPSG:2415"])
def test_xian_1980_and_beijing_1954_are_not_taken_for_wgs84_in_silence(
    tmp_path: Path, crs: str
) -> None:
    path = labelled(tmp_path / "a.gpkg", crs, crs)
    assert list(asked(one(path, datum=None))) == ["crs-ballpark"]
    assert one(path, datum=None, accept=frozenset({"ballpark"})).questions == ()


def test_a_province_drawn_in_one_zone_and_other_countries_raise_no_alarm(tmp_path: Path) -> None:
    for name, crs, lon, lat in (
        ("east", "EPSG:4548", 122.5, 37.2),
        ("sydney", "EPSG:28356", 151.2, -33.9),
        ("fiji", "EPSG:3460", -179.5, -17.0),
        ("providence", "EPSG:4269", -71.4, 41.8),
    ):
        shapes = np.array([shapely.box(lon, lat, lon + 0.01, lat + 0.01)])
        frame = gpd.GeoDataFrame({"code": ["A"]}, geometry=shapes, crs="EPSG:4326")
        frame.to_crs(crs).to_file(tmp_path / f"{name}.gpkg")
        assert alarms(one(tmp_path / f"{name}.gpkg", datum=None)) == []


def test_web_mercator_over_china_names_its_datum(tmp_path: Path) -> None:
    path = labelled(tmp_path / "a.gpkg", "EPSG:3857", "EPSG:3857")
    assert list(asked(one(path, datum=None))) == ["datum-unknown"]


def test_swapped_degrees_of_china_name_their_datum(tmp_path: Path) -> None:
    path = labelled(tmp_path / "a.gpkg", "EPSG:4326", "EPSG:4326", turned=True)
    swapped = frozenset({"swaps"})
    assert list(asked(one(path, datum=None, accept=swapped))) == ["datum-unknown"]
    assert alarms(one(path, accept=swapped)) == ["polygon-swapped"]
