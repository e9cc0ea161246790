"""The short way for tiles of an edition: past routes and layers, as quick as the server is.

Who asks is asked as everywhere (`api.acting`), and what was said is remembered for some seconds.
Whatever is not plain, an address that is none, an edition unknown, somebody who may not see it,
takes the long way and is answered there. What was let in and is kept is answered still sooner
(`api.tile_wire`), as long as the very same words are sent and no session has ended here meanwhile.
"""

from __future__ import annotations

import re
from asyncio import to_thread
from collections.abc import Collection
from time import monotonic
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.types import Scope, Send

from api.acting import acting_person
from api.signing_in.entrance import Entrance
from api.tile_shelf import Answer, Kept, TileShelf
from api.watching.named import ACTOR, HEADER
from geo.errors import JingweiError
from geo.store.shown.tiles import NAMES, Address

_TARGET: Final = re.compile(
    f"/tiles/({'|'.join(NAMES)})/([0-9]{{1,2}})/([0-9]{{1,7}})/([0-9]{{1,7}})\\.mvt"
    "\\?v=([1-9][0-9]{0,8})".encode()
)
MOST_ZOOM: Final = 22
_TILES: Final = "/tiles/"
# Where in the scope of a request stands what of it, as it was sent, may say who asks and how.
WORDS: Final = "jingwei.words"
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
# What differs from call to call: those that say it are looked at one by one.
_OWN: Final = frozenset((b"if-none-match", b"expect", b"upgrade", b"transfer-encoding", HEADER))


class Asker(NamedTuple):
    """Who asked in the very same words: who acts, and whether gzip is taken.

    `until` when that holds (seconds), and for which count of changes of the entrance.
    """

    person: str
    until: float
    changes: int
    packed: bool = False


_NOBODY: Final = Asker("", 0.0, 0)


class Wanted(NamedTuple):
    """A tile of an edition that is not kept, and who asked for it."""

    layer: str
    address: Address
    edition: int
    asker: Asker = _NOBODY


class TileDoor:
    """Answers tiles of editions, kept ones at once."""

    def __init__(self, shelf: TileShelf, names: Collection[str], entrance: Entrance) -> None:
        self._shelf, self._entrance = shelf, entrance
        self._names = frozenset(name.encode() for name in names)
        self._let_in: dict[object, Asker] = {}
        self._alike: dict[object, Asker] = {}

    def at_hand(self, target: bytes, words: object) -> tuple[Answer, str] | None:
        """Return a tile that is kept, and who acts: where the same was asked some seconds ago."""
        kept, asker = self._shelf.get(target), self._alike.get(words)
        if kept is None or asker is None or not self._holds(asker):
            return None
        if not kept.is_ready(packed=asker.packed):
            return None
        return (kept.packed_answer if asker.packed else kept.plain_answer), asker.person

    def wanted(self, target: bytes, words: object) -> Wanted | None:
        """Return a tile that is to be made, and for whom, where the same asked some seconds ago."""
        asker = self._alike.get(words)
        if asker is None or not self._holds(asker):
            return None
        plain = self._plain(target)
        return plain and plain._replace(asker=asker)

    async def made_for(self, wanted: Wanted) -> Answer | None:
        """Return the answer to whoever wants a tile; None where the long way says what is wrong."""
        kept = await self._made(wanted)
        return None if kept is None else await _wrapped(kept, packed=wanted.asker.packed)

    async def answers(self, app: object, scope: Scope, send: Send) -> bool:
        """Tell whether a call was one for a tile of an edition, and has been answered."""
        if scope["type"] != "http" or not scope["path"].startswith(_TILES):
            return False
        target = b"%b?%b" % (scope["path"].encode(), scope["query_string"])
        kept = self._shelf.get(target)
        plain = None if kept else self._plain(target)
        if (kept is None and plain is None) or scope["method"] not in ("GET", "HEAD"):
            return False
        who, asked = _sorted(scope)
        asker = self._let_in.get(who, _NOBODY)
        if not self._holds(asker):
            asker = await self._let(scope, app, who)
        if not asker.person:
            return False
        scope[ACTOR] = asker.person
        if WORDS in scope and not any(name in _OWN for name, _ in scope["headers"]):
            _remember(self._alike, scope[WORDS], asker._replace(packed=_packs(asked)))
        if kept is None and plain is not None:
            kept = await self._made(plain)
        if kept is not None:
            await _answer(kept, asked, send, empty=scope["method"] == "HEAD")
        return kept is not None

    def _plain(self, target: bytes) -> Wanted | None:
        """Return the layer, the tile and the edition of an address that is plain."""
        found = _TARGET.fullmatch(target)
        if found is None:
            return None
        z, x, y, edition = map(int, found.groups()[1:])
        if z > MOST_ZOOM or max(x, y) >= 1 << z or not self._shelf.has(edition):
            return None
        return Wanted(found[1].decode(), (z, x, y), edition)

    async def _made(self, wanted: Wanted) -> Kept | None:
        """Return a tile that is made now; None where the long way is to say what is wrong."""
        try:
            return await self._shelf.made(wanted.layer, wanted.address, wanted.edition)
        except JingweiError:
            return None

    def _holds(self, asker: Asker) -> bool:
        return asker.changes == self._entrance.changes and asker.until > monotonic()

    async def _let(self, scope: Scope, app: object, who: object) -> Asker:
        """Return who acts, remembered for a while; nobody: who may not see what is published."""
        changes = self._entrance.changes
        person = await _person({**scope, "app": app}) if self._is_ours(scope) else ""
        if not person:
            return _NOBODY
        asker = Asker(person, monotonic() + _REMEMBERED_S, changes)
        _remember(self._let_in, who, asker)
        return asker

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


def _remember(known: dict[object, Asker], asked: object, asker: Asker) -> None:
    if len(known) >= _MOST_REMEMBERED:
        known.clear()
    known[asked] = asker


async def _person(scope: Scope) -> str:
    """Return who acts; nobody where that is refused."""
    try:
        return await acting_person(Request(scope))
    except JingweiError:
        return ""


def _packs(asked: dict[bytes, bytes]) -> bool:
    return b"gzip" in asked.get(b"accept-encoding", b"")


async def _answer(kept: Kept, asked: dict[bytes, bytes], send: Send, *, empty: bool) -> None:
    headers, _, body = await _wrapped(kept, packed=_packs(asked))
    status = 200
    if asked.get(b"if-none-match") == kept.etag.encode():
        status, empty = 304, True
        headers = [pair for pair in headers if not pair[0].startswith(b"content-")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if empty else body})


async def _wrapped(kept: Kept, *, packed: bool) -> Answer:
    if not kept.is_ready(packed=packed):
        await to_thread(lambda: kept.packed)
    return kept.packed_answer if packed else kept.plain_answer
