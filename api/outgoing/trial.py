"""One message sent on trial, at once, beside the queue."""

from __future__ import annotations

import asyncio
import secrets
from datetime import UTC, datetime

from api.outgoing.delivering import Desk, take
from api.outgoing.posting import Answer, posting_session
from api.outgoing.targets import allowed
from api.settings import Settings
from geo.outbox import limits, message
from geo.store.database import Engine, transaction
from geo.store.outgoing.hooks import Hook, demand_hook, read_hook
from geo.store.outgoing.outbox import Parcel


def sent_on_trial(engine: Engine, chosen: Settings, name: str) -> Answer:
    """Return what a hook's receiver answers to a message `hook.test`, signed as all others are.

    Raises
    ------
    MissingError
        When there is no such hook.
    """
    with transaction(engine, "cli") as conn:
        number, hook = demand_hook(conn, name), read_hook(conn, name)
    return asyncio.run(_sent(engine, chosen, _parcel(number, hook)))


def _parcel(number: int, hook: Hook) -> Parcel:
    event = {
        "id": 0, "noun": "hook", "subject": hook.name, "name": "test",
        "detail": {}, "path": [], "at": datetime.now(UTC),
    }  # fmt: skip
    return Parcel(
        *(0, number, hook.name, hook.kind, hook.url),
        id=f"msg_test_{secrets.token_hex(8)}",
        body=message(event),
        attempts=0,
        hand_over=False,
        rests=0.0,
    )


async def _sent(engine: Engine, chosen: Settings, parcel: Parcel) -> Answer:
    rules, may = limits(), allowed(chosen.hook_hosts)
    async with posting_session(may, rules) as session:
        return await take(Desk(engine, chosen.home, may, rules, session), parcel)
