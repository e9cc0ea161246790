"""When the calls of a day come, by the hours of a generated city's own."""

from __future__ import annotations

import numpy as np

from geo.city import build

_PEAK_DAY = 23_000  # calls; Jinan's 12345 at its fullest
_FROM, _TO = 9 * 3600, 17 * 3600


def beginnings(calls: int, seconds: float) -> np.ndarray:
    """Return when each call comes, in seconds from the start, by the hours of a generated day."""
    return np.sort(np.clip(_times(calls), 0, 86_400)) / 86_400 * seconds


def _times(calls: int) -> np.ndarray:
    told = build("small", 7).issues["reported_at"].dropna()
    local = told.dt.tz_convert("Asia/Shanghai")
    hours = (local - local.dt.normalize()).dt.total_seconds().to_numpy()
    draw = np.random.default_rng(1)
    return draw.choice(hours, calls) + draw.uniform(-300, 300, calls)


def at_work(seconds: float, days: int) -> np.ndarray:
    """Return when the calls of some days come, each day eight working hours in so many seconds."""
    times = _times(_PEAK_DAY)
    own = np.sort(times[(times >= _FROM) & (times < _TO)])
    day = (own - _FROM) / (_TO - _FROM) * seconds
    return np.concatenate([day + nth * seconds for nth in range(days)])
