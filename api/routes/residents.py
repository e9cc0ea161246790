"""The page where residents report, and where they follow what became of it: no account, no script.

A report is followed by its number and its word, or by its link; a browser that opened it keeps it
in a cookie of its own. Everything after that is done as a person who sees that one report alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from api.acting import demand_our_page
from api.at_hand import KnownAddresses, Receiving, ReporterKey
from api.language import Language
from api.links.ground import ground_told
from api.problems import PROBLEM_TYPE, problem_body, said_of
from api.residents.door import READER, Own, Visit, Visitor, follow, told_number
from api.residents.handing_in import (
    FIELDS,
    Handed,
    Sent,
    fault_told,
    handed,
    is_key,
    sent_form,
)
from api.residents.policy import resident_policy
from api.residents.told import places_told, report_told, service_names, services_by_group
from api.residents.words import number_in, number_of, token_of, word_of
from api.settings import photo_folder
from api.statuses import status_of
from geo.errors import (
    BadFieldError,
    ConflictError,
    JingweiError,
    MissingError,
    ReportUnknownError,
    TooOftenError,
)
from geo.store.database import transaction
from geo.store.locating import located
from geo.store.working.photos import add_photo
from geo.store.working.residents import (
    answer_call_back,
    reopen_report,
    resident,
    where_to_begin,
)
from maps.offline import Page
from maps.resident_page import Entered, mine_page, resident_page
from maps.words import Lang

_OURS: Final = [Depends(demand_our_page)]
router = APIRouter(include_in_schema=False, dependencies=_OURS)
data = APIRouter(prefix="/api/report", tags=["residents"], dependencies=_OURS)

_MINE: Final = "/report/mine"
_UNSEEN: Final = {"referrer-policy": "no-referrer", "cache-control": "no-store"}
_BYTES: Final = 18  # of a form's key
_TEXTS: Final = {name: {"type": "string"} for name in FIELDS}
_PHOTOS: Final = {"type": "array", "items": {"type": "string", "format": "binary"}}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {**_TEXTS, "photo": _PHOTOS},
                    "required": ["key", "text"],
                }
            }
        },
    }
}
Degrees = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)]
Answer = Annotated[bool, Form()]


@router.get("/report")
def begin(request: Request, visitor: Visit, lang: Language = "zh-CN") -> HTMLResponse:
    """Return the page where something is reported or followed."""
    assert visitor  # noqa: S101 the door is open
    return _form(request, Entered(key=secrets.token_urlsafe(_BYTES)), lang=lang)


@data.post("", response_class=HTMLResponse, openapi_extra=_BODY)
async def report(
    request: Request,
    visitor: Visit,
    reception: Receiving,
    reporter: ReporterKey,
    lang: Language = "zh-CN",
) -> Response:
    """Take a report in, once under the `key` of its form; say what is wrong with it, all at once.

    Whoever reported follows it from then on: the answer leads there, and says so in a cookie.
    """
    try:
        await run_in_threadpool(_demand_few, visitor)
    except TooOftenError as late:
        if not _is_of_a_form(request):
            raise
        typed = await sent_form(request)  # what was typed stays where there is no script to keep it
        return await run_in_threadpool(_refused, request, typed, [late], lang)
    sent = await sent_form(request)
    key = sent.fields["key"]
    if not is_key(key):
        fault = BadFieldError(field="key", reason_zh="请重新打开本页", reason="open the page anew")
        return await run_in_threadpool(_refused, request, sent, [fault], lang)
    number = number_of(visitor.secret, key)
    made = await run_in_threadpool(
        handed, sent, number, offered=lambda: _offered(request), reporter=reporter
    )
    if not isinstance(made, Handed):
        return await run_in_threadpool(_refused, request, sent, made, lang)
    try:
        taken = await reception.take_in(resident(number), made.issue)
    except ConflictError as error:
        return await run_in_threadpool(_refused, request, sent, [error], lang)
    await run_in_threadpool(_keep_beside, request, taken.receipt.id, made)
    return _followed(request, visitor, number, lang)


def _is_of_a_form(request: Request) -> bool:
    asked = request.headers.get("accept", "")
    return "text/html" in asked and "application/json" not in asked


def _demand_few(visitor: Visitor) -> None:
    policy = resident_policy()
    visitor.demand("report", policy.reports)
    visitor.demand("report", policy.reports_of_all, of_all=True)


@router.post("/report/follow")
def followed(
    request: Request,
    visitor: Visit,
    number: Annotated[str, Form(max_length=64)] = "",
    word: Annotated[str, Form(max_length=64)] = "",
    lang: Language = "zh-CN",
) -> Response:
    """Open a report by its number and its word; say beside them where they do not match."""
    try:
        whose = told_number(visitor, number, word)
    except ReportUnknownError as fault:
        if "text/html" not in request.headers.get("accept", ""):
            raise  # to a program as a problem
        said = fault.sentence_en if lang == "en" else fault.sentence_zh
        key = secrets.token_urlsafe(_BYTES)
        again = Entered(key=key, values={"number": number}, unknown=said)
        return _form(request, again, lang=lang, status=status_of(fault))
    return _followed(request, visitor, whose, lang)


@router.get("/r/{token}")
def opened(request: Request, visitor: Visit, token: str, lang: Language = "zh-CN") -> Response:
    """Open a report by its link; the address that follows no longer says which it is."""
    return _followed(request, visitor, number_in(visitor.secret, token), lang)


@router.get(_MINE)
def mine(
    request: Request,
    visitor: Visit,
    own: Own,
    lang: Language = "zh-CN",
    *,
    unkept: Annotated[bool, Query(description="An answer was not kept")] = False,
) -> HTMLResponse:
    """Return how far the report is that this browser follows."""
    with transaction(request.app.state.store.app, resident(own)) as conn:
        told = report_told(conn)
    if told is None:
        raise MissingError(noun="report", noun_zh="上报", key=own)
    root = request.app.state.settings.phone_url.rstrip("/") or str(request.base_url).rstrip("/")
    link = f"{root}/r/{token_of(visitor.secret, own)}"
    shown = {**told, "word": word_of(visitor.secret, own), "link": link, "unkept": unkept}
    return _page(mine_page(shown, lang=lang))


@router.post(f"{_MINE}/answer")
def answered(
    request: Request,
    visitor: Visit,
    own: Own,
    *,
    solved: Answer,
    satisfied: Answer,
    words: Annotated[str, Form(max_length=2000)] = "",
    lang: Language = "zh-CN",
) -> Response:
    """Keep what the reporter says of the result: whether it is solved, whether that will do.

    It is said once: something else said later, on another device, is told not to be kept.
    """
    visitor.demand("report", resident_policy().reports)
    plain = words.replace("\0", "").strip()
    with transaction(request.app.state.store.app, resident(own)) as conn:
        kept = answer_call_back(conn, solved=solved, satisfied=satisfied, words=plain)
        stands = report_told(conn) or {}
    same = kept or (stands.get("solved"), stands.get("satisfied")) == (solved, satisfied)
    return RedirectResponse(_to(_MINE, lang, unkept=not same), 303, headers=_UNSEEN)


@router.post(f"{_MINE}/reopen")
def reopened(
    request: Request,
    visitor: Visit,
    own: Own,
    words: Annotated[str, Form(max_length=2000)] = "",
    lang: Language = "zh-CN",
) -> Response:
    """Send a closed report to work again, for a reporter who is not content and says why."""
    visitor.demand("report", resident_policy().reports)
    days, plain = resident_policy().reopen_days, words.replace("\0", "").strip()
    with transaction(request.app.state.store.owner, resident(own)) as conn:
        reopen_report(conn, plain, datetime.now(UTC), days=days)
    return RedirectResponse(_to(_MINE, lang), 303, headers=_UNSEEN)


@data.get("/places")
def places(
    request: Request,
    visitor: Visit,
    known: KnownAddresses,
    q: Annotated[str, Query(max_length=200, examples=["解放路 12 号"])] = "",
) -> list[dict[str, Any]]:
    """Return places that an address may name, best first, for a resident to choose from."""
    assert visitor  # noqa: S101 the door is open
    with transaction(request.app.state.store.app, READER) as conn:
        return places_told(conn, known, q.replace("\0", ""))


@data.get("/ground")
def ground(request: Request, visitor: Visit, lon: Degrees, lat: Degrees) -> dict[str, Any] | None:
    """Return the land around a place (WGS 84) with the borders in force, as phones draw it."""
    assert visitor  # noqa: S101 the door is open
    with transaction(request.app.state.store.app, READER) as conn:
        return ground_told(conn, located(conn, lon, lat).grid, lon, lat)


def _offered(request: Request) -> Mapping[str, str]:
    with transaction(request.app.state.store.app, READER) as conn:
        return service_names(conn)


def _keep_beside(request: Request, issue: int, made: Handed) -> None:
    """Keep the photos of a report, and how its reporter is reached where the city keeps that."""
    folder, contacts = photo_folder(request.app.state.settings), request.app.state.contacts
    with transaction(request.app.state.store.app, resident(made.issue.reference)) as conn:
        for photo in made.photos:
            add_photo(conn, folder, issue, photo, "before")
        contacts.keep_in(conn, issue, made.contact, made.issue.reporter)


def _form(request: Request, entered: Entered, *, lang: Lang, status: int = 200) -> HTMLResponse:
    with transaction(request.app.state.store.app, READER) as conn:
        groups, at = services_by_group(conn), where_to_begin(conn)
    made = resident_page(entered, groups, at, most=vars(resident_policy()), lang=lang)
    return _page(made, status)


def _refused(request: Request, sent: Sent, faults: Sequence[JingweiError], lang: Lang) -> Response:
    """Return what is wrong with a form: to a program as a problem, else the page as filled in."""
    status = max(status_of(fault) for fault in faults)
    if "application/json" in request.headers.get("accept", ""):
        body = problem_body(status, said_of(faults[0]), request.url.path)
        return JSONResponse(body, status, media_type=PROBLEM_TYPE)
    said = tuple(fault_told(fault, lang) for fault in faults)
    key = sent.fields["key"] if is_key(sent.fields["key"]) else secrets.token_urlsafe(_BYTES)
    held = {name: sent.fields[name] for name in FIELDS if name != "key"}
    return _form(request, Entered(key=key, values=held, faults=said), lang=lang, status=status)


def _followed(request: Request, visitor: Visitor, number: str, lang: Lang) -> Response:
    answer = RedirectResponse(_to(_MINE, lang), 303, headers=_UNSEEN)
    follow(request, visitor, answer, number)
    return answer


def _to(path: str, lang: Lang, *, unkept: bool = False) -> str:
    asked = [*(["lang=en"] if lang == "en" else []), *(["unkept=true"] if unkept else [])]
    return f"{path}?{'&'.join(asked)}" if asked else path


def _page(made: Page, status: int = 200) -> HTMLResponse:
    """Return a page; no link stands in its address, and without a referrer a form has no origin."""
    return HTMLResponse(made.html, status, headers={"cache-control": "no-store"})
