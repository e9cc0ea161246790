"""What a browser on this machine is answered, on a real database with the demo in it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.demo import Shown
from api.limits import body_limits
from geo.store.database import Store
from tests.api.conftest import HERE

REPORT = {"source": "hotline", "reference": "R-1", "text": "<img src=x onerror=alert(1)>${1}"}


def features(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["features"]
    return found


@pytest.mark.parametrize(
    "path", ["/", "/plans", "/plans/{plan}", "/plans/{plan}/draw", "/?lang=en", "/city"]
)
def test_pages_are_small_and_their_scripts_are_ours(
    browser: TestClient, shown: Shown, path: str
) -> None:
    answer = browser.get(path.format(plan=shown.plan, scope=shown.scope))
    assert answer.status_code == 200
    assert len(answer.content) < 10_000
    assert "'self'" in answer.headers["content-security-policy"]
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    for part in answer.text.split('src="')[1:]:
        assert browser.get(part.split('"')[0]).status_code == 200


def test_a_plan_in_force_is_compared_with_what_was_before_it(
    browser: TestClient, shown: Shown
) -> None:
    told = browser.get(f"/api/plans/{shown.plan}/compare").json()
    measures = {row["key"]: row for row in told["measures"]}
    good, of = measures["in_band"]["draft"]
    was_good, was_of = measures["in_band"]["now"]
    assert good / of > was_good / was_of
    assert measures["pieces"]["draft"] == measures["split_estates"]["draft"] == 0
    assert 0.5 < measures["edges"]["draft"] <= 1, "the plan follows roads where it may"
    assert measures["load"]["draft"] > 0  # of last quarter's issues, in the grid that has most
    assert (told["state"], told["revision"], told["stale"]) == ("in_force", 1, None)
    assert told["reasons"], "the small city has a community that no plan brings in band"


def test_no_household_is_lost_by_the_plan(browser: TestClient, shown: Shown) -> None:
    asked = {"net": "grid", "scope": shown.scope}
    before = features(browser.get("/api/areas.geojson", params={**asked, "before": shown.plan}))
    after = features(browser.get("/api/areas.geojson", params=asked))
    draft = features(browser.get("/api/areas.geojson", params={**asked, "plan": shown.plan}))
    totals = [sum(f["properties"]["households"] for f in found) for found in (before, after, draft)]
    assert totals[0] == totals[1] == totals[2] > 0


def test_places_are_drawn_as_footprints(browser: TestClient, shown: Shown) -> None:
    found = features(browser.get("/api/places.geojson", params={"scope": shown.scope}))
    assert {f["geometry"]["type"] for f in found} == {"Polygon"}
    assert features(browser.get("/api/base.geojson", params={"scope": shown.scope}))


def test_issues_are_named_by_grid_and_by_who_answers(browser: TestClient, shown: Shown) -> None:
    found = features(browser.get("/api/issues.geojson", params={"scope": shown.scope}))
    told = next(f["properties"] for f in found if f["properties"]["grid"])
    assert told["grid_name"] != told["grid"]
    assert told["grid_leader"]
    assert told["community_name"].endswith("社区")
    assert {f["properties"]["state"] for f in found} == {
        *("new", "sent", "taken", "done", "returned", "closed")
    }


def test_the_same_report_twice_is_one_issue_and_another_content_is_a_conflict(
    browser: TestClient,
) -> None:
    first = browser.post("/api/issues", json=REPORT)
    again = browser.post("/api/issues", json=REPORT)
    other = browser.post("/api/issues", json={**REPORT, "text": "另一件"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == again.json()
    assert first.json()["unclaimed"] is True
    assert other.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "status"), [("/plans/999", 404), ("/issues?scope=%3Cb%3E", 404), ("/nowhere", 404)]
)
def test_a_browser_is_answered_with_a_page_and_a_program_with_a_problem(
    browser: TestClient, path: str, status: int
) -> None:
    page = browser.get(path, headers={"accept": "text/html"})
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert "<b>" not in page.text.split("</header>")[1]
    told = browser.get(path)
    assert told.status_code == status
    assert told.headers["content-type"] == "application/problem+json"


def test_a_position_names_its_datum(browser: TestClient, shown: Shown) -> None:
    (grid, *_) = features(
        browser.get("/api/areas.geojson", params={"net": "grid", "scope": shown.scope})
    )
    lon, lat = grid["geometry"]["coordinates"][0][0]
    report = {"source": "web", "reference": "W-1", "lon": lon, "lat": lat}
    assert browser.post("/api/issues", json=report).json()["code"] == "NoDatum"
    kept = browser.post("/api/issues", json={**report, "datum": "wgs84"}).json()
    asked = browser.get("/api/lookup", params={"lon": lon, "lat": lat, "datum": "wgs84"}).json()
    assert kept["grid"] == asked["grid"]
    assert kept["grid"] is not None


def test_a_point_is_looked_up_now_before_and_under_a_plan_alike(
    browser: TestClient, shown: Shown
) -> None:
    asked = {"net": "grid", "scope": shown.scope}
    grid = features(browser.get("/api/areas.geojson", params=asked))[-1]
    lon, lat = grid["geometry"]["coordinates"][0][0]
    where = {"lon": lon, "lat": lat, "datum": "wgs84"}
    now = browser.get("/api/lookup", params=where).json()
    under = browser.get("/api/lookup", params={**where, "plan": shown.plan}).json()
    at = browser.get("/api/lookup", params={**where, "at": 2}).json()
    past = browser.get("/api/lookup", params={**where, "at": 1}).json()
    names = ("grid", "community", "subdistrict", "lane")
    assert [now[n] for n in names] == [under[n] for n in names] == [at[n] for n in names]
    assert past["community"] == now["community"]


READS = (
    "/api/areas.geojson?scope={scope}&",
    "/api/places.geojson?scope={scope}&",
    "/api/base.geojson?scope={scope}&",
    "/api/issues.geojson?scope={scope}&",
    "/api/lookup?lon=117&lat=36.6&datum=wgs84&",
    "/api/plans/{plan}/compare?",
    "/api/persons?",
    "/api/duties?",
)
NO_MOMENTS = {
    "at=99": (404, "Missing"),
    "at=0": (404, "Missing"),
    "at=-1": (404, "Missing"),
    "at=2000-01-01": (404, "BeforeFirst"),
    "at=2026-02-30": (422, "BadMoment"),
    "at=": (422, "BadMoment"),
    "at=１": (422, "BadMoment"),
    "plan=99": (404, "Missing"),
    "plan=x": (422, "BadMoment"),
    "at=1&plan=1": (422, "BadMoment"),
}


@pytest.mark.parametrize("read", READS)
def test_every_read_says_what_is_wrong_with_a_moment_that_is_none(
    browser: TestClient, shown: Shown, read: str
) -> None:
    asked = read.format(scope=shown.scope, plan=shown.plan)
    told = {way: browser.get(asked + way) for way in NO_MOMENTS}
    assert {
        way: (said.status_code, said.json()["code"]) for way, said in told.items()
    } == NO_MOMENTS


def test_every_read_takes_a_moment(browser: TestClient) -> None:
    paths = browser.get("/api/openapi.json").json()["paths"]
    asked = {
        p: {q["name"] for q in way["get"].get("parameters", [])}
        for p, way in paths.items()
        if "get" in way
    }
    lists = {"/api/plans", "/api/nets/{net}/revisions"}  # of the moments themselves
    lists |= {path for path in asked if path.startswith("/api/plans/{plan}")}  # of one of them
    lists |= {"/api/issues/{issue}", "/api/route"}  # of today: what may be done now
    lists |= {path for path in asked if path.startswith("/api/ledgers/")}
    lists |= {"/api/list", "/api/routing/problems"}  # of today: what people have to mend
    lists |= {"/api/gazetteer"}  # of today: where to send people
    lists |= {"/api/lookup/who", "/api/areas/named", "/api/areas/names"}  # of today: who answers
    ends = ("route", "why", "way", "whistle")  # as it was at sending, whatever holds now
    lists |= {f"/api/issues/{{issue}}/{end}" for end in ends}
    lists |= {path for path in asked if path.startswith(("/api/issues/n", "/api/issues/u"))}
    lists |= {"/api/parties", "/api/services"}  # of today: what is entered now
    lists |= {"/api/replies.{form}"}  # of today: by day of closing
    lists |= {"/api/issues.{form}"}  # of today: by day of report, with who holds each now
    of_now = (
        *("/api/photos", "/api/issues/{issue}/photos", "/api/hooks", "/api/outbox", "/api/tasks"),
        *("/api/reviews", "/api/rates", "/api/events/stream", "/api/gazetteer", "/api/notices"),
        *("/api/calendar", "/api/board", "/api/heat", "/tiles/", "/api/audit"),
        *("/api/phone", "/api/links", "/api/inbox", "/api/accounts", "/api/report/", "/api/leader"),
    )
    lists |= {path for path in asked if path.startswith(of_now)}
    assert (
        {read.partition("?")[0].replace("{plan}", "{number}") for read in READS}
        == {path for path, names in asked.items() if {"at", "plan"} <= names}
        == set(asked) - lists
    )


def test_each_building_is_told_its_grid_then_and_under_a_draft(
    browser: TestClient, shown: Shown
) -> None:
    for name, number in (("at", 1), ("plan", shown.plan)):
        asked: dict[str, str | int] = {"scope": shown.scope, name: number}
        loads = (
            pd.DataFrame(
                [
                    f["properties"]
                    for f in features(browser.get("/api/places.geojson", params=asked))
                ]
            )
            .groupby("grid")["households"]
            .sum()
        )
        grids = features(browser.get("/api/areas.geojson", params={"net": "grid", **asked}))
        told = {f["properties"]["code"]: f["properties"]["households"] for f in grids}
        assert loads.reindex(list(told)).fillna(0).astype(int).to_dict() == told


def test_what_an_issue_recorded_stays_and_its_grid_then_stands_beside_it(
    browser: TestClient, shown: Shown
) -> None:
    asked = {"scope": shown.scope}
    now = features(browser.get("/api/issues.geojson", params=asked))
    under = features(browser.get("/api/issues.geojson", params={**asked, "plan": shown.plan}))
    assert "grid_then" not in now[0]["properties"]
    assert [f["properties"]["grid"] for f in now] == [f["properties"]["grid"] for f in under]
    assert all(f["properties"]["grid"] == f["properties"]["grid_then"] for f in under)
    before = browser.get("/api/issues.geojson", params={**asked, "at": 1})
    assert features(before) == [], "all of them came in after the plan"


def test_revisions_are_listed_and_taken_back_by_who_approves(browser: TestClient) -> None:
    listed = browser.get("/api/nets/grid/revisions").json()
    assert [row["number"] for row in listed] == [2, 1]
    assert len(listed[0]["effective_on"]) == len("2026-11-26")
    refused = {
        n: browser.post(f"/api/nets/grid/revisions/{n}/rollback") for n in (2, 99, -1, 10**30)
    }
    assert [said.status_code for said in refused.values()] == [403, 404, 404, 404]
    assert browser.get("/api/nets/nope/revisions").status_code == 404
    assert browser.post(f"/api/plans/{10**30}/steps", json={"step": "submit"}).status_code == 404
    assert browser.get("/api/duties?area=%00").json()["code"] == "BadValue"


@pytest.mark.parametrize(
    "wrong",
    [
        '{"source": "web", "reference": "x", "lon": NaN, "lat": 1, "datum": "wgs84"}',
        '{"source": "web", "reference": "x", "lon": 1e999, "lat": 1, "datum": "wgs84"}',
        '{"source": "web", "reference": "x", "lon": true, "lat": 1, "datum": "wgs84"}',
        '{"source": "web", "reference": "x", "lon": 200, "lat": 1, "datum": "wgs84"}',
        '{"source": "web", "reference": "x", "lon": 1}',
        '{"source": "web", "reference": "x", "text": "a\\u0000b"}',
        '{"source": "web", "reference": "x", "text": "\\ud800"}',
        '{"source": "web"}',
        '{"source": "web", "reference": "x", "colour": "red"}',
        "no json",
    ],
)
def test_malformed_reports_are_refused_with_a_sentence_and_nothing_is_kept(
    browser: TestClient, wrong: str
) -> None:
    answer = browser.post(
        "/api/issues", content=wrong, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["zh"]
    listed = features(browser.get("/api/issues.geojson"))
    assert "x" not in {f["properties"]["reference"] for f in listed}


def test_steps_are_for_those_who_hold_the_duty(browser: TestClient, shown: Shown) -> None:
    answer = browser.post(f"/api/plans/{shown.plan}/steps", json={"step": "approve"})
    assert answer.status_code == 409, "a plan in force is not approved again"
    assert browser.get("/api/plans/999/compare").status_code == 404


def test_a_browser_may_become_another_demo_person_but_not_just_anybody(
    browser: TestClient, demo_store: Store
) -> None:
    assert browser.post("/as/nobody", follow_redirects=False).status_code == 404
    listed = browser.get("/api/persons").json()
    planner, dispatcher = (
        next(p["party"] for p in listed if p["role"] == role) for role in ("planner", "dispatcher")
    )
    with TestClient(create_app(demo_store, person=planner), client=HERE) as fresh:
        answer = fresh.post(f"/as/{dispatcher}", follow_redirects=False)
    assert answer.status_code == 303
    assert f"jingwei_person={dispatcher}" in answer.headers["set-cookie"]
    assert "HttpOnly" in answer.headers["set-cookie"]


def test_demo_persons_work_on_this_machine_only(demo_store: Store, browser: TestClient) -> None:
    with TestClient(create_app(demo_store, person="x"), client=("10.0.0.8", 1)) as elsewhere:
        assert elsewhere.get("/api/plans").status_code == 403
    assert browser.get("/api/plans", headers={"x-forwarded-for": "10.0.0.8"}).status_code == 403
    assert browser.get("/api/plans", headers={"host": "evil.example"}).status_code == 400


def test_the_description_is_ours_and_no_page_of_it_loads_from_outside(browser: TestClient) -> None:
    assert browser.get("/api/openapi.json").status_code == 200
    assert browser.get("/docs").status_code == browser.get("/redoc").status_code == 404
    assert browser.get("/pages/none.js").status_code == 404


def test_a_long_list_is_cut_and_the_rest_counted_in_cells(
    browser: TestClient, shown: Shown
) -> None:
    whole = browser.get("/api/issues.geojson", params={"scope": shown.scope}).json()
    cut = browser.get("/api/issues.geojson", params={"scope": shown.scope, "limit": 5}).json()
    assert cut["features"] == whole["features"][:5]
    assert cut["total"] == whole["total"] == len(whole["features"])
    assert whole["beyond"] == []
    placed = [f for f in whole["features"][5:] if f["geometry"]]
    assert sum(n for _, _, n, _, _ in cut["beyond"]) == len(placed) > len(cut["beyond"])
    closed = [f for f in placed if f["properties"]["state"] == "closed"]
    assert sum(n for _, _, n, _, is_open in cut["beyond"] if not is_open) == len(closed)
    one = {"only": whole["features"][-1]["properties"]["id"]}
    assert features(browser.get("/api/issues.geojson", params=one)) == whole["features"][-1:]


@pytest.mark.parametrize("path", ["areas.geojson?net=grid&scope={}", "places.geojson?scope={}"])
def test_too_much_for_a_map_is_counted_not_sent(
    browser: TestClient, shown: Shown, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    asked = f"/api/{path.format(shown.scope)}"
    sent = len(features(browser.get(asked)))
    for name in ("MOST_AREAS", "MOST_PLACES"):
        monkeypatch.setattr(f"api.routes.areas.{name}", 1)
    answer = browser.get(asked)
    assert features(answer) == []
    assert answer.json()["left_out"] >= sent > 1


def test_each_address_that_takes_files_is_there_and_others_take_less(browser: TestClient) -> None:
    limits = body_limits()
    paths = browser.get("/api/openapi.json").json()["paths"]
    described = [form for form in limits.files if "/open311/" not in form.pattern]
    for form in described:  # Open311 is described by its standard
        assert any(form.match(path) for path in paths), form.pattern
    answer = browser.post("/api/issues", content=b" " * (limits.most + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "BodyTooLarge")
    assert "content-security-policy" in answer.headers
