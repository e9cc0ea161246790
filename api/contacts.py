"""How reporters are reached, where the city keeps that: encrypted, and shown for a reason."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.reporters import kept_secret
from geo.retention import periods
from geo.store.database import Connection, Store, transaction
from geo.store.persons import hold_key, keep_contact, keep_contacts, show_contact
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
        with transaction(self.store.app, person) as conn:
            self.keep_in(conn, issue, contact, reporter)

    def keep_in(self, conn: Connection, issue: int, contact: str, reporter: str | None) -> None:
        """Keep it in the transaction of whoever received the issue, where it names anybody."""
        if self.keeps and contact and reporter:
            hold_key(conn)
            keep_contact(conn, issue, sealed(contact, reporter, self._keys()[0]))

    def keep_all(self, conn: Connection, contacts: Mapping[str, str]) -> None:
        """Keep how reporters are reached whose issues came as a file. By the owner's role.

        Parameters
        ----------
        contacts
            By the reporter's key.
        """
        if self.keeps and contacts:
            hold_key(conn)
            key = self._keys()[0]
            keep_contacts(conn, {who: sealed(how, who, key) for who, how in contacts.items()})

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
        return opened(kept, reporter, *self._keys())

    def _keys(self) -> tuple[bytes, ...]:
        return contact_keys(self.home)


def contacts_of(store: Store, home: Path) -> Contacts:
    """Return where contacts are kept, as far as the city's periods say."""
    return Contacts(store, home, keeps=periods().contact_days > 0)


def contact_keys(home: Path, environment: Mapping[str, str] | None = None) -> tuple[bytes, ...]:
    """Return the master keys that contacts may be under, the one for new ones first.

    It is that of the file that `JINGWEI_KEY_FILE` names, or of `person.key`, made at first need,
    readable by its owner alone, and never in a backup: without it no contact can be read any more.
    While keys are changed (`api.rekeying`) the next stands beside it, and comes before it.
    """
    path = key_file(home, environment)
    coming = next_file(path)
    new = (coming,) if coming.exists() else ()  # looked for first: in the end it takes the place
    return tuple(master_key(kept_secret(file, None)) for file in (*new, path))


def key_file(home: Path, environment: Mapping[str, str] | None = None) -> Path:
    """Return the file of the master key."""
    values = os.environ if environment is None else environment
    return Path(values.get(_VARIABLE) or home / _FILE)


def next_file(path: Path) -> Path:
    """Return the file of the key that is to take the place of another."""
    return path.with_name(f"{path.name}.next")
