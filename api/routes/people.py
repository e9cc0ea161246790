"""People: who may be acted as on this machine, and who holds which duty."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.asked import Asked
from api.moments import Moment
from api.persons import demo_persons
from api.rows import rows_in_json
from api.transactions import Acting
from geo.store.database import Connection
from geo.store.net.areas import net_of_plan
from geo.store.net.people import parties_called, read_duties, read_services
from geo.store.net.revisions import demand_moment

router = APIRouter(prefix="/api", tags=["people"])
Text = Annotated[str | None, Query(max_length=128)]


@router.get("/persons")
def persons(conn: Acting, moment: Asked) -> list[dict[str, str]]:
    """Return the demo persons a browser on this machine may act as, or might have then."""
    _demand(conn, moment)
    rows: list[dict[str, str]] = demo_persons(conn, moment.at).to_dict("records")
    return rows


@router.get("/duties")
def duties(
    conn: Acting, moment: Asked, area: Text = None, role: Text = None, party: Text = None
) -> list[dict[str, Any]]:
    """Return the duties held now or then, by area and role.

    Duties follow their grids when a plan is published; under a draft they are still today's.
    """
    _demand(conn, moment)
    found = read_duties(
        conn, areas=None if area is None else [area], role=role, party=party, at=moment.at
    )
    return rows_in_json(found)


@router.get("/parties")
def parties(
    conn: Acting,
    q: Annotated[str, Query(max_length=128, examples=["市政"])] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[dict[str, Any]]:
    """Return persons and organisations whose name or code has these letters, for a field to offer.

    Those whose name begins with them come first, organisations before persons.
    """
    return rows_in_json(parties_called(conn, q.strip(), limit))


@router.get("/services")
def services(conn: Acting) -> list[dict[str, Any]]:
    """Return the catalogue of services: code, name, the one above, kind, limits."""
    return rows_in_json(read_services(conn))


def _demand(conn: Connection, moment: Moment) -> None:
    demand_moment(conn, "grid", moment.at)
    if moment.plan is not None:
        net_of_plan(conn, moment.plan)
