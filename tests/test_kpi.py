"""Rates: what each counts, and that the page says so."""

from __future__ import annotations

import pandas as pd

from geo.issues import alone
from geo.kpi import KPIS, MARKS, marked, rates
from geo.reviews import KINDS
from tests.house.tree import ROOT

NOW = pd.Timestamp("2026-11-26T00:00:00Z")


def row(**said: object) -> dict[str, object]:
    blank: dict[str, object] = {
        "sent": True, "quick": False, "solved": None, "satisfied": None,
        "finished_at": pd.NaT, "due_at": NOW + pd.Timedelta(days=1), "closed_solved": False,
        "by_grid": True, "self_closed": False, "now": NOW,
        "emergency": False, "on_spot": False, "struck": False,
    }  # fmt: skip
    return blank | said


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    told = pd.DataFrame(list(rows))
    return told.assign(finished_at=pd.to_datetime(told["finished_at"], utc=True))


def test_the_page_says_of_every_rate_and_every_kind_of_review_what_it_is() -> None:
    page = (ROOT / "docs" / "handling.md").read_text("utf-8")
    for kpi in KPIS:
        assert f"| `{kpi.name}` {kpi.zh} |" in page
    for kind in (*KINDS, *alone.KINDS):
        assert f"| `{kind.name}` {kind.zh} |" in page


def test_nothing_has_no_rate_and_what_is_not_due_does_not_count() -> None:
    counted = rates(marked(frame(row(), row(sent=False))))
    assert counted["issues"].tolist() == [2]
    assert counted[[kpi.name for kpi in KPIS]].isna().to_numpy().tolist() == [
        [False, True, True, True, True, True, True]
    ]


def test_what_is_overdue_or_finished_late_was_not_in_time() -> None:
    late, soon = NOW - pd.Timedelta(days=1), NOW - pd.Timedelta(days=2)
    rows = frame(
        row(due_at=late),
        row(due_at=soon, finished_at=late),
        row(due_at=late, finished_at=soon),
    )
    (counted,) = rates(marked(rows)).to_dict("records")
    assert (counted["in_time"], counted["due"]) == (1, 3)


def test_what_is_struck_counts_in_no_rate_and_is_counted_itself() -> None:
    rows = frame(row(quick=True, solved=True), row(solved=False, emergency=True, struck=True))
    (counted,) = rates(marked(rows)).to_dict("records")
    assert (counted["issues"], counted["struck"]) == (2, 1)
    assert (counted["sent"], counted["response"], counted["resolution"]) == (1, 1.0, 1.0)
    assert counted["emergency"] == 0


def test_groups_add_up_to_the_whole() -> None:
    rows = marked(frame(*(row(quick=n % 2 == 0, solved=n > 1) for n in range(5))))
    rows["grid"] = ["a", "a", "b", "b", "b"]
    parts, whole = rates(rows, ["grid"]), rates(rows)
    assert parts["grid"].tolist() == ["a", "b"]
    assert parts[[*MARKS, "issues"]].sum().tolist() == whole[[*MARKS, "issues"]].iloc[0].tolist()
