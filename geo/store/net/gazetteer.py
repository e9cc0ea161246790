"""The gazetteer of what is in force, and the mark by which one knows that it has changed."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, func, select

from geo.crs import WGS84
from geo.errors import MissingError
from geo.gazetteer import Gazetteer
from geo.reference import code_history
from geo.store.answers import question, rows_of
from geo.store.net.areas import read_areas
from geo.store.schema.tables import CODE_HISTORY, IMPORT_BATCH, ISSUE, NET

# Of the net of grids only the special ones have names of their own, and they come by import.
_NETS: Final = ("admin", "estate", "lane", "base")

Mark = tuple[object, ...]


def gazetteer_mark(conn: Connection) -> Mark:
    """Return what the gazetteer of now is made of: numbers of nets, and of the latest import."""
    nets = select(NET.c.name, NET.c.number).where(NET.c.name.in_(_NETS)).order_by(NET.c.name)
    latest = conn.execute(select(func.max(IMPORT_BATCH.c.id))
                          .where(IMPORT_BATCH.c.noun.not_in(["issues"]))).scalar()  # fmt: skip
    return (*(tuple(row) for row in conn.execute(nets)), latest)


def address_of(conn: Connection, issue: int) -> str:
    """Return the address of an issue.

    Raises
    ------
    MissingError
        When the issue is not there, or not for the acting person to see.
    """
    found = conn.execute(select(ISSUE.c.address).where(ISSUE.c.id == issue)).scalar()
    if found is None:
        raise MissingError(noun="issue", noun_zh="诉求", key=issue)
    return str(found)


def read_gazetteer(conn: Connection) -> Gazetteer:
    """Return the gazetteer of the areas and places in force; seconds, at city size tens of them."""
    areas = [read_areas(conn, net=net) for net in _NETS]
    grids = read_areas(conn, net="grid")
    special = grids[grids["special"]]
    frames = [frame for frame in (*areas, special) if len(frame)] or [special]
    places = rows_of(conn, question("named_places"))
    points = gpd.points_from_xy(places["lon"].astype(float), places["lat"].astype(float), crs=WGS84)
    placed = gpd.GeoDataFrame(places.drop(columns=["lon", "lat"]), geometry=points)
    return Gazetteer(pd.concat(frames, ignore_index=True), placed, _history(conn))


def _history(conn: Connection) -> pd.DataFrame:
    """Return the names that were replaced: the program's and the city's own."""
    own = rows_of(conn, select(*(CODE_HISTORY.c[name] for name in _NAMES)))
    known = code_history()[list(_NAMES)]
    return pd.concat([known, own], ignore_index=True) if len(own) else known


_NAMES: Final = ("old_code", "old_name", "new_code", "new_name")
