"""Whom the city knows: the person that a request names, looked up and remembered for a while."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

from geo.store.database import Store, transaction
from geo.store.net.people import is_person

_REMEMBERED: Final = 60.0  # seconds: whoever has left is told so within them
_LONGEST: Final = 128  # letters of a code


class Roster:
    """Persons that requests named lately; those nobody knows are asked about each time."""

    def __init__(self, store: Store, clock: Callable[[], float] = monotonic) -> None:
        self._store, self._clock = store, clock
        self._until: dict[str, float] = {}

    def remembers(self, person: str) -> bool:
        """Tell whether a person was known a moment ago, without asking the database."""
        return self._until.get(person, 0.0) > self._clock()

    def knows(self, person: str) -> bool:
        """Tell whether a code is that of a person of the city, by the database."""
        if not person.isprintable() or len(person) > _LONGEST:
            return False
        with transaction(self._store.app, person) as conn:
            known = is_person(conn, person)
        if known:
            self._until[person] = self._clock() + _REMEMBERED
        else:
            self._until.pop(person, None)
        return known
