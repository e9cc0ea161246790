"""A board's counts and days are the same by what is kept of each day as issue by issue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pandas as pd
import pytest
from sqlalchemy import text

from geo.store.database import Connection, Store, transaction
from geo.store.shown.heat import fold
from geo.store.working import board
from geo.store.working.board import Sight, count_board, days_of_board
from tests.store import toy
from tests.store.test_succession import reads

MIDNIGHT: Final = datetime(2026, 11, 24, 16, tzinfo=UTC)  # of the city
NOW: Final = MIDNIGHT + timedelta(hours=12)
DAY: Final = timedelta(days=1)
SIGHTS: Final = (
    Sight(),
    Sight("3701"),
    Sight("370102", source="web"),
    Sight(toy.SUBDISTRICT),
    Sight(toy.SUBDISTRICT, since=MIDNIGHT - DAY),
    Sight("370102", since=MIDNIGHT - 2 * DAY, until=MIDNIGHT),
    Sight("370102", since=NOW - DAY),
    Sight("370102", is_open=True),
    Sight(toy.ONE),
    Sight(""),
    Sight("370199"),
)
# Of nine places: seven ways down to a grid, a district of no name, and nowhere.
ISSUES: Final = f"""
insert into issue (source, reference, path, subdistrict, grid, received_by, reported_at, due_at,
    state, outcome, grid_revision, admin_revision)
select
    case when n % 3 = 0 then 'web' else 'hotline' end, 'day-' || n,
    case n % 9
        when 0 then '{{}}'
        when 1 then array['3701', '370199']
        else array['3701', '370102', '{toy.SUBDISTRICT}', '{toy.ONE}', 'g' || n % 9]
    end,
    case when n % 9 > 1 then '{toy.SUBDISTRICT}' end, case when n % 5 > 0 then 'g' || n % 9 end, '',
    timestamptz '2026-11-25 02:00Z' - n * interval '31 minutes',
    timestamptz '2026-11-24 16:00Z' + (n - 200) * interval '1 hour',
    (array['new', 'sent', 'done', 'closed', 'closed'])[1 + n % 5],
    case when n % 5 > 2 then 'solved' end, 1, 1
from generate_series(0, 420) as n
"""
TASKS: Final = """
insert into task (issue, kind, lead, state, made_by, path, due_at, yellow_at)
select id, 'handle', true, 'sent', '', path, due_at + interval '9 hours', due_at - interval '1 day'
from issue where state = 'sent' and id % 2 = 0
"""
CHANGES: Final = (
    "update issue set state = 'closed', outcome = 'solved' where id % 7 = 0",
    "update issue set state = 'sent', outcome = null where id % 11 = 0",
    "update issue set reported_at = reported_at - interval '1 day' where id % 13 = 0",
    "update issue set source = 'web' where id % 23 = 0",
    "delete from issue where id % 17 = 0 and id not in (select issue from task)",
    "insert into duty (party, role, net, area) values ('stranger', 'dispatcher', 'admin', '3701')",
)


def told(conn: Connection, sight: Sight) -> list[list[Any]]:
    """The rows of both questions, in order; of closed ones not whether a grid owned them."""
    counts = count_board(conn, sight, NOW)
    keys = [counts[key].astype(object).where(counts[key].notna(), "") for key in ("state", "card")]
    owned = counts["is_owned"].where(counts["state"] != "closed", other=False).astype(bool)
    summed = counts["n"].astype(int).groupby([*keys, counts["source"], owned]).sum()
    days = days_of_board(conn, sight._replace(since=None, until=None), NOW)
    return [sorted(summed.items()), days.astype(object).to_numpy().tolist()]


@pytest.fixture
def store(toy_store: Store) -> Store:
    """The toy city with issues of some days, changed since, partly added up."""
    with transaction(toy_store.owner, "tests") as conn:
        conn.execute(text(ISSUES))
        conn.execute(text(TASKS))
        fold(conn)
        for change in CHANGES:
            conn.execute(text(change))
    return toy_store


def test_what_is_kept_of_days_is_what_is_counted_before_and_after_it_is_added_up(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked() -> list[Any]:
        found = []
        for person in ("stranger", "approver", "dispatcher", "leader", ""):
            with transaction(store.app, person) as conn:
                found += [(person, sight, told(conn, sight)) for sight in SIGHTS]
        return found

    with monkeypatch.context() as patch:
        patch.setattr(board, "days_kept", lambda *_: None)
        counted = asked()
    kept = asked()
    assert kept == counted
    assert sum(bool(days) for *_, (_, days) in kept) > len(kept) // 2
    with transaction(store.owner, "tests") as conn:
        fold(conn)
        assert conn.execute(text("select count(*) from day_change")).scalar_one() == 0
    assert asked() == counted


def test_a_board_reads_what_waits_and_not_what_was(store: Store) -> None:
    with transaction(store.owner, "tests") as conn:
        conn.execute(
            text("update issue set state = 'closed', outcome = 'solved' where id % 50 > 0")
        )
        fold(conn)
        conn.execute(text("analyze issue"))
        conn.execute(text("analyze task"))
        still = conn.execute(text("select count(*) from issue where state <> 'closed'"))
        most = still.scalar_one()
    with transaction(store.app, "stranger") as conn:
        counts = count_board(conn, Sight(), NOW)
        days = days_of_board(conn, Sight(), NOW)
        assert reads(conn, "issue")[1] <= 2 * most < 40
    assert counts["n"].sum() == days["n"].sum() > 300
    assert pd.api.types.is_integer_dtype(days["n"])
