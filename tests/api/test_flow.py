"""The main job: once through, and again without doing anything twice."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pandas as pd
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.acting import COOKIE
from api.demo import Shown, run
from api.persons import cast_of, home_scope
from geo.frames import ROLES
from geo.store.database import CITY_TIME, Store, transaction
from geo.store.planning import plans
from geo.store.working.issues import read_issues

SCENES, ALONE = 36, 4
# What an import anew would change: revisions of the nets, rules of services, duties.
HELD = """
    select name, number::text from net
    union all select code, auto_send::text from service
    union all select party, concat_ws(',', role, area, since, until) from duty order by 1, 2
"""
UNPLAYED = {"building_leader"}  # nobody holds it in the small city


def test_the_flow_ends_with_a_plan_in_force_and_issues_in_hands(
    demo_store: Store, shown: Shown
) -> None:
    with transaction(demo_store.owner, "tests") as conn:
        (state,) = plans.read_plans(conn)["state"]
        issues = read_issues(conn)
        asked = text(
            "select detail ->> 'by' as by, count(*) from event where name = 'send' group by 1"
        )
        by = {who: int(n) for who, n in conn.execute(asked)}
    assert state == "in_force"
    assert by[None] == 60 + SCENES + ALONE  # by a dispatcher, along their routes or to the cast
    assert by["rule"] > 10  # and at intake, as the catalogue says
    assert issues["task"].notna().sum() == sum(by.values()) - ALONE
    assert {"sent", "taken", "done", "returned"} <= set(issues["state"])
    located = issues[issues.geometry.notna()]
    assert located["grid"].notna().mean() > 0.95
    assert 0 < shown.unclaimed < len(issues) / 10
    reported = issues["reported_at"]
    assert pd.Timestamp.now(CITY_TIME) - reported.max() < pd.Timedelta(days=1), "a city of today"
    old = reported < reported.max() - pd.Timedelta(days=7)
    assert 0.95 < (issues["state"][old] == "closed").mean() < 1, "some are left, and overdue"


def test_running_it_again_changes_nothing(demo_store: Store, shown: Shown, tmp_path: Path) -> None:
    (tmp_path / "areas.gpkg").write_bytes(b"half")  # a run before was stopped, or was another's

    def held() -> list[str]:
        with transaction(demo_store.owner, "tests") as conn:
            return [str(row) for row in conn.execute(text(HELD))]

    before = held()
    assert run(demo_store, tmp_path, say=lambda *_: nullcontext(), quality="fast") == shown
    assert held() == before, "the grids of the plan are still those in force"
    with transaction(demo_store.owner, "tests") as conn:
        assert len(plans.read_plans(conn)) == 1


def test_every_role_is_played_by_somebody_with_work_who_may_be_acted_as(
    demo_store: Store, shown: Shown, browser: TestClient
) -> None:
    with transaction(demo_store.owner, "tests") as conn:
        cast = cast_of(conn, shown.scope)
        begins = {one.role: home_scope(conn, one.party) for one in cast.itertuples()}
    assert min(map(len, begins.values())) > 0  # of field workers too, and of departments
    assert set(cast["role"]) == set(ROLES) - UNPLAYED
    assert len(cast) <= 24  # as many as the first page has buttons for
    for one in cast.itertuples():
        answer = browser.post(f"/as/{one.party}", follow_redirects=False)
        assert answer.status_code == 303, one
    browser.cookies.clear()
    on_desk = cast[cast["area"] == shown.scope].set_index("role")["party"]
    assert {"to_sign"} <= told_to(browser, on_desk["approver"])
    for role in ("grid_worker", "grid_leader", "street_manager"):
        (person,) = cast.loc[cast["role"] == role, "party"]
        assert "sent" in told_to(browser, person), role
    department, agency = cast.loc[cast["area"].str[0].isin(["D", "A"]), "party"]
    assert "sent" in told_to(browser, department)
    assert told_to(browser, agency)


def told_to(browser: TestClient, person: str) -> set[str]:
    """Return the kinds of notice that somebody has."""
    answer = browser.get("/api/notices", headers={"cookie": f"{COOKIE}={person}"})
    return {notice["kind"] for notice in answer.json()}
