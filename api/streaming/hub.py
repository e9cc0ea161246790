"""One listener of the database hands events on to any number of ours, each what it may see."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from fastapi import FastAPI

from api.rounds import outlived
from api.streaming.listener import Listener, Part
from api.streaming.marks import Mark
from geo.errors import BadValueError
from geo.outbox import Limits
from geo.store.database import Store, transaction
from geo.store.outgoing.listening import events_told
from geo.store.outgoing.stream import Fresh, events_since, snapshot, visible

_LOG: Final = logging.getLogger("jingwei.stream")
_GATHER_S: Final = 0.2  # events of so long are asked for at once
_AGAIN_S: Final = 1.0  # before one listens anew
_MOST: Final = 2000  # events at once; with more, boards are read anew


class Hub:
    """Who listens, and how far has been told. It begins with its first listener."""

    def __init__(self, store: Store, rules: Limits) -> None:
        self.store, self.rules = store, rules
        self.listeners: set[Listener] = set()
        self.mark: Mark | None = None
        self.task: asyncio.Task[None] | None = None
        self.closing = False

    @asynccontextmanager
    async def lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        """Run beside an application; at its end nobody listens any more."""
        yield
        self.close()
        if self.task is not None:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task

    def close(self) -> None:
        """Let every stream end: the server is about to stop."""
        self.closing = True
        for listener in self.listeners:
            listener.end()

    @asynccontextmanager
    async def joined(self, listener: Listener, last: Mark | None) -> AsyncIterator[None]:
        """Hand a listener what it missed, and what comes while this lasts.

        Parameters
        ----------
        last
            The mark of what it had; None: from now on.

        Raises
        ------
        DatabaseAwayError
            When the database does not answer.
        """
        await self._begun()
        # Listed first, asked second: what is committed in between comes twice, not never.
        self.listeners.add(listener)
        try:
            listener.begin(await asyncio.to_thread(self._missed, listener, last))
            if self.closing:
                listener.end()
            yield
        finally:
            self.listeners.discard(listener)

    async def _begun(self) -> None:
        if self.mark is None:
            mark = await asyncio.to_thread(self._now)
            self.mark = self.mark or mark
        if self.task is None:
            self.task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while True:
            await outlived(self._heard(), _LOG, "hearing of events")
            await asyncio.sleep(_AGAIN_S)

    async def _heard(self) -> None:
        async for _ in events_told(self.store.owner, self.rules.stream_heartbeat):
            await self._hand_on()
            await asyncio.sleep(_GATHER_S)

    async def _hand_on(self) -> None:
        """Tell every listener what was committed since the mark, and move the mark."""
        fresh = await asyncio.to_thread(self._fresh)
        mark = Mark(int(time.time()), fresh.seen)
        # Who joins from here on asks later than this, and has read for itself what is told here.
        persons = {listener.person for listener in self.listeners}
        seen = await asyncio.to_thread(self._seen, persons, fresh)
        for listener in tuple(self.listeners):
            listener.tell(_part(mark, fresh, seen.get(listener.person, set())))
        self.mark = mark

    def _now(self) -> Mark:
        with transaction(self.store.owner, "stream") as conn:
            return Mark(int(time.time()), snapshot(conn))

    def _fresh(self) -> Fresh:
        since = (self.mark or self._now()).seen
        with transaction(self.store.owner, "stream") as conn:
            return events_since(conn, since, _MOST)

    def _seen(self, persons: set[str], fresh: Fresh) -> dict[str, set[int]]:
        if fresh.more or not persons or not fresh.events:
            return {}
        with transaction(self.store.app, "") as conn:
            return visible(conn, persons, [event["id"] for event in fresh.events])

    def _missed(self, listener: Listener, last: Mark | None) -> Part:
        """Return what a listener missed; a reset where that cannot be told or is too much."""
        now = self._now()
        if last is None:
            return Part(str(now), (), reset=listener.returns, read=now)
        try:
            with transaction(self.store.owner, "stream") as conn:
                fresh = events_since(conn, last.seen, self.rules.stream_replay)
        except BadValueError:
            return Part(str(now), (), reset=True, read=now)
        seen = self._seen({listener.person}, fresh)
        return _part(Mark(now.at, fresh.seen), fresh, seen.get(listener.person, set()))


def _part(mark: Mark, fresh: Fresh, seen: set[int]) -> Part:
    if fresh.more:
        return Part(str(mark), (), reset=True, read=mark)
    return Part(str(mark), tuple(event for event in fresh.events if event["id"] in seen))


def encoded(event: dict[str, Any]) -> str:
    """Return an event as listeners get it: which thing, what happened, where, when."""
    told = {
        "event": event["id"],
        "noun": event["noun"],
        "subject": event["subject"],
        "name": event["name"],
        "areas": event["path"],
        "at": event["at"],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
