"""Tiles, and what they are made of as JSON: issues counted in cells of the map."""

from __future__ import annotations

from datetime import date
from math import isfinite
from typing import Annotated, Any, Final, Literal, TypeAlias

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.periods import between
from api.tile_door import MOST_ZOOM
from api.tile_shelf import ASKED_AGAIN, TILE, Kept, TileShelf
from api.transactions import Acting, Person
from geo.errors import BadBoxError, MissingError, NoTileError
from geo.store.database import Connection, transaction
from geo.store.shown.heat import Cells, Heard, cells_of_box, cells_of_tile, heat, heat_tile, middles
from geo.store.shown.shapes import edition
from geo.store.shown.tiles import PLACES, PLACES_FROM, draft_tile, tile
from maps.tile_style import Base, style, tile_json

router = APIRouter(tags=["tiles"])
Layer = Literal[
    "districts", "subdistricts", "communities", "grids", "base", "places", "areas", "ground"
]
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


@router.get("/tiles/style.json")
def map_style(
    request: Request, conn: Acting, base: Annotated[Base, Query()] = "light"
) -> dict[str, Any]:
    """Return a MapLibre style of the published grids over our own ground, light or dark.

    It loads tiles of this server and nothing else: no glyphs, no sprite, so no text.
    """
    shelf: TileShelf = request.app.state.shelf
    bounds = shelf.bounds(conn, edition(conn).number)
    centre = bounds and ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    return style(_root(request), base, centre=centre)


@router.get("/tiles/{layer}.json")
def described(request: Request, person: Person, layer: Layer | Literal["heat"]) -> dict[str, Any]:
    """Return a layer described as TileJSON 3.0, its address with the edition of the nets in force.

    After a publication tiles are drawn anew, within seconds; until then the address is that of the
    edition before. Fields of `grids`: at low zooms an area stands for its `grids`, `low` and `high`
    are then the mean of their limits.
    """
    shelf: TileShelf = request.app.state.shelf
    found = shelf.drawn(person)
    with transaction(request.app.state.store.app, person) as conn:
        bounds = shelf.bounds(conn, found.number)
    way = "" if layer == "heat" else f"?v={found.number}"
    address = f"{_root(request)}/tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt{way}"
    first = PLACES_FROM if layer == PLACES else 0
    return tile_json(layer, address, first=first, bounds=bounds, edition=found.number)


@router.get("/tiles/{layer}/{z}/{x}/{y}.mvt", response_class=Response)
def tile_of(
    request: Request,
    conn: Acting,
    layer: Layer,
    *,
    z: Zoom,
    x: Place,
    y: Place,
    v: Annotated[int | None, Query(description="Edition, as TileJSON names it; the newest")] = None,
    plan: Annotated[int | None, Query(description="The areas of this draft, of `grids`")] = None,
) -> Response:
    """Return a vector tile of the published net, at most 250 kB; or of a draft that one may see.

    With `v` it never changes and may be kept for ever; without it, and of a draft, it is asked for
    again. Neighbouring areas share their borders at every zoom. `areas` and `ground` hold several
    layers: what is coloured and the borders above it; the ground and its buildings.
    """
    address = known_tile(z, x, y)
    if plan is not None:
        return _sent(request, Kept(_of_draft(conn, layer, plan, address), ASKED_AGAIN))
    shelf: TileShelf = request.app.state.shelf
    newest = shelf.newest(conn)
    if v is None:
        return _sent(request, Kept(tile(conn, layer, address, newest), ASKED_AGAIN))
    return _sent(request, shelf.asked(conn, layer, address, v))


def _of_draft(conn: Connection, layer: str, plan: int, address: tuple[int, int, int]) -> bytes:
    if layer != "grids":
        raise MissingError(noun="layer of a draft", noun_zh="草案图层", key=layer)
    return draft_tile(conn, plan, address)


def _sent(request: Request, made: Kept) -> Response:
    """Return the answer: packed for whoever takes gzip, nothing for whoever has it already."""
    packed = "gzip" in request.headers.get("accept-encoding", "")
    answer = made.packed_answer if packed else made.plain_answer
    headers = {name.decode(): value.decode() for name, value in answer.headers}
    if request.headers.get("if-none-match") == made.etag:
        kept = {name: value for name, value in headers.items() if not name.startswith("content-")}
        return Response(status_code=304, headers=kept)
    return Response(answer.body, headers=headers)


def _root(request: Request) -> str:
    return str(request.base_url).rstrip("/")


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
