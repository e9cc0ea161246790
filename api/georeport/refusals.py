"""Failures in the form of Open311: a list of codes and sentences, and one of three statuses.

The standard knows 404 (not there), 403 (key) and 400 (all else); what is more exact stands in the
code. A wrong method stays 405, and what is our own fault 500 or 503: HTTP has no other words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fastapi import Request, Response

from api.georeport.documents import Tree, form_of, reply
from geo.errors import JingweiError

PREFIX: Final = "/open311/"
_SAID: Final = (403, 404, 405)
_BAD: Final = 400
_OURS: Final = 500
_EXACT: Final = (409, 413)  # said in the code: the same number with other content; too large


class RefusedError(Exception):
    """Several things wrong with one request."""

    def __init__(self, faults: Sequence[JingweiError]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


def is_open311(request: Request) -> bool:
    """Tell whether a request came to this door."""
    return f"{request.url.path}/".startswith(PREFIX)


def refusal(request: Request, *said: tuple[int, str, str]) -> Response:
    """Return an answer that says what went wrong: status, Chinese, English, once or more."""
    errors: list[Tree] = [
        {"code": status if status in _EXACT else _status(status), "description": f"{zh} {en}"}
        for status, zh, en in said
    ]
    return reply(form_of(request), "errors", errors, _status(said[0][0]))


def _status(status: int) -> int:
    return status if status in _SAID or status >= _OURS else _BAD
