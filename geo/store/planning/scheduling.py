"""Plans with a day to come: scheduled, put in force on that day, or lapsed with the reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, RowMapping, func, or_, select

from geo.errors import JingweiError, ScheduledAlreadyError
from geo.frames import AREAS
from geo.store.merging import refusing
from geo.store.net.revisions import effective_date, lock_net
from geo.store.planning.publishing import Published, publish_plan
from geo.store.planning.standing import locked_plan, moved
from geo.store.schema.tables import PLAN


@dataclass(frozen=True)
class Outcome:
    """What became of a plan whose day came: put in force, or lapsed for the reason given."""

    plan: int
    state: str
    published: Published | None = None
    zh: str = ""
    en: str = ""


def schedule(conn: Connection, plan: RowMapping, day: date, *, now: date) -> Published:
    """Return what a locked plan would change, once it is set to come into force on a day to come.

    It is put in force for trial and taken back, so that what would refuse it today is told today.

    Raises
    ------
    ScheduledAlreadyError
        When another plan for the same area, or for one above or below it, waits for its day.
    StaleBaseError, NotTiledError
        As on publishing.
    """
    lock_net(conn, plan["net"])  # until the end: what the trial locks is free again after it
    _demand_alone(conn, plan)
    with conn.begin_nested() as trial:
        would = publish_plan(conn, plan, None, now=now)
        trial.rollback()
    person = func.coalesce(func.acting_person(), "")
    told = {"effective_on": day.isoformat()}
    moved(conn, plan, "schedule", told, effective_on=day, scheduled_by=person)
    return replace(would, revision=0, effective_on=day)


def waiting(conn: Connection, now: date) -> list[tuple[int, str]]:
    """Return the plans whose day has come, in order of their days, each with who scheduled it."""
    due = (PLAN.c.state == "scheduled", PLAN.c.effective_on <= now)
    asked = select(PLAN.c.id, PLAN.c.scheduled_by).where(*due)
    found = conn.execute(asked.order_by(PLAN.c.effective_on, PLAN.c.id))
    return [(plan, person) for plan, person in found]


def come_due(conn: Connection, plan: int, *, now: date) -> Outcome | None:
    """Return what became of a plan whose day has come; None when there was nothing to do.

    Everything is asked again: a plan whose scope has changed since its base lapses, with the reason
    in its history, and nothing of it is in force. It takes effect on the day that was announced, or
    on that of the newest revision, if that is later.

    Parameters
    ----------
    now
        Today, in the city.
    """
    row = locked_plan(conn, plan)
    if row["state"] != "scheduled" or row["effective_on"] > now:
        return None  # somebody else was faster, or took it back
    try:
        with refusing(AREAS.name), conn.begin_nested():
            day = effective_date(conn, row["net"], None, now=row["effective_on"])
            done = publish_plan(conn, row, day, now=now, edge="come_due")
    except JingweiError as error:
        zh, en = error.sentence_zh, error.sentence_en
        return Outcome(plan, moved(conn, row, "lapse", {"zh": zh, "en": en}), zh=zh, en=en)
    return Outcome(plan, "in_force", done)


def _demand_alone(conn: Connection, plan: RowMapping) -> None:
    """Refuse a second scheduled plan for the same ground: one would make the other stale."""
    overlaps = or_(PLAN.c.path.contains([plan["scope"]]), PLAN.c.scope.in_(plan["path"]))
    others = (PLAN.c.state == "scheduled", PLAN.c.net == plan["net"], PLAN.c.id != plan["id"])
    asked = select(PLAN.c.id, PLAN.c.scope, PLAN.c.effective_on).where(*others, overlaps)
    found = conn.execute(asked.order_by(PLAN.c.id).limit(1)).mappings().one_or_none()
    if found is not None:
        raise ScheduledAlreadyError(
            plan=found["id"], scope=found["scope"], date=found["effective_on"]
        )
