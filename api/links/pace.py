"""How often something is asked for within a minute, counted in this process."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from threading import Lock
from typing import Final

from geo.errors import TooOftenError

_MINUTE_S: Final = 60.0


class Pace:
    """Counts of the minute that runs; all of them are forgotten when the next begins.

    Parameters
    ----------
    now
        Seconds of a clock that only goes forward.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._lock = now, Lock()
        self._minute, self._counts = -1, Counter[tuple[str, object]]()

    def demand(self, kind: str, whose: object, most: int) -> None:
        """Count one more; refuse what goes beyond the most of a minute.

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
