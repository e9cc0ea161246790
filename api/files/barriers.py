"""Files of roads, rivers and walls: all layers of each, and the worth of each line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataSourceError

from api.files.layers import CAREFUL
from api.files.plans import is_parquet, read_layer, read_unpacked
from api.files.unpacking import Unpacked, unpacked
from geo.errors import NoGeometryError
from geo.load.reasons import not_opened
from geo.redraw import Report
from geo.redraw.barriers import WORTH, worths
from geo.rules import BarrierRules

# What GDAL puts in one column of an OpenStreetMap file, as "key"=>"value".
_OTHER_TAGS: Final = "other_tags"
_LEFT_OUT: Final = {
    "points": ("点", "points"),
    "empty": ("空或坐标无效", "empty or without coordinates"),
    "unlisted": ("规则中不作边界的类别", "of classes that are no border by the rules"),
    "away": ("离地块太远", "away from the atoms"),
}


def read_barrier_files(
    paths: tuple[Path, ...], atoms: gpd.GeoDataFrame, rules: BarrierRules
) -> gpd.GeoDataFrame:
    """Return the lines of all layers of some files, in the atoms' CRS, with `worth`.

    A layer without a CRS is taken to share that of the atoms.

    Raises
    ------
    FileUnreadableError
        When a file is broken.
    NoGeometryError
        When it has no layer with geometries.
    BadWorthError
        When a worth is no number from 0 to 1.
    """
    parts = [_placed(layer, atoms, rules) for path in paths for layer in _layers(path, rules)]
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=atoms.crs)


def _layers(path: Path, rules: BarrierRules) -> Iterator[gpd.GeoDataFrame]:
    if is_parquet(path) or path.suffix.lower() in CAREFUL:
        yield read_layer(path)
        return
    with unpacked(path) as file:
        for name in _spatial(file):
            yield _with_tags(gpd.GeoDataFrame(read_unpacked(file, name)), rules)


def _spatial(file: Unpacked) -> list[str]:
    """Return the layers with geometries; those of points only where there are no others."""
    try:
        listed = pyogrio.list_layers(file.path)
    except (DataSourceError, OSError, ValueError) as error:
        raise not_opened(file.given, error) from error
    spatial = [(str(name), str(kind)) for name, kind in listed if kind is not None]
    if not spatial:
        raise NoGeometryError(path=file.given)
    lines = [name for name, kind in spatial if "Point" not in kind]
    return lines or [name for name, _ in spatial]


def _with_tags(layer: gpd.GeoDataFrame, rules: BarrierRules) -> gpd.GeoDataFrame:
    """Return an OpenStreetMap layer with a column for each tag that the rules name."""
    if _OTHER_TAGS not in layer:
        return layer
    texts = layer[_OTHER_TAGS].astype("str")
    tags = [tag for tag in rules.worth if tag not in layer and tag.isascii()]
    found = {tag: texts.str.extract(f'"{tag}"=>"([^"]*)"', expand=False) for tag in tags}
    return layer.assign(**found)


def _placed(
    layer: gpd.GeoDataFrame, atoms: gpd.GeoDataFrame, rules: BarrierRules
) -> gpd.GeoDataFrame:
    shapes = layer.geometry.to_numpy()
    lines = gpd.GeoDataFrame({WORTH: worths(layer, rules)}, geometry=shapes, crs=layer.crs)
    if lines.crs is None or atoms.crs is None:
        return lines.set_crs(atoms.crs, allow_override=True)
    return lines.to_crs(atoms.crs)


def said_of_barriers(report: Report) -> str:
    """Return what became of the barriers, in two sentences."""
    told, share = report.barriers, report.borders_on_barriers
    left = [(zh, en, told[key]) for key, (zh, en) in _LEFT_OUT.items() if told[key]]
    zh = "，".join(f"{count:,} 条{word}" for word, _, count in left)
    en = ", ".join(f"{count:,} {word}" for _, word, count in left)
    percent = f"{100 * share:.1f} %" if share is not None else "–"
    return (
        f"道路、河流等 {told['given']:,} 条，用上 {told['used']:,} 条"
        f"{f'（未用：{zh}）' if left else ''}；网格之间的边界有 {percent} 沿着它们。\n"
        f"{told['used']:,} of {told['given']:,} roads, rivers and walls used"
        f"{f' (left out: {en})' if left else ''}; {percent} of the borders between grids run "
        f"along them."
    )
