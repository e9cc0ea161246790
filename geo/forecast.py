"""The rates of a period that still runs: as they stand, and as they may end.

What is undecided does not count yet, or counts as not done. It is taken to fare as issues of an
earlier period did; beside that stand the rates if all of it ends badly, and if all of it ends well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from geo.kpi import KPIS, Kpi

# Rates that a leader answers for by the month, in the order they are asked.
FORECAST: Final = ("response", "resolution", "satisfaction", "on_time")
# Of these what is undecided is in the whole already, as not done; of the others it comes to both.
COUNTED: Final = frozenset({"response"})
_KPIS: Final = {kpi.name: kpi for kpi in KPIS}


class Forecast(NamedTuple):
    """One rate: `part` of `whole` so far, `open` undecided, `past` the rate they are taken to have.

    `now`, `expected`, `low` and `high` are from 0 to 1; None where there is nothing to share.
    """

    name: str
    zh: str
    en: str
    part: int
    whole: int
    open: int
    past: float | None
    now: float | None
    expected: float | None
    low: float | None
    high: float | None


def forecast(
    counts: Mapping[str, int], undecided: Mapping[str, int], past: Mapping[str, float | None]
) -> list[Forecast]:
    """Return each rate of FORECAST as it stands and as it may end.

    Parameters
    ----------
    counts
        Marks of the period so far, as `geo.kpi.counted` counts them.
    undecided
        How many may still end well or badly, by the name of the rate.
    past
        Rates of an earlier period; where one is missing, that of the period itself is taken.

    >>> counts = {"responded": 8, "sent": 10, "solved": 3, "satisfied": 2, "called": 4,
    ...           "in_time": 5, "due": 6}
    >>> one, two, *_ = forecast(counts, {"response": 1, "resolution": 2}, {"resolution": 0.5})
    >>> one.now, one.low, one.high
    (0.8, 0.8, 0.9)
    >>> two.now, round(two.expected, 3), two.low, round(two.high, 3)
    (0.75, 0.667, 0.5, 0.833)
    """
    return [_one(_KPIS[name], counts, undecided.get(name, 0), past.get(name)) for name in FORECAST]


def _one(kpi: Kpi, counts: Mapping[str, int], n: int, before: float | None) -> Forecast:
    part, whole = int(counts[kpi.part]), int(counts[kpi.whole])
    decided = whole - n if kpi.name in COUNTED else whole
    end = decided + n
    own = part / decided if decided else None
    past = own if before is None else before
    return Forecast(
        kpi.name, kpi.zh, kpi.en, part, whole, n, past,
        now=part / whole if whole else None,
        expected=None if past is None or not end else (part + n * past) / end,
        low=part / end if end else None,
        high=(part + n) / end if end else None,
    )  # fmt: skip
