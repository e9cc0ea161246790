"""A plain intake takes a short way, and is answered there as the long way would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

from api.app import create_app
from geo.store.database import Store
from tests.plugins.database import Databases
from tests.store.test_intake_http import HERE, housed, sent


@pytest.fixture(scope="module")
def store(databases: Databases, toy_database: str) -> Iterator[Store]:
    """The toy city with some houses, for this module."""
    with housed(databases, toy_database) as made:
        yield made


@pytest.fixture(scope="module")
def client(store: Store) -> Iterator[TestClient]:
    app = create_app(store, person="dispatcher", reporter_secret=b"tests")
    with TestClient(app, client=HERE) as client:
        yield client


ASKED = {"source": "web", "text": "路灯不亮", "service": "lamp", "lon": 117.1, "lat": 36.6,
         "datum": "wgs84"}  # fmt: skip
ODD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("a field too many", {"json": {**ASKED, "colour": "red"}}),
    ("a word for a number", {"json": {**ASKED, "lon": "117"}}),
    ("no number at all", {"content": b'{"lon": NaN, "lat": 36.6, "datum": "wgs84"}'}),
    ("no datum", {"json": {**ASKED, "datum": None}}),
    ("an unknown source", {"json": {**ASKED, "source": "?"}}),
    ("half a letter", {"content": json.dumps({**ASKED, "text": "\ud83d"}).encode()}),
    ("a list", {"json": [ASKED]}),
    ("nothing", {"content": b""}),
    ("no JSON", {"content": b"source=web"}),
    ("nested too deep", {"content": b"[" * 100_000}),
    ("other letters", {"content": json.dumps(ASKED, ensure_ascii=False).encode("gb18030")}),
    ("UTF-16", {"content": json.dumps(ASKED).encode("utf-16")}),
    ("another type", {"json": ASKED, "headers": {"content-type": "text/plain"}}),
    ("of a proxy", {"json": ASKED, "headers": {"x-forwarded-for": "10.0.0.1"}}),
    ("by nobody", {"json": ASKED, "headers": {"cookie": "jingwei_person=nobody"}}),
    ("to another server", {"json": ASKED, "headers": {"host": "evil.example"}}),
    ("with letters", {"json": {**ASKED, "text": "\t<b>'\";--\u202e𠮷", "accuracy_m": 5}}),
    ("of a caller", {"json": {**ASKED, "contact": "13805310000"}}),
    ("elsewhere", {"json": {**ASKED, "lon": 0, "lat": -0.0}}),
    ("by its address", {"json": {"source": "web", "address": "青石巷5号富强悦府三号楼"}}),
)


@pytest.mark.parametrize(("how", "asked"), ODD, ids=[how for how, _ in ODD])
def test_the_short_way_answers_as_the_long_way_does(
    client: TestClient, how: str, asked: dict[str, Any]
) -> None:
    told = []
    for way in ("", "?nearby=false"):
        body = asked.get("json")
        named = {"json": body | {"reference": f"{how}{way}"}} if isinstance(body, dict) else {}
        headers = {"content-type": "application/json", **asked.get("headers", {})}
        answer = client.post(f"/api/issues{way}", **{**asked, **named, "headers": headers})
        said = _without_its_own(answer)
        told.append((answer.status_code, said, sorted({*answer.headers} - {"content-length"})))
    assert told[0] == told[1]


def test_plain_intakes_pass_routes_by_and_what_is_not_plain_goes_on_as_it_came(
    store: Store,
) -> None:
    app = create_app(store, person="dispatcher")
    app.router.routes.clear()
    heard: list[bytes] = []

    @app.post("/api/issues")
    async def _(request: Request) -> None:
        heard.append(await request.body())

    with TestClient(app, client=HERE) as client:
        assert sent(client, "short", **ASKED | {"source": "web"}).status_code == 201
        assert heard == []
        assert sent(client, "long", colour="red").status_code == 200
        parts = client.post("/api/issues", content=iter([b"[1,", b"2]"]))  # of no declared length
    assert parts.status_code == 200
    assert [json.loads(body) for body in heard] == [
        {"source": "hotline", "reference": "long", "colour": "red"}, [1, 2],
    ]  # fmt: skip


ITS_OWN = ("id", "received_at", "reporter", "request")


def _without_its_own(answer: Any) -> Any:
    """Return what an answer says but for the number, the moment and the call it is."""
    if answer.headers["content-type"].startswith("text/"):
        return answer.text
    said = answer.json()
    return {name: said[name] for name in said if name not in ITS_OWN}
