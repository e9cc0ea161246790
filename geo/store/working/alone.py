"""Tasks of no issue: written down, moved step by step, listed; the confidential ones counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

import pandas as pd
from sqlalchemy import Connection, RowMapping, Select, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from geo.errors import ConflictError, MissingError, NotAllowedError, StaleIssueError
from geo.issues import IssueEdge, Order, Work
from geo.issues.alone import CONFIDENTIAL, Alone, AloneKind, decide_alone, offered_alone
from geo.issues.intake import demand_moment
from geo.names import roles_told
from geo.store.actors import acting, acting_each
from geo.store.answers import rows_of
from geo.store.events import record
from geo.store.making import as_json, plain
from geo.store.net.areas import ancestry
from geo.store.rules.deadlines import desk_alone, ruler
from geo.store.schema.tables import PARTY, TASK
from geo.store.working.seen import kept_from
from geo.versions import Seen, is_seen, seen_in_words

MOST: Final = 500
_OF_WORK: Final = tuple(field.name for field in fields(Work))
_WORDS: Final = frozenset({"reason", "result"})  # of what is confidential no event tells
_LISTED: Final = ("id", "kind", "party", "state", "area", "text", "due_at", "yellow_at",
                  "made_by", "made_at", "confidential")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class NewTask:
    """A task to be written down: what, whose, in which area; of a mediation `among` whom.

    `reference` is a name that whoever writes it down gives it, so that it is written down once.
    Of a visit: the code of the `place`, what was `found` there, and when (`made_at`; else now).
    """

    kind: AloneKind
    party: str
    area: str
    text: str
    among: tuple[str, ...] = ()
    due_at: datetime | None = None
    reference: str | None = None
    place: str | None = None
    found: str = ""
    made_at: datetime | None = None

    @property
    def content(self) -> str:
        """A digest of what is written down, to tell the same from something else."""
        left = ("reference", "made_at")
        told = {name: value for name, value in asdict(self).items() if name not in left}
        return sha256(as_json(told).encode("utf-8", "surrogatepass")).hexdigest()

    def __post_init__(self) -> None:
        """Refuse a due time that cannot be reckoned with.

        Raises
        ------
        BadIssueError
            What is wrong with it.
        """
        demand_moment(self.due_at, "due_at")


class Written(NamedTuple):
    """The number of a task, and whether it was written down just now."""

    id: int
    fresh: bool


class AloneLook(NamedTuple):
    """A task of no issue as the acting person sees it, and the steps it may take.

    `guessed`: it is due in a year without a calendar, by our limits.
    """

    task: Alone
    text: str
    area: str | None
    among: tuple[str, ...]
    version: int
    offered: tuple[IssueEdge, ...]
    guessed: bool


def new_task(conn: Connection, told: NewTask) -> Written:
    """Return a task written down and sent to its party; by the same reference it is written once.

    Raises
    ------
    ConflictError
        When the acting person wrote down something else by that reference.
    MissingError
        When its party or its area is not there.
    NotAllowedError
        When the acting person has no duty over the area.
    """
    path = ancestry(conn, told.area, nets=("admin", "grid"))
    _demand_any_duty(conn, path)
    _demand_party(conn, told.party)
    desk = desk_alone(conn)
    due = told.due_at or desk.due()
    confidential = told.kind in CONFIDENTIAL
    work = Work(
        id=-1, kind=told.kind, party=told.party, sent_at=desk.now, due_at=due,
        yellow_at=desk.warning(due),
    )  # fmt: skip
    values = {name: value for name, value in asdict(work).items() if name != "id"}
    person = func.coalesce(func.acting_person(), "")
    made = insert(TASK).values(
        **values, area=told.area, path=path, text=told.text, among=list(told.among),
        confidential=confidential, made_by=person, due_given=told.due_at is not None,
        reference=told.reference, content=told.content if told.reference else None,
        place=told.place, found=told.found, made_at=func.coalesce(told.made_at, func.now()),
    )  # fmt: skip
    once = made.on_conflict_do_nothing(
        index_elements=["made_by", "reference"], index_where=TASK.c.reference.is_not(None)
    )
    number = conn.execute(once.returning(TASK.c.id)).scalar()
    if number is None:
        return Written(_again(conn, told), fresh=False)
    tasks = {str(number): plain(asdict(replace(work, id=number)))}
    record(conn, "task", number, "send", {"tasks": tasks}, path=() if confidential else path)
    return Written(int(number), fresh=True)


def _again(conn: Connection, told: NewTask) -> int:
    """Return the task that the acting person wrote down by that reference before."""
    person = func.coalesce(func.acting_person(), "")
    asked = select(TASK.c.id, TASK.c.content, TASK.c.made_by)
    mine = (TASK.c.made_by == person, TASK.c.reference == told.reference)
    row = conn.execute(asked.where(*mine)).one()
    if row.content != told.content:
        raise ConflictError(source=row.made_by, reference=told.reference)
    return int(row.id)


def act_alone(conn: Connection, task: int, order: Order, *, version: Seen = None) -> int:
    """Return the version of a task of no issue after a step; row and event are written together.

    Raises
    ------
    MissingError
        When it is not there, or not for the acting person to see.
    StaleIssueError
        When it has changed since that version.
    StepNotYoursError
        When the acting person sees it and may not change it.
    IssueStepError, NotAllowedError, StepRefusedError
        See `geo.issues.alone.decide_alone`; nothing is written then.
    """
    row = _row(conn, task, step=order.step)
    if not is_seen(row["version"], version):
        raise StaleIssueError(issue=task, version=row["version"], seen=seen_in_words(version))
    if order.party:
        _demand_party(conn, order.party)
    before = _alone(row)
    after = decide_alone(before, order, acting(conn, row["path"]), desk_alone(conn))
    _write(conn, row, before, after, order)
    return int(row["version"]) + 1


def look_alone(conn: Connection, task: int) -> AloneLook:
    """Return a task of no issue, and what the acting person may do with it now.

    Raises
    ------
    MissingError
        When it is not there, or not for the acting person to see.
    """
    found = looks_alone(conn, [task])
    if task not in found:
        raise kept_from(conn, TASK, task, None)
    return found[task]


def looks_alone(conn: Connection, tasks: Sequence[int]) -> dict[int, AloneLook]:
    """Return tasks of no issue by number, as `look_alone`; those one may not see are left out."""
    asked = _asked().where(TASK.c.id.in_(list(tasks)))
    rows = conn.execute(asked.order_by(TASK.c.id)).mappings().all()
    found = [_alone(row) for row in rows]
    actors = acting_each(conn, [row["path"] for row in rows])
    guessed = _guessed(
        conn, [one.work for one, row in zip(found, rows, strict=True) if not row["due_given"]]
    )
    return {
        one.work.id: AloneLook(
            one, row["text"], row["area"], tuple(row["among"]), row["version"],
            offered_alone(one, actor), one.work.id in guessed,
        )
        for one, row, actor in zip(found, rows, actors, strict=True)
    }  # fmt: skip


def _guessed(conn: Connection, works: Sequence[Work]) -> frozenset[int]:
    """Return the tasks that are due in a year without a calendar."""
    still = [work for work in works if work.is_open]
    if not still:
        return frozenset()
    guesses = ruler(conn)[0].guesses([work.due_at for work in still])
    return frozenset(work.id for work, guess in zip(still, guesses, strict=True) if guess)


def list_alone(
    conn: Connection, *, kind: str | None = None, state: str | None = None, scope: str | None = None
) -> pd.DataFrame:
    """Return the tasks of no issue that the acting person may see, the latest first."""
    asked = select(*(TASK.c[name] for name in _LISTED)).where(TASK.c.issue.is_(None))
    for name, value in (("kind", kind), ("state", state)):
        if value is not None:
            asked = asked.where(TASK.c[name] == value)
    if scope is not None:
        asked = asked.where(TASK.c.path.contains([scope]))
    return rows_of(conn, asked.order_by(TASK.c.id.desc()).limit(MOST))


def count_alone(conn: Connection, scope: str) -> pd.DataFrame:
    """Return how many tasks of no issue there are within an area: kind, state, tasks.

    Whoever has a duty there counts all of them, whether or not they may be read.
    """
    asked = text("select kind, state, tasks from tasks_counted(:scope)")
    return rows_of(conn, asked, scope=scope)


def _demand_any_duty(conn: Connection, path: Sequence[str]) -> None:
    """Refuse unless the acting person has a duty over what a path leads to.

    Raises
    ------
    NotAllowedError
        When there is none.
    """
    actor = acting(conn, list(path))
    if not actor.roles:
        raise NotAllowedError(person=actor.person, scope=path[-1], **roles_told([]))


def _asked() -> Select[Any]:
    extra = ("path", "area", "text", "among", "confidential", "made_by", "version",
             "due_given")  # fmt: skip
    return select(*(TASK.c[name] for name in (*_OF_WORK, *extra))).where(TASK.c.issue.is_(None))


def _row(conn: Connection, task: int, *, step: str | None = None) -> RowMapping:
    asked = _asked().where(TASK.c.id == task)
    found = conn.execute(asked.with_for_update() if step else asked).mappings().one_or_none()
    if found is None:
        raise kept_from(conn, TASK, task, step)
    return found


def _alone(row: RowMapping) -> Alone:
    work = Work(**{name: row[name] for name in _OF_WORK})
    return Alone(work, row["made_by"], row["confidential"])


def _write(conn: Connection, row: RowMapping, before: Alone, after: Work, order: Order) -> None:
    old, new = asdict(before.work), asdict(after)
    changed = {name: new[name] for name in new if new[name] != old[name]}
    passed = [before.work.party] if "party" in changed else []
    carded = {"carded": ""} if "due_at" in changed else {}  # a card is for one due time
    one = update(TASK).where(TASK.c.id == after.id)
    one = one.values(passed_on=func.array_cat(TASK.c.passed_on, passed), **carded)
    conn.execute(one.values(**changed, version=TASK.c.version + 1))
    hidden = _WORDS if before.confidential else frozenset()
    said = {name: getattr(order, name) for name in ("party", "reason", "result", "days")}
    detail = {
        "order": {name: value for name, value in said.items() if value and name not in hidden},
        "tasks": {
            str(after.id): plain({n: v for n, v in changed.items() if n not in hidden}),
        },
    }
    path = () if before.confidential else row["path"]
    record(conn, "task", after.id, order.step, detail, path=path)


def _demand_party(conn: Connection, party: str) -> None:
    if conn.execute(select(PARTY.c.code).where(PARTY.c.code == party)).scalar() is None:
        raise MissingError(noun="party", noun_zh="主体", key=party)
