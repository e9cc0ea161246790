"""Kept tiles are answered where a request is read, to those alone who may still see them."""

from __future__ import annotations

import gzip
import re
import socket
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from api.app import create_app
from api.clock import draw_anew
from api.settings import Settings
from api.signing_in.opening import opened_account
from geo.errors import DatabaseAwayError
from geo.store.database import Store, transaction
from tests.serving import served
from tests.store.phone import Server
from tests.store.test_tiles import over

OWN: Final = (b"x-request-id", b"date")  # of each answer, of each second


class Told(NamedTuple):
    """An answer as it came."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes


@pytest.fixture(scope="module")
def server(
    databases: Any, toy_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    name, store = databases.make(toy_database)
    draw_anew(store)
    app = create_app(store, person="dispatcher", chosen=Settings(tmp_path_factory.mktemp("p")))
    with served(app) as root:
        answers(root, said(path_of(store, 8)))  # from then on it knows which edition is sent
        yield Server(root, store, app)
    store.close()
    databases.drop(name)


@pytest.fixture
def seen(server: Server, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the application was asked."""
    return watched(server.app, monkeypatch)


def watched(app: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    call = app.watch.call

    async def noting(answer: Any, scope: Any, *more: Any) -> None:
        found.append(f"{scope['method']} {scope['path']}")
        await call(answer, scope, *more)

    monkeypatch.setattr(app.watch, "call", noting)
    return found


def counted(root: str) -> float:
    """How many tiles the figures tell of."""
    (figures,) = answers(root, said("/metrics"))
    told = re.search(
        rb'requests_total.*route="/tiles/.layer.*mvt",status="200"} ([0-9.]+)', figures.body
    )
    return float(told[1]) if told else 0.0


def path_of(store: Store, zoom: int = 12) -> str:
    with transaction(store.owner, "tests") as conn:
        asked = "select ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) from (select ST_Extent("
        bounds = conn.execute(text(asked + "geom) as b from area where valid_to is null) as e"))
        (address, *_) = over(bounds.one(), zoom)
    return "/tiles/grids/{}/{}/{}.mvt?v=1".format(*address)


def said(path: str, *headers: str, method: str = "GET", version: str = "1.1") -> bytes:
    head = (f"{method} {path} HTTP/{version}", "host: 127.0.0.1", *headers, "", "")
    return "\r\n".join(head).encode()


def answers(root: str, *asked: bytes, at_once: bool = False) -> list[Told]:
    """Return the answers to requests over one connection, each after the one before or at once."""
    with socket.create_connection((urlsplit(root).hostname, urlsplit(root).port), 20) as line:
        file = line.makefile("rb")
        if at_once:
            line.sendall(b"".join(asked))
        found = []
        for one in asked:
            if not at_once:
                line.sendall(one)
            found.append(read(file, empty=one.startswith(b"HEAD")))
        return found


def read(file: Any, *, empty: bool) -> Told:
    status = int(file.readline().split()[1])
    headers = {}
    while line := file.readline().strip():
        name, _, value = line.partition(b": ")
        headers[name] = value
    length = 0 if empty or status == 304 else int(headers[b"content-length"])
    return Told(status, headers, file.read(length))


def test_a_tile_at_hand_is_answered_before_an_application_sees_it(
    server: Server, seen: list[str]
) -> None:
    asked, before = said(path_of(server.store), "accept: kept"), counted(server.root)
    made, *kept = answers(server.root, *[asked] * 4)
    assert len(seen) == 2, "the figures, and the first of four"
    assert made.status == 200
    for told in kept:
        assert (told.status, told.body) == (made.status, made.body)
        assert {n: v for n, v in told.headers.items() if n not in OWN} == {
            n: v for n, v in made.headers.items() if n not in OWN
        }
    assert made.headers[b"x-content-type-options"] == b"nosniff"
    assert len({told.headers[b"x-request-id"] for told in (made, *kept)}) == 4
    packed = said(path_of(server.store), "accept-encoding: gzip")
    first, second = answers(server.root, packed, packed)
    assert first.headers[b"content-encoding"] == second.headers[b"content-encoding"] == b"gzip"
    assert first.body == second.body != made.body
    assert len(seen) == 3
    assert counted(server.root) == before + 6


def test_a_tile_not_at_hand_is_made_before_an_application_sees_it(
    server: Server, seen: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *more = (said(path_of(server.store, zoom), "accept: made") for zoom in (9, 14, 15))
    answers(server.root, first)  # from then on it is known who asks so
    told = answers(server.root, *more, *more, at_once=True)
    assert [each.status for each in told] == [200] * 4
    assert len(seen) == 1 + 3, "of several at once all but the first wait for their turn"
    for one in range(2):
        assert told[one].body == told[one + 2].body
        assert told[one].headers.keys() == told[one + 2].headers.keys()
    shelf = server.app.state.shelf
    monkeypatch.setattr(shelf, "get", lambda _: None)
    asked = [said(path_of(server.store, zoom), "accept: made") for zoom in (14, 15)]
    seen.clear()
    assert [each.body for each in answers(server.root, *asked)] == [each.body for each in told[:2]]
    assert seen == []
    packed = said(path_of(server.store, 14), "accept: made", "accept-encoding: gzip")
    monkeypatch.setattr("api.tile_shelf._PACKED_AT_ONCE", 0)
    small = [gzip.decompress(each.body) for each in answers(server.root, packed, packed)]
    assert small == [told[0].body] * 2
    assert len(seen) == 1

    async def away(*_: object) -> None:
        raise DatabaseAwayError(reason="a test")

    monkeypatch.setattr(shelf, "made", away)
    (told_so,) = answers(server.root, asked[0])
    assert (told_so.status, told_so.body) == (200, told[0].body), "by the application"
    assert len(seen) == 2


def test_answers_come_in_the_order_of_their_requests(server: Server, seen: list[str]) -> None:
    near, far = (said(path_of(server.store, zoom)) for zoom in (13, 11))
    one, other = (answers(server.root, each, each)[1] for each in (near, far))
    assert one.body != other.body
    asked = (near, said("/nowhere"), far, near, said("/nowhere"), far, far)
    told = answers(server.root, *asked, at_once=True)
    bodies = [each.body if each.status == 200 else each.status for each in told]
    assert bodies == [one.body, 404, other.body, one.body, 404, other.body, other.body]
    assert len(seen) < 2 + len(asked), "the first, at least, is sent before the next is read"


def test_what_is_not_plain_is_left_to_the_application(server: Server, seen: list[str]) -> None:
    path = path_of(server.store, 10)
    made, kept = answers(server.root, said(path), said(path))
    seen.clear()
    etag = kept.headers[b"etag"].decode()
    odd = {
        said(path, method="HEAD"): 200,
        said(path, f"if-none-match: {etag}"): 304,
        said(path, "connection: close"): 200,
        said(path, version="1.0"): 200,
        said(path, "x-forwarded-for: 10.0.0.8"): 403,
        said(path, method="POST"): 405,
        said(path).replace(b"127.0.0.1", b"evil.example"): 400,
    }
    for asked, status in odd.items():
        for _ in range(2):
            before = len(seen)
            (told,) = answers(server.root, asked)
            assert told.status == status, asked
            assert len(seen) == before + 1, asked
    (whole,) = answers(server.root, said(path, "content-length: 3") + b"abc")
    assert whole.body == made.body


def test_what_was_let_in_is_asked_again_in_time(
    server: Server, seen: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.tile_door._REMEMBERED_S", -1.0)
    answers(server.root, *[said(path_of(server.store), "cookie: jingwei_person=planner")] * 3)
    assert len(seen) == 3


def test_a_session_that_ended_here_opens_no_tile_at_hand(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    app = create_app(server.store, person="planner", chosen=Settings(tmp_path))
    seen = watched(app, monkeypatch)
    with transaction(server.store.owner, "tests") as conn:
        opened_account(conn, "planner")
    entrance = app.state.entrance
    with served(app) as root:
        token = entrance.begin("planner", "password").token
        cookie = f"cookie: {entrance.cookie(secure=False)}={token}"
        asked = said(path_of(server.store), cookie)
        told = answers(root, said(path_of(server.store, 8), cookie), *[asked] * 3)
        assert [each.status for each in told] == [200] * 4
        assert len(seen) == 2
        entrance.end(token)
        assert [told.status for told in answers(root, asked)] == [401]
    with server.store.owner.begin() as conn:
        conn.execute(text("truncate account cascade"))


def test_an_address_that_is_none_is_a_problem(server: Server) -> None:
    wrong = {
        "/tiles/grids/17/-1/0.mvt": 404,
        "/tiles/grids/23/0/0.mvt": 404,
        "/tiles/grids/2/4/0.mvt": 404,
        f"/tiles/grids/2/{10**40}/0.mvt": 404,
        "/tiles/grids/2/0/0.mvt?v=9": 404,
        "/tiles/grids/2/0/0.mvt?v=0": 404,
        "/tiles/grids/2/0/0.mvt?v=x": 422,
        "/tiles/grids/2/0/0.mvt?plan=9": 404,
        f"/tiles/grids/2/0/0.mvt?plan={10**30}": 404,
        "/tiles/issues/2/0/0.mvt": 422,
        "/tiles/..%2f..%2fetc/2/0/0.mvt": 404,
        "/tiles/nothing.json": 422,
        "/tiles/style.json?base=red": 422,
        "/tiles/grids/22/0/0.mvt": 200,
    }
    told = answers(server.root, *map(said, wrong))
    assert dict(zip(wrong, (each.status for each in told), strict=True)) == wrong
    for each in told:
        if each.status != 200:
            assert each.headers[b"content-type"] == b"application/problem+json"
