"""Old codes and names: brought to today's, listed, undone."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo.load import codes, repairs


def frame(**columns: list[str | None]) -> pd.DataFrame:
    data = pd.DataFrame(columns, dtype="str")
    data.index += 1
    return data


def test_todays_codes_raise_nothing() -> None:
    checked = codes.check(frame(code=["370102", "370115001", None], name=["历下区", "济阳", None]))
    assert checked.findings == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("370125", "370115"),
        ("370125100", "370115100"),
        ("370181001002", "370114001002"),
        ("371202001", "370116001"),
        ("3712", "3701"),
    ],
)
def test_an_old_code_is_changed_and_listed(old: str, new: str) -> None:
    rows = frame(code=[old, "370102001"])
    checked = codes.check(rows)
    assert checked.frame["code"].tolist() == [new, "370102001"]
    (finding,) = checked.findings
    assert (finding.code, finding.severity, finding.rows) == ("code-old", "repaired", (1,))
    assert (finding.before, finding.after) == (old, new)
    assert repairs.undo(checked.frame, checked.findings)["code"].tolist() == rows["code"].tolist()


def test_parents_follow_and_the_input_is_left_alone() -> None:
    rows = frame(code=["370125100"], parent=["370125"])
    checked = codes.check(rows)
    assert checked.frame["parent"].tolist() == ["370115"]
    assert rows["code"].tolist() == ["370125100"]
    assert len(checked.findings) == 2


def test_an_old_name_is_changed() -> None:
    checked = codes.check(frame(name=["济阳县", "济阳区", "商河县"]))
    assert checked.frame["name"].tolist() == ["济阳区", "济阳区", "商河县"]
    assert [f.code for f in checked.findings] == ["name-old"]


def test_a_code_stands_until_its_last_day() -> None:
    rows = frame(code=["370125"])
    assert codes.check(rows, on=dt.date(2017, 1, 1)).findings == ()
    assert len(codes.check(rows, on=dt.date(2019, 1, 1)).findings) == 1


def test_a_history_of_ones_own_can_be_given() -> None:
    history = pd.DataFrame(
        {
            "old_code": ["370999", "370998"],
            "old_name": ["甲县", "乙县"],
            "new_code": ["370102", "370998"],
            "new_name": ["甲区", "乙县"],
            "valid_from": [None, None],
            "valid_to": ["2020-01-01", "2020-01-01"],
        }
    )
    rows = frame(code=["370999001", "370998001"], name=["甲县", "乙县"])
    checked = codes.check(rows, history=history)
    assert checked.frame["code"].tolist() == ["370102001", "370998001"]
    assert checked.frame["name"].tolist() == ["甲区", "乙县"]


def test_undoing_passes_over_rows_that_are_gone() -> None:
    checked = codes.check(frame(code=["370125", "370125"]))
    left = checked.frame.drop(index=1)
    assert repairs.undo(left, checked.findings)["code"].tolist() == ["370125"]


def test_plain_names_keep_at_least_something() -> None:
    assert codes.plain_name("社区") == "社区"
    assert codes.plain_name(" 解放路 街道 ") == "解放路"
