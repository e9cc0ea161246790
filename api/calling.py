"""Whom to whistle for, in words: departments with their load and reason, and who signs."""

from __future__ import annotations

from typing import Any

from api.rows import rows_in_json
from geo.store.database import Connection
from geo.store.net.naming import area_names, service_names
from geo.store.working.calling import whom_to_call


def calling(conn: Connection, issue: int) -> dict[str, Any]:
    """Return whom an issue may be whistled for, as JSON takes it.

    Raises
    ------
    MissingError
        When the issue is not there, or not for the acting person to see.
    """
    found = whom_to_call(conn, issue)
    areas = area_names(conn, "admin", [*found.departments["area"], *found.signers["area"]])
    services = service_names(conn, found.departments["service"])
    departments = found.departments.assign(
        row_number=found.departments["row_number"].astype("Int64"),
        area_name=found.departments["area"].map(areas),
        service_name=found.departments["service"].map(services),
    )
    signers = found.signers.assign(area_name=found.signers["area"].map(areas))
    return {
        "departments": rows_in_json(departments),
        "signers": rows_in_json(signers),
        "on_the_spot_minutes": found.on_the_spot,
    }
