"""The worker: takes deliveries from the queue, each on a lease, until it is told to stop.

A job is held while its worker's heart beats and is taken back by another when it stops. What
became of a delivery stands in its own row, so that a job run twice sends nothing that arrived.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Final

from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job
from pgqueuer.qm import QueueManager

from api.forgetting import EVERY_S as FORGET_S
from api.forgetting import forget_waiting
from api.outgoing.delivering import Desk, deliver
from api.outgoing.posting import posting_session
from api.outgoing.targets import allowed
from api.rounds import outlived
from api.sealing import EVERY_S as SEAL_S
from api.sealing import seal_waiting
from api.settings import Settings, photo_folder
from geo.errors import DatabaseAwayError
from geo.outbox import Limits, limits
from geo.store.database import Engine, Store, transaction
from geo.store.line import for_people
from geo.store.outgoing.outbox import clear_settled, hooks_at_work, keep_queue_whole
from geo.store.outgoing.queue import queue_manager, run

_LOG: Final = logging.getLogger("jingwei.outbox")
_LOOK_S: Final = 1.0  # between looks at the queue, and for new hooks
_WHOLE_S: Final = 10.0  # between looks for deliveries without a job
_AGAIN_S: Final = 2.0  # before a worker whose database went away begins anew


async def work(
    store: Store, chosen: Settings, stop: asyncio.Event, *, rules: Limits | None = None
) -> None:
    """Deliver until `stop` is set; what is under way then is finished first.

    A database that goes away ends nothing: the worker begins anew when it is back.
    """
    rules, may = rules or limits(), allowed(chosen.hook_hosts)
    async with posting_session(may, rules) as session:
        desk = Desk(for_people(store.owner), chosen.home, may, rules, session)
        while not stop.is_set():
            try:
                await _worked(desk, stop)
            except DatabaseAwayError as error:
                _LOG.warning("%s", error.sentence_en)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _AGAIN_S)


async def _worked(desk: Desk, stop: asyncio.Event) -> None:
    """Work over one connection, until it is lost or the sign to stop comes."""
    async with queue_manager(desk.engine) as manager:
        await asyncio.to_thread(_kept_whole, desk)
        await _take_up(desk, manager)
        async with _beside(_keep_up(desk, manager), _sealed(desk), _shut(manager, stop)):
            await run(manager, lease_s=desk.rules.lease_seconds, look_s=_LOOK_S)


@asynccontextmanager
async def _beside(*works: Coroutine[None, None, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(each) for each in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _shut(manager: QueueManager, stop: asyncio.Event) -> None:
    await stop.wait()
    manager.shutdown.set()


async def _keep_up(desk: Desk, manager: QueueManager) -> None:
    """Take up new hooks, see now and then that the queue is whole, forget what is past its time."""
    looks, photos = 0, photo_folder(Settings(desk.home))
    while True:
        await asyncio.sleep(_LOOK_S)
        looks += 1
        await _again(_take_up(desk, manager), "taking up hooks")
        if looks % round(_WHOLE_S / _LOOK_S) == 0:
            await _again(asyncio.to_thread(_kept_whole, desk), "keeping the queue whole")
        if looks % round(FORGET_S / _LOOK_S) == 1:
            forgetting = asyncio.to_thread(forget_waiting, desk.engine, photos, home=desk.home)
            await outlived(forgetting, _LOG, "forgetting")


async def _again(work: Coroutine[None, None, object], what: str) -> None:
    """Do what is done again soon; of a database that is away the work itself will say so."""
    await outlived(work, _LOG, what, (DatabaseAwayError,))


async def _sealed(desk: Desk) -> None:
    """Seal what happened, at once and then now and then; no delivery waits for it."""
    while True:
        await _again(asyncio.to_thread(seal_waiting, desk.engine), "sealing")
        await asyncio.sleep(SEAL_S)


async def _take_up(desk: Desk, manager: QueueManager) -> None:
    """Give every hook a lane of its own, so that a receiver that hangs holds up no other."""

    async def taken(job: Job) -> None:
        await _job_done(desk, job)

    for hook in await asyncio.to_thread(_hooks, desk.engine):
        name = f"hook/{hook}"
        if name not in manager.entrypoint_registry:
            lane = manager.entrypoint(
                name, concurrency_limit=desk.rules.post_at_once, on_failure="hold"
            )
            lane(taken)


async def _job_done(desk: Desk, job: Job) -> None:
    """Deliver for a job.

    Raises
    ------
    RetryRequested
        When it is to be tried again, or when the database could not say.
    """
    try:
        seconds = await deliver(desk, int(job.payload or b"0"))
    except DatabaseAwayError as error:
        raise RetryRequested(timedelta(seconds=_AGAIN_S), error.sentence_en) from error
    if seconds is not None:
        raise RetryRequested(timedelta(seconds=seconds), "tried again later")


def _hooks(engine: Engine) -> list[int]:
    with transaction(engine, "outbox") as conn:
        return hooks_at_work(conn)


def _kept_whole(desk: Desk) -> None:
    with transaction(desk.engine, "outbox") as conn:
        keep_queue_whole(conn, desk.rules)
    with transaction(desk.engine, "outbox") as conn:
        clear_settled(conn, desk.rules)
