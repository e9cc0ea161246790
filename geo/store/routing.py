"""Whose an issue is, asked of the duties in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from geo.errors import MissingError
from geo.routing import Holding, Route, Spot, route
from geo.store.answers import question
from geo.store.intake import metric_srid
from geo.store.tables import AREA

_ANYBODY: Final = "grid_worker"  # where no service says otherwise


class Located(NamedTuple):
    """Where a point lies today; codes or None."""

    grid: str | None
    community: str | None
    subdistrict: str | None
    lane: str | None
    path: tuple[str, ...]


def located(conn: Connection, lon: float | None, lat: float | None) -> Located:
    """Return where a point lies today: nowhere without a position."""
    values = {"lon": lon, "lat": lat, "metric_srid": metric_srid(conn)}
    row = conn.execute(question("grid_of_point"), values).one()
    return Located(row.grid, row.community, row.subdistrict, row.lane, tuple(row.path))


def route_of(
    conn: Connection, here: Located, service: str | None, *, against: Sequence[str] = ()
) -> Route:
    """Return whose an issue of a service is at a place.

    Raises
    ------
    MissingError
        When there is no such service.
    """
    rows = conn.execute(question("services_above"), {"service": service}).all() if service else []
    if service and not rows:
        raise MissingError(noun="service", noun_zh="事项", key=service)
    services = [row.code for row in rows]
    values = {"path": list(here.path), "services": services}
    held = [Holding(*row) for row in conn.execute(question("duties_over"), values)]
    spot = Spot(here.path, _special(conn, here.grid), here.subdistrict)
    role = rows[0].default_role if rows else _ANYBODY
    below = conn.execute(question("parties_below"), {"parties": list(against)}).scalars()
    return route(spot, services, role, held, against=below if against else ())


def _special(conn: Connection, grid: str | None) -> str | None:
    """Return the grid if it is a special one."""
    now = (AREA.c.net == "grid", AREA.c.code == grid, AREA.c.valid_to.is_(None))
    return grid if conn.execute(select(AREA.c.special).where(*now)).scalar() else None
