"""What a dispatcher's board is told, on a real database with the demo in it."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.acting import COOKIE
from api.demo import Shown
from api.persons import holder
from geo.store.database import Store, transaction
from tests.api.conftest import HERE

QUEUES = ("sent", "new", "returned", "soon", "done", "unclaimed")
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"source": "hotline"},
    {"state": "new"},
    {"is_open": "true"},
    {"card": "red"},
    {"service": "F01"},
    {"words": "路灯"},
    {"words": " JN2026 "},
    {"words": "%"},
)


@pytest.fixture(scope="module")
def asked(shown: Shown) -> dict[str, str]:
    """The whole of the demo's time, in its subdistrict."""
    return {"scope": shown.scope, "since": "2020-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}


def told(browser: TestClient, path: str, query: dict[str, str]) -> Any:
    answer = browser.get(f"/api/board{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def listed(browser: TestClient, query: dict[str, str]) -> list[int]:
    numbers: list[int] = []
    while True:
        more = {"limit": "200", "away": str(len(numbers))}
        found = told(browser, "/issues", query | more)["features"]
        numbers += [each["properties"]["id"] for each in found]
        if len(found) < 200:
            return numbers


@pytest.mark.parametrize("chosen", FILTERS, ids=str)
def test_list_map_areas_and_days_speak_of_as_many_issues_as_the_figures(
    browser: TestClient, asked: dict[str, str], chosen: dict[str, str]
) -> None:
    query = asked | chosen
    figures = told(browser, "", query)
    assert sum(figures["states"].values()) == figures["total"] == sum(figures["sources"].values())
    assert sum(n for _, n, _ in figures["days"]) == figures["total"]
    view = {"west": "-180", "south": "-90", "east": "180", "north": "90", "zoom": "16"}
    cells = told(browser, "/cells", query | view)
    areas = told(browser, "/areas", query | {"kind": "subdistrict", "people": "true"})
    assert sum(area["n"] for area in areas) <= figures["total"]
    assert all(1 <= area["reporters"] <= area["n"] for area in areas)
    assert cells["total"] <= figures["total"]
    assert (cells["marks"] is None) == (cells["total"] >= 500)
    if figures["total"] < 800:
        numbers = listed(browser, query)
        assert len(set(numbers)) == len(numbers) == figures["total"]


@pytest.mark.parametrize("queue", QUEUES)
def test_a_queue_lists_what_it_counts(
    browser: TestClient, asked: dict[str, str], queue: str
) -> None:
    query = asked | {"source": "wechat"}
    numbers = listed(browser, query | {"queue": queue})
    assert len(numbers) == told(browser, "", query)["queues"][queue]


def test_what_lies_nowhere_waits_in_the_queue_of_each_dispatchers_own_scope(
    browser: TestClient, demo_store: Store, shown: Shown, asked: dict[str, str]
) -> None:
    with transaction(demo_store.owner, "tests") as conn:
        person = holder(conn, "dispatcher", shown.scope)
    desk = TestClient(browser.app, client=HERE, cookies={COOKIE: person})
    figures = told(desk, "", asked)
    numbers = listed(desk, asked | {"queue": "unclaimed"})
    assert len(set(numbers)) == figures["queues"]["unclaimed"] == shown.unclaimed > 0


def test_days_up_to_the_last_that_has_any_are_named_as_instants(
    browser: TestClient, shown: Shown
) -> None:
    query = {"scope": shown.scope, "days": "7"}
    figures = told(browser, "", query)
    days = figures["days"]
    assert figures["until"][:10] > days[-1][0] or figures["until"] > figures["asked_at"]
    within = {"scope": shown.scope, "since": figures["since"], "until": figures["until"]}
    assert told(browser, "", within)["total"] == figures["total"]
    assert figures["total"] == sum(n for day, n, _ in days if figures["since"][:10] <= day)


@pytest.mark.parametrize(
    "chosen", [{"queue": "returned"}, {"service": "F01"}, {"words": "§"}], ids=str
)
def test_no_queue_and_no_filter_moves_the_last_days(
    browser: TestClient, shown: Shown, chosen: dict[str, str]
) -> None:
    query = {"scope": shown.scope, "days": "7"}
    whole, some = told(browser, "", query), told(browser, "", query | chosen)
    assert (some["since"], some["until"]) == (whole["since"], whole["until"])
    if "queue" in chosen:
        assert some["queues"] == whole["queues"]


def test_a_wall_of_the_demo_says_how_soon_departments_were_there(
    browser: TestClient, shown: Shown
) -> None:
    arrivals = told(browser, "/figures", {"scope": shown.scope})["arrivals"]
    there = [day for day in arrivals if day["arrived"]]
    assert sum(day["called"] for day in there) > sum(day["arrived"] for day in there) > 1
    assert all(day["minutes"] > 0 for day in there)


def test_hot_spots_are_named_and_counted_inside_the_same_outline(
    browser: TestClient, shown: Shown
) -> None:
    period = told(browser, "", {"scope": shown.scope, "days": "30"})
    query = {"scope": shown.scope, "since": period["since"], "until": period["until"]}
    spots = told(browser, "/spots", query)
    assert spots
    assert [spot["rank"] for spot in spots] == list(range(1, len(spots) + 1))
    for spot in spots:
        assert spot["name"]
        assert spot["services"]
        assert 5 <= spot["n"] <= period["total"]
        assert spot["before"] >= 0
    assert told(browser, "/spots", {"scope": shown.scope}) == []


def test_the_share_solved_in_the_grid_is_the_rate_of_the_area(
    browser: TestClient, asked: dict[str, str]
) -> None:
    areas = told(browser, "/areas", asked | {"kind": "community", "solved": "true"})
    plain = told(browser, "/areas", asked | {"kind": "community"})
    assert [{k: v for k, v in area.items() if k != "solved_in_grid"} for area in areas] == plain
    assert all(area["overdue"] <= area["is_open"] <= area["n"] for area in plain)


def test_figures_of_a_wall_hold_no_words_and_no_persons(browser: TestClient, shown: Shown) -> None:
    figures = told(browser, "/figures", {"scope": shown.scope})
    assert figures["today"] >= 0
    assert len(figures["days"]) <= 8
    assert figures["all"]["issues"] == sum(day["issues"] for day in figures["days"])
    assert not {"party", "person", "text", "address"} & figures["all"].keys()


def test_who_has_no_duty_there_sees_an_empty_board(browser: TestClient, shown: Shown) -> None:
    nobody = TestClient(browser.app, client=("127.0.0.1", 50001), cookies={COOKIE: "nobody"})
    for path in ("", "/issues", "/areas"):
        answer = nobody.get(f"/api/board{path}", params={"scope": shown.scope})
        assert answer.status_code in (200, 403), answer.text
        assert "路" not in answer.text.replace("解放路", "")
    figures = nobody.get("/api/board", params={"scope": shown.scope})
    assert figures.status_code == 403 or figures.json()["total"] == 0


@pytest.mark.parametrize(
    "query",
    [{"words": "\0"}, {"since": "2026-11-20"}, {"queue": "x"}, {"away": "-1"}, {"card": "blue"}],
    ids=str,
)
def test_a_question_that_cannot_be_read_is_refused(
    browser: TestClient, query: dict[str, str]
) -> None:
    assert browser.get("/api/board/issues", params=query).status_code == 422
