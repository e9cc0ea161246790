"""How reporters are reached, where the city keeps that: encrypted, and shown for a reason."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.reporters import kept_secret
from geo.store.database import Connection, Store, transaction
from geo.store.persons import keep_contact, show_contact
from geo.vault import Sealed, master_key, opened, sealed

_VARIABLE: Final = "JINGWEI_KEY_FILE"
_FILE: Final = "person.key"


@dataclass(frozen=True)
class Contacts:
    """Where contacts are kept; `keeps`: whether the city's periods say that they are at all."""

    store: Store
    home: Path
    keeps: bool

    def keep(self, person: str, issue: int, contact: str, reporter: str) -> None:
        """Keep how the reporter of an issue is reached, for whoever received it."""
        made = sealed(contact, reporter, contact_key(self.home))
        with transaction(self.store.app, person) as conn:
            keep_contact(conn, issue, made)

    def show(self, conn: Connection, issue: int, reason: str) -> str:
        """Return how the reporter of an issue is reached; history tells who asked, and why.

        Raises
        ------
        MissingError
            When none is kept, or it is not for the acting person to see.
        OtherKeyError
            When it was kept under another key.
        """
        reporter, kept = show_contact(conn, issue, reason)
        return self.open(kept, reporter)

    def open(self, kept: Sealed, reporter: str) -> str:
        """Return a contact in clear.

        Raises
        ------
        OtherKeyError
            When it was kept under another key.
        """
        return opened(kept, reporter, contact_key(self.home))


def contact_key(home: Path, environment: Mapping[str, str] | None = None) -> bytes:
    """Return the master key: of the file that `JINGWEI_KEY_FILE` names, or `person.key`.

    Either is made at first need, readable by its owner alone, and never in a backup: without it no
    contact can be read any more.
    """
    values = os.environ if environment is None else environment
    path = Path(values.get(_VARIABLE) or home / _FILE)
    return master_key(kept_secret(path, None))
