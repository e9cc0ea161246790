"""What goes to a browser is small, and asked for once."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from maps.assets import ROOT, STATIC


@pytest.fixture(scope="module")
def script(front_end: object) -> str:
    assert front_end
    (made,) = (ROOT / STATIC).glob("web-*/board.js")
    return f"/static/{made.parent.name}/board.js"


def test_a_file_is_sent_packed_to_who_takes_it_and_kept_for_good(
    browser: TestClient, script: str
) -> None:
    packed = browser.get(script, headers={"accept-encoding": "gzip"})
    plain = browser.get(script, headers={"accept-encoding": "identity"})
    assert packed.content == plain.content, "the client unpacked it"
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert "immutable" in packed.headers["cache-control"]
    assert "Accept-Encoding" in packed.headers["vary"]
    assert browser.head(script).headers["content-length"] == plain.headers["content-length"]


@pytest.mark.parametrize(
    ("path", "coding"),
    [("/api/openapi.json", "gzip"), ("/api/plans/0", None)],
)
def test_long_answers_are_packed_and_short_ones_are_not(
    browser: TestClient, path: str, coding: str | None
) -> None:
    answer = browser.get(path, headers={"accept-encoding": "gzip"})
    assert answer.headers.get("content-encoding") == coding


def test_a_file_that_is_not_there_is_not_kept(browser: TestClient) -> None:
    assert "immutable" not in browser.get("/static/none.js").headers.get("cache-control", "")
