"""Reviews kept: one by a rater and task, or by a rater, ratee and period."""

from __future__ import annotations

from dataclasses import asdict, fields
from itertools import product
from typing import Any, Final

import pandas as pd
from sqlalchemy import ColumnElement, Connection, RowMapping, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from geo.errors import MissingError, ReviewedAlreadyError
from geo.issues import Actor, Case, Order
from geo.issues.edges import OVER
from geo.reviews import About, Review, judged
from geo.store.actors import acting, words_of
from geo.store.answers import rows_of
from geo.store.events import record
from geo.store.net.areas import ancestry
from geo.store.net.revisions import today
from geo.store.schema.tables import AREA, ISSUE, PARTY, REVIEW, TASK

MOST: Final = 1_000  # reviews in one answer
_MERGED: Final = text("select id from merged_reports(:issue)")
_OF_REVIEW: Final = tuple(field.name for field in fields(Review))
_SHOWN: Final = ("id", *_OF_REVIEW, "made_by", "made_at")


def add_review(conn: Connection, told: Review) -> dict[str, Any]:
    """Return a review as it is kept; the same again gets the same answer.

    Raises
    ------
    MissingError
        When its task, rater or ratee is not there, or not for the acting person to see.
    BadReviewError
        See `geo.reviews.judged`.
    ReviewedAlreadyError
        When the rater has rated that task, or that ratee for that period, otherwise.
    """
    row = _task(conn, told.task) if told.task is not None else None
    path = list(row["path"]) if row is not None else _path_of(conn, told.rater)
    actor = _actor(conn, path)
    review = judged(told, _about(conn, row) if row is not None else None, actor, today(conn))
    _demand_known(conn, review.ratee)
    return _kept(conn, review, path)


def called_back(conn: Connection, row: RowMapping, before: Case, after: Case, order: Order) -> None:
    """Keep what the reporters said when called back, with the verdict it led to."""
    if order.solved is None or order.satisfied is None:
        return
    was = {work.id: work.state for work in before.tasks}
    judged_now = [
        work
        for work in after.tasks
        if work.lead and was.get(work.id) == "done" and work.state != "done"
    ]
    for work, number in product(judged_now, (row["id"], *order.called)):
        told = Review(
            kind="call_back", rater="reporter", ratee=work.party, issue=number, task=work.id,
            solved=order.solved, satisfied=order.satisfied, text=order.reason,
        )  # fmt: skip
        _kept(conn, told, list(row["path"]))


def read_reviews(
    conn: Connection,
    *,
    ratee: str | None = None,
    issue: int | None = None,
    kind: str | None = None,
    period: str | None = None,
) -> pd.DataFrame:
    """Return reviews that the acting person may see, the latest first, `MOST` at most.

    Words about an issue that is confidential are told to those who may read it.
    """
    words = words_of(REVIEW.c.issue, REVIEW.c.text)
    asked = select(*(words if name == "text" else REVIEW.c[name] for name in _SHOWN))
    wanted = {"ratee": ratee, "issue": issue, "kind": kind, "period": period}
    chosen = [REVIEW.c[name] == value for name, value in wanted.items() if value is not None]
    return rows_of(conn, asked.where(*chosen).order_by(REVIEW.c.id.desc()).limit(MOST))


def _kept(conn: Connection, review: Review, path: list[str]) -> dict[str, Any]:
    values = asdict(review) | {"path": path}
    person = func.coalesce(func.acting_person(), "")
    made = insert(REVIEW).values(**values, made_by=person).on_conflict_do_nothing()
    number = conn.execute(made.returning(REVIEW.c.id)).scalar()
    if number is None:
        return _again(conn, review)
    told = {"id": number, "kind": review.kind, "rater": review.rater, "ratee": review.ratee}
    noun, subject = ("issue", review.issue) if review.issue is not None else ("review", number)
    record(conn, noun, subject, "review", {"review": told}, path=path)
    return _row(conn, REVIEW.c.id == number)


def _again(conn: Connection, review: Review) -> dict[str, Any]:
    same = [REVIEW.c.rater == review.rater]
    if review.task is not None:
        same.append(REVIEW.c.task == review.task)
    else:
        same += [REVIEW.c.ratee == review.ratee, REVIEW.c.period == review.period]
    known = _row(conn, *same)
    if any(known[name] != getattr(review, name) for name in _OF_REVIEW):
        raise ReviewedAlreadyError(rater=review.rater, what=review.period or f"#{review.task}")
    return known


def _row(conn: Connection, *which: ColumnElement[bool]) -> dict[str, Any]:
    asked = select(*(REVIEW.c[name] for name in _SHOWN)).where(*which)
    return dict(conn.execute(asked).mappings().one())


def _task(conn: Connection, task: int) -> RowMapping:
    of_task = ("id", "issue", "kind", "party", "lead", "state", "finished_at")
    columns = [TASK.c[name] for name in of_task]
    path = func.coalesce(ISSUE.c.path, TASK.c.path).label("path")
    asked = select(*columns, path, ISSUE.c.subdistrict)
    joined = asked.select_from(TASK.outerjoin(ISSUE, ISSUE.c.id == TASK.c.issue))
    row = conn.execute(joined.where(TASK.c.id == task)).mappings().one_or_none()
    if row is None:
        raise MissingError(noun="task", noun_zh="任务", key=task)
    return row


def _about(conn: Connection, row: RowMapping) -> About:
    done = row["finished_at"] is not None or row["state"] in OVER
    merged = frozenset(conn.execute(_MERGED, {"issue": row["issue"]}).scalars())
    named = {name: row[name] for name in ("issue", "kind", "party", "lead", "subdistrict")}
    return About(**named, task=row["id"], done=done, merged=merged)


def _path_of(conn: Connection, rater: str) -> list[str]:
    """Return the codes that lead to an area that rates; none where a party does."""
    asked = select(AREA.c.code).where(AREA.c.code == rater, AREA.c.valid_to.is_(None)).limit(1)
    there = conn.execute(asked).scalar()
    return list(ancestry(conn, rater)) if there else []


def _actor(conn: Connection, path: list[str]) -> Actor:
    """Return the acting person; over no area nobody has a role."""
    actor = acting(conn, path)
    return actor if path else actor._replace(roles=frozenset())


def _demand_known(conn: Connection, ratee: str) -> None:
    party = select(PARTY.c.code).where(PARTY.c.code == ratee)
    area = select(AREA.c.code).where(AREA.c.code == ratee)
    asked = select(or_(party.exists(), area.exists()))
    if not conn.execute(asked).scalar_one():
        raise MissingError(noun="party", noun_zh="主体", key=ratee)
