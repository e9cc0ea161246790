"""One who listens: what it asked for, what it is owed, and when it owes too much."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any, Final, NamedTuple

from api.streaming.marks import Mark

_KEPT: Final = 2000  # numbers of events remembered, so that none is told twice


class Part(NamedTuple):
    """What is told at once: the mark after it, the events; or that all has to be read anew.

    `read` is what whoever reads anew has read by then: nothing of before it is told any more.
    """

    mark: str
    events: tuple[dict[str, Any], ...]
    reset: bool = False
    read: Mark | None = None


class Listener:
    """A person's stream, of some nouns or of all, inside an area or everywhere.

    What lies nowhere, an issue without a place, is told whatever the area to whoever may see it:
    boards of every area count it as unclaimed.

    Parameters
    ----------
    owed
        Parts that may wait for it; one that is slower is let go, and comes back with its mark.
    returns
        Whether it has listened before: it then wants to know what it missed.
    token
        What its browser holds of a session: the stream ends when the session does.
    """

    def __init__(
        self,
        person: str,
        *,
        owed: int,
        nouns: Collection[str] | None = None,
        scope: str | None = None,
        returns: bool = False,
        token: str | None = None,
    ) -> None:
        self.token = token
        self.person, self.scope, self.returns = person, scope, returns
        self.nouns = frozenset(nouns) if nouns else None
        self.first: Part | None = None
        self.early: list[Part] = []
        self.read: Mark | None = None
        self.had: dict[int, None] = {}
        self.queue: asyncio.Queue[Part | None] = asyncio.Queue(owed + 1)
        self.over = False

    def begin(self, missed: Part) -> None:
        """Take what was missed: it is told before anything that came while it was asked for."""
        self.first = self._mine(missed)
        for part in self.early:
            self.tell(part)
        self.early = []

    def tell(self, part: Part) -> None:
        """Owe it a part, unless nothing in it is for this listener."""
        if self.over:
            return
        if self.first is None:
            self.early.append(part)
        elif (mine := self._mine(part)).events or mine.reset:
            self._owe(mine)

    def _owe(self, part: Part) -> None:
        if self.queue.qsize() < self.queue.maxsize - 1:
            self.queue.put_nowait(part)
        else:
            self.end()

    def end(self) -> None:
        """Let it go."""
        if not self.over:
            self.over = True
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(None)

    async def owes(self, seconds: float) -> Part | None:
        """Return the next part; None when it is over.

        Raises
        ------
        TimeoutError
            When nothing came for so long.
        """
        return await asyncio.wait_for(self.queue.get(), seconds)

    def _mine(self, part: Part) -> Part:
        self.read = part.read or self.read
        wanted = tuple(event for event in part.events if self._wants(event))
        for event in wanted:
            self.had[event["id"]] = None
        for old in list(self.had)[:-_KEPT]:
            del self.had[old]
        return part._replace(events=wanted)

    def _wants(self, event: dict[str, Any]) -> bool:
        return (
            event["id"] not in self.had
            and not (self.read and self.read.saw(event["xact"]))
            and (self.nouns is None or event["noun"] in self.nouns)
            and (self.scope is None or not event["path"] or self.scope in event["path"])
        )
