"""Versions of things that several people change: ETag out, If-Match in."""

from __future__ import annotations

import re
from typing import Annotated, Final, TypeAlias

from fastapi import Depends, Header, Request

from geo.errors import BadVersionError, VersionNotNamedError
from geo.versions import Seen

_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS: Final = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,[ \t,]*{_TAG})*[ \t,]*")
_EACH: Final = re.compile(_TAG)
_SHOWN: Final = 64  # letters of a header that a sentence repeats


def etag(version: int) -> str:
    """Return the ETag of a version.

    >>> etag(3)
    '"3"'
    """
    return f'"{version}"'


def seen(if_match: str | None) -> Seen:
    """Return the tags of an If-Match header, one of which has to be of the version that is there.

    None where there is no header, or any version will do. Weak tags match nothing, nor do those
    that are of no version of ours.

    Raises
    ------
    BadVersionError
        When it is no list of entity tags.

    Source: RFC 9110, 8.8.3 and 13.1.1.

    >>> sorted(seen('"3", "x,y", W/"4"')), seen("*"), seen(None)
    (['3', 'x,y'], None, None)
    """
    if if_match is None or if_match.strip() == "*":
        return None
    if not _TAGS.fullmatch(if_match):
        raise BadVersionError(found=if_match[:_SHOWN] or "–")
    return frozenset(tag[1:-1] for tag in _EACH.findall(if_match) if not tag.startswith("W"))


def demanded(version: Seen) -> Seen:
    """Return what was seen, where a version must be named.

    Raises
    ------
    VersionNotNamedError
        When none is, or any will do.

    >>> demanded(frozenset({"3"}))
    frozenset({'3'})
    """
    if version is None:
        raise VersionNotNamedError(found="–")
    return version


def _seen(
    request: Request,
    if_match: Annotated[
        str | None, Header(description='The version that was seen, as its ETag says: `"3"`.')
    ] = None,
) -> Seen:
    lines = request.headers.getlist("if-match")  # a list may come in several lines
    return seen(", ".join(lines) if if_match is not None else None)


def _demanded(version: IfMatch) -> Seen:
    return demanded(version)


IfMatch: TypeAlias = Annotated[Seen, Depends(_seen)]
IfMatchDemanded: TypeAlias = Annotated[Seen, Depends(_demanded)]
