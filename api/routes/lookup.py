"""Whose is this point: the one rule, asked for one position."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.asked import Asked
from api.locating import located
from api.transactions import Acting
from geo.crs import Datum, to_wgs84

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
