"""How often residents may ask, and how much they may send: `residents.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geo.errors import BadRulesError
from geo.reference import boundary_file


@dataclass(frozen=True)
class ResidentPolicy:
    """The most in a minute from one address, of reports from all; photos and letters of one.

    `reopen_days`: for how long a closed report may be reopened by its reporter.
    """

    reports: int
    looks: int
    wrong: int
    reports_of_all: int
    photos: int
    letters: int
    reopen_days: int


@cache
def resident_policy(path: Path | None = None) -> ResidentPolicy:
    """Return the policy of a file, or the one that comes with the program.

    Raises
    ------
    BadRulesError
        What is wrong with it.

    >>> resident_policy().photos
    3
    """
    path = path or boundary_file("residents.toml")
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        made = ResidentPolicy(**told["pace"], **told["sizes"], **told["after"])
        least = min(vars(made).values())
    except (KeyError, TypeError, ValueError) as error:
        raise _bad(path, error) from error
    if least < 1:
        raise _bad(path, made)
    return made


def _bad(path: Path, found: object) -> BadRulesError:
    pace = "[pace] reports, looks, wrong, reports_of_all"
    expected = f"{pace}; [sizes] photos, letters; [after] reopen_days: from 1"
    return BadRulesError(path=path, key="pace, sizes, after", found=found, expected=expected)
