"""Who may come in by Open311, and as whom they act: nobody's rights but what is everybody's.

Readers and reporters act as one system person without a single duty: row-level security then gives
it the public view and the issues it handed in itself, and nothing else.
"""

from __future__ import annotations

import hmac
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from api.acting import is_local
from api.settings import Door
from geo.errors import ApiKeyError, DoorClosedError, MissingError, NobodyActsError

PERSON: Final = "open311"
_NO_KEY: Final = (
    "从本机以外报事需要 api_key：请由管理员在 JINGWEI_OPEN311_KEYS 里设置。",
    "Whoever reports from elsewhere needs one: set JINGWEI_OPEN311_KEYS.",
)
_ASK: Final = ("请向服务方索取（见 discovery 的 key_service）。", "Ask for one: see key_service.")


def door_of(request: Request) -> Door:
    """Return the door a request came to, if it is open to whoever sent it.

    Raises
    ------
    DoorClosedError, NobodyActsError
        When it is shut, or open to this machine alone.
    """
    door: Door = request.app.state.door
    if door.opening == "off":
        raise DoorClosedError
    if door.opening == "local" and not is_local(request):
        raise NobodyActsError(client=request.client.host if request.client else "?")
    return door


def demand_key(request: Request, door: Door, key: str) -> None:
    """Refuse a report without a known key, where one is needed.

    Raises
    ------
    ApiKeyError
        What to do about it.
    """
    if not door.keys:
        if is_local(request) and not _is_foreign(request):
            return
        raise ApiKeyError(how_zh=_NO_KEY[0], how=_NO_KEY[1])
    told = key.encode("utf-8", "surrogatepass")
    if not any(hmac.compare_digest(known.encode(), told) for known in door.keys):
        raise ApiKeyError(how_zh=_ASK[0], how=_ASK[1])


def demand_jurisdiction(door: Door, told: str) -> None:
    """Refuse a jurisdiction that is not the one served; none named, or none set, is fine.

    Raises
    ------
    MissingError
        When it is another.
    """
    if door.jurisdiction and told and told != door.jurisdiction:
        raise MissingError(noun="jurisdiction_id", noun_zh="辖区", key=told[:80])


def _is_foreign(request: Request) -> bool:
    """Tell whether a page of another site sends this: a browser names the site it came from."""
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")
