"""No body larger than it may be is taken, however it is sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import anyio.to_thread
import pytest
from fastapi import Body, FastAPI, Request
from fastapi.testclient import TestClient
from starlette.routing import compile_path

from api import problems
from api.limits import BodyLimits, body_limits
from api.policy import BodyLimit
from geo.errors import BadRulesError
from tests.apart import apart

MOST, FILE = 1000, 5000


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = FastAPI()
    files = MappingProxyType({compile_path("/api/files/{name}")[0]: FILE})
    app.add_middleware(BodyLimit, limits=BodyLimits(MOST, files))
    problems.register(app)

    @app.post("/api/json")
    def parsed(told: Annotated[list[Any], Body()]) -> int:
        return len(told)

    @app.post("/api/files/{name}")
    async def streamed(request: Request, name: str) -> int:
        return sum([len(part) async for part in request.stream()]) if name else 0

    @app.post("/api/deaf")
    def deaf() -> str:
        return "heard nothing"

    return app


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "most"), [("/api/json", MOST), ("/api/files/x", FILE), ("/api/nowhere", MOST)]
)
def test_a_body_larger_than_it_may_be_is_a_problem_in_both_languages(
    client: TestClient, path: str, most: int
) -> None:
    answer = client.post(path, content=b" " * (most + 1))
    assert answer.status_code == 413
    assert answer.headers["content-type"] == problems.PROBLEM_TYPE
    told = answer.json()
    assert (told["code"], told["status"]) == ("BodyTooLarge", 413)
    assert f"{most / 2**20:g} MB" in told["zh"]
    assert f"{most / 2**20:g} MB" in told["en"]


def test_what_comes_in_when_a_server_must_stop_is_told_so_without_a_thread(app: FastAPI) -> None:
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/api/files/x",
        "headers": [],
    }
    scope |= {"query_string": b"", "http_version": "1.1", "scheme": "http", "server": ("x", 80)}
    answers: list[Any] = []
    begun = asyncio.Event()

    async def receive() -> Any:
        begun.set()
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        answers.append(message)

    async def stopped() -> None:
        threads = anyio.to_thread.current_default_thread_limiter()
        for held in range(int(threads.total_tokens)):
            threads.acquire_on_behalf_of_nowait(f"held {held}")
        asked = asyncio.create_task(app(scope, receive, send))
        await begun.wait()
        asked.cancel()
        await asyncio.wait_for(asked, 20)

    apart(asyncio.run, stopped())
    assert answers[0]["status"] == 503
    assert json.loads(answers[1]["body"])["code"] == "Stopping"


@pytest.mark.parametrize(("path", "most"), [("/api/json", MOST), ("/api/files/x", FILE)])
def test_of_a_body_without_an_end_no_more_is_read_than_it_may_be(
    app: FastAPI, path: str, most: int
) -> None:
    read, sent = [], list[dict[str, Any]]()

    async def receive() -> dict[str, Any]:
        read.append(100)
        return {"type": "http.request", "body": b" " * 100, "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": []}
    apart(lambda: asyncio.run(app(scope, receive, send)))
    assert (sent[0]["status"], json.loads(sent[1]["body"])["code"]) == (413, "BodyTooLarge")
    assert sum(read) == most + 100


def test_a_body_as_large_as_it_may_be_is_taken(client: TestClient) -> None:
    full = b"[" + b" " * (MOST - 2) + b"]"
    headers = {"content-type": "application/json"}
    assert client.post("/api/json", content=full, headers=headers).json() == 0
    assert client.post("/api/files/x", content=b"x" * FILE).json() == FILE


def test_a_length_that_is_no_number_is_not_believed(client: TestClient) -> None:
    for said in (b"\xb2", b"-1", b"1e9", b""):
        answer = client.post("/api/deaf", headers={b"content-length": said})
        assert answer.status_code == 200


@pytest.mark.parametrize("body", ["[" * 900, "[1" + "0" * 900, '{"a":', "\udcff"])
def test_what_is_no_json_is_told_so(client: TestClient, body: str) -> None:
    headers = {"content-type": "application/json"}
    answer = client.post(
        "/api/json", content=body.encode("utf-8", "surrogateescape"), headers=headers
    )
    assert answer.status_code == 422
    assert answer.json()["code"] in {"Unreadable", "Malformed"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[[",
        "body = 2",
        "[body]\nmost = 2",
        "[body]\nmost = 0\nfiles = {}",
        "[body]\nmost = inf\nfiles = {}",
        "[body]\nmost = true\nfiles = {}",
        '[body]\nmost = "2"\nfiles = {}',
    ],
)
def test_limits_that_cannot_be_used_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "limits.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(BadRulesError, match=r"limits\.toml"):
        body_limits(file)
