"""Areas and places as GeoJSON: as they are, were, or would be under a draft."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import geopandas as gpd
from fastapi import APIRouter, Query, Response

from api.comparing import today_of
from api.transactions import Acting
from geo.comparison import side_of
from geo.rules import load_rules
from geo.store.areas import read_areas
from geo.store.ground import read_ground
from geo.store.places import read_places
from maps.geojson import feature_collection

router = APIRouter(prefix="/api", tags=["areas"])
Code = Annotated[str, Query(max_length=64)]
At = Annotated[int | date | None, Query(description="A revision number or a date; now by default")]


@router.get("/areas.geojson")
def areas(
    conn: Acting,
    *,
    net: Code = "grid",
    kind: Code | None = None,
    scope: Code | None = None,
    at: At = None,
    plan: Annotated[int | None, Query(description="A draft instead")] = None,
    before: Annotated[int | None, Query(description="As they were before this plan")] = None,
) -> Response:
    """Return areas of a net; grids with their households and band."""
    at = today_of(conn, before) if before is not None else at
    found = read_areas(conn, net=net, kind=kind, scope=scope, at=at, plan=plan)
    if net == "grid":
        communities = read_areas(conn, net="admin", kind="community", scope=scope)
        buildings = read_places(conn, kind="building", scope=scope)
        found = side_of(found, buildings, communities=communities, rules=load_rules()).grids
    return _geojson(found)


@router.get("/base.geojson")
def base(conn: Acting, scope: Code) -> Response:
    """Return roads, rail, water and green that touch an area."""
    return _geojson(read_ground(conn, scope))


@router.get("/places.geojson")
def places(conn: Acting, scope: Code, kind: Code = "building") -> Response:
    """Return places inside an area, drawn as their footprints where they have one."""
    found = read_places(conn, kind=kind, scope=scope)
    drawn = found["footprint"].where(found["footprint"].notna(), found.geometry)
    shown = found[["code", "name", "class", "households"]]
    return _geojson(gpd.GeoDataFrame(shown, geometry=gpd.GeoSeries(drawn, crs=found.crs)))


def _geojson(frame: gpd.GeoDataFrame, **members: object) -> Response:
    return Response(feature_collection(frame, **members), media_type="application/geo+json")
