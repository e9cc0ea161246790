"""Deadlines on the database: its calendar, the limits of a service, cards that fall."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text

from api.calendar_told import outlook_told
from api.clock import tell_due
from api.files.days import read_days
from geo.calendar import calendar
from geo.errors import BadCalendarError, FileUnreadableError, MissingFileError
from geo.issues import Order, Work
from geo.store import events, imports
from geo.store.database import Store, transaction
from geo.store.rules.calendars import commit_days, outlook
from geo.store.rules.deadlines import days_known, ruler
from geo.store.working.alone import NewTask, look_alone, new_task
from geo.store.working.handling import look
from tests.store import toy
from tests.store.test_handling import LEADER, acted
from tests.store.test_issues import at, received


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def taken_in(store: Store, days: pd.DataFrame) -> list[tuple[int, bool]]:
    with transaction(store.owner, "import") as conn:
        years = commit_days(conn, days, imports.open_batch(conn, "calendar")).years
    return [(year.year, year.changed) for year in years]


def test_the_calendar_begins_as_the_file_and_a_year_is_taken_in_as_a_whole(store: Store) -> None:
    with transaction(store.owner, "audit") as conn:
        known = days_known(conn)
    ours = known[known["day"].dt.year <= 2026]  # tests know years to come
    pd.testing.assert_frame_equal(ours, calendar(), check_dtype=False)
    assert taken_in(store, calendar()) == [(year, False) for year in range(2012, 2027)]
    day = datetime(2045, 1, 4, 2, tzinfo=UTC)
    with transaction(store.app, "dispatcher") as conn:
        assert ruler(conn)[0].after(day, 1) == day + timedelta(days=1)
    fresh = pd.DataFrame({"day": pd.to_datetime(["2045-01-05"]), "works": [False], "name": ["试"]})
    assert taken_in(store, fresh) == [(2045, True)]
    with transaction(store.app, "dispatcher") as conn:
        assert ruler(conn)[0].after(day, 1) == day + timedelta(days=2)
    assert taken_in(store, fresh.assign(day=pd.to_datetime(["2045-01-06"]))) == [(2045, True)]
    with transaction(store.app, "dispatcher") as conn:
        assert ruler(conn)[0].after(day, 1) == day + timedelta(days=1)


def around_today(off: int) -> pd.DataFrame:
    """A calendar of this year and the next, in which so many days from tomorrow on are off."""
    first = pd.Timestamp(datetime.now(UTC).date()) + pd.Timedelta(days=1)
    days = pd.date_range(first, periods=off) if off else pd.DatetimeIndex([first])
    return pd.DataFrame({"day": days, "works": not off, "name": ""})


def test_a_due_time_in_a_year_without_calendar_is_a_guess_that_is_told_and_mended(
    store: Store,
) -> None:
    with store.owner.begin() as conn:
        conn.execute(text("delete from calendar where day >= '2026-01-01'"))
    numbers = {name: received(store, at(2.5, 0.5, name)).id for name in ("run", "held", "source")}
    for number in numbers.values():
        acted(store, "dispatcher", number, Order(step="send", party=LEADER))
    acted(store, LEADER, numbers["held"], Order(step="take"))
    hold = Order(step="ask_hold", reason="等", review_on=date(2099, 1, 1))
    acted(store, LEADER, numbers["held"], hold)
    acted(store, "dispatcher", numbers["held"], Order(step="hold"))
    with store.owner.begin() as conn:
        its = {"issue": numbers["source"]}
        conn.execute(text("update issue set due_at = '2098-01-01' where id = :issue"), its)
        conn.execute(text("update task set due_at = '2098-01-01' where issue = :issue"), its)
    with transaction(store.app, "dispatcher") as conn:
        told = outlook_told(outlook(conn))
        assert (told["guessed"], told["missing"]) == (2, datetime.now(UTC).year)
        assert "jingwei import calendar" in told["warning"]["zh"]
        before = {name: look(conn, number) for name, number in numbers.items()}
    assert [bool(seen.guessed) for seen in before.values()] == [True, True, False]
    with transaction(store.owner, "import") as conn:
        batch = imports.open_batch(conn, "calendar")
        assert commit_days(conn, around_today(0), batch).reckoned in (0, 2)  # by the weekday
        assert commit_days(conn, around_today(14), batch).reckoned == 2
    with transaction(store.app, "dispatcher") as conn:
        after = {name: look(conn, number) for name, number in numbers.items()}
        kept = events.history(conn, "issue", numbers["run"])
        assert kept["name"].iloc[-1] == "reckon"
        working, _ = ruler(conn)
        (run,) = after["run"].case.tasks
        assert (
            kept["detail"].iloc[-1]["tasks"][str(run.id)]["due_at"][:19]
            == run.due_at.astimezone(UTC).isoformat()[:19]
        )
    assert abs(working.elapsed(run.sent_at, run.due_at)[0] - 5 * working.day) <= 1
    assert after["run"].version > before["run"].version
    assert [
        after[name].case.tasks[0].due_at > before[name].case.tasks[0].due_at for name in numbers
    ] == [True, True, False]


def test_a_task_of_no_issue_is_due_anew_too_unless_that_was_given(store: Store) -> None:
    with store.owner.begin() as conn:
        conn.execute(text("delete from calendar where day >= '2026-01-01'"))
    errand = NewTask(kind="errand", party=LEADER, area=toy.TWO, text="代办")
    given = replace(errand, due_at=datetime(2098, 1, 1, tzinfo=UTC))
    with transaction(store.app, "dispatcher") as conn:
        alone = [new_task(conn, told).id for told in (errand, given)]
        before = [look_alone(conn, task) for task in alone]
    assert [seen.guessed for seen in before] == [True, False]
    with transaction(store.owner, "import") as conn:
        commit_days(conn, around_today(14), imports.open_batch(conn, "calendar"))
    with transaction(store.app, "dispatcher") as conn:
        after = [look_alone(conn, task) for task in alone]
        assert events.history(conn, "task", alone[0])["name"].iloc[-1] == "reckon"
    due = [
        (was.task.work.due_at, now.task.work.due_at) for was, now in zip(before, after, strict=True)
    ]
    assert [now > was for was, now in due] == [True, False]


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
