"""How issues are taken in: repeat callers, duplicates, neighbours, addresses; policy as data."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from geo.errors import BadRulesError
from geo.gazetteer import AddressRules
from geo.reference import boundary_file


class ReporterRules(NamedTuple):
    """Within how many days calls of one person are counted."""

    days: float


class DuplicateRules(NamedTuple):
    """How near (metres, at most so many with the accuracy added) and how recent (days)."""

    metres: float
    most: float
    days: float


class NeighbourRules(NamedTuple):
    """How many times the accuracy counts as near an edge, and how many metres at most.

    `near` metres count for a position without an accuracy, while it is entered; `crossing` is the
    accuracy of one that an address gave where two roads meet.
    """

    times: float
    most: float
    near: float
    crossing: float


class LaneRules(NamedTuple):
    """How far, in metres, the nearest lane of the subdistrict may be."""

    most: float


class IntakePolicy(NamedTuple):
    """The chapters of the file."""

    reporter: ReporterRules
    duplicates: DuplicateRules
    neighbours: NeighbourRules
    lanes: LaneRules
    address: AddressRules


@cache
def intake_policy(path: Path | None = None) -> IntakePolicy:
    """Return the policy of a file, or the one that comes with the program.

    Raises
    ------
    BadRulesError
        Which key of the file is absent, is not known, or holds no number from 0.

    >>> intake_policy().reporter.days
    90.0
    """
    path = path or boundary_file("intake.toml")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadRulesError(path=path, key="–", found=error, expected="UTF-8 TOML") from error
    return IntakePolicy(
        ReporterRules(*_numbers(data, "reporter", ReporterRules._fields, path)),
        DuplicateRules(*_numbers(data, "duplicates", DuplicateRules._fields, path)),
        NeighbourRules(*_numbers(data, "neighbours", NeighbourRules._fields, path)),
        LaneRules(*_numbers(data, "lanes", LaneRules._fields, path)),
        AddressRules(*_numbers(data, "address", AddressRules._fields, path)),
    )


def _numbers(
    data: dict[str, object], chapter: str, names: tuple[str, ...], path: Path
) -> list[float]:
    table = data.get(chapter)
    if not isinstance(table, dict) or set(table) != set(names):
        raise BadRulesError(path=path, key=chapter, found=table, expected=", ".join(names))
    for name in names:
        value = table[name]
        good = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not (good and math.isfinite(value) and value >= 0):
            raise BadRulesError(path=path, key=f"{chapter}.{name}", found=value, expected="0 …")
    return [float(table[name]) for name in names]
