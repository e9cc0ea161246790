"""Issues counted in cells of the map: for a tile, or for what a screen shows.

Cells are web-mercator tiles of a finer zoom, 64 across a tile: 4 pixels on screen at every zoom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from math import asinh, atan, degrees, floor, pi, radians, sinh, tan
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select, text

from geo.store.answers import question, rows_of

# Of a tile's 256 pixels: 2 to the 6th cells across.
CELLS: Final = 6
FINEST: Final = 18  # level at which changes are kept: cells of about 120 m
LEVELS: Final = tuple(range(CELLS, FINEST + 1))
_EXTENT: Final = 4096  # of a vector tile
_STEEPEST: Final = 85.0511  # degrees of latitude, where web-mercator ends
_FOLDING: Final = 0x68656174  # one adds up at a time


class Cells(NamedTuple):
    """A part of the map: the cells of a level from one corner to the other, both included."""

    level: int
    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def many(self) -> int:
        """How many cells there are."""
        return (self.x1 - self.x0 + 1) * (self.y1 - self.y0 + 1)


@dataclass(frozen=True)
class Heard:
    """Which issues are counted; None: all.

    `service` or one above it; `state` one of theirs, or `open`; reported from `since`, before
    `until`; `reporters`: each counts once a cell.
    """

    scope: str | None = None
    service: str | None = None
    source: str | None = None
    state: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    reporters: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether counts that are kept can tell, for those whose duties they are kept for."""
        plain = all(value is None for value in (self.service, self.since, self.until))
        return plain and self.state in (None, "open", "closed")


def cells_of_tile(z: int, x: int, y: int) -> Cells:
    """Return the cells of a tile.

    >>> cells_of_tile(9, 422, 200)
    Cells(level=15, x0=27008, y0=12800, x1=27071, y1=12863)
    """
    side = 1 << CELLS
    return Cells(z + CELLS, x * side, y * side, (x + 1) * side - 1, (y + 1) * side - 1)


def cells_of_box(zoom: int, west: float, south: float, east: float, north: float) -> Cells:
    """Return the cells that a box (degrees, EPSG:4326) touches.

    >>> cells_of_box(9, 117.0, 36.6, 117.1, 36.7)
    Cells(level=15, x0=27033, y0=12788, x1=27042, y1=12799)
    """
    level = zoom + CELLS
    x0, x1 = (_column(lon, level) for lon in (west, east))
    y0, y1 = (_row(lat, level) for lat in (north, south))
    return Cells(level, x0, y0, x1, y1)


def middles(level: int, cells: pd.DataFrame) -> pd.DataFrame:
    """Return `lon`, `lat` (EPSG:4326) of the middles of cells, and their `n`."""
    side = 1 << level
    lon = (cells["x"].to_numpy(float) + 0.5) / side * 360 - 180
    lat = np.degrees(np.arctan(np.sinh(pi * (1 - 2 * (cells["y"].to_numpy(float) + 0.5) / side))))
    return pd.DataFrame({"lon": lon, "lat": lat, "n": cells["n"].to_numpy()})


def heat(conn: Connection, cells: Cells, heard: Heard) -> pd.DataFrame:
    """Return `x`, `y`, `n` of the cells that hold issues which the acting person may see.

    Whoever has duties over subdistricts or more is told of those areas alone: by counts that are
    kept where only a source and a state of open or closed are asked for, else by the issues,
    without asking of each who may see it. So are people of parts of several areas: whoever
    reported in more than one counts once in a cell.
    """
    asked, values = _asked(conn, cells, heard)
    return rows_of(conn, text(asked), **values)


def heat_tile(conn: Connection, cells: Cells, heard: Heard) -> bytes:
    """Return the same as a vector tile: a point in the middle of each cell, with its `n`."""
    asked, values = _asked(conn, cells, heard)
    side = _EXTENT >> CELLS
    tile = (
        "select ST_AsMVT(t, 'heat', :extent, 'at') from (select n, ST_MakePoint("
        f"(x - :x0) * :side + :side / 2, (y - :y0) * :side + :side / 2) as at from ({asked}) as c"
        ") as t"
    )
    made = conn.execute(text(tile), {**values, "side": side, "extent": _EXTENT})
    return bytes(made.scalar_one())


def fold(conn: Connection, *, waits: bool = False) -> int:
    """Return how many cells were brought up to date with what came and went; by the owner's role.

    So are the counts of days. Both are right before it, too: it is what keeps them fast. One
    process does it at a time; whoever does not wait for the other does nothing then.
    """
    if waits:
        conn.execute(select(func.pg_advisory_xact_lock(_FOLDING)))
    elif not conn.execute(select(func.pg_try_advisory_xact_lock(_FOLDING))).scalar_one():
        return 0
    done = conn.execute(question("fold_heat"), {"levels": list(LEVELS)}).rowcount
    if done:
        conn.execute(text("delete from heat_cell where issues = 0"))
    if conn.execute(question("fold_days")).rowcount:
        conn.execute(text("delete from day_count where issues = 0"))
    return int(done)


def _asked(conn: Connection, cells: Cells, heard: Heard) -> tuple[str, Mapping[str, Any]]:
    """Return the question to ask, and its values."""
    place = cells._asdict()
    is_over, kind = conn.execute(question("heat_is_kept"), asdict(heard)).one()
    told = heard.is_kept and (kind is not None or not heard.reporters)
    if is_over and told and cells.level <= FINEST:
        wanted = {"state": heard.state, "source": heard.source, "scope": heard.scope}
        values = {**place, **wanted, "fine": FINEST - cells.level, "kind": kind}
        return question("heat_kept").text, values
    asked = question("heat_over" if is_over else "heat_counted")
    return asked.text, {**place, **_sides(cells), **asdict(heard)}


def _sides(cells: Cells) -> dict[str, float]:
    """Return the sides of a box around cells, in degrees."""
    side = 1 << cells.level
    west, east = (x / side * 360 - 180 for x in (cells.x0, cells.x1 + 1))
    north, south = (degrees(atan(sinh(pi * (1 - 2 * y / side)))) for y in (cells.y0, cells.y1 + 1))
    return {"west": west, "south": south, "east": east, "north": north}


def _column(lon: float, level: int) -> int:
    return _within(floor((lon + 180) / 360 * (1 << level)), level)


def _row(lat: float, level: int) -> int:
    steep = asinh(tan(radians(min(max(lat, -_STEEPEST), _STEEPEST))))
    return _within(floor((0.5 - steep / (2 * pi)) * (1 << level)), level)


def _within(cell: int, level: int) -> int:
    return min(max(cell, 0), (1 << level) - 1)
