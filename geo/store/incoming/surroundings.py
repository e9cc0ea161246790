"""What lies around an issue: its point, its grid and those beside it, who walks its lane."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, func, select

from geo.duties import holders
from geo.errors import MissingError
from geo.store.actors import words_of
from geo.store.locating import Located, located
from geo.store.net.areas import read_lane, read_touching
from geo.store.net.people import read_duties
from geo.store.schema.tables import ISSUE

_SAID: Final = ("id", "source", "reference", "service", "accuracy_m", "reported_at")
_WALKERS: Final = ("street_manager", "alley_steward")


class Surroundings(NamedTuple):
    """What lies around an issue today.

    Parameters
    ----------
    issue
        `id, source, reference, service, accuracy_m, reported_at, address, lon, lat`: nothing of
        who reported it, nor of what was said; the address for whoever may read it.
    here
        Where it lies today.
    grids
        Its grid, then those that touch it, as `read_touching` has them; empty where nobody owns it.
    lane
        The lane nearest to it in its subdistrict, as `read_lane` has it; empty where none is near.
    walkers
        Role → party, of that lane.
    """

    issue: dict[str, Any]
    here: Located
    grids: gpd.GeoDataFrame
    lane: gpd.GeoDataFrame
    walkers: dict[str, str]


def surroundings(conn: Connection, issue: int) -> Surroundings:
    """Return what lies around an issue that the acting person may see.

    Raises
    ------
    MissingError
        When the issue is not there, or not for the acting person to see.
    """
    where = (func.ST_X(ISSUE.c.geom).label("lon"), func.ST_Y(ISSUE.c.geom).label("lat"))
    said = (*(ISSUE.c[name] for name in _SAID), words_of(ISSUE.c.id, ISSUE.c.address))
    asked = select(*said, *where).where(ISSUE.c.id == issue)
    row = conn.execute(asked).mappings().one_or_none()
    if row is None:
        raise MissingError(noun="issue", noun_zh="诉求", key=issue)
    here = located(conn, row["lon"], row["lat"])
    grids, lane = read_touching(conn, here.grid), read_lane(conn, here.lane)
    return Surroundings(dict(row), here, grids, lane, _walkers(conn, here.lane))


def _walkers(conn: Connection, lane: str | None) -> dict[str, str]:
    """Return who manages and who looks after a lane, where anybody does."""
    if lane is None:
        return {}
    duties = read_duties(conn, areas=[lane])
    on_lanes = duties[duties["net"] == "lane"]
    held = {role: holders(on_lanes, role, [lane]).iloc[0] for role in _WALKERS}
    return {role: str(party) for role, party in held.items() if pd.notna(party)}
