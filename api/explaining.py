"""Whose an issue is, in words: codes beside their names, and each rung of the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from numpy.typing import ArrayLike

from geo.routing import Route
from geo.store.database import Connection
from geo.store.naming import area_names, party_names, service_names
from geo.store.routing import located, route_of


def explain(
    conn: Connection,
    position: tuple[ArrayLike, ArrayLike],
    service: str | None,
    *,
    against: Sequence[str] = (),
) -> dict[str, Any]:
    """Return whose an issue at a position (degrees, WGS 84) would be, as JSON takes it.

    Raises
    ------
    MissingError
        When there is no such service.
    """
    here = located(conn, *(float(value) for value in position))  # type: ignore[arg-type]
    found = route_of(conn, here, service, against=against)
    return {"grid": here.grid, "path": list(here.path)} | in_words(conn, found)


def in_words(conn: Connection, found: Route) -> dict[str, Any]:
    """Return a route as JSON takes it, its codes beside their names."""
    named = [found.party, *found.assists, *(r.party for r in found.reasons)]
    parties = party_names(conn, named)
    codes = [r.area for r in found.reasons]
    areas = pd.concat([area_names(conn, net, codes) for net in ("grid", "admin")])
    services = service_names(conn, [r.service for r in found.reasons])
    return {
        "party": found.party,
        "party_name": parties.get(found.party),
        "role": found.role,
        "assists": [{"party": code, "name": parties.get(code)} for code in found.assists],
        "provisional": found.provisional,
        "reasons": [
            reason._asdict()
            | {"zh": reason.zh, "en": reason.en, "party_name": parties.get(reason.party)}
            | {"area_name": areas.get(reason.area)}
            | {"service_name": services.get(reason.service)}
            for reason in found.reasons
        ],
    }
