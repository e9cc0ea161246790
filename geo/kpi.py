"""Rates of handling: what share of issues was answered, solved, satisfied, in time, in the grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import pandas as pd


class Kpi(NamedTuple):
    """One rate: the share of `part` among `whole`, both counts of marks that a row has."""

    name: str
    part: str
    whole: str
    zh: str
    en: str
    note: str  # in words: which among which


KPIS: Final = (
    Kpi("response", "responded", "sent", "响应率", "response",
        "taken within the days for a return, among those sent"),
    Kpi("resolution", "solved", "called", "解决率", "resolution",
        "solved by the last call-back, among those called back"),
    Kpi("satisfaction", "satisfied", "called", "满意率", "satisfaction",
        "satisfied by the last call-back, among those called back"),
    Kpi("on_time", "in_time", "due", "按期办结率", "on time",
        "finished by the due time, among those finished or overdue"),
    Kpi("arrival", "on_spot", "emergency", "紧急到场率", "on the spot in time",
        "all who were called were there in time, among emergencies"),
    Kpi("solved_in_grid", "in_grid", "done", "网格内解决率", "solved in grid",
        "by people of the grid alone, among those closed as solved"),
    Kpi("solved_in_grid_verified", "in_grid_verified", "done_verified",
        "网格内解决率（不含自办自结）", "solved in grid, without those closed on the spot",
        "the same, leaving out those that their holder closed"),
)  # fmt: skip
MARKS: Final = tuple(dict.fromkeys(mark for kpi in KPIS for mark in (kpi.part, kpi.whole)))


def marked(rows: pd.DataFrame) -> pd.DataFrame:
    """Return issues with the marks that rates are made of, each true or false.

    Parameters
    ----------
    rows
        One issue each: `sent`, `quick` (taken soon enough), `solved`, `satisfied` (of the last
        call-back, missing where there was none), `finished_at`, `due_at`, `closed_solved`,
        `by_grid`, `self_closed`, `emergency`, `on_spot`, `now`; `struck`: it counts in no rate.
    """
    called = rows["solved"].notna()
    finished = rows["finished_at"].notna()
    done, verified = rows["closed_solved"], ~rows["self_closed"]
    told = rows.assign(
        responded=rows["sent"] & rows["quick"],
        called=called,
        solved=rows["solved"].eq(other=True),
        satisfied=rows["satisfied"].eq(other=True),
        due=rows["sent"] & (finished | (rows["due_at"] < rows["now"])),
        in_time=rows["sent"] & finished & (rows["finished_at"] <= rows["due_at"]),
        done=done,
        in_grid=done & rows["by_grid"],
        done_verified=done & verified,
        in_grid_verified=done & verified & rows["by_grid"],
    )
    kept = ~rows["struck"]
    return told.assign(**{mark: told[mark] & kept for mark in MARKS})


def rates(rows: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return the rates of marked issues: one row for all, or one for each group, by its key.

    Columns: those grouped by, `issues`, `struck` (of them in no rate), every mark counted, every
    rate of KPIS from 0 to 1 (missing where there is nothing to take a share of).

    >>> rows = pd.DataFrame({mark: [True, False] for mark in ("struck", *MARKS)})
    >>> rates(rows)[["issues", "responded", "response"]]
       issues  responded  response
    0       2          1       1.0
    """
    return shared(counted(rows, by))


def counted(rows: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return how often marked issues have each mark, by group: parts of a whole may be added up."""
    marks = rows[["struck", *MARKS]].astype("int64").assign(issues=1)
    if not by:
        return marks.sum().to_frame().T
    keys = [rows[name].astype("str") for name in by]
    return marks.groupby(keys, sort=True, dropna=True).sum().reset_index()


def added(parts: Sequence[pd.DataFrame], by: Sequence[str] = ()) -> pd.DataFrame:
    """Return the counts of several parts as those of the whole."""
    whole = pd.concat(parts, ignore_index=True)
    if not by:
        return whole.sum().to_frame().T
    return whole.groupby(list(by), sort=True, dropna=True).sum().reset_index()


def shared(counts: pd.DataFrame) -> pd.DataFrame:
    """Return counts with the rates that follow: see `rates`."""
    keys = [name for name in counts.columns if name not in ("issues", "struck", *MARKS)]
    shares = {kpi.name: _share(counts[kpi.part], counts[kpi.whole]) for kpi in KPIS}
    return counts[[*keys, "issues", "struck", *MARKS]].assign(**shares)


def whole_of(parts: pd.DataFrame) -> pd.DataFrame:
    """Return the rates of all, one row, from those of its parts: see `rates`.

    >>> rows = pd.DataFrame({mark: [True, False] for mark in ("struck", *MARKS)}).assign(day=[1, 2])
    >>> whole_of(rates(rows, ["day"])).equals(rates(rows)), len(whole_of(rates(rows[:0], ["day"])))
    (True, 1)
    """
    return shared(added([parts[["issues", "struck", *MARKS]]], []))


def running(daily: pd.DataFrame, days: Sequence[str]) -> pd.DataFrame:
    """Return the rates of all that came until each day, from those by `day`: a row for each day.

    A day of `days` that none came on has those of the day before it.

    >>> rows = pd.DataFrame({mark: [True, False] for mark in ("struck", *MARKS)})
    >>> daily = rates(rows.assign(sent=True, day=["2026-11-01", "2026-11-03"]), ["day"])
    >>> running(daily, ["2026-11-01", "2026-11-02", "2026-11-03"])["response"].tolist()
    [1.0, 1.0, 0.5]
    """
    marks = daily.set_index("day")[["issues", "struck", *MARKS]]
    return shared(marks.reindex(list(days), fill_value=0).cumsum().reset_index())


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part.astype("float64") / whole.where(whole > 0).astype("float64")
