"""How one gets to a place: the land around it, coordinates, links of the maps of a phone."""

from __future__ import annotations

import json
from typing import Any

from api.links.ground import ground_told
from geo.errors import MissingError
from geo.store.database import Connection
from geo.store.working.issues import issues_told
from geo.wayfinding import coordinates, ways


def way_there(lon: float | None, lat: float | None, name: str) -> dict[str, Any]:
    """Return a place (degrees, WGS 84; None where nobody knows it) with the ways there."""
    if lon is None or lat is None:
        return {"lon": None, "lat": None, "coordinates": "", "ways": []}
    found = [way._asdict() for way in ways(lon, lat, name)]
    return {"lon": lon, "lat": lat, "coordinates": coordinates(lon, lat), "ways": found}


def way_to_issue(conn: Connection, issue: int) -> dict[str, Any]:
    """Return the way to an issue, and as `ground` the land around it, as its phone is told.

    Raises
    ------
    MissingError
        When it is not there, or not for the acting person to see.
    """
    found = issues_told(conn, only=[issue])
    if not found:
        raise MissingError(noun="issue", noun_zh="诉求", key=issue)
    (it,) = found
    facts = json.loads(it.told)
    name = facts["address"] or facts["service"] or ""
    ground = ground_told(conn, facts["grid"], it.lon, it.lat)
    return {**way_there(it.lon, it.lat, name), "ground": ground}
