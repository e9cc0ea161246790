"""What tests of `jingwei assign` are given: rows, points, a way to run it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import Point
from typer.testing import CliRunner, Result

from api.cli import app

Run = Callable[..., Path]


WEST, SOUTH = 117.0, 36.6  # Jinan


def invoke(*words: object) -> Result:
    return CliRunner().invoke(app, ["assign", *map(str, words)])


def typed(tmp_path: Path, text: str, name: str = "points.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    content = text.encode(encoding)
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


TEXT = (
    'id,LON,Lat,"备注"\r\n'
    '007,117.005,36.605,"a ""quoted"", one"\r\n'
    "12345678901234567890,117.015,36.605,\r\n"
    "NA,117.01,36.605,\r\n"
    '0.10,118,36.605,"two\nlines"\r\n'
)


def places(**columns: object) -> gpd.GeoDataFrame:
    points = [Point(117.005, 36.605), None, Point(117.015, 36.605), Point(118, 36)]
    frame = {"id": ["a", "b", "c", "d"], "n": pd.array([1, None, 3, 4], "Int64")}
    return gpd.GeoDataFrame(frame | columns, geometry=points, crs=4326)
