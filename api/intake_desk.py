"""Where intakes are handed in: those that wait share a commit, and each is answered after it.

One writer works at a time; whoever comes meanwhile waits for the next commit, which takes them all.
So the dearest part of keeping an issue, waiting for the disk, is paid once for many.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import zip_longest
from threading import Lock
from typing import Final, NamedTuple, TypeAlias

from api.standing import Standing
from geo.issues import Issue
from geo.store.database import Store
from geo.store.incoming.intake import Receipt
from geo.store.incoming.joint_intake import Delivery, receive_together

# More than this wait for the commit after: a long one keeps everybody waiting.
MOST_TOGETHER: Final = 256
_LOG: Final = logging.getLogger("jingwei.intake")


class _Handed(NamedTuple):
    """An issue that waits, and its receipt to come; `loop`: the event loop that waits for it."""

    delivery: Delivery
    answer: Future[Receipt] | asyncio.Future[Receipt]
    loop: asyncio.AbstractEventLoop | None = None

    def is_wanted(self) -> bool:
        """Tell whether somebody still waits for the answer, and let nobody of a thread go now."""
        if isinstance(self.answer, Future):
            return self.answer.set_running_or_notify_cancel()
        return not self.answer.cancelled()


class IntakeDesk:
    """Takes issues in, several by one commit; safe to use from any thread and any event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._standing = Standing(store)
        self._lock = Lock()
        self._waiting: list[_Handed] = []
        self._apart: list[_Handed] = []
        self._writing = False
        self._writer = ThreadPoolExecutor(1, "intake")

    async def receive(self, person: str, issue: Issue) -> Receipt:
        """Return the receipt of an issue once it is kept; errors as of one received alone."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Receipt] = loop.create_future()
        self._take(_Handed(Delivery(person, issue), answer, loop))
        return await answer

    def hand_in(self, person: str, issue: Issue) -> Future[Receipt]:
        """Return the receipt to come of an issue, for whoever waits in a thread."""
        answer: Future[Receipt] = Future()
        self._take(_Handed(Delivery(person, issue), answer))
        return answer

    def _take(self, handed: _Handed) -> None:
        with self._lock:
            self._waiting.append(handed)
            if not self._writing:
                self._submit()

    def ready(self) -> None:
        """Read what is in force into memory, so that the first intakes need not wait for it."""
        self._standing.read()

    def is_ready(self) -> bool:
        """Tell whether what is in force was read into memory, once at least."""
        return self._standing.is_read()

    def get_ready(self) -> None:
        """Have it read beside whoever asks, unless somebody does."""
        self._standing.read_beside()

    def _submit(self) -> None:
        """Let the writer write what waits, if there is something; whoever calls holds the lock."""
        self._writing = bool(self._waiting or self._apart)
        if self._writing:
            self._writer.submit(self._write).add_done_callback(_said_if_failed)

    def _write(self) -> None:
        batch = self._next()
        answers: Sequence[Receipt | Exception] = ()
        try:
            deliveries = [handed.delivery for handed in batch]
            if deliveries:
                answers = receive_together(self._store.app, deliveries, self._standing.at)
        finally:  # whatever happened, nobody is left waiting, nor fails for another
            again = batch if len(batch) > 1 and not answers else []
            _tell_all(zip_longest([] if again else batch, answers))
            with self._lock:
                self._apart += again
                self._submit()

    def _next(self) -> list[_Handed]:
        """Return what is to be written next, but for those who have gone away.

        What failed in company, for a reason that nobody foresaw, is tried alone.
        """
        with self._lock:
            if self._apart:
                return [self._apart.pop()]
            batch, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
        return [handed for handed in batch if handed.is_wanted()]


_Told: TypeAlias = tuple[_Handed, Receipt | Exception | None]


def _tell_all(told: Iterable[_Told]) -> None:
    """Tell everybody; those who wait in one event loop by waking it once."""
    waiting: dict[asyncio.AbstractEventLoop | None, list[_Told]] = defaultdict(list)
    for each in told:
        waiting[each[0].loop].append(each)
    _tell(waiting.pop(None, ()))
    for loop, few in waiting.items():
        if loop is not None:
            with suppress(RuntimeError):  # closed meanwhile: nobody waits there any more
                loop.call_soon_threadsafe(_tell, few)


def _tell(told: Iterable[_Told]) -> None:
    for handed, answer in told:
        if handed.answer.done():  # gone away while it was written
            continue
        if isinstance(answer, Receipt):
            handed.answer.set_result(answer)
        else:
            fault = answer or RuntimeError("the writer of intakes failed")
            handed.answer.set_exception(fault)


def _said_if_failed(written: Future[None]) -> None:
    if (fault := written.exception()) is not None:
        _LOG.error("the writer of intakes failed", exc_info=fault)
