"""Lines that make good borders: roads, rivers, rails and walls, each with its worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.atoms import metres_per_unit
from geo.errors import BadWorthError, RepeatedColumnError
from geo.redraw.columns import demand_shapes
from geo.redraw.state import Flags, Reals
from geo.rules import BarrierRules

WORTH: Final = "worth"
OSM_ID: Final = "osm_id"  # what GDAL names the rows of an OpenStreetMap file: most are no border


@dataclass(frozen=True, eq=False)
class Barriers:
    """Lines and areas near the atoms, in their CRS, the worth of each (above 0), and the rules.

    `told` says what became of the rows given: `given`, `used`, and those left out: `points`,
    `empty` (no geometry or no finite coordinates), `unlisted` (worth nothing), `away`.
    """

    lines: gpd.GeoDataFrame
    worth: Reals
    rules: BarrierRules
    told: dict[str, int]


def read_barriers(
    given: gpd.GeoDataFrame, atoms: gpd.GeoDataFrame, rules: BarrierRules
) -> Barriers:
    """Return the lines, and the areas for their outlines, that lie near atoms.

    Parameters
    ----------
    given
        Lines or polygons in any CRS (without one: that of the atoms). A column `worth` (0 to 1)
        comes before the tables of the rules; empty: as in them. Points are left out.

    Raises
    ------
    NoShapesError
        When the table has no geometries.
    BadWorthError, RepeatedColumnError
        When a worth is no number from 0 to 1, or in two columns.
    """
    demand_shapes(given, "道路、河流、围墙数据", "The table of barriers")
    shapes = shapely.force_2d(given.geometry.to_numpy())
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    xy, row = shapely.get_coordinates(shapes, return_index=True)
    empty[row[~np.isfinite(xy).all(axis=1)]] = True
    points = ~empty & (shapely.get_dimensions(shapes) == 0)
    worth = worths(given, rules)
    unlisted = ~empty & ~points & (worth <= 0)
    kept = ~(empty | points | unlisted)
    lines = _moved(gpd.GeoDataFrame(geometry=shapes[kept], crs=given.crs), atoms)
    near = _near(lines, atoms, rules.reach)
    told = {"given": len(given), "used": int(near.sum())}
    left_out = {"points": points, "empty": empty, "unlisted": unlisted, "away": ~near}
    told |= {name: int(mask.sum()) for name, mask in left_out.items()}
    return Barriers(lines.loc[near].reset_index(drop=True), worth[kept][near], rules, told)


def worths(lines: gpd.GeoDataFrame, rules: BarrierRules) -> Reals:
    """Return the worth of each line: its own, that of its class, or the default.

    >>> roads = gpd.GeoDataFrame({"highway": ["primary", "footway"]}, geometry=[None, None])
    >>> worths(roads, BarrierRules(worth={"highway": {"primary": 1.0}})).tolist()
    [1.0, 0.0]
    """
    for column in (WORTH, *rules.worth):
        if list(lines.columns).count(column) > 1:
            raise RepeatedColumnError(column=column)
    known = np.full(len(lines), np.nan)
    for column, table in rules.worth.items():
        if column in lines:
            texts = lines[column].astype("object").where(lines[column].notna(), "")
            values = texts.astype("str").str.strip().str.lower().map(table)
            known = np.where(np.isnan(known), values.to_numpy(np.float64), known)
    plain = np.isnan(known).all() and OSM_ID not in lines
    known = np.nan_to_num(known, nan=rules.default if plain else 0.0)
    own = _own_worth(lines)
    return np.where(np.isnan(own), known, own)


def _own_worth(lines: gpd.GeoDataFrame) -> Reals:
    """Return the column `worth`, NaN where there is none."""
    if WORTH not in lines:
        return np.full(len(lines), np.nan)
    column = lines[WORTH]
    numbers = np.asarray(pd.to_numeric(column, errors="coerce"), np.float64)
    blank = column.isna() | (column.astype("str").str.strip() == "")
    bad = ~blank.to_numpy(np.bool_) & ~((numbers >= 0) & (numbers <= 1))
    if bad.any():
        rows = ", ".join(str(row + 1) for row in np.flatnonzero(bad)[:10])
        value = column.iloc[int(bad.argmax())]
        raise BadWorthError(column=WORTH, count=int(bad.sum()), rows=rows, value=value)
    return numbers


def _moved(lines: gpd.GeoDataFrame, atoms: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return lines in the atoms' CRS; one of the two without a CRS is taken to share it."""
    if lines.crs is None or atoms.crs is None or lines.crs == atoms.crs:
        return lines.set_crs(atoms.crs, allow_override=True)
    return lines.to_crs(atoms.crs)


def _near(lines: gpd.GeoDataFrame, atoms: gpd.GeoDataFrame, reach: float) -> Flags:
    """Tell which lines may come within reach of the atoms."""
    margin = reach / np.asarray(metres_per_unit(atoms))
    west, south, east, north = atoms.total_bounds
    ground = shapely.box(west - margin[0], south - margin[1], east + margin[0], north + margin[1])
    return np.asarray(shapely.intersects(ground, lines.geometry.to_numpy()), np.bool_)
