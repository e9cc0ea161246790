"""Deadlines on the database: its calendar, the limits of a service, cards that fall."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text

from api.clock import tell_due
from api.files.days import read_days
from geo.calendar import calendar
from geo.errors import BadCalendarError, FileUnreadableError, MissingFileError, UnknownYearError
from geo.issues import Order, Work
from geo.store import events, imports
from geo.store.calendars import commit_days
from geo.store.database import Store, transaction
from geo.store.deadlines import days_known, ruler
from tests.store.test_handling import LEADER, acted
from tests.store.test_issues import at, received


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def taken_in(store: Store, days: pd.DataFrame) -> list[tuple[int, bool]]:
    with transaction(store.owner, "import") as conn:
        years = commit_days(conn, days, imports.open_batch(conn, "calendar"))
    return [(year.year, year.changed) for year in years]


def test_the_calendar_begins_as_the_file_and_a_year_is_taken_in_as_a_whole(store: Store) -> None:
    with transaction(store.owner, "audit") as conn:
        known = days_known(conn)
    ours = known[known["day"].dt.year <= 2026]  # tests know years to come
    pd.testing.assert_frame_equal(ours, calendar(), check_dtype=False)
    assert taken_in(store, calendar()) == [(year, False) for year in range(2012, 2027)]
    day = datetime(2045, 1, 4, 2, tzinfo=UTC)
    with (
        transaction(store.app, "dispatcher") as conn,
        pytest.raises(UnknownYearError, match="2045"),
    ):
        ruler(conn)[0].after(day, 1)
    fresh = pd.DataFrame({"day": pd.to_datetime(["2045-01-05"]), "works": [False], "name": ["试"]})
    assert taken_in(store, fresh) == [(2045, True)]
    with transaction(store.app, "dispatcher") as conn:
        assert ruler(conn)[0].after(day, 1) == day + timedelta(days=2)
    assert taken_in(store, fresh.assign(day=pd.to_datetime(["2045-01-06"]))) == [(2045, True)]
    with transaction(store.app, "dispatcher") as conn:
        assert ruler(conn)[0].after(day, 1) == day + timedelta(days=1)


def test_what_cannot_be_reckoned_is_refused_and_said(store: Store) -> None:
    with store.owner.begin() as conn:
        conn.execute(text("delete from calendar where day >= '2026-01-01'"))
    number = received(store, at(2.5, 0.5)).id
    with pytest.raises(UnknownYearError, match="jingwei import calendar"):
        acted(store, "dispatcher", number, Order(step="send"))
    with transaction(store.owner, "audit") as conn:
        assert events.history(conn, "issue", number).name.tolist() == ["receive"]


def test_a_service_has_limits_and_days_of_its_own(store: Store) -> None:
    catalogue = pd.DataFrame(
        {
            "code": ["pipe", "plan"],
            "name": ["水管爆裂", "规划"],
            "answer_days": [0.5, 8.0],
            "calendar": ["natural", "working"],
        }
    )
    with transaction(store.owner, "import") as conn:
        imports.commit_services(conn, catalogue, imports.open_batch(conn, "services"))
        by_the_table = ruler(conn)[0].after(datetime.now(UTC), 8)
    pipe, plan = (sent(store, service) for service in ("pipe", "plan"))
    assert abs(pipe.due_at - pipe.sent_at - timedelta(hours=12)) <= timedelta(seconds=1)
    assert abs(plan.due_at - by_the_table) < timedelta(minutes=5)


def sent(store: Store, service: str) -> Work:
    number = received(store, replace(at(2.5, 0.5, service), service=service)).id
    return acted(store, "dispatcher", number, Order(step="send", party=LEADER)).tasks[0]


def test_cards_are_told_once_when_they_fall(store: Store) -> None:
    number = received(store, at(2.5, 0.5)).id
    acted(store, "dispatcher", number, Order(step="send"))

    def told() -> list[str]:
        tell_due(store)
        with transaction(store.owner, "audit") as conn:
            return [str(name) for name in events.history(conn, "issue", number).name[2:]]

    assert told() == []
    moved(store, "yellow_at = now() - interval '1 hour'")
    assert told() == told() == ["due_soon"]
    moved(store, "due_at = now() - interval '1 minute'")
    assert told() == told() == ["due_soon", "overdue"]
    acted(store, LEADER, number, Order(step="take"))
    ask = Order(step="ask_extend", reason="等配件", days=3)
    acted(store, LEADER, number, ask)
    acted(store, "dispatcher", number, Order(step="extend"))
    moved(store, "yellow_at = now() - interval '1 hour'")
    assert told()[-1] == "due_soon"


def moved(store: Store, change: str) -> None:
    with store.owner.begin() as conn:
        conn.execute(text(f"update task set {change}"))


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.csv", "day,works,name\n2027-13-01,no,x\n", "day"),
        ("a.csv", "day,works\n2027-01-01,perhaps\n", "works"),
        ("a.csv", "day,works\n2027-01-01,no\n2027-01-01,yes\n", "×2"),
        ("a.csv", "day\n2027-01-01\n", "works"),
        ("a.csv", "day,works\n", "–"),
        ("a.csv", "day,works\n1812-01-01,no\n", "day"),
    ],
)
def test_a_file_of_days_that_makes_no_sense_is_refused(
    tmp_path: Path, name: str, content: str, found: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadCalendarError, match=found):
        read_days(path)


def test_a_file_of_days_is_read_in_chinese_and_from_excel(tmp_path: Path) -> None:
    path = tmp_path / "放假.csv"
    path.write_bytes("日期,是否上班,名称\n2027/1/4,休,元旦\n2027-01-09,上班,\n".encode("gb18030"))
    days = read_days(path)
    assert days.works.tolist() == [False, True]
    days.assign(day=days["day"].dt.strftime("%Y-%m-%d"), works=["否", "是"]).to_excel(
        tmp_path / "a.xlsx", index=False
    )
    assert read_days(tmp_path / "a.xlsx").day.tolist() == days.day.tolist()
    (tmp_path / "b.xlsx").write_bytes(b"no book")
    with pytest.raises(FileUnreadableError):
        read_days(tmp_path / "b.xlsx")
    with pytest.raises(MissingFileError):
        read_days(tmp_path / "none.csv")


def test_nobody_writes_the_calendar_as_the_app_role(store: Store) -> None:
    with store.app.connect() as conn:
        conn.execute(text("select set_config('jingwei.person', 'approver', false)"))
        assert conn.execute(text("select count(*) from calendar")).scalar_one() > 100
        with pytest.raises(Exception, match="permission denied"):
            conn.execute(text("delete from calendar"))
