"""Failures as answers, in the form of RFC 9457; statuses as `api.statuses` has them."""

from __future__ import annotations

from collections.abc import Sequence
from errno import EDQUOT, ENOSPC
from typing import Final, NamedTuple
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.acting import COOKIE
from api.georeport.refusals import RefusedError, is_open311, refusal
from api.language import language_of
from api.malformed import Fault, faults_in, first_of
from api.statuses import status_of
from api.watching.named import CALL
from geo import errors as e
from maps.phone_page import closed_page
from maps.problem_page import problem_page

PROBLEM_TYPE: Final = "application/problem+json"
# Everything else is a page, for people.
_FOR_PROGRAMS: Final = ("/api/", "/tiles/", "/static/", "/pages/")
# Pages that are opened without an account, and where each begins; '' is nowhere.
_OUTSIDE: Final = {"/report": "/report", "/r/": "/report", "/t/": "", "/day/": "", "/phone/": ""}
# Its address may hold the token of a link: what it asks for next says nothing of it.
_UNSEEN: Final = {"referrer-policy": "no-referrer"}
_SHOWN_PATH: Final = 200  # letters of the address that was asked
_UNREADABLE: Final = 400  # what the framework says of a body that its parser cannot take
_MALFORMED: Final = 422
_UNFORESEEN: Final = (
    "服务器内部出错，已记入日志；什么也没有写入。请告诉管理员出错的时间和地址。",
    "Something failed inside the server; nothing was kept. Tell whoever runs it when and where.",
)
_NOT_READ: Final = (
    "请求的正文无法读取：不是合乎规范的 JSON，或嵌套过深、数字过长。请改正后再发。",
    "The body cannot be read: it is no proper JSON, or nested too deep, or has too long a number.",
)


class Said(NamedTuple):
    """What went wrong: its kind, one sentence in two languages, and what is said of each field."""

    code: str
    zh: str
    en: str
    fields: Sequence[Fault] = ()


def said_of(error: e.JingweiError) -> Said:
    """Return what is said of an error."""
    code = type(error).__name__.removesuffix("Error")
    return Said(code, error.sentence_zh, error.sentence_en, faults_in(error))


def problem_body(status: int, said: Said, instance: str) -> dict[str, object]:
    """Return what a problem document says: its kind in `code`, its sentence in `zh` and `en`.

    `detail` is the Chinese sentence, `instance` the address that was asked; `fields` are those of
    the request that are wrong, each with a sentence.
    """
    code = said.code
    body = {"type": f"/problems/{code}", "title": code, "status": status, "detail": said.zh}
    sentences = {"zh": said.zh, "en": said.en, "fields": list(said.fields)}
    return {**body, "instance": instance, "code": code, **sentences, "request": CALL.get()}


def register(app: FastAPI) -> None:
    """Answer every failure a person can mend, and every malformed request, with a problem.

    A browser that asked for a page gets a page that says the same.
    """
    app.add_exception_handler(e.JingweiError, mendable)
    app.add_exception_handler(RefusedError, _several)
    app.add_exception_handler(HTTPException, _refused_at_once)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(OSError, _no_room)
    app.add_exception_handler(ClientDisconnect, _gone)


def _answer(request: Request, status: int, said: Said) -> Response:
    if is_open311(request):
        return refusal(request, (status, said.zh, said.en))
    if not _wants_page(request):
        told = problem_body(status, said, quote(request.url.path[:_SHOWN_PATH]))
        return JSONResponse(told, status, media_type=PROBLEM_TYPE)
    lang = language_of(request)
    sentence = said.en if lang == "en" else said.zh
    if said.code == "LinkClosed":  # also where phones are too old for other pages
        page = closed_page(f"{status} {said.code}", sentence, lang=lang)
    else:
        page = problem_page(status, said.code, sentence, home=_home(request.url.path), lang=lang)
    return HTMLResponse(page.html, status, headers=_UNSEEN)


def _home(path: str) -> str:
    """Return where a page leads back to: who has no account gets no way into the rest."""
    return next((home for begins, home in _OUTSIDE.items() if path.startswith(begins)), "/")


def _wants_page(request: Request) -> bool:
    asked = request.headers.get("accept", "")
    return "text/html" in asked and not request.url.path.startswith(_FOR_PROGRAMS)


async def _refused_at_once(request: Request, error: Exception) -> Response:
    """Say it without a thread: a server that must stop may have none left, nor wait for one."""
    return _refused(request, error)


def _refused(request: Request, error: Exception) -> Response:
    """Say what the framework refused: an address or a method it does not know."""
    if not isinstance(error, HTTPException):
        raise error
    if isinstance(error.__cause__, e.JingweiError):
        return mendable(request, error.__cause__)
    if error.status_code == _UNREADABLE:
        return _answer(request, _MALFORMED, Said("Unreadable", *_NOT_READ))
    zh = f"服务器不认识这个地址或做法：{request.method} {request.url.path[:80]}。请从首页进入。"
    en = f"Not known here: {request.method} {request.url.path[:80]}. Begin at the first page."
    answer = _answer(request, error.status_code, Said("NotKnown", zh, en))
    answer.headers.update(error.headers or {})
    return answer


def mendable(request: Request, error: Exception) -> Response:
    """Return the answer to a failure that a person can mend."""
    if not isinstance(error, e.JingweiError):
        raise error
    answer = _answer(request, status_of(error), said_of(error))
    if isinstance(error, e.SignInNeededError) and _wants_page(request):
        where = quote(f"{request.url.path}?{request.url.query}".rstrip("?"), safe="")
        return RedirectResponse(f"/sign-in?next={where}", 303)
    if isinstance(error, e.UnknownPersonError):
        answer.delete_cookie(COOKIE)  # or no page would open in that browser again
    if isinstance(error, e.TooOftenError):
        answer.headers["retry-after"] = str(error.values["seconds"])
    return answer


async def _gone(_request: Request, _error: Exception) -> Response:
    """Answer whoever left before all was sent: phones do, and ask again; nothing has failed."""
    return Response(status_code=_UNREADABLE)


def _no_room(request: Request, error: Exception) -> Response:
    """Say that a disk is full; whatever else the system refuses is a failure of our own."""
    if not isinstance(error, OSError) or error.errno not in (ENOSPC, EDQUOT):
        raise error
    return mendable(request, e.DiskFullError())


def unforeseen(request: Request, _error: Exception) -> Response:
    """Return the answer to a failure of our own, of which nothing is told but that it is one."""
    return _answer(request, 500, Said("Unforeseen", *_UNFORESEEN))


def _several(request: Request, error: Exception) -> Response:
    if not isinstance(error, RefusedError):
        raise error
    said = ((status_of(fault), fault.sentence_zh, fault.sentence_en) for fault in error.faults)
    return refusal(request, *said)


def _malformed(request: Request, error: Exception) -> Response:
    """Say which field is wrong and why; the value itself is not repeated."""
    if not isinstance(error, RequestValidationError):
        raise error
    zh, en, fields = first_of(error.errors())
    said = Said("Malformed", f"请求有误：{zh}。", f"The request is malformed: {en}.", fields)
    return _answer(request, _MALFORMED, said)
