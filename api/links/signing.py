"""What is signed: the token of a link, which says which one it is, and what binds it to a device.

Neither says anything else: what a link stands for, until when, stands in the database. The secret
is `JINGWEI_LINK_SECRET`, or `link.key` in the data folder, made at first need: with another secret
all links that were given out open nothing any more.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple

from itsdangerous import BadSignature, URLSafeSerializer

from api.reporters import kept_secret
from api.settings import Settings
from geo.errors import LinkClosedError

VARIABLE: Final = "JINGWEI_LINK_SECRET"
_FILE: Final = "link.key"
_BYTES: Final = 16
_TOKEN, _DEVICE = "jingwei.link", "jingwei.link.device"
_SIGNED: Final = {"digest_method": sha256}


class Bound(NamedTuple):
    """A link and its serial, opened on a device that holds a secret of its own."""

    link: int
    serial: int
    secret: str

    @property
    def digest(self) -> str:
        """What is kept of the secret."""
        return sha256(self.secret.encode()).hexdigest()


def link_secret(chosen: Settings, environment: Mapping[str, str] | None = None) -> bytes:
    """Return the secret that links are signed with."""
    values = os.environ if environment is None else environment
    return kept_secret(chosen.home / _FILE, values.get(VARIABLE))


def token_of(secret: bytes, link: int, serial: int) -> str:
    """Return the token of a link; of another serial of it another one.

    >>> token_of(b"secret", 12, 1) == token_of(b"secret", 12, 1) != token_of(b"secret", 12, 2)
    True
    """
    return str(_signer(secret, _TOKEN).dumps([link, serial]))


def link_of(secret: bytes, token: str) -> tuple[int, int]:
    """Return the link and the serial that a token names.

    Raises
    ------
    LinkClosedError
        When we did not sign it.

    >>> link_of(b"secret", token_of(b"secret", 12, 1))
    (12, 1)
    """
    link, serial = _read(secret, _TOKEN, token)
    return link, serial


def new_device(link: int, serial: int) -> Bound:
    """Return a link with a fresh secret for a device."""
    return Bound(link, serial, secrets.token_urlsafe(_BYTES))


def cookie_of(secret: bytes, bound: Bound) -> str:
    """Return what a device keeps of a link."""
    return str(_signer(secret, _DEVICE).dumps(list(bound)))


def bound_of(secret: bytes, cookie: str) -> Bound:
    """Return what a device kept.

    Raises
    ------
    LinkClosedError
        When we did not sign it.
    """
    return Bound(*_read(secret, _DEVICE, cookie))


def _signer(secret: bytes, salt: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=salt, signer_kwargs=_SIGNED)


def _read(secret: bytes, salt: str, signed: str) -> list[Any]:
    try:
        found: list[Any] = _signer(secret, salt).loads(signed)
    except BadSignature as error:
        raise LinkClosedError.of("unknown") from error
    return found
