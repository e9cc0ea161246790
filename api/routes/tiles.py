"""Tiles, and what they are made of as JSON: issues counted in cells of the map."""

from __future__ import annotations

from datetime import date
from math import isfinite
from typing import Annotated, Any, Final, Literal, TypeAlias

from fastapi import APIRouter, Depends, Path, Query, Response

from api.periods import between
from api.transactions import Acting
from geo.errors import BadBoxError, NoTileError
from geo.store.shown.heat import Cells, Heard, cells_of_box, cells_of_tile, heat, heat_tile, middles

router = APIRouter(tags=["tiles"])
TILE: Final = "application/vnd.mapbox-vector-tile"
MOST_ZOOM: Final = 22
# Some thirty screens of a wall display; more is a download, not a map.
MOST_CELLS: Final = 512 * 512
Code = Annotated[str | None, Query(max_length=128)]
Zoom = Annotated[int, Path(examples=[9])]
Place = Annotated[int, Path(examples=[0])]


def _heard(
    scope: Code = None,
    *,
    service: Code = None,
    source: Code = None,
    state: Annotated[Code, Query(description="A state, or `open`: all but closed")] = None,
    since: date | None = None,
    until: date | None = None,
    by: Annotated[
        Literal["issues", "reporters"],
        Query(description="reporters: each counts once a cell, however often he called"),
    ] = "issues",
) -> Heard:
    first, last = between(since, until)
    return Heard(scope, service, source, state, first, last, by == "reporters")


Asked: TypeAlias = Annotated[Heard, Depends(_heard)]


@router.get("/tiles/heat/{z}/{x}/{y}.mvt", response_class=Response)
def heat_of_tile(conn: Acting, heard: Asked, z: Zoom, x: Place, y: Place) -> Response:
    """Return a vector tile of the issues that the person may see, counted in cells.

    Layer `heat`: a point in the middle of each cell that holds any, with `n`. A tile has 64 cells
    each way, 4 pixels wide, at every zoom. `since` and `until` are days in the city, both included.
    """
    return Response(heat_tile(conn, cells_of_tile(*known_tile(z, x, y)), heard), media_type=TILE)


@router.get("/api/heat")
def heat_of_box(
    conn: Acting,
    heard: Asked,
    bbox: Annotated[str, Query(max_length=128, examples=["116.9,36.6,117.1,36.7"])],
    zoom: Annotated[float, Query(ge=0, le=MOST_ZOOM, allow_inf_nan=False, examples=[12])],
) -> dict[str, Any]:
    """Return the same cells for a part of the map in one answer: `[lon, lat, n]`, EPSG:4326.

    Cells are those of the tiles of `zoom` (rounded down), so that they stay where they are as the
    map is moved. `bbox` is west,south,east,north in degrees. `total` counts issues (or reporters)
    in all of them, `most` in the fullest.
    """
    cells = cells_in(bbox, int(zoom))
    found = middles(cells.level, heat(conn, cells, heard)).round(6)
    counts = found["n"]
    return {
        "zoom": int(zoom),
        "level": cells.level,
        "total": int(counts.sum()),
        "most": int(counts.max()) if len(counts) else 0,
        "cells": found[["lon", "lat", "n"]].to_numpy(object).tolist(),
    }


def known_tile(z: int, x: int, y: int) -> tuple[int, int, int]:
    """Return the address itself, where there is such a tile.

    Raises
    ------
    NoTileError
        When there is none.
    """
    if not (0 <= z <= MOST_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise NoTileError(z=z, x=x, y=y, most=MOST_ZOOM)
    return z, x, y


def cells_in(bbox: str, zoom: int) -> Cells:
    """Return the cells of a zoom that a box touches.

    Raises
    ------
    BadBoxError
        When it is none, or has more cells than anybody can look at.
    """
    cells = _cells(bbox, zoom)
    if cells is None or cells.many > MOST_CELLS:
        raise BadBoxError(found=bbox, most=f"{MOST_CELLS:,}")
    return cells


def _cells(bbox: str, zoom: int) -> Cells | None:
    try:
        west, south, east, north = map(float, bbox.split(","))
    except ValueError:
        return None
    finite = all(map(isfinite, (west, south, east, north)))
    ordered = finite and west <= east and south <= north
    return cells_of_box(zoom, west, south, east, north) if ordered else None
