from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.calendar import WorkingTime, around_the_clock, calendar, deadlines, working_time
from geo.errors import BadDeadlinesError, BeyondCalendarError

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORK: WorkingTime = working_time(calendar(), deadlines())
moments = st.datetimes(datetime(2012, 1, 6), datetime(2026, 9, 1), timezones=st.just(SHANGHAI))  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_working_days_are_those_that_another_library_knows() -> None:
    days = [date(2012, 1, 1) + timedelta(n) for n in range(15 * 365 + 4)]
    morning = pd.DatetimeIndex(days).tz_localize("Asia/Shanghai")
    spent = WORK.elapsed(morning, morning + pd.Timedelta(hours=23))
    assert (spent > 0).tolist() == [chinese_calendar.is_workday(day) for day in days]


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-25 10:00", 5, "2026-12-02 10:00"),
        ("2026-11-28 10:00", 5, "2026-12-04 18:00"),  # on a Saturday: five whole days
        ("2026-11-25 20:00", 1, "2026-11-26 18:00"),
        ("2026-02-13 17:00", 2, "2026-02-24 17:00"),  # a make-up Saturday, then Spring Festival
        ("2026-11-25 11:30", 0.5, "2026-11-25 17:00"),  # noon does not count
    ],
)
def test_a_limit_in_working_days_ends(start: str, days: float, due: str) -> None:
    assert WORK.after(at(start), days) == at(due)


@given(start=moments, days=st.floats(0, 30))
def test_as_much_time_runs_to_the_due_moment_as_was_given(start: datetime, days: float) -> None:
    due = WORK.after(start, days)
    assert WORK.elapsed(start, due)[0] == round(days * WORK.day)


@given(moments, moments, moments)
def test_time_adds_up_and_never_runs_back(a: datetime, b: datetime, c: datetime) -> None:
    assert WORK.elapsed(a, b)[0] + WORK.elapsed(b, c)[0] == WORK.elapsed(a, c)[0]
    assert WORK.elapsed(min(a, b), max(a, b))[0] >= 0


def test_arrays_answer_as_single_moments_do() -> None:
    starts = pd.Series([at("2026-11-25 10:00"), at("2026-11-28 10:00")])
    due = WORK.all_after(starts, [1, 2])
    assert [datetime.fromtimestamp(int(second), UTC) for second in due] == [
        WORK.after(start, days) for start, days in zip(starts, (1, 2), strict=True)
    ]


def test_a_moment_of_another_century_is_refused() -> None:
    for moment in (at("1999-01-01 00:00"), at("2050-01-02 00:00")):
        with pytest.raises(BeyondCalendarError):
            WORK.after(moment, 1)
    with pytest.raises(BeyondCalendarError):
        WORK.after(at("2049-12-31 17:00"), 5)


def test_a_year_without_holidays_is_a_guess_by_weekdays_and_said_to_be_one() -> None:
    assert WORK.years == frozenset(range(2012, 2027))
    assert WORK.after(at("2026-12-31 10:00"), 1) == at("2027-01-01 10:00")  # nobody knows New Year
    assert WORK.elapsed(at("2026-12-31 10:00"), at("2027-01-01 10:00"))[0] == WORK.day
    asked = [at("2026-12-31 23:59"), at("2027-01-01 00:00"), at("2011-06-01 00:00")]
    assert WORK.guesses(asked).tolist() == [False, True, True]
    assert not around_the_clock(deadlines()).guesses(asked).any()
    spoken = WORK.covers([at("2000-05-01 00:00"), at("2027-05-01 00:00"), at("2051-05-01 00:00")])
    assert spoken.tolist() == [False, True, False]


def test_plain_days_run_by_day_and_night_in_any_year() -> None:
    plain = around_the_clock(deadlines())
    assert plain.after(at("2027-12-31 23:00"), 2.5) == at("2028-01-03 11:00")
    assert plain.elapsed(at("2030-02-01 00:00"), at("2030-02-02 00:00"))[0] == 86_400


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[hours]\nzone = 'Mars'\nspans = ['08:00-12:00']\n",
        "[hours]\nzone = 'UTC'\nspans = ['12:00-08:00']\n",
        "[hours]\nzone = 'UTC'\nspans = []\n",
        "[hours]\nzone = 'UTC'\nspans = ['08:00-25:00']\n",
    ],
)
def test_a_file_of_deadlines_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "deadlines.toml"
    days = "[days]\nanswer = 5\nextend = 10\nreturn = 2\nyellow = 1\n"
    days += "[whistle]\non_the_spot_minutes = 30\n"
    path.write_text(text + days, encoding="utf-8")
    with pytest.raises(BadDeadlinesError) as caught:
        deadlines(path)
    assert "deadlines.toml" in caught.value.sentence_zh
