"""The issues of a quarter replayed on a draft say what its grids would have to carry."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from api.plan_changes import sides
from api.replaying import Replayed, replayed
from geo.comparison import descent
from geo.errors import BadPeriodError
from geo.issues import Issue
from geo.replay import successors_in_charge
from geo.store.database import Store, transaction
from geo.store.net import lookup, people
from geo.store.working import issues
from tests.store import toy
from tests.store.test_issues import received
from tests.store.test_plan_command import buildings_given_to
from tests.store.test_plans import drawn, merged, published

NOW = datetime.now(UTC)
PLACES = [(x / 4 + 0.1, y / 4 + 0.1) for x in range(8) for y in range(8) if x < 4 or y > 3]


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def reported(store: Store, places: list[tuple[float, float]], days_ago: int = 1) -> None:
    for n, point in enumerate(toy.points(*places)):
        told: dict[str, Any] = {
            "source": "hotline",
            "reference": f"{days_ago}-{n}",
            "text": "?",
            "reported_at": NOW - timedelta(days=days_ago),
            "due_at": NOW + timedelta(days=1 if n % 2 else -1),
        }
        received(store, Issue(**told, lon=point.x, lat=point.y))


def told(store: Store, plan: int, **days: date) -> Replayed:
    with transaction(store.app, "planner") as conn:
        return replayed(conn, plan, **days)


def test_each_issue_counts_where_it_lies_now_and_where_it_would(store: Store) -> None:
    reported(store, PLACES)
    reported(store, [(0.5, 0.5)], days_ago=200)
    buildings_given_to(store, "x")
    plan = drawn(store, merged(1))
    load = told(store, plan).load
    with transaction(store.app, "planner") as conn:
        points = gpd.GeoSeries(toy.points(*PLACES), crs="EPSG:4326")
        now, then = (lookup.owners_of(conn, points, plan=which) for which in (None, plan))
    grids = load.grids.set_index("code")
    assert grids["before"].loc[lambda n: n > 0].to_dict() == now.value_counts().to_dict()
    assert grids["after"].loc[lambda n: n > 0].to_dict() == then.value_counts().to_dict()
    assert grids["open"].equals(grids["after"].rename("open"))
    assert grids["overdue"].sum() == len(PLACES) // 2
    assert load.issues == len(PLACES)
    assert load.other_grid == load.other_holder == (now != then).sum() == 4
    one, two = f"{toy.ONE}001", f"{toy.ONE}002"  # of 28 households, and a fourth of them moves
    assert grids.loc[one, "per_100_before"] == round(100 * 16 / 28, 1)
    assert grids.loc[[one, two], "per_100_after"].tolist() == [
        round(100 * 12 / 21, 1),
        round(100 * 20 / 35, 1),
    ]


def test_a_period_is_of_whole_days_and_none_ends_before_it_begins(store: Store) -> None:
    reported(store, [(0.5, 0.5)], days_ago=200)
    plan, day = drawn(store, merged(1)), (NOW - timedelta(days=200)).date()
    assert told(store, plan).load.issues == 0
    around = {"since": day - timedelta(days=1), "until": day + timedelta(days=1)}
    assert told(store, plan, **around).load.issues == 1
    with pytest.raises(BadPeriodError):
        told(store, plan, since=day, until=day - timedelta(days=1))


def test_what_has_no_position_counts_with_the_grid_it_was_sent_to(store: Store) -> None:
    reported(store, [(0.7, 1.7)] * 3)
    with transaction(store.app, "dispatcher") as conn:
        for number in (1, 2):
            issues.send(conn, number)
    with store.owner.begin() as conn:
        conn.exec_driver_sql("update issue set geom = null where id in (1, 2)")
        conn.exec_driver_sql("update issue set path = '{}', grid = null where id = 2")
    # Grid 001 ends, and most of its households go to the one that is then 005.
    # Issue 2 lay in no area at intake: a planner of the subdistrict may not see it.
    plan = drawn(store, merged(3))
    assert told(store, plan).load.issues == 2
    with transaction(store.owner, "x") as conn:
        load = replayed(conn, plan).load
    assert (load.issues, load.unplaced, load.nowhere, load.other_grid) == (3, 2, 0, 3)
    grids = load.grids.set_index("code")
    assert grids.loc[f"{toy.ONE}001", ["before", "after"]].tolist() == [3, 0]


@pytest.mark.parametrize("share", [1, 3, 4])
def test_who_would_answer_is_who_does_once_it_is_published(store: Store, share: int) -> None:
    buildings_given_to(store, "x")
    with transaction(store.owner, "x") as conn:
        before = people.read_duties(conn, role="grid_leader")
        both = sides(conn, drawn(store, merged(share)))
        holders = before[before["net"] == "grid"].set_index("area")["party"]
        shares = descent(both.was, both.will, both.buildings).lineage
    promised = successors_in_charge(shares, holders)
    published(store, merged(share))
    with transaction(store.owner, "x") as conn:
        after = people.read_duties(conn, role="grid_leader")
    leads = after[(after["net"] == "grid") & after["lead"]].set_index("area")["party"]
    ours = leads[leads.index.str.startswith(toy.ONE)]
    assert promised.sort_index().to_dict() == ours.sort_index().to_dict()


def test_a_grid_with_over_twice_the_median_is_heavy(store: Store) -> None:
    rng = np.random.default_rng(1)
    places = [(0.2 + x, 1.2 + y) for x, y in rng.uniform(0, 0.5, (9, 2))]
    reported(store, [*places, (1.5, 1.5), (1.5, 1.6), (0.5, 0.5), (0.5, 0.6), (1.8, 0.8)])
    load = told(store, drawn(store, toy.atoms())).load
    assert load.median == 2.0
    heavy = pd.Series(load.grids["heavy"]).set_axis(load.grids["code"])
    assert heavy[heavy].index.tolist() == [f"{toy.ONE}001"]
