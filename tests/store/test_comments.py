"""What is said about places of a draft, and who has it open, whichever process they ask."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pandas as pd
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.acting import COOKIE
from api.app import create_app
from geo.errors import RowRefusedError
from geo.store.database import Store, transaction
from geo.store.planning.comments import answer_thread, begin_thread
from tests.api.conftest import HERE
from tests.api.test_naughty_strings import from_csv, from_excel
from tests.naughty import STRINGS
from tests.store import toy
from tests.store.test_plans import drawn, merged, published

INSIDE: dict[str, Any] = {
    "at": [round(toy.WEST + toy.STEP / 2, 6), round(toy.SOUTH + 1.5 * toy.STEP, 6)],
    "datum": "wgs84",
}


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


@pytest.fixture
def clients(store: Store) -> Iterator[tuple[TestClient, TestClient]]:
    """A planner and a checker, each at a server process of their own."""
    with ExitStack() as open_:
        made = [
            open_.enter_context(TestClient(create_app(store, person="planner"), client=HERE))
            for _ in range(2)
        ]
        made[1].cookies.set(COOKIE, "checker")
        yield made[0], made[1]


def test_a_thread_is_begun_answered_and_settled_and_everybody_on_the_draft_reads_it(
    store: Store, clients: tuple[TestClient, TestClient]
) -> None:
    (planner, checker), plan = clients, drawn(store, merged(1))
    at = f"/api/plans/{plan}/comments"
    said = "=1+1 <b>这里有墙</b>"
    mark = planner.post(f"/api/plans/{plan}/here", json={}).json()["comments"]
    first = planner.post(at, json={"text": f" {said} ", **INSIDE})
    assert first.status_code == 201, first.text
    number = first.json()["comment"]
    assert checker.post(f"{at}/{number}/answers", json={"text": "改走北门"}).status_code == 201
    told = checker.get(at).json()
    assert [(each["text"], each["person"], each["answers"]) for each in told] == [
        (said, "planner", None),
        ("改走北门", "checker", number),
    ]
    assert told[0]["grid"] == f"{toy.ONE}001"
    marks = [checker.post(f"/api/plans/{plan}/here", json={}).json()["comments"]]
    settled = checker.post(f"{at}/{number}/settled", json={"settled": True}).json()
    assert (settled[0]["settled_by"], settled[1]["settled_by"]) == ("checker", None)
    marks.append(checker.post(f"/api/plans/{plan}/here", json={}).json()["comments"])
    assert len({mark, *marks}) == 3
    rows = pd.read_csv(io.BytesIO(planner.get(f"{at}.csv").content))
    assert rows["内容"].tolist() == [f"'{said}", "改走北门"], "a formula is no formula"
    again = planner.post(f"{at}/{number}/settled", json={"settled": False}).json()
    assert again[0]["settled_at"] is None


def test_files_of_comments_give_back_whatever_was_said(
    store: Store, clients: tuple[TestClient, TestClient]
) -> None:
    plan = drawn(store, merged(1))
    at = f"/api/plans/{plan}/comments"
    said = [text.strip() for text in STRINGS if text.strip()]
    with transaction(store.app, "planner") as conn:
        first = begin_thread(conn, plan, said[0], *INSIDE["at"])
        for text in said[1:]:
            answer_thread(conn, plan, text, first)
    assert [each["text"] for each in clients[0].get(at).json()] == said
    for form, read in (("csv", from_csv), ("xlsx", from_excel)):
        head, *rows = read(clients[0].get(f"{at}.{form}").content)
        assert [row[head.index("内容")] for row in rows] == said, form


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("", {"text": " ", **INSIDE}, 422),
        ("", {"text": "x" * 2001, **INSIDE}, 422),
        ("", {"text": "x", "at": INSIDE["at"]}, 422),
        ("", {"text": "x", "at": [200, 36], "datum": "wgs84"}, 422),
        ("", {"text": "x", "at": INSIDE["at"][::-1], "datum": "wgs84"}, 422),
        ("", {"text": "x", "at": [0, 0], "datum": "wgs84"}, 422),
        ("/99/answers", {"text": "x"}, 404),
        ("/99/settled", {"settled": True}, 404),
    ],
)
def test_what_cannot_be_a_comment_is_refused(
    store: Store,
    clients: tuple[TestClient, TestClient],
    path: str,
    body: dict[str, object],
    status: int,
) -> None:
    plan = drawn(store, merged(1))
    assert clients[0].post(f"/api/plans/{plan}/comments{path}", json=body).status_code == status


def test_whoever_does_not_see_the_plan_hears_and_says_nothing(
    store: Store, clients: tuple[TestClient, TestClient]
) -> None:
    (planner, stranger), plan = clients, drawn(store, merged(1))
    planner.post(f"/api/plans/{plan}/comments", json={"text": "x", **INSIDE})
    planner.post(f"/api/plans/{plan}/here", json={})
    stranger.cookies.set(COOKIE, "stranger")
    for way in ("comments", "comments.csv"):
        assert stranger.get(f"/api/plans/{plan}/{way}").status_code == 404
    assert (
        stranger.post(f"/api/plans/{plan}/comments", json={"text": "x", **INSIDE}).status_code
        == 404
    )
    with transaction(store.app, "stranger") as conn:
        for table in ("comment", "presence"):
            assert conn.execute(text(f"select count(*) from {table}")).scalar_one() == 0
    row = """insert into comment (plan, geom, text, made_by)
        values (:plan, 'SRID=4326;POINT(117 36)', 'x', 'checker')"""
    with pytest.raises(RowRefusedError), transaction(store.app, "planner") as conn:
        conn.execute(text(row), {"plan": plan})


def test_of_a_plan_in_force_nothing_is_said_any_more(
    store: Store, clients: tuple[TestClient, TestClient]
) -> None:
    published(store, merged(3))
    plan = 1
    refused = clients[0].post(f"/api/plans/{plan}/comments", json={"text": "x", **INSIDE})
    assert (refused.status_code, refused.json()["code"]) == (409, "PlanStep")


def test_two_at_two_processes_see_each_other(
    store: Store, clients: tuple[TestClient, TestClient]
) -> None:
    (planner, checker), plan = clients, drawn(store, merged(1))
    here = f"/api/plans/{plan}/here"
    assert planner.post(here, json={"tool": "brush", "at": INSIDE["at"]}).json()["others"] == []
    assert checker.post(here, json={}).json()["others"] == [
        {"person": "planner", "name": "planner", "tool": "brush", "at": INSIDE["at"]}
    ]
    seen = planner.post(here, json={"tool": "lasso"}).json()["others"]
    assert [(each["person"], each["at"]) for each in seen] == [("checker", None)]
    with transaction(store.owner, "tests") as conn:
        conn.execute(text("update presence set seen_at = seen_at - interval '21 seconds'"))
    assert planner.post(here, json={}).json()["others"] == []
