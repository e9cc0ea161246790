"""Areas and places as GeoJSON: as they are, were, or would be under a draft."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

import geopandas as gpd
from fastapi import APIRouter, Query, Response

from api.asked import Asked
from api.comparing import today_of
from api.moments import Moment
from api.transactions import Acting
from geo.comparison import side_of
from geo.crs import WGS84
from geo.errors import BadMomentError
from geo.rules import load_rules
from geo.store.database import Connection
from geo.store.net.areas import count_areas, read_areas
from geo.store.net.ground import read_ground
from geo.store.net.lookup import owners_of
from geo.store.net.places import count_places, read_loads, read_places
from geo.store.net.revisions import demand_moment, number_beside
from geo.store.planning.plans import scheduled_by
from maps.geojson import feature_collection

router = APIRouter(prefix="/api", tags=["areas"])
Code = Annotated[str, Query(max_length=64)]
# What a browser can hold and a screen can show: a district's grids, a subdistrict's buildings.
MOST_AREAS: Final = 4_000
MOST_PLACES: Final = 30_000
MOST_GROUND: Final = 8_000


@router.get("/areas.geojson")
def areas(
    conn: Acting,
    moment: Asked,
    *,
    net: Code = "grid",
    kind: Code | None = None,
    scope: Code | None = None,
    before: Annotated[int | None, Query(description="As they were before this plan")] = None,
) -> Response:
    """Return areas of a net; grids with their households and band. None if very many.

    At a day to come: as of now, and beside `features` in `scheduled` the plans that wait for a day
    until then, as far as the person may see them.
    """
    asked = moment if before is None else _before(conn, before, moment)
    if before is None:
        demand_moment(conn, net, asked.at)
    if (many := count_areas(conn, net=net, kind=kind, scope=scope)) > MOST_AREAS:
        return _too_many(many)
    found = read_areas(conn, net=net, kind=kind, scope=scope, **asked.which)
    if net == "grid":
        found = _with_loads(conn, found, scope, asked)
    return _geojson(found, **_still_to_come(conn, asked))


@router.get("/base.geojson")
def base(conn: Acting, moment: Asked, scope: Code) -> Response:
    """Return roads, rail, water and green that touch an area; if very many, the largest."""
    demand_moment(conn, "grid", moment.at)
    return _geojson(read_ground(conn, scope, most=MOST_GROUND, **moment.which))


@router.get("/places.geojson")
def places(conn: Acting, moment: Asked, scope: Code, kind: Code = "building") -> Response:
    """Return places inside an area, drawn as their footprints where they have one. None if many.

    Places are as they are now; `grid` is the one that owns each: now, then, or under the draft.
    """
    demand_moment(conn, "grid", moment.at)
    if (many := count_places(conn, kind=kind, scope=scope, **moment.which)) > MOST_PLACES:
        return _too_many(many)
    found = read_places(conn, kind=kind, scope=scope, **moment.which)
    drawn = found["footprint"].where(found["footprint"].notna(), found.geometry)
    grid = owners_of(conn, found.geometry, **moment.which)
    shown = found[["code", "name", "class", "households"]].assign(grid=grid)
    return _geojson(gpd.GeoDataFrame(shown, geometry=gpd.GeoSeries(drawn, crs=found.crs)))


def _before(conn: Connection, plan: int, moment: Moment) -> Moment:
    if not moment.is_now:
        only_zh, only = "before 不能与 at 或 plan 同时给", "it goes without at and plan"
        raise BadMomentError(name="before", found=plan, expected_zh=only_zh, expected=only)
    return Moment(at=today_of(conn, plan))


def _with_loads(
    conn: Connection, grids: gpd.GeoDataFrame, scope: str | None, moment: Moment
) -> gpd.GeoDataFrame:
    admin = number_beside(conn, "admin", moment.at)
    communities = read_areas(conn, net="admin", kind="community", scope=scope, at=admin)
    buildings = read_loads(conn, kind="building", scope=scope, **moment.which)
    return side_of(grids, buildings, communities=communities, rules=load_rules()).grids


def _still_to_come(conn: Connection, moment: Moment) -> dict[str, Any]:
    if not isinstance(moment.at, date):
        return {}
    waiting = scheduled_by(conn, moment.at)
    return {"scheduled": waiting} if waiting else {}


def _too_many(many: int) -> Response:
    """Return an empty collection that says how many there are: ask for a smaller area."""
    return _geojson(gpd.GeoDataFrame(geometry=[], crs=WGS84), left_out=many)


def _geojson(frame: gpd.GeoDataFrame, **members: object) -> Response:
    return Response(feature_collection(frame, **members), media_type="application/geo+json")
