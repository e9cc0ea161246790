"""How a database stands: whether it answers, and the version of its tables."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

from geo.store import migrations
from geo.store.conditions import Unmet, unmet
from geo.store.database import Engine, cluster_engine, give_up_after, transaction, url_engine
from geo.store.private.cluster import Cluster
from geo.store.private.home import OWNER, Home, socket_folder

Standing: TypeAlias = Literal["none", "older", "same", "newer"]
_PATIENCE_S: Final = 5.0  # of whatever watches: it asks again soon


class State(NamedTuple):
    """The version of the tables, and the newest that this program knows."""

    version: str | None
    newest: str

    @property
    def standing(self) -> Standing:
        """How the tables stand to the program: there are none, older, the same, or newer."""
        if self.version is None:
            return "none"
        if self.version == self.newest:
            return "same"
        return "older" if migrations.is_known(self.version) else "newer"


def state_of(owner: Engine) -> State:
    """Return how a database stands; nothing of it is changed.

    Raises
    ------
    DatabaseAwayError
        When it does not answer within some seconds.
    """
    with transaction(owner, "ready") as conn:
        give_up_after(conn, _PATIENCE_S)
        return State(migrations.version_of(conn), migrations.newest())


def state_at(place: Path | str) -> tuple[State, list[Unmet]]:
    """Return how the database of a data folder stands, which runs, or that of a URL.

    And what its server is not set to. Nothing of it is changed.

    Raises
    ------
    DatabaseAwayError, DatabaseUrlError
        When it does not answer, or the URL is none.
    """
    owner = url_engine(place) if isinstance(place, str) else _home_engine(place)
    try:
        return state_of(owner), unmet_of(owner)
    finally:
        owner.dispose()


def unmet_of(owner: Engine) -> list[Unmet]:
    """Return what of what the program needs a server is not set to.

    Raises
    ------
    DatabaseAwayError
        When it does not answer within some seconds.
    """
    with transaction(owner, "ready") as conn:
        give_up_after(conn, _PATIENCE_S)
        return unmet(conn)


def _home_engine(folder: Path) -> Engine:
    home = Home(folder.absolute())
    return cluster_engine(Cluster(home, socket_folder(home)), OWNER)
