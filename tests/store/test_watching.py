"""What a running server tells of itself: a line for each request, figures; no personal data."""

from __future__ import annotations

import io
import json
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.app import create_app
from api.sealing import seal_waiting
from api.settings import Settings
from api.watching.journal import Journal, Lines
from geo.store.database import Store
from tests.api.conftest import HERE
from tests.plugins.database import Databases
from tests.store import matrix, toy
from tests.store.matrix import Ground, ask, client, endpoints, session

NAUGHTY = "王小明 13805310000 370102199001011234"
WORDS = ("王小明", "13805310000", "370102199001011234")
Client = tuple[TestClient, Store]


@pytest.fixture(scope="module")
def ground(
    databases: Databases, toy_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    name, store = databases.make(toy_database)
    yield matrix.made(store, tmp_path_factory.mktemp("watch"))
    store.close()
    databases.drop(name)


@pytest.fixture
def log(ground: Ground) -> Iterator[io.StringIO]:
    """What is written of requests and of whatever else happens meanwhile."""
    told = io.StringIO()
    beside = logging.StreamHandler(told)
    beside.setFormatter(Lines("json"))
    logging.getLogger().addHandler(beside)
    ground.app.state.watch.journal = Journal(told, "json")
    yield told
    logging.getLogger().removeHandler(beside)
    ground.app.state.watch.journal = None


def lines(ground: Ground, log: io.StringIO) -> list[dict[str, Any]]:
    ground.app.state.watch.journal.end()
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_request_is_one_line_with_its_route_and_who_acts(
    ground: Ground, log: io.StringIO
) -> None:
    cookie = session(ground, "dispatcher")
    asked = {"headers": {"x-request-id": "gateway-0001"}}
    answer = ask(client(ground), ground, "GET /api/issues/{issue}", cookie, asked)
    assert answer.headers["x-request-id"] == "gateway-0001"
    refused = ask(client(ground), ground, "GET /api/issues/{issue}", "", {})
    assert refused.json()["request"] == refused.headers["x-request-id"]
    odd = {"headers": {"x-request-id": '"}{<script>'}}
    made = ask(client(ground), ground, "GET /api/issues/{issue}", cookie, odd)
    assert made.headers["x-request-id"] not in (refused.headers["x-request-id"], '"}{<script>')
    told = lines(ground, log)
    first = {name: told[0][name] for name in ("request", "method", "route", "status", "actor")}
    assert first == {
        "request": "gateway-0001",
        "method": "GET",
        "route": "/api/issues/{issue}",
        "status": 200,
        "actor": "dispatcher",
    }
    assert [(line["status"], line["actor"]) for line in told[1:]] == [
        (401, ""),
        (200, "dispatcher"),
    ]
    assert {line["level"] for line in told} == {"info"}


def test_no_line_holds_what_people_said_or_what_opens_a_door(
    ground: Ground, log: io.StringIO
) -> None:
    """Failures of our own too: a constraint of the database quotes the row it refuses."""
    cookie, asking = session(ground, "dispatcher"), client(ground)
    order = "alter table task add constraint odd check (text not like '%王小明%')"
    with ground.store.owner.begin() as conn:
        conn.execute(text(order))
    report = {"source": "hotline", "text": NAUGHTY, "reference": WORDS[1], "contact": WORDS[1]}
    errand = {"kind": "errand", "party": matrix.HOLDER, "area": toy.ONE, "text": NAUGHTY}
    asking.post("/api/issues", json=report, headers={"cookie": cookie}).raise_for_status()
    failing = TestClient(ground.app, client=matrix.AWAY)
    with pytest.raises(IntegrityError) as found:
        failing.post("/api/tasks", json=errand, headers={"cookie": cookie})
    for fault in (found.value, ValueError(NAUGHTY)):
        logging.getLogger("jingwei.tests").error("Exception", exc_info=fault)
    trace = "".join(traceback.format_exception(found.value))
    logging.getLogger("uvicorn.error").error(trace)
    answer = asking.post("/api/tasks", json=errand, headers={"cookie": cookie})
    assert answer.status_code == 500
    assert not any(word in answer.text for word in WORDS)
    secrets = ("t0kenOfALink", "w0rdOfAReport")
    for path in (f"/t/{secrets[0]}", f"/r/{secrets[1]}", f"/day/{secrets[0]}?x={WORDS[1]}"):
        asking.get(path, headers={"referer": f"http://testserver/t/{secrets[0]}"})
    asking.post("/sign-in", data={"name": WORDS[1], "password": "pa55word-of-mine"})
    with ground.store.owner.begin() as conn:
        conn.execute(text("alter table task drop constraint odd"))
    told = lines(ground, log)
    assert {line.get("status") for line in told} >= {500, 403, 401}
    for logger in ("jingwei.tests", "uvicorn.error"):  # which writes out what ends a server
        faults = [line["fault"] for line in told if line.get("logger") == logger]
        assert "psycopg.errors.CheckViolation" in faults[0], faults
    for word in (*WORDS, *secrets, "pa55word-of-mine", *cookie.split("=")[1:]):
        assert word not in log.getvalue(), word


def test_what_failed_does_not_repeat_what_was_asked_with(ground: Ground) -> None:
    asked, told = text("select 1 / (length(:words) - :long)"), {"words": NAUGHTY}
    for engine in (ground.store.owner, ground.store.app):
        with (
            pytest.raises(DBAPIError, match="division by zero") as failed,
            engine.connect() as conn,
        ):
            conn.execute(asked, told | {"long": len(NAUGHTY)})
        assert not any(word in str(failed.value) for word in WORDS)


def figures(answer: Any) -> dict[tuple[str, str], float]:
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, ",".join(f"{k}={v}" for k, v in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_figures_are_of_routes_and_as_many_as_there_are_whatever_is_asked(ground: Ground) -> None:
    here = TestClient(ground.app, client=HERE)
    cookie = {"cookie": session(ground, "dispatcher")}
    for number in range(30):
        here.get(f"/api/issues/{number}", headers=cookie)
        here.get(f"/nowhere/{number}")
        here.request(f"ODD{number}", "/api/plans")
    told = figures(here.get("/metrics"))
    found = "method=GET,route=/api/issues/{issue},status="
    assert told["jingwei_requests_total", f"{found}200"] >= 1
    assert told["jingwei_requests_total", "method=GET,route=other,status=404"] >= 30
    assert told["jingwei_request_seconds_count", "route=/api/issues/{issue}"] >= 30
    with ground.store.owner.connect() as conn:
        lost = conn.execute(text("select count(*) from issue where path = '{}'")).scalar_one()
    assert told["jingwei_queue_waiting", "queue=unclaimed"] == lost
    assert told["jingwei_queue_waiting", "queue=outbox"] > 0
    assert told["jingwei_queue_oldest_seconds", "queue=outbox"] > 0
    assert told["jingwei_queue_oldest_seconds", "queue=seals"] > 0, "no worker seals here"
    assert ("jingwei_queue_waiting", "queue=seals") not in told
    assert told["jingwei_disk_free_bytes", ""] > 0
    assert seal_waiting(ground.store.owner) > 0
    sealed = figures(here.get("/metrics"))
    assert sealed["jingwei_queue_oldest_seconds", "queue=seals"] == 0
    assert told["jingwei_database_up", ""] == 1
    assert not [name for name, _ in told if name.endswith("_created")]
    known = {path.partition(" ")[2] for path in endpoints(ground.app)} | {"other"}
    routes = {name[1].split("route=")[1].split(",")[0] for name in told if "route=" in name[1]}
    assert routes <= known
    assert not any("ODD" in labels for _, labels in told)


def test_figures_are_for_this_machine_or_for_whoever_holds_the_token(
    ground: Ground, tmp_path: Path
) -> None:
    away = client(ground)
    assert away.get("/metrics").json()["code"] == "MetricsClosed"
    assert TestClient(ground.app, client=HERE).get("/metrics").status_code == 200
    chosen = Settings(tmp_path, metrics="t0ken")
    guarded = TestClient(create_app(ground.store, person="x", chosen=chosen), client=HERE)
    assert guarded.get("/metrics").status_code == 403, "a proxy on this machine is no reason"
    for told, status in (("Bearer t0ken", 200), ("Bearer t0kem", 403), ("Bearer ü", 403)):
        answer = guarded.get("/metrics", headers=[(b"authorization", told.encode())])
        assert answer.status_code == status, told


def broken(_request: Request) -> Response:
    raise RuntimeError


def test_every_answer_says_what_a_browser_may_do_with_it(ground: Ground, tmp_path: Path) -> None:
    named = Settings(tmp_path, url="https://testserver", sign_in="required")
    app = create_app(ground.store, person="x", chosen=named)
    app.router.routes.insert(0, Route("/t/broken", broken))
    asking = TestClient(app, client=HERE, raise_server_exceptions=False)
    plain = session(Ground(ground.store, app, {}), "planner")
    cookie = {"cookie": f"__Host-{plain}", "accept": "text/html"}
    paths = ("/", "/api/plans", "/nowhere", "/api/plans?at=x", "/sign-in", "/report", "/t/broken")
    for path in paths:
        told = asking.get(path, headers=cookie).headers
        assert told["cross-origin-resource-policy"] == "same-origin", path
        assert told["cross-origin-opener-policy"] == "same-origin", path
        assert told["x-content-type-options"] == "nosniff", path
        assert told["referrer-policy"] in ("same-origin", "no-referrer"), path
        assert "camera=()" in told["permissions-policy"], path
        assert told["strict-transport-security"] == "max-age=31536000", path
        assert told["cache-control"] in ("private, no-cache", "no-store", "no-cache"), path
        assert "'unsafe" not in told["content-security-policy"], path
    assert told["referrer-policy"] == "no-referrer", "an address that may hold a link's token"
    refused = asking.get("/api/plans", headers={"cookie": plain})
    assert refused.status_code == 401, "by https that cookie is anybody's: other hosts can set it"
    left = asking.post("/sign-out", headers=cookie, follow_redirects=False).headers
    assert left["clear-site-data"] == '"cache"'
    near = client(ground).get("/sign-in").headers
    assert "strict-transport-security" not in near, "by plain addresses nothing is promised"


def test_a_log_of_words_says_the_same_on_one_line() -> None:
    told = Lines("text").format(logging.LogRecord("jingwei.x", 30, "", 0, "away\nnow", (), None))
    assert told.endswith("warning jingwei.x away now")
