"""Steps of a plan and ways back, taken or only tried, and what moves with a publication."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from geo.store.database import Connection
from geo.store.planning import plans
from geo.store.planning.forking import read_log

REBASED: Final = ("taken", "conflicts", "locked", "unlocked")  # what a rebase tells, codes of grids


@contextmanager
def tried(conn: Connection, *, trial: bool) -> Iterator[None]:
    """Take back what is done inside, when it is a trial; the answer of it stays."""
    with conn.begin_nested() as point:
        yield
        if trial:
            point.rollback()


def stepped(
    conn: Connection, plan: int, step: str, *, reason: str, effective_on: date | None
) -> dict[str, Any]:
    """Take one step with a plan; return its state then, and what the step tells of itself.

    A publication tells what moves (`published_told`); a rebase the grids it took over as others
    have changed them, those that both have changed, those locked and those locked no more.
    """
    if step in plans.WITH_A_DAY:
        done = plans.publish_by(conn, plan, step, effective_on)
        return {"state": done.state, **published_told(done)}
    state = plans.move(conn, plan, step, reason=reason)
    if step != "rebase":
        return {"state": state}
    said = read_log(conn, plan, step)["detail"].iloc[-1]
    return {"state": state, **{name: said.get(name, []) for name in REBASED}}


def published_told(done: plans.Published) -> dict[str, Any]:
    """Return what a publication changed as JSON takes it.

    `revision` (0: on a day to come), `effective_on`, `new`, `gone`, `changed` (codes of grids),
    `tasks_moved` (nobody had taken them), `duties_moved`, and the first of those: `duties`;
    `ended`: the duties that end with special grids.
    """
    counts = {name: getattr(done, name) for name in ("revision", "tasks_moved", "duties_moved")}
    codes = {name: getattr(done, name) for name in ("new", "gone", "changed")}
    duties = {
        "duties": [duty._asdict() for duty in done.duties],
        "ended": [duty._asdict() for duty in done.ended],
    }
    return {**counts, "effective_on": done.effective_on.isoformat(), **codes, **duties}
