"""The store that the settings name, opened."""

from __future__ import annotations

from api.settings import Settings
from geo.store.database import Store, open_home, open_url


def open_store(chosen: Settings) -> Store:
    """Return the store, with everything it needs started: cluster, roles, migrations.

    Raises
    ------
    JingweiError
        What is missing and how to mend it, as `open_home` and `open_url` say.
    """
    return open_url(chosen.database_url) if chosen.database_url else open_home(chosen.home)
