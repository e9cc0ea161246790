"""How a database stands: whether it answers, and the version of its tables."""

from __future__ import annotations

from typing import Final, NamedTuple

from geo.store import migrations
from geo.store.database import Store, give_up_after, transaction

_PATIENCE_S: Final = 5.0  # of whatever watches: it asks again soon


class State(NamedTuple):
    """The version of the tables, and the newest that this program knows."""

    version: str | None
    newest: str


def state_of(store: Store) -> State:
    """Return how a database stands.

    Raises
    ------
    DatabaseAwayError
        When it does not answer within some seconds.
    """
    with transaction(store.owner, "ready") as conn:
        give_up_after(conn, _PATIENCE_S)
        return State(migrations.version_of(conn), migrations.newest())
