"""The table of problems knows every error, once."""

import inspect
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.statuses import BY_STATUS, status_of
from geo import errors
from geo.store.database import Store

_TELEPHONE: Final = "13805310000"


def test_every_error_has_exactly_one_status() -> None:
    listed = Counter(kind for kinds in BY_STATUS.values() for kind in kinds)
    there = {kind for _, kind in inspect.getmembers(errors, inspect.isclass)} - {
        errors.JingweiError
    }
    assert set(listed) == {kind for kind in there if issubclass(kind, errors.JingweiError)}
    assert max(listed.values()) == 1


def test_a_missing_thing_is_a_404() -> None:
    assert status_of(errors.MissingError(noun="plan", noun_zh="方案", key=1)) == 404


@pytest.fixture(scope="module")
def broken(store: Store) -> Iterator[TestClient]:
    """An application whose server answers as it does in service, with a route that fails."""
    app = create_app(store, person="somebody")

    @app.get("/api/broken")
    def fail() -> None:
        raise ZeroDivisionError(_TELEPHONE)

    app.add_api_route("/broken", fail)
    here = ("127.0.0.1", 50000)
    with TestClient(app, client=here, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/api/broken", "application/problem+json"), ("/broken", "text/html; charset=utf-8")],
)
def test_a_failure_of_our_own_is_a_problem_that_tells_nothing(
    broken: TestClient, path: str, kind: str
) -> None:
    answer = broken.get(path, headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (500, kind)
    assert _TELEPHONE not in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_who_leaves_in_the_middle_of_a_photo_is_no_failure_of_the_server(
    broken: TestClient,
) -> None:
    parts: list[Any] = [
        {"type": "http.request", "body": b"half", "more_body": True},
        {"type": "http.disconnect"},
    ]
    told: list[Any] = []

    async def receive() -> Any:
        return parts.pop(0)

    async def send(message: Any) -> None:
        told.append(message)

    path = "/api/issues/1/photos"
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(),
        "query_string": b"stage=before", "client": ("127.0.0.1", 1), "server": ("a", 80),
        "headers": [(b"content-type", b"image/jpeg")], "scheme": "http", "http_version": "1.1",
        "asgi": {"version": "3.0"},
    }  # fmt: skip
    portal = broken.portal
    assert portal is not None
    portal.call(broken.app, scope, receive, send)
    assert told[0]["status"] == 400


def test_what_a_person_may_see_is_kept_by_nobody_between(broken: TestClient) -> None:
    told = {path: broken.get(path).headers.get("cache-control") for path in ("/api/tasks", "/x")}
    assert told == dict.fromkeys(told, "private, no-cache")
    assert "private" not in broken.get("/static/app.css").headers.get("cache-control", "")


def test_a_long_name_that_nobody_knows_is_not_sent_back_whole(broken: TestClient) -> None:
    sent = {"source": "patrol", "reference": "1", "k" * 100_000: "{0} {x}"}
    refused = broken.post("/api/issues", json=sent)
    assert (refused.status_code, refused.json()["code"]) == (422, "Malformed")
    assert len(refused.content) < 3_000


def test_what_was_sent_is_no_template_of_the_answer(broken: TestClient) -> None:
    seen = {"If-Match": '"1"'}
    refused = broken.post("/api/plans/1/edits", json={"kind": "{} {0} {x}"}, headers=seen)
    assert (refused.status_code, refused.json()["code"]) == (422, "Malformed")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/issues.csv?since=0001-01-01&until=9999-12-31", 200),
        ("/api/replies.csv?source=hotline&since=0001-01-01&until=9999-12-31", 200),
        ("/api/rates?since=9999-12-31&until=9999-12-31", 422),
    ],
)
def test_the_ends_of_the_calendar_are_days_too(broken: TestClient, path: str, status: int) -> None:
    assert broken.get(path).status_code == status


def test_what_row_level_security_refuses_is_no_failure_of_the_server(store: Store) -> None:
    sent = {"source": "patrol", "reference": "of-nobody"}
    nobody = TestClient(create_app(store, person=""), client=("127.0.0.1", 1))
    refused = nobody.post("/api/issues", json=sent)
    assert (refused.status_code, refused.json()["code"]) == (403, "RowRefused")


@pytest.mark.parametrize(
    ("path", "kept", "lang"),
    [
        ("/x", "en", "en"),
        ("/x?lang=zh-CN", "en", "zh-CN"),
        ("/x", "<b>", "zh-CN"),
        ("/x", "", "zh-CN"),
    ],
)
def test_a_page_is_in_the_language_asked_for_else_in_that_of_the_page_before(
    broken: TestClient, path: str, kept: str, lang: str
) -> None:
    told = {"accept": "text/html", "cookie": f"jingwei_lang={kept}"}
    assert f'<html lang="{lang}"' in broken.get(path, headers=told).text
    assert f'<html lang="{lang}"' in broken.get(path.replace("x", "sign-in"), headers=told).text
