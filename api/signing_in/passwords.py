"""Passwords: kept as argon2 digests, tried two at a time, made to be used once."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from geo.errors import WeakPasswordError

_HASHER: Final = PasswordHasher()
# Each trial takes 64 MB: a crowd of them must not take the server's memory.
_AT_ONCE: Final = BoundedSemaphore(2)
_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"  # none that looks like another
_GROUPS, _LONG = 4, 4
_LONGEST: Final = 256
_DIFFERENT: Final = 5  # letters a password has at least


def one_time_password() -> str:
    """Return a password to be read out and typed once: 78 bits in four groups."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_LONG)) for _ in range(_GROUPS))
    return "-".join(groups)


def digest_of(password: str) -> str:
    """Return what is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(_plain(password))


def fits(kept: str | None, password: str) -> bool:
    """Tell whether a password is the one that is kept; it takes as long where none is."""
    with _AT_ONCE:
        try:
            right = _HASHER.verify(kept or _nobodys(), _plain(password)[:_LONGEST])
        except (VerifyMismatchError, InvalidHashError):
            return False
    return right and kept is not None


@cache
def _nobodys() -> str:
    """Return what is tried against where nothing is kept."""
    return _HASHER.hash(secrets.token_urlsafe())


def demand_strong(password: str, name: str, least: int) -> None:
    """Refuse a password that is guessed: short, too long to be tried, of few letters, the name.

    Raises
    ------
    WeakPasswordError
        What it must have.
    """
    plain = _plain(password)
    is_long = least <= len(plain) <= _LONGEST
    if not is_long or len(set(plain)) < _DIFFERENT or _plain(name).lower() in plain.lower():
        raise WeakPasswordError(least=least, most=_LONGEST, different=_DIFFERENT)


def _plain(password: str) -> str:
    """Return the same letters for the same keys, whichever machine they were typed on."""
    return unicodedata.normalize("NFKC", password)
