"""What a request is called, in its answer, in the log, and in what people are told of a failure."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from contextvars import ContextVar
from itertools import count
from typing import Any, Final

ACTOR: Final = "jingwei.actor"  # where in the scope of a request stands who acts
HEADER: Final = b"x-request-id"
CALL: Final[ContextVar[str]] = ContextVar("call", default="")
_SANE: Final = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_PROCESS: Final = secrets.token_hex(6)
_NUMBERS: Final = count(1)


def name_of(scope: Mapping[str, Any]) -> str:
    """Return what a request calls itself (`X-Request-ID`), where that is a plain word; else new.

    >>> name_of({"headers": [(b"x-request-id", b"gateway-0001")]})
    'gateway-0001'
    >>> name_of({"headers": [(b"x-request-id", b"<script>")]}) == name_of({"headers": []})
    False
    """
    told = next((value for name, value in scope["headers"] if name == HEADER), b"")
    if told and _SANE.fullmatch(told):
        return str(told, "ascii")
    return new_name()


def new_name() -> str:
    """Return what no request was called before."""
    return f"{_PROCESS}{next(_NUMBERS):08x}"
