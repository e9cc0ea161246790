"""How a person is reached, encrypted by a key of that person; destroying the key destroys it.

AES-256-GCM (NIST SP 800-38D) by `cryptography`: the contact by a fresh key, that key by the master
key of the server, each bound to the reporter it is of: no row can be put in another's place.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from geo.errors import OtherKeyError

_KEY_BITS: Final = 256
_NONCE: Final = 12  # bytes


class Sealed(NamedTuple):
    """A contact as it is kept: the person's key under the master key, the contact under that."""

    wrapped: bytes
    sealed: bytes


def master_key(secret: bytes) -> bytes:
    """Return the master key, 32 bytes, of a server's secret, which is long and random."""
    return hashlib.sha256(b"jingwei contact 1\n" + secret).digest()


def sealed(contact: str, reporter: str, master: bytes) -> Sealed:
    """Return a contact encrypted by a key of its own, never the same twice.

    >>> key = master_key(b"secret")
    >>> kept = sealed("13805310000", "ab" * 16, key)
    >>> b"138" in b"".join(kept), opened(kept, "ab" * 16, key)
    (False, '13805310000')
    """
    own = AESGCM.generate_key(_KEY_BITS)
    bound = reporter.encode("ascii")
    return Sealed(_locked(master, own, bound), _locked(own, contact.encode(), bound))


def opened(kept: Sealed, reporter: str, *masters: bytes) -> str:
    """Return the contact, kept under one of the master keys.

    Raises
    ------
    OtherKeyError
        When it was kept under another master key, was changed, or is another reporter's.
    """
    bound = reporter.encode("ascii")
    try:
        return _unlocked(_own(kept, bound, masters), kept.sealed, bound).decode()
    except (InvalidTag, ValueError) as error:
        raise OtherKeyError from error


def rewrapped(kept: Sealed, reporter: str, new: bytes, old: bytes) -> Sealed | None:
    """Return a contact with its person's key under another master key; None: it is already.

    Raises
    ------
    OtherKeyError
        When it was kept under neither of them.

    >>> new, old = master_key(b"new"), master_key(b"old")
    >>> kept = rewrapped(sealed("13805310000", "ab" * 16, old), "ab" * 16, new, old)
    >>> opened(kept, "ab" * 16, new), rewrapped(kept, "ab" * 16, new, old)
    ('13805310000', None)
    """
    bound = reporter.encode("ascii")
    try:
        _unlocked(new, kept.wrapped, bound)
    except (InvalidTag, ValueError):
        return kept._replace(wrapped=_locked(new, _own(kept, bound, (old,)), bound))
    return None


def _own(kept: Sealed, bound: bytes, masters: Sequence[bytes]) -> bytes:
    """Return the key of a person, by whichever of the master keys opens it."""
    for master in masters:
        with suppress(InvalidTag, ValueError):
            return _unlocked(master, kept.wrapped, bound)
    raise OtherKeyError


def _locked(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _unlocked(key: bytes, kept: bytes, bound: bytes) -> bytes:
    return AESGCM(key).decrypt(kept[:_NONCE], kept[_NONCE:], bound)
