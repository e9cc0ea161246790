"""A worker's day beyond its tasks: the grids it has, their buildings, the doors of one."""

from __future__ import annotations

from typing import Any

from api.links.acting import Linked
from api.links.ground import ground_told
from api.rows import rows_in_json
from geo.doors import FINDINGS, to_try
from geo.errors import NotOfLinkError
from geo.plan.ledger import is_key
from geo.store.database import Connection
from geo.store.net.naming import area_names
from geo.store.net.places import read_places
from geo.store.working.doors import building_in, buildings_of, grids_of


def own_grids(linked: Linked) -> list[str]:
    """Return the grids of a link's party; only a link to a day reaches them.

    Raises
    ------
    NotOfLinkError
        When the link is to one task.
    """
    if linked.opened.kind != "day":
        raise NotOfLinkError(what=linked.opened.kind)
    return grids_of(linked.conn, linked.opened.party)


def grids_told(linked: Linked) -> list[dict[str, Any]]:
    """Return the grids of a link's party: borders, buildings, key places."""
    conn, codes = linked.conn, own_grids(linked)
    names = area_names(conn, "grid", codes)
    buildings = buildings_of(conn, codes)
    return [
        {
            "code": code,
            "name": names.get(code, code),
            "ground": ground_told(conn, code),
            "buildings": rows_in_json(buildings[buildings["grid"] == code]),
            "places": _key_places(conn, code),
        }
        for code in codes
    ]


def doors_told(linked: Linked, building: str) -> dict[str, Any]:
    """Return the door chart of a building: each door with what was found there last.

    Raises
    ------
    MissingError
        When there is no such building in the grids of the link's party.
    """
    conn = linked.conn
    found = building_in(conn, own_grids(linked), building)
    return {
        "code": found.code,
        "name": found.name,
        "address": found.address,
        "grid": found.grid,
        "grid_name": area_names(conn, "grid", [found.grid]).get(found.grid, found.grid),
        "findings": [finding._asdict() for finding in FINDINGS],
        "doors": [
            {
                **door._asdict(),
                "found": last.found if (last := found.last.get(door.code)) else "",
                "at": last.at.isoformat() if last else None,
            }
            for door in found.doors
        ],
        "next": [door.code for door in to_try(found.doors, found.last)],
    }


def _key_places(conn: Connection, grid: str) -> list[dict[str, Any]]:
    """Return what the ledger of the grid names, too: service points, stations, schools, sites."""
    places = read_places(conn, scope=grid)
    rows = places[is_key(places)].sort_values(["address", "name", "code"])
    told = rows[["kind", "code", "name", "address"]].assign(
        lon=rows.geometry.x, lat=rows.geometry.y
    )
    return rows_in_json(told)
