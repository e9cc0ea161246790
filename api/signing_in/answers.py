"""What a browser is given when it is let in, and where it is led."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.settings import is_https
from api.signing_in.entrance import DEVICE, Entrance, Session

# A path of ours: no second slash, no backslash that browsers read as one, nothing unprintable.
_PATH: Final = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]{0,500}")


def next_of(told: str) -> str:
    r"""Return where somebody wanted to go, if that is a page of ours; else the first page.

    >>> [next_of(told) for told in ("/issues?scope=1", "//evil.example", "/\\evil", "", "http:x")]
    ['/issues?scope=1', '/', '/', '/', '/']
    """
    return told if _PATH.fullmatch(told) else "/"


def is_secure(request: Request) -> bool:
    """Tell whether a browser reaches this server by https, itself or through what is before it."""
    url: str = request.app.state.settings.url
    return request.url.scheme == "https" or is_https(url)


def led_in(request: Request, session: Session, where: str) -> Response:
    """Return the way to a page, with what the browser holds of its session from now on.

    The session that it held before, of whomever, has ended: nobody could end that one any more.
    """
    entrance: Entrance = request.app.state.entrance
    before = entrance.token_of(request)
    if before is not None:
        entrance.end(before)
    secure = is_secure(request)
    answer = RedirectResponse(next_of(where), 303, headers={"cache-control": "no-store"})
    age = int(entrance.policy.longest.total_seconds())
    answer.set_cookie(
        entrance.cookie(secure=secure), session.token, max_age=age, path="/", secure=secure,
        httponly=True, samesite="lax",
    )  # fmt: skip
    known = int(entrance.policy.known.total_seconds())
    answer.set_cookie(
        DEVICE, session.device, max_age=known, path="/sign-in", secure=secure,
        httponly=True, samesite="lax",
    )  # fmt: skip
    return answer
