"""What lies on each atom of a draft: issues of the last quarter, and people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely

from api.comparing import plan_row
from api.households import on_atoms
from api.periods import quarter
from api.workbench import Bench
from geo.store.database import Connection
from geo.store.net.places import read_loads
from geo.store.working.issues import issues_replayed


def atom_loads(conn: Connection, plan: int, bench: Bench) -> dict[str, Any]:
    """Return counts by atom, in the order of `/api/plans/{plan}/ground`.

    `issues` reported `from` a day `to` another, both included; `unplaced` of them have no position
    and lie on no atom, nor do those outside the draft's ground. `people`: who lives there today.

    Raises
    ------
    MissingError
        When there is no such plan that the acting person may see.
    """
    scope = str(plan_row(conn, plan)["scope"])
    since, until = quarter(conn)
    issues = issues_replayed(conn, scope=scope, since=since, until=until, now=datetime.now(UTC))
    placed = issues[issues["lon"].notna()]
    homes = read_loads(conn, kind="building", scope=scope)
    lived = shapely.get_coordinates(homes.geometry.to_numpy())
    people = homes["people"].fillna(0).to_numpy(np.float64)
    points = placed[["lon", "lat"]].to_numpy(np.float64)
    return {
        "from": since.isoformat(),
        "to": until.isoformat(),
        "issues": on_atoms(bench.shapes, points, np.ones(len(points))).tolist(),
        "people": on_atoms(bench.shapes, lived, people).tolist(),
        "unplaced": len(issues) - len(placed),
    }
