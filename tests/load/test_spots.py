"""Every finding about a row of shapes says where to look."""

from __future__ import annotations

import contextlib
import sqlite3
import struct
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.crs import from_wgs84
from tests.load.made import alarms, found, grids, one


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4548"])
def test_a_row_without_a_code_has_a_place(tmp_path: Path, crs: str) -> None:
    frame = grids(code=["370102001001001", None, "370102001001003"])
    frame.to_crs(crs).to_file(tmp_path / "a.gpkg")
    (finding,) = one(tmp_path / "a.gpkg").report.findings
    assert (finding.code, finding.rows) == ("value-missing", (2,))
    assert finding.place is not None
    assert frame.geometry[1].contains(shapely.Point(*finding.place))


def test_the_place_is_in_wgs84_whatever_the_datum(tmp_path: Path) -> None:
    frame = grids(code=["370102001001001", None, "370102001001003"])
    middle = frame.geometry[1].centroid
    lon, lat = from_wgs84(middle.x, middle.y, "gcj02")
    shift = [float(lon) - middle.x, float(lat) - middle.y]
    shifted = frame.geometry.transform(lambda xy: xy + shift)
    frame.set_geometry(shifted).to_file(tmp_path / "a.geojson")
    (finding,) = one(tmp_path / "a.geojson", datum="gcj02").report.findings
    assert finding.place == pytest.approx((middle.x, middle.y), abs=1e-4)


def test_what_lies_nowhere_has_no_place(tmp_path: Path) -> None:
    far = shapely.box(500, 100, 501, 101)
    frame = gpd.GeoDataFrame({"code": ["a"]}, geometry=[far], crs="EPSG:4326")
    frame.to_file(tmp_path / "a.gpkg")
    (question,) = one(tmp_path / "a.gpkg").questions
    assert (question.code, question.place) == ("crs-misfit", None)


def test_a_datum_that_cannot_be_measured_says_why(tmp_path: Path) -> None:
    grids().to_file(tmp_path / "a.geojson")
    assert found(one(tmp_path / "a.geojson", datum="measured")) == {
        "datum-measured": 1,
        "datum-unknown": 1,
    }


def test_measures_are_dropped_and_said(tmp_path: Path) -> None:
    """The library writes no measures: they are put into the rows of its file."""
    path = tmp_path / "a.gpkg"
    grids().to_file(path)
    corners = grids().geometry[0].exterior.coords
    points = ", ".join(f"{x} {y} 7" for x, y in corners)
    shape = shapely.from_wkt(f"POLYGON M (({points}))")
    blob = (
        b"GP\x00\x01"
        + struct.pack("<i", 4326)
        + shapely.to_wkb(shape, output_dimension=4, flavor="iso")
    )
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        names = file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            file.execute(f'DROP TRIGGER "{name}"')
        file.execute("UPDATE gpkg_geometry_columns SET m = 1")
        file.execute("UPDATE a SET geom = ? WHERE fid = 1", (blob,))
    loaded = one(path)
    assert (alarms(loaded), found(loaded)) == ([], {"measures-dropped": 1})
    assert loaded.frame.geometry[1].equals(grids().geometry[0])
