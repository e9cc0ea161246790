"""The phone's pages: a signed link is exchanged at once for a cookie and a clean address."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.language import Language
from api.links.acting import ByLink, cookie_name, held_by
from api.links.cards import holder_edges, phone_told
from api.links.policy import link_policy
from api.links.signing import Bound, cookie_of, link_of, link_secret, new_device
from api.settings import is_https
from api.signing_in.answers import is_secure
from geo.errors import LinkClosedError
from maps import assets
from maps.phone_page import phone_page

router = APIRouter(include_in_schema=False)
_DAYS_S: Final = 14 * 24 * 3600  # the link itself ends before
_UNSEEN: Final = {"referrer-policy": "no-referrer", "cache-control": "no-store"}


@router.get("/t/{token}")
@router.get("/day/{token}")
def exchanged(request: Request, token: str) -> RedirectResponse:
    """Return the way to a link's clean address, and what lets this device open it.

    Nothing is bound yet: what looks at links before people do keeps no cookie, or gets none. The
    same device comes back as the one it was, as often as it opens the link.
    """
    link, serial = _named(request, token)
    request.app.state.pace.demand("open", link, link_policy().openings)
    answer = RedirectResponse(f"/phone/{link}", 303, headers=_UNSEEN)
    if link_policy().only_looks(request.headers.get("user-agent", "")):
        return answer
    held = held_by(request, link)
    bound = held if held is not None and held.serial == serial else new_device(link, serial)
    _keep(request, answer, bound)
    return answer


@router.get("/phone/worker.js")
def worker() -> Response:
    """Return the script that opens the pages again without a network."""
    headers = {"cache-control": "no-cache"}
    script = assets.content("web/phone_worker.js")
    return Response(script, media_type="text/javascript; charset=utf-8", headers=headers)


@router.get("/phone/{link}")
def page(linked: ByLink, link: int, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page of a link: its task, or its day."""
    made = phone_page(link, phone_told(linked), holder_edges(), lang=lang)
    return HTMLResponse(made.html, headers={**_UNSEEN, "cache-control": "private, no-cache"})


def _named(request: Request, token: str) -> tuple[int, int]:
    try:
        return link_of(link_secret(request.app.state.settings), token)
    except LinkClosedError:
        client = request.client.host if request.client else "?"
        request.app.state.pace.demand("wrong", client, link_policy().wrong)
        raise


def _keep(request: Request, answer: Response, bound: Bound) -> None:
    chosen = request.app.state.settings
    secure = is_secure(request) or is_https(chosen.phone_url)
    value = cookie_of(link_secret(chosen), bound)
    # The address with the token, too: opened there again it would else be a device nobody knows.
    for path in (f"/phone/{bound.link}", f"/api/phone/{bound.link}", request.url.path):
        answer.set_cookie(
            cookie_name(bound.link), value, max_age=_DAYS_S, path=path, httponly=True,
            secure=secure, samesite="lax",
        )  # fmt: skip
