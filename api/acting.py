"""Who acts: until sign-in exists, demo persons, and only for a browser on the same machine.

Every transaction names its acting person. A request from elsewhere, or one that came through a
proxy (whose client is somebody else), has none and is refused.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from api.roster import Roster
from geo.errors import NobodyActsError, UnknownPersonError

COOKIE: Final = "jingwei_person"
_SHOWN: Final = 40  # letters of a person whom nobody knows
_FORWARDED: Final = (b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via")


async def acting_person(request: Request) -> str:
    """Return the code of the person this request acts as.

    Raises
    ------
    NobodyActsError
        When the request does not come straight from this machine.
    UnknownPersonError
        When its cookie names nobody whom the city knows.
    """
    if not is_local(request):
        raise NobodyActsError(client=request.client.host if request.client else "?")
    default: str = request.app.state.default_person
    person = request.cookies.get(COOKIE)
    if person is None:
        return default
    roster: Roster = request.app.state.roster
    if not roster.remembers(person) and not await run_in_threadpool(roster.knows, person):
        raise UnknownPersonError(person=person[:_SHOWN])
    return person


def is_local(request: Request) -> bool:
    """Tell whether a request comes straight from this machine, through no proxy."""
    headers = request.scope["headers"]
    if request.client is None or any(name in _FORWARDED for name, _ in headers):
        return False
    return _is_loopback(request.client.host)


@lru_cache(1_000)
def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
