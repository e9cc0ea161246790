"""The short way for tiles that were sent before: past routes and layers, as quick as the server is.

Who asks is asked as everywhere (`api.acting`), and what was said is remembered for some seconds.
Whatever is not plain, a tile that is not kept, an address that is none, somebody who may not see
it, takes the long way and is answered there.
"""

from __future__ import annotations

from collections.abc import Collection
from time import monotonic
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.acting import acting_person
from api.policy import HEADERS
from api.tile_shelf import Kept, TileShelf
from geo.errors import JingweiError

_TILES: Final = "/tiles/"
# What of a request says who asks, and how the answer is wanted.
_ASKED: Final = frozenset((b"accept-encoding", b"if-none-match"))
_DULL: Final = frozenset(
    name.encode()
    for name in (
        *("user-agent", "accept", "accept-language", "connection", "referer", "origin"),
        *("sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "cache-control", "pragma"),
        *("sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "priority"),
    )
)
_REMEMBERED_S: Final = 5.0
_MOST_REMEMBERED: Final = 1_000


class TileDoor:
    """An ASGI layer that answers tiles that are kept."""

    def __init__(self, app: ASGIApp, shelf: TileShelf, names: Collection[str]) -> None:
        self.app, self.shelf = app, shelf
        self._names = frozenset(name.encode() for name in names)
        self._let_in: dict[object, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a tile that is kept, or pass the call on."""
        kept = self._kept(scope)
        if kept is not None:
            who, asked = _sorted(scope)
            if await self._is_let_in(scope, who):
                await _answer(kept, asked, send, empty=scope["method"] == "HEAD")
                return
        await self.app(scope, receive, send)

    def _kept(self, scope: Scope) -> Kept | None:
        if scope["type"] != "http" or not scope["path"].startswith(_TILES):
            return None
        if scope["method"] not in ("GET", "HEAD"):
            return None
        return self.shelf.get(scope["path"], scope["query_string"])

    async def _is_let_in(self, scope: Scope, who: object) -> bool:
        now = monotonic()
        if self._let_in.get(who, 0.0) > now:
            return True
        if not self._is_ours(scope) or not await _acts(scope):
            return False
        if len(self._let_in) >= _MOST_REMEMBERED:
            self._let_in.clear()
        self._let_in[who] = now + _REMEMBERED_S
        return True

    def _is_ours(self, scope: Scope) -> bool:
        """Tell whether the server was asked by a name of its own."""
        host = next((value for name, value in scope["headers"] if name == b"host"), b"")
        name = host.rpartition(b":")[0] if host[-1:] != b"]" and b":" in host else host
        return name in self._names


def _sorted(scope: Scope) -> tuple[object, dict[bytes, bytes]]:
    """Return what of a request may say who asks, and how the answer is wanted."""
    who, asked = [scope.get("client", ("",))[0]], {}
    for name, value in scope["headers"]:
        if name in _ASKED:
            asked[name] = value
        elif name not in _DULL:
            who.append((name, value))
    return tuple(who), asked


async def _acts(scope: Scope) -> bool:
    try:
        return bool(await acting_person(Request(scope)))
    except JingweiError:
        return False


async def _answer(kept: Kept, asked: dict[bytes, bytes], send: Send, *, empty: bool) -> None:
    packed = b"gzip" in asked.get(b"accept-encoding", b"")
    headers = kept.packed_headers if packed else kept.plain_headers
    body = kept.packed if packed else kept.plain
    status = 200
    if asked.get(b"if-none-match") == kept.etag.encode():
        status, empty = 304, True
        headers = [pair for pair in headers if not pair[0].startswith(b"content-")]
    start = {"type": "http.response.start", "status": status, "headers": [*headers, *HEADERS]}
    await send(start)
    await send({"type": "http.response.body", "body": b"" if empty else body})
