"""What intakes are decided by, kept in memory: the areas in force, and the rules.

A cache: it answers for what the database says is in force, and for nothing else. Read anew beside
the writer of intakes, who asks the database until then.
"""

from __future__ import annotations

import logging
from threading import Lock, Thread
from time import monotonic
from typing import Final

from geo.errors import JingweiError
from geo.store.database import Connection, Store, transaction
from geo.store.incoming.intake import InMemory
from geo.store.net.revisions import Mark
from geo.store.net.territory import InForce, followed, in_force
from geo.store.rules.kept import KeptRules, rules_in_force

# From so many intakes on it is worth being read: some seconds in a large city.
_WORTH_READING: Final = 32
# Where something changes all the while, reading takes at most one part in so many of the time.
_PAUSE: Final = 10
_READER: Final = "intake"  # who reads: anybody may
_LOG: Final = logging.getLogger("jingwei.intake")


class Standing:
    """The areas and rules in force of one database, as they were read last."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._areas: InForce | None = None
        self._rules: KeptRules | None = None
        self._asked = 0
        self._rested = 0.0
        self._reading = Lock()

    def at(self, conn: Connection, mark: Mark) -> InMemory:
        """Return what is in memory of what is in force, which `conn` holds.

        Grids that were published since are read here: an intake that asked the database of its
        point instead took nine times as long, and so did all until everything was read again.
        """
        areas, rules = self._followed(conn, mark), self._rules
        known = InMemory(
            areas,
            rules if rules is not None and rules.mark == mark else None,
        )
        if known.areas is None or known.rules is None:
            self._read_if_worth()
        return known

    def _followed(self, conn: Connection, mark: Mark) -> InForce | None:
        held = self._areas
        if held is None or held.numbers == mark.numbers:
            return held
        after = followed(conn, held, mark.numbers)
        if after is not None:
            self._areas = after.ready()
        return after

    def read(self) -> None:
        """Read what has changed, now; where the database is away, later."""
        with self._reading:
            began = monotonic()
            try:
                with transaction(self._store.app, _READER) as conn:
                    self._read(conn)
            except JingweiError as error:
                _LOG.warning("%s", error.sentence_en)
            self._rested = monotonic() + _PAUSE * (monotonic() - began)

    def _read(self, conn: Connection) -> None:
        areas, rules = in_force(conn, self._areas), None
        while rules is None or rules.mark.numbers != areas.numbers:
            areas = in_force(conn, areas)
            # What is published in between the second alone sees: rules over areas that are gone.
            rules = rules_in_force(conn, areas.places, areas.special)
        if areas is not self._areas:
            self._areas = areas.ready()
        self._rules = rules

    def is_read(self) -> bool:
        """Tell whether areas and rules were read."""
        return self._areas is not None and self._rules is not None

    def _read_if_worth(self) -> None:
        self._asked += 1
        if self._areas is not None or self._asked >= _WORTH_READING:
            self.read_beside()

    def read_beside(self) -> None:
        """Read what has changed in a thread, unless that is done, or was a moment ago."""
        if monotonic() >= self._rested and not self._reading.locked():
            Thread(target=self.read, name="intake rules", daemon=True).start()
