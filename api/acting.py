"""Who acts: whoever is signed in; before anybody has an account, a browser on the same machine.

Every transaction names its acting person. Until the first account is claimed a browser on this
machine acts as one of the city's persons without a sign-in, so that somebody can begin; a request
from elsewhere, or one through a proxy (whose client is somebody else), has nobody and is refused.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from api.roster import Roster
from api.settings import Settings
from api.signing_in.entrance import Entrance
from api.watching.named import ACTOR
from geo.errors import NobodyActsError, OtherSiteError, SignInNeededError, UnknownPersonError

COOKIE: Final = "jingwei_person"
_SHOWN: Final = 40  # letters of a person whom nobody knows
_FORWARDED: Final = (b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via")
_LOOKING: Final = frozenset(("GET", "HEAD", "OPTIONS"))
_OURS: Final = ("same-origin", "none")  # none: typed, or from a bookmark


async def acting_person(request: Request) -> str:
    """Return the code of the person this request acts as.

    Raises
    ------
    SignInNeededError
        When there are accounts and nobody is signed in.
    NobodyActsError
        When there are none and the request does not come straight from this machine.
    UnknownPersonError
        When its cookie names nobody whom the city knows.
    OtherSiteError
        When a page of another site made the browser ask for a change.
    """
    demand_our_page(request)
    person = await _signed_in(request) or await _at_hand(request)
    request.scope[ACTOR] = person
    return person


async def _signed_in(request: Request) -> str | None:
    """Return who is signed in; nobody where it may be done without."""
    entrance: Entrance = request.app.state.entrance
    token = entrance.token_of(request)
    if token is not None:
        person = entrance.remembered(token) or await run_in_threadpool(entrance.person_of, token)
        if person is not None:
            return person
    if not entrance.is_known_open() and await run_in_threadpool(entrance.demands_sign_in):
        raise SignInNeededError
    return None


async def _at_hand(request: Request) -> str:
    """Return whom a browser on this machine acts as, where nobody needs to sign in."""
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


def demand_our_page(request: Request) -> None:
    """Refuse a change that a page of another site made the browser ask for.

    Browsers say where a request comes from (`Sec-Fetch-Site`, on plain addresses `Origin`);
    programs that are no browsers say nothing, and hold no cookie that somebody could misuse.

    Raises
    ------
    OtherSiteError
        When it does.
    """
    if request.method in _LOOKING:
        return
    told = request.headers
    site, origin = told.get("sec-fetch-site"), told.get("origin")
    if site is not None:
        is_ours = site in _OURS
    else:
        chosen: Settings = request.app.state.settings
        ours = {told.get("host"), *(urlsplit(url).netloc for url in (chosen.url, chosen.phone_url))}
        ours -= {"", None}
        is_ours = origin is None or urlsplit(origin).netloc in ours
    if not is_ours:
        raise OtherSiteError(origin=(origin or site or "?")[:_SHOWN])


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
