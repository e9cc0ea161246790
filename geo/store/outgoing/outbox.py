"""Deliveries: what is to be sent, what became of it, what failed or was never acknowledged."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select, text, update

from geo.errors import DeliveryStateError, MissingError
from geo.outbox import Limits, message, message_id
from geo.store.answers import question, rows_of, run_parts
from geo.store.schema.tables import DELIVERY, HOOK

_AT_ONCE: Final = 5_000  # rows removed in one go, so that nobody waits long for it
_SHORT: Final = 200  # letters kept of what went wrong


class Parcel(NamedTuple):
    """One delivery ready to be sent: where to, under which name, the message itself."""

    delivery: int
    hook: int
    hook_name: str
    kind: str
    url: str
    id: str
    body: str
    attempts: int  # made before this one
    hand_over: bool
    rests: float  # seconds its receiver asked to be left alone, from now


def parcel(conn: Connection, delivery: int) -> Parcel | None:
    """Return what is to be sent for a delivery; None where it waits no more."""
    found = conn.execute(question("delivery_to_send"), {"delivery": delivery}).mappings()
    row = found.one_or_none()
    if row is None:
        return None
    told = dict(row)
    event = told | {"id": row["event"]}
    return Parcel(
        *(row["id"], row["hook"], row["hook_name"], row["hook_kind"], row["url"]),
        id=message_id(row["hook"], row["event"], row["task"]),
        body=message(event, told if row["task"] is not None else None),
        attempts=row["attempts"],
        hand_over=row["task"] is not None,
        rests=max(0.0, row["rests"] or 0.0),
    )


def settle(conn: Connection, sent: Parcel, *, status: int | None, reference: str = "") -> None:
    """Write down that a delivery arrived; with a reference the other system has taken it over."""
    state = "acknowledged" if reference else "delivered"
    done = {"state": state, "reference": reference, "said": "", "next_at": None}
    _write(conn, sent, status=status, **done)


def defer(
    conn: Connection,
    sent: Parcel,
    *,
    status: int | None,
    said: str,
    seconds: float | None,
    rest: bool = False,
) -> None:
    """Write down that an attempt failed.

    Parameters
    ----------
    seconds
        Until the next attempt; None: there is none, somebody has to look at it.
    rest
        The receiver itself is away or asks for time: its other deliveries wait as long.
    """
    again = None if seconds is None else func.now() + func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    state = "dead" if seconds is None else "pending"
    _write(conn, sent, status=status, said=said[:_SHORT], state=state, next_at=again)
    if rest and seconds is not None:
        one = update(HOOK).where(HOOK.c.id == sent.hook)
        conn.execute(one.values(rests_until=again))
        put_off(conn, sent.hook)


def put_off(conn: Connection, hook: int) -> None:
    """Let what waits for a hook that rests wait until then, all at once: no worker looks at it."""
    conn.execute(question("put_off_resting"), {"hook": hook})


def _write(conn: Connection, sent: Parcel, **values: Any) -> None:  # noqa: ANN401 columns of any type
    # Whoever settled it first is right: an acknowledgement may come before the answer does.
    one = update(DELIVERY).where(DELIVERY.c.id == sent.delivery, DELIVERY.c.state == "pending")
    tried = {"attempts": DELIVERY.c.attempts + 1, "tried_at": func.now()}
    conn.execute(one.values(**tried, **values))


def read_deliveries(
    conn: Connection,
    *,
    state: str | None = None,
    hook: str | None = None,
    hours: float | None = None,
    limit: int = 100,
) -> pd.DataFrame:
    """Return deliveries, the newest first, those the acting person may see.

    Parameters
    ----------
    hours
        Only hand-overs without a reference that are so old.
    """
    told = {"state": state, "hook": hook, "hours": hours, "limit": limit}
    return rows_of(conn, question("deliveries"), **told)


def retry(conn: Connection, delivery: int) -> None:
    """Send a failed delivery again, its attempts counted anew.

    Raises
    ------
    MissingError, DeliveryStateError
        When it is not there for the acting person, or has not failed.
    """
    _demand(conn, delivery, ("dead",), zh="重试", en="tried again")
    again = {"state": "pending", "attempts": 0, "next_at": None}
    conn.execute(update(DELIVERY).where(DELIVERY.c.id == delivery).values(**again))


def retry_all(conn: Connection, hook: int) -> int:
    """Return how many failed deliveries of a hook are sent again."""
    failed = (DELIVERY.c.hook == hook, DELIVERY.c.state == "dead")
    again = {"state": "pending", "attempts": 0, "next_at": None}
    return conn.execute(update(DELIVERY).where(*failed).values(**again)).rowcount


def acknowledge(conn: Connection, delivery: int, reference: str) -> None:
    """Write down the number under which another system took a task over.

    Raises
    ------
    MissingError, DeliveryStateError
        When it is not there for the acting person, is no hand-over, or was dropped.
    """
    states = ("pending", "delivered", "dead", "acknowledged")
    _demand(conn, delivery, states, zh="确认", en="acknowledged", handed=True)
    done = {"state": "acknowledged", "reference": reference, "next_at": None}
    conn.execute(update(DELIVERY).where(DELIVERY.c.id == delivery).values(**done))


def _demand(
    conn: Connection,
    delivery: int,
    states: tuple[str, ...],
    *,
    zh: str,
    en: str,
    handed: bool = False,
) -> None:
    one = select(DELIVERY.c.state, DELIVERY.c.task).where(DELIVERY.c.id == delivery)
    mine = DELIVERY.c.hook.in_(select(HOOK.c.id))
    row = conn.execute(one.where(mine).with_for_update(of=DELIVERY)).one_or_none()
    if row is None:
        raise MissingError(noun="delivery", noun_zh="投递", key=delivery)
    if row.state not in states or (handed and row.task is None):
        raise DeliveryStateError(delivery=delivery, state=row.state, zh=zh, en=en)


def keep_queue_whole(conn: Connection, rules: Limits) -> None:
    """Give every delivery that waits a job again, and clear what the job library left behind."""
    run_parts(conn, "keep_queue_whole", keep_days=rules.keep_notes_days)


def clear_settled(conn: Connection, rules: Limits) -> None:
    """Remove what is kept no longer: deliveries settled long ago, read marks of what is over.

    A few thousand rows at once: it is called again and again.
    """
    run_parts(conn, "clear_settled", keep_days=rules.keep_delivered_days, most=_AT_ONCE)


def hooks_at_work(conn: Connection) -> list[int]:
    """Return the numbers of the hooks that something may wait for."""
    return list(
        conn.execute(text("select id from hook where removed_at is null order by id")).scalars()
    )
