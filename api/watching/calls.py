"""Each request watched from outside: named, measured, written down. It changes nothing of it."""

from __future__ import annotations

from time import perf_counter, time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.watching.journal import Journal, Line
from api.watching.measures import Asked, Measures
from api.watching.named import ACTOR, CALL, HEADER, name_of

_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_INTAKE: Final = "/api/issues"  # answered by its door, before a route is looked for
_TILES: Final = "/tiles/{layer}/{z}/{x}/{y}.mvt"  # the same
_TILE_SENT: Final = (_TILES, "GET", 200)
_MOUNTED: Final = ("/static", "/sign-in/city")
_ENDLESS: Final = "/api/events/stream"
_OTHER: Final = "other"


class Watch:
    """Watches the requests of one application; without a journal nothing is written down."""

    def __init__(self, journal: Journal | None = None) -> None:
        self.journal, self.measures = journal, Measures()

    async def call(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Let an application answer a request, and tell of it."""
        began, named, status = perf_counter(), name_of(scope), 0
        header = (HEADER, named.encode())
        CALL.set(named)  # each request has a context of its own; the server logs in it afterwards

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        try:
            await app(scope, receive, sending)
        finally:
            self._tell(scope, named, status, perf_counter() - began)

    def tile_sent(self, named: str, actor: str, seconds: float) -> None:
        """Tell of a tile that was at hand, sent before an application saw the request."""
        self.measures.count(_TILE_SENT, seconds)
        self._write(_TILE_SENT, seconds, named, actor)

    def _tell(self, scope: Scope, named: str, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else _OTHER
        route = route_of(scope)
        counted = 0.0 if route == _ENDLESS else seconds
        self.measures.count((route, method, status), counted)
        self._write((route, method, status), seconds, named, scope.get(ACTOR, ""))

    def _write(self, asked: Asked, seconds: float, named: str, actor: str) -> None:
        if self.journal is not None:
            route, method, status = asked
            line = Line(time(), named, method, route, status, round(seconds * 1000, 1), actor)
            self.journal.add(line)


def route_of(scope: Scope) -> str:
    """Return the template of the route that answered a request; its address is never told.

    >>> route_of({"path": "/t/secret"}), route_of({"path": "/tiles/grids/9/1/2.mvt"})
    ('other', '/tiles/{layer}/{z}/{x}/{y}.mvt')
    """
    found = scope.get("fastapi", {}).get("effective_route_context")
    if found is not None:
        return str(found.path)
    path: str = scope["path"]
    if path == _INTAKE:
        return _INTAKE
    if path.startswith("/tiles/"):
        return _TILES
    return next((root for root in _MOUNTED if path.startswith(root)), _OTHER)
