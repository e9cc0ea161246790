"""One delivery taken to where it goes, and what became of it written down."""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aiohttp import ClientSession

from api.outgoing.filed import put
from api.outgoing.posting import Answer, headers, post
from api.outgoing.secrets import secrets_of
from api.outgoing.targets import Allowed, demand_target
from geo.errors import HookSecretError, HookTargetError
from geo.outbox import HAND_OVER, Limits, wait
from geo.store.database import Engine, transaction
from geo.store.outgoing import outbox
from geo.store.outgoing.outbox import Parcel

_LOG: Final = logging.getLogger("jingwei.outbox")


@dataclass(frozen=True)
class Desk:
    """What a delivery is made with: the database, the data folder, what is allowed, the limits."""

    engine: Engine
    home: Path
    may: Allowed
    rules: Limits
    session: ClientSession


async def deliver(desk: Desk, delivery: int) -> float | None:
    """Return in how many seconds a delivery is to be tried again; None: it is settled.

    Raises
    ------
    DatabaseAwayError
        When what became of it could not be written: it will be sent once more, under its name.
    """
    sent = await asyncio.to_thread(_parcel, desk, delivery)
    if sent is None:
        return None
    if sent.rests:
        return sent.rests
    answer = await take(desk, sent)
    return await asyncio.to_thread(_settled, desk, sent, answer)


async def take(desk: Desk, sent: Parcel) -> Answer:
    """Return what became of a parcel on its way."""
    if sent.kind == "log":
        # A log outlives an erasure: of a hand-over it tells no more than that there was one.
        _LOG.warning("%s %s", sent.id, HAND_OVER if sent.hand_over else sent.body)
        return Answer(ok=True)
    if sent.kind == "file":
        return await asyncio.to_thread(_filed, desk.home, sent)
    try:
        demand_target(sent.url, desk.may)
        told = headers(sent.id, sent.body, secrets_of(desk.home, sent.hook_name), datetime.now(UTC))
    except (HookTargetError, HookSecretError) as error:
        return Answer(ok=False, said=error.sentence_en)
    read = desk.rules.post_most_bytes if sent.hand_over else 0
    return await post(desk.session, sent.url, sent.body, told, read=read)


def _filed(home: Path, sent: Parcel) -> Answer:
    try:
        put(home, sent.hook_name, sent.id, sent.body)
    except OSError as error:
        return Answer(ok=False, said=str(error))
    return Answer(ok=True)


def _parcel(desk: Desk, delivery: int) -> Parcel | None:
    with transaction(desk.engine, "outbox") as conn:
        sent = outbox.parcel(conn, delivery)
        if sent is not None and sent.rests:
            outbox.put_off(conn, sent.hook)
        return sent


def _settled(desk: Desk, sent: Parcel, answer: Answer) -> float | None:
    """Return the seconds until the next try, once what became of this one is written down."""
    with transaction(desk.engine, "outbox") as conn:
        if answer.ok:
            outbox.settle(conn, sent, status=answer.status, reference=answer.reference)
            return None
        attempts = sent.attempts + 1
        over = answer.gone or attempts >= desk.rules.retry_attempts
        roll = random.random()  # noqa: S311 spreads the load, guards nothing
        seconds = None if over else wait(attempts, desk.rules, roll, answer.after)
        outbox.defer(
            conn,
            sent,
            status=answer.status,
            said=answer.said,
            seconds=seconds,
            rest=answer.away,
        )
    return seconds
