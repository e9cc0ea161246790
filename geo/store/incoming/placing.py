"""Issues that nobody claimed, put on the map by a dispatcher; grids beside one, and who leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import pandas as pd
from sqlalchemy import Connection, case, func, null, select

from geo.errors import MissingError, NobodyInChargeError, NotAllowedError
from geo.issues import Order, edge_named
from geo.issues.intake import accuracy_of
from geo.issues.policy import NeighbourRules
from geo.issues.refusals import demand
from geo.names import roles_told
from geo.store.answers import of_each, question, rows_of
from geo.store.locating import Located, located, located_in
from geo.store.net.people import held_now
from geo.store.schema.tables import DUTY, ISSUE, NET

_IN_CHARGE: Final = ("grid_leader", "grid_worker")
_TOLD: Final = ("grid", "community", "subdistrict", "lane")


class Spotted(NamedTuple):
    """Where an issue is put: the columns of its row, and what its event tells of them."""

    columns: dict[str, Any]
    told: dict[str, Any]


def spotted(conn: Connection, order: Order) -> Spotted:
    """Return where an order puts an issue, as intake would have recorded it today.

    The source's own position, if it had one, is kept as `given`.

    Raises
    ------
    StepRefusedError
        When the position lies in no area, or there is no such community or subdistrict.
    NotAllowedError
        When the acting person is no dispatcher of that area: another one finds it in the queue.
    """
    here = located_in(conn, order.area) if order.area else located(conn, order.lon, order.lat)
    demand(bool(here.path), edge_named("place"), "outside")
    person, roles = conn.execute(
        select(func.coalesce(func.acting_person(), ""), func.acting_roles(list(here.path)))
    ).one()
    if "dispatcher" not in roles:
        raise NotAllowedError(person=person, scope=here.path[-1], **roles_told(["dispatcher"]))
    numbers = {row.name: row.number for row in conn.execute(select(NET.c.name, NET.c.number))}
    if order.area and not order.located_as:
        order = replace(order, located_as=f"{_kind(here)}:{order.area}")
    how = {"located_as": order.located_as, "located_score": order.located_score}
    frozen = {name: getattr(here, name) for name in _TOLD} | how
    point = func.ST_SetSRID(func.ST_MakePoint(order.lon, order.lat), 4326)
    columns = frozen | {
        "geom": null() if order.area else point,
        "given": case((ISSUE.c.located_by == "", ISSUE.c.geom), else_=null()),
        "located_by": "chosen",
        "path": list(here.path),
        "grid_revision": numbers.get("grid", 0),
        "admin_revision": numbers.get("admin", 0),
    }
    return Spotted(columns, {"lon": order.lon, "lat": order.lat, **frozen})


def _kind(here: Located) -> str:
    return "community" if here.community else "subdistrict"


def how_located(conn: Connection, issue: int) -> tuple[str, str | None, float | None]:
    """Return how an issue got its position: one of LOCATED_BY, as which candidate, its score.

    Raises
    ------
    MissingError
        When the issue is not there, or not for the acting person to see.
    """
    asked = select(ISSUE.c.located_by, ISSUE.c.located_as, ISSUE.c.located_score)
    found = conn.execute(asked.where(ISSUE.c.id == issue)).one_or_none()
    if found is None:
        raise MissingError(noun="issue", noun_zh="诉求", key=issue)
    return found[0], found[1], found[2]


def leader_of(conn: Connection, grid: str) -> tuple[str, str]:
    """Return who leads a grid, or works it where nobody leads, and in which role.

    Raises
    ------
    NobodyInChargeError
        When it has neither.
    """
    held = (DUTY.c.area == grid, DUTY.c.role.in_(_IN_CHARGE), DUTY.c.service.is_(None))
    order = (DUTY.c.role, DUTY.c.lead.desc(), DUTY.c.party)
    query = select(DUTY.c.party, DUTY.c.role).where(*held, held_now()).order_by(*order).limit(1)
    found = conn.execute(query).one_or_none()
    if found is None:
        raise NobodyInChargeError(issue="–", grid=grid)
    return found[0], found[1]


def neighbours(conn: Connection, issue: int, rules: NeighbourRules) -> pd.DataFrame:
    """Return the grids that an issue may lie in as well, its accuracy being what it is.

    Those nearer than `rules.times` its accuracy, at most `rules.most` metres: columns as in
    `neighbours_of`. None where nobody knows the accuracy.
    """
    at = (func.ST_X(ISSUE.c.geom), func.ST_Y(ISSUE.c.geom), ISSUE.c.grid)
    asked = select(*at, ISSUE.c.accuracy_m, ISSUE.c.located_as).where(ISSUE.c.id == issue)
    found = conn.execute(asked.where(ISSUE.c.geom.is_not(None))).one_or_none()
    accuracy = accuracy_of(found[3], found[4], rules.crossing) if found else 0.0
    if found is None or not accuracy:
        return pd.DataFrame(columns=["code", "name", "community", "metres"])
    reach = min(accuracy * rules.times, rules.most)
    return neighbours_of(conn, found[0], found[1], grid=found[2], reach=reach)


def neighbours_of_each(
    conn: Connection, issues: Sequence[int], rules: NeighbourRules
) -> pd.DataFrame:
    """Return the grids that many issues may lie in as well, as `neighbours`; `issue` says which."""
    at = (func.ST_X(ISSUE.c.geom).label("lon"), func.ST_Y(ISSUE.c.geom).label("lat"), ISSUE.c.grid)
    asked = select(ISSUE.c.id, *at, ISSUE.c.accuracy_m, ISSUE.c.located_as)
    asked = asked.where(ISSUE.c.id.in_(list(issues)), ISSUE.c.geom.is_not(None))
    rows = rows_of(conn, asked.order_by(ISSUE.c.id)).astype({"lon": float, "lat": float})
    given = rows[["accuracy_m", "located_as"]].astype("object")
    told = given.where(given.notna(), None).itertuples(index=False)  # beside others nothing is NaN
    off = [accuracy_of(row.accuracy_m, row.located_as, rules.crossing) for row in told]
    reach = pd.Series(off, rows.index, dtype=float).mul(rules.times).clip(upper=rules.most)
    rows = rows.assign(reach=reach)[reach > 0].reset_index(drop=True)
    lists = {f"{name}_of_each": rows[name].tolist() for name in ("lon", "lat", "grid", "reach")}
    kinds = {"lon": "float", "lat": "float", "grid": "text", "reach": "float"}
    near = rows_of(conn, of_each("neighbour_grids", **kinds), **lists)
    near = near.assign(issue=rows["id"].reindex(near["nth"] - 1).to_numpy())
    return near.sort_values(["issue", "metres", "code"], ignore_index=True)


def neighbours_of(
    conn: Connection, lon: float, lat: float, *, grid: str | None, reach: float
) -> pd.DataFrame:
    """Return the other grids within so many metres of a point (degrees, WGS 84) of a grid.

    Columns `code`, `name`, `community` (code), `metres`; the nearest first.
    """
    where = {"lon": lon, "lat": lat, "grid": grid, "reach": reach}
    return rows_of(conn, question("neighbour_grids"), **where)
