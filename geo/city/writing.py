"""A city written out: GeoPackage, Parquet and CSV files, the same bytes for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from geo.city.building import City

# A GeoPackage records when it was written: the day the city is seen on, so that bytes repeat.
_WRITTEN_AT: Final = "2026-11-20T10:00:00.000Z"
_DAY_FIRST: Final = ("city", "district", "subdistrict", "community")
_BASE: Final = ("road", "rail", "water", "green")
# What our people say of nobody, and what only intake knows.
_NOT_SAID: Final = (
    *("closed_at", "reporter", "against", "confidential"),
    *("located_by", "located_as", "located_score"),
)
# From this many buildings on, points go to Parquet.
_MANY: Final = 200_000


class Written(NamedTuple):
    """One file or layer written: its path, the layer's name or nothing, and the rows in it."""

    path: Path
    layer: str
    rows: int


def write(
    city: City, folder: Path, heard: Callable[[Written], None] = lambda _: None
) -> list[Written]:
    """Write a city into a folder, replacing the files of its names, and return what was written.

    Parameters
    ----------
    folder
        Made when it is not there.
    heard
        Called after each file or layer, to show progress.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = []
    for one in _written(city, folder):
        heard(one)
        done.append(one)
    return done


def _written(city: City, folder: Path) -> Iterator[Written]:
    yield from _package(folder / "areas.gpkg", _area_layers(city))
    yield from _package(folder / "lanes.gpkg", [("lane", _plain(city.layer("lane")))])
    yield from _buildings(city, folder)
    yield _issues(city, folder)
    for name in ("parties", "duties", "services"):
        frame: pd.DataFrame = getattr(city, name)
        frame.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
        yield Written(folder / f"{name}.csv", "", len(frame))
    yield _truth(city, folder)


def _area_layers(city: City) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    for kind in _DAY_FIRST:
        yield kind, _plain(city.layer("admin", kind))
    grid = city.layer("grid")
    yield "grid", _plain(grid[~grid["special"]])
    yield "special", _plain(grid[grid["special"]])
    yield "estate", _plain(city.layer("estate"))
    for kind in _BASE:
        yield kind, _plain(city.layer("base", kind))
    for net in city.areas["net"].unique():
        if net.startswith("dept-"):
            yield net, _plain(city.layer(net))


def _plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame with plain column types, and without columns that hold nothing."""
    kept = frame.dropna(axis="columns", how="all")
    return kept.astype({"special": bool}) if "special" in kept else kept


def _package(
    path: Path, layers: Iterator[tuple[str, gpd.GeoDataFrame]] | list[tuple[str, gpd.GeoDataFrame]]
) -> Iterator[Written]:
    """Write layers into a new GeoPackage, one after the other."""
    path.unlink(missing_ok=True)
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    try:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _WRITTEN_AT})
        for name, frame in layers:
            pyogrio.write_dataframe(
                frame, path, layer=name, driver="GPKG", append=path.exists(), use_arrow=True
            )
            yield Written(path, name, len(frame))
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _buildings(city: City, folder: Path) -> Iterator[Written]:
    """Write buildings: points, and their outlines beside them."""
    if len(city.places) > _MANY:
        path = folder / "places.parquet"
        city.places.to_parquet(path, index=False)
        yield Written(path, "", len(city.places))
        return
    points = _plain(city.places.drop(columns="footprint"))
    outlines = gpd.GeoDataFrame(
        city.places[["code", "class"]], geometry=city.places["footprint"], crs=city.places.crs
    )
    yield from _package(folder / "places.gpkg", [("building", points), ("footprint", outlines)])


def _issues(city: City, folder: Path) -> Written:
    said = city.issues.drop(columns=list(_NOT_SAID))
    if len(said) > _MANY:
        path = folder / "issues.parquet"
        said.to_parquet(path, index=False)
        return Written(path, "", len(said))
    path = folder / "issues.csv"
    point = said.geometry
    table = pd.DataFrame(said.drop(columns="geometry")).assign(lon=point.x, lat=point.y)
    for name in ("reported_at", "due_at"):
        local = table[name].dt.tz_convert("Asia/Shanghai")
        table[name] = local.dt.strftime("%Y-%m-%dT%H:%M:%S+08:00")
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
    return Written(path, "", len(table))


def _truth(city: City, folder: Path) -> Written:
    """Write the oracle: nodes, grid of every cell, codes, and the true grid of every issue."""
    path, truth = folder / "truth.npz", city.truth
    owner = city.owner_of(city.issues.geometry.x, city.issues.geometry.y)
    np.savez(
        path,
        lon=truth.lon,
        lat=truth.lat,
        grid=truth.grid.astype(np.int32),
        code=truth.code.astype(str),
        special=truth.special,
        issue=city.issues["reference"].to_numpy(str),
        issue_grid=np.where(owner == None, "", owner).astype(str),  # noqa: E711 row by row
    )
    return Written(path, "", len(city.issues))
