"""Failures as answers: one table from error class to HTTP status, in the form of RFC 9457."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from geo import errors

PROBLEM_TYPE: Final = "application/problem+json"

# The nearest class up the family decides; a class with no row of its own is a bad request.
STATUS: Final[dict[type[errors.JingweiError], int]] = {
    errors.JingweiError: 422,
}


def status_of(error: errors.JingweiError) -> int:
    """Return the HTTP status of an error, by its class or the nearest one above it."""
    return next(STATUS[family] for family in type(error).__mro__ if family in STATUS)


def problem(status: int, title: str, zh: str, en: str) -> JSONResponse:
    """Return a problem document: `title` names the kind, `detail` says it in two languages."""
    body = {"type": f"/problems/{title}", "title": title, "status": status, "detail": zh}
    return JSONResponse(body | {"detail_en": en}, status, media_type=PROBLEM_TYPE)


def register(app: FastAPI) -> None:
    """Answer every failure a person can mend, and every malformed request, with a problem."""
    app.add_exception_handler(errors.JingweiError, _mendable)
    app.add_exception_handler(RequestValidationError, _malformed)


def _mendable(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, errors.JingweiError):
        raise error
    title = type(error).__name__.removesuffix("Error")
    return problem(status_of(error), title, error.sentence_zh, error.sentence_en)


def _malformed(_request: Request, error: Exception) -> JSONResponse:
    """Say which field is wrong and why; the value itself is not repeated."""
    if not isinstance(error, RequestValidationError):
        raise error
    fields = "; ".join(f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors())
    zh, en = f"请求有误：{fields}。", f"The request is malformed: {fields}."
    return problem(422, "Malformed", zh, en)
