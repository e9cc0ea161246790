"""The ends of the calendar and of numbers, asked of whatever takes a date, a moment or a number.

An ordinary run asks what once was a fault of the server; `make fuzz` asks every parameter and every
field of a body, by the API's own description: random questions seldom meet an end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from tests.deep import DEEP
from tests.plugins.database import Databases
from tests.store import matrix
from tests.store.matrix import HOLDER, Ground, session

FAR: Final = 10**24
KEPT: Final = {"reason": "为回电核实"}
SAID: Final = {"source": "web", "reference": "far", "text": "路灯不亮"}
ONCE_A_FAULT: Final = [
    ("GET", "/api/board?since=0001-01-01T00:00:00%2B14:00", None, 422),
    ("GET", "/api/board/spots?since=0001-04-01T01:00:00Z&until=2000-01-01T00:00:00Z", None, 422),
    ("GET", "/api/board/spots?since=0002-04-01T01:00:00Z&until=2000-01-01T00:00:00Z", None, 200),
    ("GET", "/api/board/spots?since=9998-12-31T00:00:00Z&until=0002-01-01T00:00:00Z", None, 200),
    ("GET", "/api/plans/{plan}/replay?to=0001-02-01", None, 200),
    ("POST", f"/api/parties/{HOLDER}/links", {"day": "9999-12-31"}, 422),
    ("POST", f"/api/issues/{FAR}/contact", KEPT, 404),
    ("POST", "/api/issues", {**SAID, "lon": 1e300, "lat": -1e300, "datum": "bd09"}, 422),
    ("POST", "/api/issues", {**SAID, "lon": -1e300, "lat": 1e300, "datum": "gcj02"}, 422),
]  # fmt: skip
ENDS: Final[Mapping[tuple[str, str | None], tuple[object, ...]]] = {
    ("integer", None): (0, -1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, FAR),
    ("number", None): (0, 5e-324, 1e308, -1e308),
    ("string", "date"): ("0001-01-01", "0001-02-01", "1677-01-01", "9999-12-31"),
    ("string", "date-time"): (
        *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "0001-04-01T01:00:00Z"),
        *("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00"),
    ),
}
PLAIN: Final = {"integer": 1, "number": 1.5, "boolean": True, "object": {}, "array": []}
ENDLESS: Final = "/api/events/stream"


@pytest.fixture(scope="module")
def ground(
    databases: Databases, toy_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    name, store = databases.make(toy_database)
    yield matrix.made(store, tmp_path_factory.mktemp("ends"))
    store.close()
    databases.drop(name)


@pytest.mark.parametrize(("method", "path", "body", "status"), ONCE_A_FAULT)
def test_an_end_is_no_fault_of_the_server(
    ground: Ground, method: str, path: str, body: Mapping[str, object] | None, status: int
) -> None:
    held = {"cookie": session(ground, "dispatcher")}
    asked = path.format(plan=ground.parts["plan"])
    answer = matrix.client(ground).request(method, asked, json=body, headers=held)
    assert answer.status_code == status, answer.text


class Asked(NamedTuple):
    """One question: a method and an address with a query, and the body of it."""

    method: str
    address: str
    body: object = None


class Description:
    """What the API says it takes."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.told = ground, ground.app.openapi()

    def questions(self) -> Iterator[Asked]:
        """Every parameter and field in turn at each end, all else plain."""
        for path, ways in self.told["paths"].items():
            for method, way in ways.items():
                if path != ENDLESS:
                    yield from self._of(method.upper(), path, way)

    def _of(self, method: str, path: str, way: Mapping[str, Any]) -> Iterator[Asked]:
        taken = way.get("requestBody", {}).get("content", {}).get("application/json", {})
        plain, more = self._plain(taken.get("schema", {}))
        for one in way.get("parameters", ()):
            yield from self._ended(method, path, one, plain)
        for field, schema in more.items():
            for end in self._ends(schema):
                yield Asked(method, self._filled(path), {**plain, field: end})

    def _ended(
        self, method: str, path: str, one: Mapping[str, Any], plain: Mapping[str, object]
    ) -> Iterator[Asked]:
        body = plain or None
        for end in self._ends(one["schema"]):
            said = quote(str(end), safe="")
            if one["in"] == "path":
                yield Asked(method, self._filled(path.replace(f"{{{one['name']}}}", said)), body)
            else:
                yield Asked(method, f"{self._filled(path)}?{one['name']}={said}", body)

    def _filled(self, path: str) -> str:
        for name, value in self.ground.parts.items():
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        return path

    def _plain(self, schema: Mapping[str, Any]) -> tuple[dict[str, object], Mapping[str, Any]]:
        """What a body needs at least, and all fields it may have."""
        found = self._meant(schema)
        fields: Mapping[str, Any] = found.get("properties", {})
        return {name: self._word(fields[name]) for name in found.get("required", ())}, fields

    def _word(self, schema: Mapping[str, Any]) -> object:
        chosen = self._meant(schema).get("enum")
        kind, form = next(self._kinds(schema), ("string", None))
        dates = {"date": "2026-11-28", "date-time": "2026-11-28T08:00:00Z"}
        return chosen[0] if chosen else PLAIN.get(kind, dates.get(form or "", "一二三四"))

    def _ends(self, schema: Mapping[str, Any]) -> list[object]:
        return [end for kind in set(self._kinds(schema)) for end in ENDS.get(kind, ())]

    def _kinds(self, schema: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
        found = self._meant(schema)
        for part in (*found.get("anyOf", ()), *found.get("oneOf", ()), *found.get("allOf", ())):
            yield from self._kinds(part)
        if found.get("type") == "array":
            yield from self._kinds(found.get("items", {}))
        elif "type" in found:
            yield found["type"], found.get("format")

    def _meant(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        name = schema.get("$ref", "").rpartition("/")[2]
        found: Mapping[str, Any] = self.told["components"]["schemas"][name] if name else schema
        return found


@pytest.mark.skipif(DEEP == 1, reason="make fuzz: a quarter of a minute")
def test_no_end_of_what_the_api_takes_is_a_fault_of_the_server(ground: Ground) -> None:
    held = {person: session(ground, person) for person in ("dispatcher", "approver")}
    asking: TestClient = matrix.client(ground)
    questions, wrong = list(Description(ground).questions()), set[Asked]()
    for question in questions:
        for person, cookie in held.items():
            head = {"cookie": cookie}
            told = asking.request(*question[:2], json=question.body, headers=head)
            if told.status_code == 401:
                held[person] = session(ground, person)
            if told.status_code >= 500:
                wrong.add(question._replace(body=repr(question.body)))
    assert len(questions) > 500
    assert not wrong, "\n".join(map(str, sorted(wrong)))
