"""How long personal data is kept: periods as data, read from a file."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from geo.errors import BadLimitsError
from geo.reference import boundary_file


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
    path = path or boundary_file("retention.toml")
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        told = {
            f"{of}_{name}": days for of, table in tables.items() for name, days in table.items()
        }
        found = Periods(**told)
        sound = all(math.isfinite(days) and days >= 0 for days in found)
    except (AttributeError, TypeError, ValueError) as error:
        raise BadLimitsError(path=path.name, found=error) from error
    if not sound:
        raise BadLimitsError(path=path.name, found=dict(told))
    return found
