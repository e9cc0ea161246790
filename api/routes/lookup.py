"""Whose is this point: the one rule, asked for one position."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from api.asked import Asked
from api.locating import located, whose
from api.transactions import Acting
from geo.crs import Datum, to_wgs84
from geo.store.net.areas import areas_called
from geo.store.net.naming import area_names

_MOST_NAMES: Final = 50
router = APIRouter(prefix="/api", tags=["lookup"])
Longitude = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False, examples=[117.02])]
Latitude = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False, examples=[36.66])]


@router.get("/lookup")
def lookup(
    conn: Acting,
    lon: Longitude,
    lat: Latitude,
    datum: Datum,
    moment: Asked,
) -> dict[str, object]:
    """Return the grid, community, subdistrict and lane of a point; null where nobody owns it."""
    x, y = to_wgs84(lon, lat, datum)
    return located(conn, float(x), float(y), moment)


@router.get("/lookup/who")
def who(conn: Acting, lon: Longitude, lat: Latitude, datum: Datum) -> dict[str, Any]:
    """Return whose a point is today in words: grid, areas above it, lane, and who answers there."""
    x, y = to_wgs84(lon, lat, datum)
    return whose(conn, float(x), float(y))


@router.get("/areas/names")
def names(
    conn: Acting,
    code: Annotated[list[str], Query(max_length=_MOST_NAMES, examples=[["370102001002003"]])],
) -> dict[str, str]:
    """Return the names of areas and grids of today by code; codes that are not there are left out.

    For maps: tiles of low zooms carry none.
    """
    return {**area_names(conn, "admin", code), **area_names(conn, "grid", code)}


@router.get("/areas/named")
def named(
    conn: Acting,
    q: Annotated[str, Query(min_length=1, max_length=128, examples=["文庙社区第3网格"])],
    limit: Annotated[int, Query(ge=1, le=50)] = 8,
) -> list[dict[str, Any]]:
    """Return areas and grids of today with these letters in the name, or this beginning of a code.

    Those called exactly so come first, then the larger; `within` names the areas above, `box` is
    west, south, east, north and `at` a place inside, in degrees.
    """
    return areas_called(conn, q, limit)
