"""What happened is sealed while a worker runs, in batches, each in a transaction of its own."""

from __future__ import annotations

from geo.store.database import Engine, transaction
from geo.store.seals import seal

EVERY_S = 60.0
_AT_ONCE = 100  # seals of a look: a backlog is not taken down at the cost of everybody's work


def seal_waiting(engine: Engine, *, most: int = _AT_ONCE) -> int:
    """Return how many seals were made of what waited, by the owner's engine."""
    for made in range(most):
        with transaction(engine, "seal") as conn:
            if seal(conn) is None:
                return made
    return most
