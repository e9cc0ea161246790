"""Versions of things that several people change: ETag out, If-Match in."""

from __future__ import annotations

import re
from typing import Annotated, Final, TypeAlias

from fastapi import Header

from geo.errors import BadVersionError, VersionNotNamedError

_ETAG: Final = re.compile(r'(?:W/)?"([0-9]{1,9})"')
_SHOWN: Final = 64  # letters of a header that a sentence repeats

IfMatch: TypeAlias = Annotated[
    str | None, Header(description='The version that was seen, as its ETag says: `"3"`.')
]


def etag(version: int) -> str:
    """Return the ETag of a version.

    >>> etag(3)
    '"3"'
    """
    return f'"{version}"'


def seen(if_match: str | None) -> int | None:
    """Return the version that an If-Match header names; None where there is none, or any will do.

    Raises
    ------
    BadVersionError
        When it is no ETag of ours.

    >>> seen('"3"'), seen("*"), seen(None)
    (3, None, None)
    """
    if if_match is None or if_match.strip() == "*":
        return None
    number = _number(if_match)
    if number is None:
        raise BadVersionError(found=if_match[:_SHOWN])
    return number


def demanded(if_match: str | None) -> int:
    """Return the version that an If-Match header names, where one must be named.

    Raises
    ------
    VersionNotNamedError
        When it names none, or any.

    >>> demanded('W/"3"')
    3
    """
    number = _number(if_match or "")
    if number is None:
        raise VersionNotNamedError(found=(if_match or "–")[:_SHOWN])
    return number


def _number(if_match: str) -> int | None:
    found = _ETAG.fullmatch(if_match.strip())
    return int(found[1]) if found else None
