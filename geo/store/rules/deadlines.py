"""What a step is decided with: the clock, the calendar of the database, the limits, the lot."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache
from typing import Final, NamedTuple, TypeAlias

import pandas as pd
from sqlalchemy import Connection, Date, RowMapping, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from geo.calendar import Deadlines, WorkingTime, around_the_clock, deadlines, working_time
from geo.issues import Desk
from geo.issues.handling_rules import HandlingRules, handling_rules
from geo.store.answers import rows_of
from geo.store.schema.tables import CALENDAR, DUTY

# Roles over the place whose holders verify what others did, those that should first.
_INSPECT: Final = ("checker", "dispatcher")
_DAY: Final = func.concat(cast(CALENDAR.c.day, Text), " ", CALENDAR.c.works)
_TOLD: Final = func.string_agg(_DAY, aggregate_order_by(literal(";"), CALENDAR.c.day))


Ruler: TypeAlias = tuple[WorkingTime, Deadlines]


class Limits(NamedTuple):
    """What a service says of its limits: days (None: as for all) and which days count."""

    answer_days: float | None = None
    calendar: str = "working"


def ruler(conn: Connection) -> Ruler:
    """Return working time by the calendar of the database, and the limits for all services."""
    told = conn.execute(select(func.coalesce(_TOLD, ""))).scalar_one()
    return _ruler(told), _limits()


def desk(conn: Connection, issue: RowMapping, *, limits: Limits | None = None) -> Desk:
    """Return what a step on an issue is decided with.

    Parameters
    ----------
    issue
        Its `id`, `source`, `reference` and `path`.
    limits
        Those of its service.
    """
    now = conn.execute(select(func.now())).scalar_one()
    working, for_all = ruler(conn)
    rules = _rules()
    key = f"{issue['source']}:{issue['reference']}:{issue['id']}"
    inspected = rules.inspects(key)
    inspector = _inspector(conn, key, issue["path"]) if inspected else None
    made = Desk(now, working, for_all, inspected, inspector, rules.arrival_m)
    return of_service(made, limits or Limits())


def desk_alone(conn: Connection) -> Desk:
    """Return what a step on a task of no issue is decided with."""
    now = conn.execute(select(func.now())).scalar_one()
    working, limits = ruler(conn)
    return Desk(now, working, limits, near_m=_rules().arrival_m)


def of_service(desk: Desk, limits: Limits) -> Desk:
    """Return a desk with the limits that a service has of its own."""
    if limits == Limits():
        return desk
    return replace(
        desk,
        working=_plain(desk.limits) if limits.calendar == "natural" else desk.working,
        limits=replace(desk.limits, answer=limits.answer_days or desk.limits.answer),
    )


def days_known(conn: Connection) -> pd.DataFrame:
    """Return the calendar of the database: `day`, `works`, `name`, by day."""
    columns = (CALENDAR.c.day, CALENDAR.c.works, CALENDAR.c.name)
    days = rows_of(conn, select(*columns).order_by(CALENDAR.c.day))
    return days.assign(day=pd.to_datetime(days["day"]))


def _inspector(conn: Connection, key: str, path: list[str]) -> str | None:
    """Return a verifier over the place by lot, who is not the acting person; None: there is none.

    The nearest above: a checker of the subdistrict rather than one of the city.
    """
    if not path:
        return None
    depth = func.array_position(path, DUTY.c.area)
    today = func.current_date()
    over = func.coalesce(DUTY.c.valid_to, cast("infinity", Date))
    held = (DUTY.c.area.in_(path), DUTY.c.valid_from <= today, over > today)
    not_self = DUTY.c.party != func.coalesce(func.acting_person(), "")
    asked = select(DUTY.c.party).where(*held, DUTY.c.role.in_(_INSPECT), not_self)
    by_lot = func.md5(func.concat(key, DUTY.c.party))
    order = (depth.desc(), func.array_position(list(_INSPECT), DUTY.c.role), by_lot)
    found = conn.execute(asked.order_by(*order).limit(1)).scalar()
    return None if found is None else str(found)


@lru_cache(maxsize=8)
def _ruler(told: str) -> WorkingTime:
    """Return working time by days written as "2026-02-14 t;…"; the text is the whole key."""
    rows = [line.split(" ") for line in told.split(";") if line]
    days = pd.DataFrame(rows, columns=["day", "works"])
    return working_time(
        days.assign(day=pd.to_datetime(days["day"]), works=days["works"] == "t"), _limits()
    )


@cache
def _plain(limits: Deadlines) -> WorkingTime:
    return around_the_clock(limits)


@cache
def _limits() -> Deadlines:
    return deadlines()


@cache
def _rules() -> HandlingRules:
    return handling_rules()
