"""Versions of things that several people change: ETag out, If-Match in."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from fastapi import Header

from geo.errors import BadVersionError

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
    number = if_match.strip().strip('"')
    if not (number.isascii() and number.isdigit()):
        raise BadVersionError(found=if_match[:64])
    return int(number)
