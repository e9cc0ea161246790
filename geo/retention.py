"""How long personal data is kept: periods as data, read from a file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from geo.reference import boundary_file, figures


class Periods(NamedTuple):
    """Days; 0: not kept once it is over, of a contact not at all."""

    issue_words_days: float
    issue_reporter_days: float
    task_words_days: float
    contact_days: float


@cache
def periods(path: Path | None = None) -> Periods:
    """Return the periods of a file, or those that come with the program.

    Raises
    ------
    BadLimitsError
        Which file, and what is wrong with it.

    >>> 0 < periods().issue_reporter_days <= periods().issue_words_days
    True
    """
    return figures(path or boundary_file("retention.toml"), Periods)
