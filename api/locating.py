"""Where a point lies: now, as the store says; or as it was, or would be under a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import geopandas as gpd
import pandas as pd

from api.moments import Moment
from geo.assign import assign
from geo.store.database import Connection
from geo.store.net.areas import read_areas
from geo.store.net.lookup import owner_of
from geo.store.net.naming import area_names
from geo.store.net.people import holders_named, read_duties
from geo.store.net.revisions import demand_moment, number_beside

_NET: Final = {"grid": "grid", "community": "admin", "subdistrict": "admin", "lane": "lane"}
# Who answers for a place: role → what of it they hold.
_ANSWER: Final = {"grid_leader": "grid", "grid_worker": "grid", "street_manager": "lane"}


def whose(conn: Connection, lon: float, lat: float) -> dict[str, object]:
    """Return where a point lies now, named as people say it, and who answers for it.

    `within` names the areas above the grid, from the top down; None where nobody is known.
    """
    found = owner_of(conn, lon, lat)
    codes = {name: found[name] for name in _NET}
    names = {net: area_names(conn, net, _of_net(found, net)) for net in ("admin", "grid", "lane")}
    named = {f"{name}_name": names[_NET[name]].get(codes[name]) for name in _NET}
    held = {role: [str(codes[at])] for role, at in _ANSWER.items() if codes[at]}
    people = holders_named(conn, held) if held else {}
    answers = {role: people.get((role, str(codes[at]))) for role, at in _ANSWER.items()}
    above = [names["admin"][code] for code in _path(found) if code in names["admin"].index]
    return {**codes, **named, "within": above, **answers}


def _path(found: Mapping[str, object]) -> list[str]:
    path = found["path"]
    return [str(code) for code in path] if isinstance(path, Sequence) else []


def _of_net(found: Mapping[str, object], net: str) -> list[object]:
    own = [found[name] for name, of in _NET.items() if of == net]
    return [*own, *(_path(found) if net == "admin" else [])]


def located(conn: Connection, lon: float, lat: float, moment: Moment) -> dict[str, object]:
    """Return grid, community, subdistrict and lane of a point (EPSG:4326); None where none.

    A number is a revision of the grid net; the other nets are as they were while it was in force.
    """
    if moment.is_now:
        return owner_of(conn, lon, lat)
    demand_moment(conn, "grid", moment.at)
    admin, lane = (number_beside(conn, net, moment.at) for net in ("admin", "lane"))
    found = assign(
        gpd.GeoDataFrame(geometry=gpd.points_from_xy([lon], [lat]), crs="EPSG:4326"),
        grids=read_areas(conn, net="grid", **moment.which),
        communities=read_areas(conn, net="admin", kind="community", at=admin),
        subdistricts=read_areas(conn, net="admin", kind="subdistrict", at=admin),
        lanes=read_areas(conn, net="lane", at=lane),
        duties=read_duties(conn),
    ).iloc[0]
    names = ("grid", "community", "subdistrict", "lane")
    return {name: None if pd.isna(found[name]) else str(found[name]) for name in names}
