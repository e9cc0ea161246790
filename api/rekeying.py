"""The key of contacts changed for a fresh one: those of all persons wrapped anew, in batches."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from api.contacts import next_file
from api.reporters import kept_secret
from geo.errors import FileNotWrittenError
from geo.store.database import Engine, transaction
from geo.store.persons import await_keepers, contacts_after, tell_of_persons, wrap_again
from geo.vault import master_key, rewrapped

_AT_ONCE: Final = 500  # contacts of a transaction: whoever shows one waits no longer for it


class Rekeyed(NamedTuple):
    """How many contacts there are, and how many of them were wrapped anew now."""

    contacts: int
    wrapped: int


def rekey(engine: Engine, path: Path, *, who: str, reason: str, at_once: int = _AT_ONCE) -> Rekeyed:
    """Return what was done to change the key of a file; the old one is gone afterwards.

    The new key lies beside the old one while this runs: servers keep new contacts under it at once,
    and open those of both. Stopped anywhere, it is taken up again by the next call.

    Raises
    ------
    FileNotWrittenError
        When no key can be written where the file lies.
    OtherKeyError
        When a contact is under neither key: then both keys stay.
    """
    coming = next_file(path)
    with transaction(engine, who) as conn:
        await_keepers(conn)  # whoever keeps one later finds the new key
        old, new = (master_key(_written(file)) for file in (path, coming))
        tell_of_persons(conn, "rekey", reason)
    done = _all_wrapped(engine, who, (new, old), at_once)
    with transaction(engine, who) as conn:
        tell_of_persons(conn, "rekeyed", reason, contacts=done.contacts, wrapped=done.wrapped)
        with suppress(FileNotFoundError):  # another call was first
            coming.replace(path)
    return done


def _all_wrapped(engine: Engine, who: str, keys: tuple[bytes, bytes], at_once: int) -> Rekeyed:
    after, contacts, wrapped = "", 0, 0
    while True:
        with transaction(engine, who) as conn:
            found = contacts_after(conn, after, at_once)
            made = {whose: rewrapped(kept, whose, *keys) for whose, kept in found.items()}
            wrap_again(conn, {whose: one.wrapped for whose, one in made.items() if one})
        contacts += len(made)
        wrapped += sum(one is not None for one in made.values())
        if not found:
            return Rekeyed(contacts, wrapped)
        after = max(found)


def _written(path: Path) -> bytes:
    try:
        return kept_secret(path, None)
    except OSError as error:
        raise FileNotWrittenError(path=path, reason=error.strerror or str(error)) from error
