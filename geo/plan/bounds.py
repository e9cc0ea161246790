"""Bounds in words (四至): what lies along the four sides of a grid, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84, metric_crs

SIDES: Final = ("东", "南", "西", "北")
OUTSIDE: Final = "范围外"  # where there is neither a name nor another grid
_STEP: Final = 20.0  # metres of border looked at together
_BEYOND: Final = 1.0  # metres past the border, where the neighbour is asked for
_LEAST: Final = 0.3  # of a side, for a name to stand for it
_MOST: Final = 2  # names on one side


def bounds_text(
    grids: gpd.GeoDataFrame,
    lines: gpd.GeoDataFrame,
    *,
    around: Sequence[gpd.GeoDataFrame] = (),
    within: float = 30.0,
) -> pd.Series:
    """Return what bounds each grid in the east, south, west and north; '' where it has no shape.

    A side is the border that faces that way. It bears the names of the named lines along it, those
    of most of its length first; else the name of the grid beyond it, or of what lies `around`, else
    `OUTSIDE`.

    Parameters
    ----------
    grids
        Polygons with `name`, those of one neighbourhood together; the answer has their index.
    lines
        Roads, rivers, railways: lines or polygons with `name` (those without one are passed over).
    around
        Polygons with `name` beyond the grids, those asked first in front.
    within
        Metres from the border within which a line counts as lying along it.

    >>> box = gpd.GeoSeries([shapely.box(117, 36.6, 117.01, 36.61)], crs="EPSG:4326")
    >>> road = gpd.GeoSeries([shapely.LineString([(117.01, 36.5), (117.01, 36.7)])], crs=box.crs)
    >>> grid, east = (gpd.GeoDataFrame({"name": [n]}, geometry=g)
    ...               for n, g in (("1", box), ("经十路", road)))
    >>> bounds_text(grid, east)[0]
    '东至经十路，南至范围外，西至范围外，北至范围外'
    """
    if (grids.geometry.is_empty | grids.geometry.isna()).all():
        return pd.Series("", grids.index, dtype="str")
    shapes, beside = _in_metres(grids, lines)
    border = _border(shapes)
    along = _along(border, beside, within)
    across = _across(border, shapes, grids["name"].to_numpy(object))
    for areas in around:
        across = across.combine_first(_beyond(border, areas.to_crs(beside.crs)))
    across = across.fillna(OUTSIDE)
    sides = _side_names(border, along, _MOST)
    sides = sides.combine_first(_side_names(border, across, 1))
    texts = {row: _sentence(names.droplevel(0)) for row, names in sides.groupby(level=0)}
    return pd.Series([texts.get(row, "") for row in range(len(grids))], grids.index, dtype="str")


def _in_metres(
    grids: gpd.GeoDataFrame, lines: gpd.GeoDataFrame
) -> tuple[NDArray[np.object_], gpd.GeoDataFrame]:
    """Return the polygons, turned against the clock, and the lines with a name, in metres."""
    west, south, east, north = grids.geometry.to_crs(WGS84).total_bounds
    system = metric_crs((west + east) / 2, (south + north) / 2)
    shapes = shapely.orient_polygons(grids.geometry.to_crs(system).to_numpy())
    names = lines["name"].astype("str").str.strip()
    named = lines.assign(name=names)[names.notna() & (names != "") & ~lines.geometry.is_empty]
    return shapes, named.to_crs(system)


def _border(shapes: NDArray[np.object_]) -> pd.DataFrame:
    """Return the outer borders in short stretches: row, side (0 is east), length, x, y, out_x, _y.

    `x, y` is a stretch's middle, `out_x, out_y` the point a little beyond it.
    """
    parts, row = shapely.get_parts(shapes, return_index=True)
    rings = shapely.segmentize(shapely.get_exterior_ring(parts), _STEP)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    (dx, dy), middle = np.diff(points, axis=0)[same].T, ((points[1:] + points[:-1]) / 2)[same]
    length = np.hypot(dx, dy)
    scale = _BEYOND / np.where(length > 0, length, 1.0)
    # The inside lies on the left of a ring that runs against the clock.
    upright = np.abs(dy) >= np.abs(dx)
    side = np.where(upright, np.where(dy > 0, 0, 2), np.where(dx > 0, 1, 3))
    return pd.DataFrame(
        {
            "row": row[ring[1:][same]],
            "side": side,
            "length": length,
            "x": middle[:, 0],
            "y": middle[:, 1],
            "out_x": middle[:, 0] + dy * scale,
            "out_y": middle[:, 1] - dx * scale,
        }
    )


def _along(border: pd.DataFrame, lines: gpd.GeoDataFrame, within: float) -> pd.Series:
    """Return the name of the nearest line of each stretch, missing where none is near."""
    points = shapely.points(border["x"], border["y"])
    tree = shapely.STRtree(lines.geometry.to_numpy())
    near = tree.query_nearest(points, max_distance=within, all_matches=False)
    return _named(len(border), near, lines["name"].to_numpy(object))


def _across(
    border: pd.DataFrame, shapes: NDArray[np.object_], names: NDArray[np.object_]
) -> pd.Series:
    """Return the name of the grid beyond each stretch, missing where there is none."""
    points = shapely.points(border["out_x"], border["out_y"])
    beyond = shapely.STRtree(shapes).query(points, predicate="intersects")
    other = beyond[:, border["row"].to_numpy()[beyond[0]] != beyond[1]]
    return _named(len(border), other, names)


def _beyond(border: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.Series:
    """Return the name of the area beyond each stretch, missing where there is none."""
    points = shapely.points(border["out_x"], border["out_y"])
    found = shapely.STRtree(areas.geometry.to_numpy()).query(points, predicate="intersects")
    return _named(len(border), found, areas["name"].to_numpy(object))


def _named(count: int, pairs: NDArray[np.intp], names: NDArray[np.object_]) -> pd.Series:
    found = np.full(count, None, dtype=object)
    found[pairs[0]] = names[pairs[1]]
    return pd.Series(found, dtype="str")


def _side_names(border: pd.DataFrame, names: pd.Series, most: int) -> pd.Series:
    """Return the names of each side by row and side: those of enough of it, the longest first."""
    sides = ["row", "side"]
    lengths = border.assign(name=names.to_numpy()).groupby([*sides, "name"])["length"].sum()
    whole = border.groupby(sides)["length"].sum()
    shares = (lengths / whole).rename("share").reset_index()
    enough = shares[shares["share"] >= _LEAST]
    ranked = enough.sort_values([*sides, "share", "name"], ascending=[True, True, False, True])
    return ranked.groupby(sides).head(most).groupby(sides)["name"].agg("、".join)


def _sentence(names: pd.Series) -> str:
    return "，".join(f"{SIDES[side]}至{name}" for side, name in names.items())
