"""Random commands that are no steps of issues: rulings, reviews, tasks of no issue; their audit."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import text

from geo.errors import JingweiError
from geo.issues import Order, allowed_steps, replayed
from geo.issues.alone import KIND_NAMES
from geo.reviews import KIND_NAMES as REVIEW_KINDS
from geo.reviews import Review
from geo.store import events
from geo.store.database import Connection, Store, transaction
from geo.store.making import plain
from geo.store.working.alone import NewTask, act_alone, look_alone, new_task
from geo.store.working.fallback import rule_on
from geo.store.working.reviews import add_review

MOST_ALONE: Final = 200  # tasks of no issue that are written down
ODD: Final = 0.15  # share of commands whose person or order is anything at all
WORDS: Final = ("", "已到场", "材料不全", "不属我处")
# Services that no list and no role answers for: their issues go to the ledger, for a ruling.
UNOWNED: Final = (
    "update service set default_role = 'none' where right(code, 1) in ('3', '4', '5', '8')",
    """delete from duty where role = 'department' and service in (
        select code from service where right(code, 1) in ('3', '4', '5', '8'))""",
)
FORGOTTEN: Final = "update duty set valid_to = current_date where basis like '裁定%'"
SETTLED: Final = """
    select count(*) from event as e
        join issue as i on i.id::text = e.subject
        left join duty as d on d.row_number = (e.detail -> 'order' ->> 'row')::integer
            and d.service = i.service
    where e.noun = 'issue' and e.name = 'settle' and d.id is null
        and (e.detail -> 'order' ->> 'row')::integer <> 0  -- of one issue alone
"""
REVIEWED: Final = """
    select (select count(*) from review) - count(distinct e.detail -> 'review' ->> 'id')
    from event as e where e.name = 'review'
"""


@dataclass(frozen=True)
class People:
    """Who may be met: the holders of roles, departments, strangers; the issues; area and spots."""

    roles: dict[str, str]
    departments: list[str]
    strangers: list[str]
    issues: list[int]
    scope: str
    spots: list[tuple[float, float]]  # degrees, WGS 84

    def anybody(self, draw: random.Random) -> str:
        """Return anybody at all."""
        return draw.choice([*self.roles.values(), *self.departments, *self.strangers])


@dataclass
class Beside:
    """What was seen of tasks of no issue: number → state and holder."""

    alone: dict[int, tuple[str, str]] = field(default_factory=dict)


Command = Callable[[Connection, People, Beside, random.Random], str]


def one_beside(
    conn: Connection, there: People, beside: Beside, draw: random.Random
) -> tuple[str, str]:
    """Return what was commanded and "", or why it was refused; that is then taken back."""
    command = draw.choices(list(COMMANDS), list(COMMANDS.values()))[0]
    try:
        with conn.begin_nested():
            return command(conn, there, beside, draw), ""
    except JingweiError as error:
        return "", type(error).__name__


def acting_as(conn: Connection, person: str) -> None:
    """Act as a person from now on, within the transaction."""
    conn.execute(text("select set_config('jingwei.person', :p, true)"), {"p": person})


def _ruling(conn: Connection, there: People, _beside: Beside, draw: random.Random) -> str:
    acting_as(conn, there.roles["district"] if draw.random() > ODD else there.anybody(draw))
    waiting = "select distinct issue from task where provisional and lead and state <> 'closed'"
    ledger = [number for number in conn.execute(text(waiting)).scalars() if number in there.issues]
    issue = draw.choice(ledger if ledger and draw.random() > ODD else there.issues)
    area = draw.choice([None, None, there.scope, "nowhere"])
    rule_on(conn, issue, draw.choice(there.departments), draw.choice(WORDS), area=area)
    return "settle"


def _review(conn: Connection, there: People, _beside: Beside, draw: random.Random) -> str:
    acting_as(conn, there.roles["dispatcher"])
    rated = "select id, party from task where issue = :issue and (kind <> 'handle' or lead)"
    seen = conn.execute(text(rated), {"issue": draw.choice(there.issues)}).all()
    task, party = draw.choice(seen) if seen and draw.random() > ODD else (10**9, "")
    kind = draw.choice(REVIEW_KINDS)
    rater = party if kind == "support" and party else there.roles["checker"]
    acting_as(conn, rater if draw.random() > ODD else there.anybody(draw))
    odd = draw.random() < ODD
    told = Review(
        kind=kind,
        task=task if (kind != "assessment") is not odd else None,
        rater=draw.choice(["", there.scope, there.scope[:6]]),
        ratee=draw.choice(["", *there.departments[:9], "nobody"]),
        solved=draw.random() > ODD,
        satisfied=None if odd else draw.random() > ODD,
        response=draw.choice([1, 3, 5, 6] if odd else [1, 3, 5]),
        quality=None if odd else 4,
        score=101.0 if odd else 88.0,
        period=draw.choice([None, "2026", "2026-Q3", "2026-10", "2031"]),
        text=draw.choice(WORDS),
    )
    add_review(conn, told)
    return f"review {kind}"


def _written_down(conn: Connection, there: People, beside: Beside, draw: random.Random) -> str:
    if len(beside.alone) >= MOST_ALONE:
        return _moved(conn, there, beside, draw)
    acting_as(conn, there.roles["dispatcher"] if draw.random() > ODD else there.anybody(draw))
    party = draw.choice([*there.strangers[:40], *there.departments[:9], "nobody"])
    told = NewTask(
        kind=draw.choice(KIND_NAMES), party=party, area=draw.choice([there.scope, "nowhere"]),
        text=draw.choice(WORDS), among=tuple(draw.sample(there.strangers, 2)),
    )  # fmt: skip
    beside.alone[new_task(conn, told).id] = ("sent", party)
    return "task"


def _moved(conn: Connection, there: People, beside: Beside, draw: random.Random) -> str:
    if not beside.alone:
        return _written_down(conn, there, beside, draw)
    task = draw.choice(list(beside.alone))
    state, party = beside.alone[task]
    edge = draw.choice(allowed_steps(state, on="task") or allowed_steps("sent", on="task"))
    role = there.roles.get(draw.choice(edge.who), party)
    acting_as(conn, role if draw.random() > ODD else there.anybody(draw))
    order = Order(
        step=edge.name,
        party=draw.choice([None, *there.strangers[:20], "nobody"]),
        reason=draw.choice(WORDS),
        result=draw.choice(WORDS),
        days=draw.choice([None, 2.0, 99.0]),
        review_on=draw.choice([None, date(2040, 1, 3)]),
    )
    act_alone(conn, task, order)
    acting_as(conn, there.roles["dispatcher"])
    beside.alone[task] = _seen(conn, task, beside.alone[task])
    return f"task {edge.name}"


def _seen(conn: Connection, task: int, before: tuple[str, str]) -> tuple[str, str]:
    """Return state and holder of a task; as they were, where the dispatcher does not see it."""
    try:
        work = look_alone(conn, task).task.work
    except JingweiError:
        return before
    return work.state, work.party


COMMANDS: Final[dict[Command, float]] = {
    _ruling: 0.2,
    _review: 0.25,
    _written_down: 0.15,
    _moved: 0.4,
}


def breaches_beside(store: Store) -> Iterator[str]:
    """Yield what the events do not tell of tasks of no issue, rulings and reviews."""
    with transaction(store.owner, "audit") as conn:
        alone = "select id from task where issue is null order by id"
        for task in conn.execute(text(alone)).scalars().all():
            yield from _faults(conn, task)
        for what, asked in (("ruling without its row", SETTLED), ("review untold", REVIEWED)):
            if number := conn.execute(text(asked)).scalar_one():
                yield f"{number} × {what}"


def _faults(conn: Connection, task: int) -> Iterator[str]:
    found = look_alone(conn, task).task
    told = list(events.history(conn, "task", task)["detail"])
    kept: dict[str, Any] = plain(asdict(found.work))
    replay = replayed(told)[1].get(task, {})
    if found.confidential:
        hidden = kept.pop("result")
        if replay.pop("result", "") or any(word and word in str(told) for word in (*WORDS, hidden)):
            yield f"task {task}: an event has a word of what is confidential"
    if kept != replay:
        yield f"task {task}: row {kept}, events {replay}"
