"""What a browser may load and do, set on every answer; and how much may be sent."""

from __future__ import annotations

from asyncio import CancelledError, Task, current_task
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final, TypeAlias

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.late import Late
from api.limits import BodyLimits, megabytes
from api.problems import mendable, unforeseen
from api.settings import is_https
from geo.errors import BodyTooLargeError, StoppingError
from maps.offline import POLICY

# What says nothing else is for whoever asked, and asked for again: one browser serves several.
_KEPT: Final = (b"cache-control", b"private, no-cache")
HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(self), camera=(), microphone=(), payment=(), usb=()"),
)
# Where people come by https, their browsers never try without it for a year.
_BY_HTTPS: Final = (b"strict-transport-security", b"max-age=31536000")

UNAVAILABLE: Final = 503
_AGAIN: Final = (b"retry-after", b"5")  # s: a database that was restarted is back by then
_FILES: Final = "/static/"  # nobody's, and known by their names
BODY_TOO_LARGE: Final = 413
_PATHS_KEPT: Final = 1_000


Incoming: TypeAlias = set[Task[Any]]  # who waits for more of a body


class SecurityHeaders:
    """An ASGI layer that adds the headers to every answer, and to 503 when to ask again.

    `by_https`: people reach the server by https.
    """

    def __init__(self, app: ASGIApp, *, by_https: bool = False) -> None:
        self.app = app
        self.headers = (*HEADERS, _BY_HTTPS) if by_https else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, with the headers added to the start of the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = [*message.get("headers", ())]
                kept = any(name == _KEPT[0] for name, _ in told) or scope["path"].startswith(_FILES)
                stricter = {name for name, _ in told}
                away = [_AGAIN] if message["status"] == UNAVAILABLE else []
                ours = (header for header in (*self.headers, *away) if header[0] not in stricter)
                message["headers"] = [*told, *ours, *([] if kept else [_KEPT])]
            await send(message)

        await self.app(scope, receive, send_with_headers)


def unforeseen_kept_close(request: Request, error: Exception) -> Response:
    """Return the answer to a failure of our own; no layer is left then to add the headers."""
    answer = unforeseen(request, error)
    away = [_BY_HTTPS] if is_https(request.app.state.settings.url) else []
    for name, value in (*HEADERS, _KEPT, *away):  # of a page by a link some are stricter
        answer.headers.setdefault(name.decode(), value.decode())
    return answer


class BodyLimit:
    """An ASGI layer that refuses bodies larger than they may be, before they are in memory.

    A length that is declared is refused unread; what comes in pieces is counted as it is read.
    What still comes in when the server must stop is answered 503 with a sentence; so is what is
    not finished by then (`api.late`).
    Starlette's own layer does the same, but answers in plain text whatever the handlers say.
    """

    def __init__(
        self,
        app: ASGIApp,
        limits: BodyLimits,
        incoming: Incoming | None = None,
        late: Late | None = None,
    ) -> None:
        self.incoming: Incoming = set() if incoming is None else incoming
        self.late = late or Late()
        self.app, self.most_of = app, lru_cache(_PATHS_KEPT)(limits.of)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on with its body counted, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self.most_of(scope["path"])
        if _declared(scope) > most:
            await mendable(Request(scope), _too_large(most))(scope, receive, send)
            return
        size, more = 0, True

        async def counted() -> Message:
            nonlocal size, more
            try:
                with self._coming_in(more):
                    message = await receive()
            except CancelledError:
                if not more:
                    raise
                # What is still coming in when a server must stop is told so, as above.
                raise HTTPException(UNAVAILABLE) from StoppingError()
            more = message.get("more_body", False)
            size += len(message.get("body", b""))
            if size > most:
                # The one kind that passes through every reader of bodies as it is.
                raise HTTPException(BODY_TOO_LARGE) from _too_large(most)
            return message

        with self.late.kept(scope, receive, send) as answer:
            await self.app(scope, counted, answer)

    @contextmanager
    def _coming_in(self, more: bool) -> Iterator[None]:  # noqa: FBT001 a state, no option
        """Keep whoever waits for more of a body among those to be told when the server stops."""
        task = current_task()
        if task is None or not more:
            yield
            return
        self.incoming.add(task)
        try:
            yield
        finally:
            self.incoming.discard(task)


def _too_large(most: int) -> BodyTooLargeError:
    return BodyTooLargeError(most=megabytes(most))


def _declared(scope: Scope) -> int:
    """Return the length that a request declares; 0 where it declares none."""
    said = Headers(scope=scope).get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() else 0
