"""One message posted: signed, to an allowed address, within its time; what the receiver said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from standardwebhooks import Webhook

from api.outgoing.resolving import CheckedResolver
from api.outgoing.targets import Allowed
from geo.errors import HookTargetError
from geo.outbox import Limits, reference_in

_GONE: Final = 410
_BUSY: Final = (429, 503)


@dataclass(frozen=True)
class Answer:
    """What became of a posting: `status` of HTTP, or None and why in `said`.

    `after` is how many seconds the receiver asks for, `away` that it could not be reached.
    """

    ok: bool
    status: int | None = None
    said: str = ""
    reference: str = ""
    after: float | None = None
    away: bool = False
    gone: bool = False


@asynccontextmanager
async def posting_session(may: Allowed, rules: Limits) -> AsyncIterator[ClientSession]:
    """Open what postings share: no cookies, no proxy, no redirects, checked addresses."""
    connector = TCPConnector(resolver=CheckedResolver(may), limit=0, use_dns_cache=False)
    timeout = ClientTimeout(total=rules.post_seconds)
    async with ClientSession(
        connector=connector,
        timeout=timeout,
        cookie_jar=DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
    ) as session:
        yield session


def headers(message_id: str, body: str, secrets: list[str], now: datetime) -> dict[str, str]:
    """Return the headers of Standard Webhooks, signed with each secret.

    Source: https://github.com/standard-webhooks/standard-webhooks, spec, "Webhook headers".
    """
    signed = [
        Webhook(secret).sign(msg_id=message_id, timestamp=now, data=body) for secret in secrets
    ]
    return {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "jingwei",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signed),
    }


async def post(
    session: ClientSession, url: str, body: str, told: dict[str, str], *, read: int = 0
) -> Answer:
    """Return what a receiver answered to a message.

    Parameters
    ----------
    read
        Bytes of the answer that are looked at; nothing by default.
    """
    try:
        async with session.post(
            url, data=body.encode(), headers=told, allow_redirects=False
        ) as answer:
            return await _answered(answer, read)
    except TimeoutError:
        return Answer(ok=False, said="timeout", away=True)
    except (ClientError, OSError, ValueError) as error:
        return Answer(ok=False, said=f"{type(error).__name__}: {error}", away=True)
    except HookTargetError as error:
        return Answer(ok=False, said=error.sentence_en, away=True)


async def _answered(answer: ClientResponse, read: int) -> Answer:
    status = answer.status
    if answer.ok and status < 300:  # noqa: PLR2004 what HTTP calls success
        return Answer(ok=True, status=status, reference=await _reference(answer, read))
    after = seconds_of(answer.headers.get("retry-after"), datetime.now(UTC))
    said = f"HTTP {status}" + (", redirect not followed" if 300 <= status < 400 else "")  # noqa: PLR2004 as above
    busy = status in _BUSY and after is not None
    return Answer(ok=False, status=status, said=said, after=after, away=busy, gone=status == _GONE)


async def _reference(answer: ClientResponse, read: int) -> str:
    """Return the number in an answer that was good; one that never ends has none."""
    if not read:
        return ""
    held = b""
    try:
        while len(held) <= read and (part := await answer.content.read(read + 1 - len(held))):
            held += part
    except (ClientError, TimeoutError, asyncio.IncompleteReadError):
        return ""
    return reference_in(held) if len(held) <= read else ""


def seconds_of(retry_after: str | None, now: datetime) -> float | None:
    """Return the seconds that a `Retry-After` asks for, a number or a date; None: nothing plain.

    >>> seconds_of("120", datetime.now(UTC)), seconds_of("soon", datetime.now(UTC))
    (120.0, None)
    """
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (at.astimezone(UTC) - now).total_seconds())
