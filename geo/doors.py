"""The doors of a building (楼栋图): by unit and floor, what was found at each, which are next."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

Found: TypeAlias = Literal["visited", "nobody", "refused", "empty", "let"]
FOUND_NAMES: Final[tuple[Found, ...]] = get_args(Found)
MOST: Final = 1000  # doors of a building that a phone can show


class Finding(NamedTuple):
    """What may be found at a door; a sign beside the word, so that colour never stands alone."""

    key: Found
    zh: str
    en: str
    sign: str


FINDINGS: Final = (
    Finding("visited", "已访", "visited", "✓"),
    Finding("nobody", "无人", "nobody in", "○"),
    Finding("refused", "拒访", "refused", "×"),
    Finding("empty", "空置", "empty", "空"),
    Finding("let", "出租", "let", "租"),
)


class Door(NamedTuple):
    """A dwelling of a building: `code` names it for ever, `number` is what stands on the door."""

    code: str
    unit: int
    floor: int
    number: str


class Last(NamedTuple):
    """What was found at a door last, and when."""

    found: str
    at: datetime


def doors_of(
    building: str,
    *,
    units: int | None,
    floors: int | None,
    dwellings: int,
    known: Sequence[str] = (),
) -> tuple[Door, ...]:
    """Return the doors of a building, unit by unit from the ground up.

    Parameters
    ----------
    known
        Codes of its dwellings, where they were imported: BUILDING-UNIT-NUMBER, the floor being the
        number's hundreds. Without them the doors follow from the counts: as many on each floor of
        each unit as the dwellings need.

    >>> [door.number for door in doors_of("B", units=1, floors=2, dwellings=4)]
    ['101', '102', '201', '202']
    >>> doors_of("B", units=None, floors=None, dwellings=0, known=["B-2-1103", "C-1-101"])
    (Door(code='B-2-1103', unit=2, floor=11, number='1103'),)
    """
    named = re.compile(re.escape(building) + r"-([0-9]{1,3})-([0-9]{1,5})")
    found = [match for code in known if (match := named.fullmatch(code))]
    if found:
        doors = [Door(m[0], int(m[1]), int(m[2]) // 100, m[2]) for m in found]
        return tuple(sorted(doors, key=lambda door: (door.unit, door.floor, int(door.number))))
    wide, tall = max(units or 1, 1), max(floors or 1, 1)
    each = math.ceil(min(dwellings, MOST) / (wide * tall))
    made = (
        Door(f"{building}-{unit}-{floor}{n:02d}", unit, floor, f"{floor}{n:02d}")
        for unit in range(1, wide + 1)
        for floor in range(1, tall + 1)
        for n in range(1, each + 1)
    )
    return tuple(made)[:MOST]


def to_try(doors: Sequence[Door], last: Mapping[str, Last]) -> tuple[Door, ...]:
    """Return the doors to go to: up one unit after the other, where nobody ever was; then again.

    Where nobody was in comes after, the longest ago first; refused doors are left in peace.

    >>> one, two = doors_of("B", units=1, floors=1, dwellings=2)
    >>> at = datetime(2026, 11, 26, 9)
    >>> to_try((one, two), {one.code: Last("nobody", at)}) == (two, one)
    True
    >>> to_try((one, two), {one.code: Last("refused", at), two.code: Last("visited", at)})
    ()
    """
    fresh = tuple(door for door in doors if door.code not in last)
    missed = [door for door in doors if door.code in last and last[door.code].found == "nobody"]
    return fresh + tuple(sorted(missed, key=lambda door: last[door.code].at))
