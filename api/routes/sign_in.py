"""Signing in and out: plain forms, a session in the database, a cookie that no script reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.acting import demand_our_page
from api.language import Language
from api.signing_in.answers import led_in, next_of
from api.signing_in.entrance import DEVICE, Entrance, Ticket
from api.statuses import status_of
from api.transactions import Person
from geo.errors import (
    JingweiError,
    NotLetInError,
    RepeatedWrongError,
    TicketError,
    TooOftenError,
    WeakPasswordError,
)
from maps.sign_in_page import sign_in_page
from maps.words import Lang

router = APIRouter(include_in_schema=False, dependencies=[Depends(demand_our_page)])
Told = Annotated[str, Form(max_length=512)]
Optional = Annotated[str, Form(max_length=512)]
_MENDED: Final = (
    NotLetInError, RepeatedWrongError, TicketError, TooOftenError, WeakPasswordError
)  # fmt: skip

# Others sit at the same machine next: what was read is not kept on it.
_FORGETS: Final = {"clear-site-data": '"cache"', "cache-control": "no-store"}


@router.get("/sign-in")
def form(request: Request, next: str = "", lang: Language = "zh-CN") -> HTMLResponse:  # noqa: A002 the word in the address
    """Return the page where somebody signs in."""
    return _page(request, {"next": next_of(next)}, lang)


@router.post("/sign-in")
def sign_in(
    request: Request,
    *,
    name: Told,
    password: Told,
    next: Optional = "",  # noqa: A002 as above
    lang: Language = "zh-CN",
) -> Response:
    """Begin a session; of a one-time password: ask for one of her own first."""
    entrance: Entrance = request.app.state.entrance
    where = next_of(next)
    try:
        found = entrance.sign_in(name, password, _client(request), device=_device(request))
    except _MENDED as error:
        return _page(request, {"next": where, "name": name}, lang, error)
    if isinstance(found, Ticket):
        asked = {"next": where, "ticket": found.signed, "name": found.name}
        return _page(request, asked, lang)
    return led_in(request, found, where)


@router.post("/sign-in/choose")
def choose(
    request: Request,
    *,
    ticket: Told,
    password: Told,
    again: Told,
    next: Optional = "",  # noqa: A002 as above
    lang: Language = "zh-CN",
) -> Response:
    """Keep the password that was chosen in place of a one-time one, and begin a session."""
    entrance: Entrance = request.app.state.entrance
    where = next_of(next)
    try:
        _demand_same(password, again)
        return led_in(request, entrance.choose(ticket, password), where)
    except TicketError as error:
        return _page(request, {"next": where}, lang, error)
    except _MENDED as error:
        return _page(request, {"next": where, "ticket": ticket}, lang, error)


@router.get("/sign-in/password")
def change_form(request: Request, person: Person, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page where somebody who is signed in changes the password."""
    return _page(request, {"next": "/", "change": bool(person)}, lang)


@router.post("/sign-in/password")
def change(
    request: Request,
    *,
    person: Person,
    old: Told,
    password: Told,
    again: Told,
    lang: Language = "zh-CN",
) -> Response:
    """Change the password of who is signed in; every other session of hers ends."""
    entrance: Entrance = request.app.state.entrance
    try:
        _demand_same(password, again)
        return led_in(request, entrance.change(person, old, password, device=_device(request)), "/")
    except _MENDED as error:
        return _page(request, {"next": "/", "change": True}, lang, error)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session of this browser."""
    entrance: Entrance = request.app.state.entrance
    token = entrance.token_of(request)
    if token is not None:
        entrance.end(token)
    answer = RedirectResponse("/sign-in", 303, headers=_FORGETS)
    for secure in (False, True):
        answer.delete_cookie(entrance.cookie(secure=secure), path="/", secure=secure, httponly=True)
    return answer


def _demand_same(password: str, again: str) -> None:
    if password != again:
        raise RepeatedWrongError


def _device(request: Request) -> str:
    return request.cookies.get(DEVICE, "")


def _client(request: Request) -> str:
    return request.client.host if request.client else "?"


def _page(
    request: Request, asked: Mapping[str, object], lang: Lang, error: JingweiError | None = None
) -> HTMLResponse:
    city = request.app.state.settings.city is not None
    fault = {} if error is None else {"fault": _sentence(error, lang)}
    page = sign_in_page({**asked, "city": city, **fault}, lang=lang)
    status = 200 if error is None else status_of(error)
    return HTMLResponse(page.html, status, headers={"cache-control": "no-store"})


def _sentence(error: JingweiError, lang: Lang) -> str:
    return error.sentence_en if lang == "en" else error.sentence_zh
