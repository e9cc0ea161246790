"""Whose an issue would be, and why."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.explaining import explain
from api.transactions import Acting
from geo.crs import Datum, to_wgs84

router = APIRouter(prefix="/api", tags=["issues"])


@router.get("/route")
def explained(
    conn: Acting,
    *,
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)],
    datum: Datum,
    service: Annotated[str | None, Query(max_length=128)] = None,
    against: Annotated[list[str], Query(max_length=20)] = [],  # noqa: B006 the framework copies it
) -> dict[str, Any]:
    """Return who would lead and who would assist, and the chain of reasons, rung by rung.

    `against` are parties complained about: they and those below them are never the answer.
    """
    return explain(conn, to_wgs84(lon, lat, datum), service, against=against)
