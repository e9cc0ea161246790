"""What is said about places of a plan: threads, kept beside the draft, seen by all who see it."""

from __future__ import annotations

from typing import Final

import pandas as pd
from sqlalchemy import Connection, func, insert, select, update

from geo.errors import CommentElsewhereError, MissingError
from geo.plan import OPEN_STATES, no_step
from geo.store.answers import question, rows_of
from geo.store.events import record
from geo.store.planning.editing import seen_plan
from geo.store.schema.support_tables import COMMENT

# Until a plan is in force, what is said of it may still change it.
_OPEN: Final = frozenset((*OPEN_STATES, "scheduled"))
_NEAR_M: Final = 1_000.0  # what lies beside a plan may be spoken of too


def read_comments(conn: Connection, plan: int) -> pd.DataFrame:
    """Return what has been said about places of a plan, thread by thread.

    Columns id, answers (the thread's first), lon, lat (WGS 84), grid, grid_name (the draft's now),
    text, person, at, settled_by, settled_at.
    """
    return rows_of(conn, question("comments_of_plan"), plan=plan)


def mark_of_comments(conn: Connection, plan: int) -> int:
    """Return a number that is another one once something has been said about a plan, or settled."""
    return int(conn.execute(question("comments_mark"), {"plan": plan}).scalar_one())


def begin_thread(conn: Connection, plan: int, text: str, lon: float, lat: float) -> int:
    """Return the number of a comment on a place (degrees, WGS 84) of a plan that is still open.

    Raises
    ------
    MissingError
        When there is no such plan that the acting person may see.
    PlanStepError
        When it is in force, or was: nothing of it can be changed by a word.
    CommentElsewhereError
        When the place is far from the plan's ground: then its numbers mean another one.
    """
    _demand_near(conn, plan, lon, lat)
    point = func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)
    return _say(conn, plan, text=text, geom=point)


def answer_thread(conn: Connection, plan: int, text: str, first: int) -> int:
    """Return the number of an answer to the comment that begins a thread.

    Raises
    ------
    MissingError
        As above, and when no thread of the plan begins there.
    """
    _demand_first(conn, plan, first)
    return _say(conn, plan, text=text, answers=first)


def settle(conn: Connection, plan: int, first: int, *, settled: bool) -> None:
    """Settle a thread of a plan, by the acting person and now; or open it again.

    Raises
    ------
    MissingError
        As above.
    """
    path = _open_path(conn, plan)
    _demand_first(conn, plan, first)
    by = {"settled_by": func.acting_person(), "settled_at": func.now()}
    row = by if settled else dict.fromkeys(by)
    conn.execute(update(COMMENT).where(COMMENT.c.id == first).values(**row))
    record(conn, "comment", first, "settle" if settled else "reopen", {"plan": plan}, path=path)


def _say(conn: Connection, plan: int, **said: object) -> int:
    path = _open_path(conn, plan)
    row = {"plan": plan, "made_by": func.acting_person(), **said}
    made = int(conn.execute(insert(COMMENT).values(**row).returning(COMMENT.c.id)).scalar_one())
    record(conn, "comment", made, "say", {"plan": plan}, path=path)
    return made


def _open_path(conn: Connection, plan: int) -> list[str]:
    row = seen_plan(conn, plan)
    if row["state"] not in _OPEN:
        raise no_step(row["state"], "comment")
    return list(row["path"])


def _demand_near(conn: Connection, plan: int, lon: float, lat: float) -> None:
    asked = {"scope": seen_plan(conn, plan)["scope"], "lon": lon, "lat": lat}
    metres = conn.execute(question("metres_from_scope"), asked).scalar()
    if metres is not None and metres > _NEAR_M:
        raise CommentElsewhereError(lon=round(lon, 6), lat=round(lat, 6), metres=round(metres))


def _demand_first(conn: Connection, plan: int, first: int) -> None:
    asked = (COMMENT.c.id == first, COMMENT.c.plan == plan, COMMENT.c.answers.is_(None))
    if conn.execute(select(COMMENT.c.id).where(*asked)).first() is None:
        raise MissingError(noun="comment", noun_zh="批注", key=first)
