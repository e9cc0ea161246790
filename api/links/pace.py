"""How often something is asked for within a minute, in this process and in all of a database."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from threading import Lock
from typing import Final

from geo.errors import TooOftenError
from geo.store.database import Engine, transaction
from geo.store.pacing import counted

_MINUTE_S: Final = 60.0


class Pace:
    """Counts of the minute that runs; all of them are forgotten when the next begins.

    Parameters
    ----------
    engine
        Of the database whose processes count together, as its owner; None: this one alone.
    now
        Seconds of a clock that only goes forward.
    """

    def __init__(
        self, engine: Engine | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine, self._now, self._lock = engine, now, Lock()
        self._minute, self._counts = -1, Counter[tuple[str, object]]()

    def demand(self, kind: str, whose: object, most: int) -> None:
        """Count one more; refuse what goes beyond the most of a minute.

        What this process refuses by itself is no question to the database.

        Raises
        ------
        TooOftenError
            How many there may be, and how long to wait.

        >>> pace = Pace(now=lambda: 65.0)
        >>> pace.demand("open", 1, 1)
        >>> pace.demand("open", 1, 1)
        Traceback (most recent call last):
        geo.errors.TooOftenError: Asked too often ... Try again in 55 seconds.
        """
        now = self._now()
        with self._lock:
            if (minute := int(now // _MINUTE_S)) != self._minute:
                self._minute, self._counts = minute, Counter()
            self._counts[kind, whose] += 1
            count = self._counts[kind, whose]
        if count > most:
            raise TooOftenError(most=most, seconds=round(_MINUTE_S - now % _MINUTE_S))
        if self._engine is not None:
            self._demand_of_all(self._engine, kind, whose, most)

    def _demand_of_all(self, engine: Engine, kind: str, whose: object, most: int) -> None:
        with transaction(engine, "") as conn:
            found = counted(conn, kind, str(whose))
        if found.times > most:
            raise TooOftenError(most=most, seconds=found.seconds)
