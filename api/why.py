"""Why an issue is whose it is, on one page: the chain, the grid and its neighbours, its bounds."""

from __future__ import annotations

import json
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from api.explaining import explain_issue
from geo.plan import bounds_text
from geo.store.database import Connection
from geo.store.incoming.surroundings import Surroundings, surroundings
from geo.store.net.ground import read_ground
from geo.store.net.naming import area_names, party_names, service_names
from maps.geojson import feature_collection

_BESIDE: Final = ("road", "rail", "water")


def why(conn: Connection, issue: int) -> dict[str, Any]:
    """Return all that the page prints, as JSON takes it: see `maps.why_page`.

    Raises
    ------
    MissingError
        When the issue is not there, or not for the acting person to see.
    """
    around = surroundings(conn, issue)
    ground = _ground(conn, around)
    return explain_issue(conn, issue) | {
        "about": _about(conn, around),
        "bounds": _bounds(around.grids, ground),
        "grids": json.loads(feature_collection(around.grids[["code", "name", "geometry"]])),
        "ground": json.loads(feature_collection(ground[["kind", "class", "name", "geometry"]])),
        "lane": json.loads(feature_collection(around.lane)),
        "places": _places(conn, around),
        "walkers": _walkers(conn, around),
    }


def _about(conn: Connection, around: Surroundings) -> dict[str, Any]:
    """Return what is said of the issue itself; no text of the reporter, nor of who that is."""
    issue = around.issue
    names = service_names(conn, [issue["service"]])
    reported = issue["reported_at"]
    return issue | {
        "service_name": names.get(issue["service"], issue["service"]),
        "reported_at": reported.isoformat() if reported else None,
    }


def _ground(conn: Connection, around: Surroundings) -> gpd.GeoDataFrame:
    """Return roads, rails, water and green of the neighbourhood."""
    scope = around.here.community or around.here.subdistrict or around.here.grid
    return read_ground(conn, scope or "")


def _bounds(grids: gpd.GeoDataFrame, ground: gpd.GeoDataFrame) -> str:
    """Return the four sides of the grid in words; empty where there is none."""
    if grids.empty:
        return ""
    beside = ground[ground["kind"].isin(_BESIDE)]
    return str(bounds_text(grids, beside).iloc[0])


def _places(conn: Connection, around: Surroundings) -> list[str]:
    """Return the names from the district down to the grid and the lane."""
    here = around.here
    admin = area_names(conn, "admin", here.path)
    grid, lane = area_names(conn, "grid", [here.grid]), area_names(conn, "lane", [here.lane])
    names = [admin.get(code) for code in here.path]
    return [str(name) for name in (*names, grid.get(here.grid), lane.get(here.lane)) if name]


def _walkers(conn: Connection, around: Surroundings) -> list[dict[str, Any]]:
    names: pd.Series = party_names(conn, around.walkers.values())
    return [
        {"role": role, "party": party, "name": names.get(party, party)}
        for role, party in around.walkers.items()
    ]
