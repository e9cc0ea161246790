"""The responsibility list (属地管理责任清单): how its cells read, and what can be wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

# What can be wrong with a row of the list, or on the way to it: in Chinese and in English.
FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "party-unknown": ("单位不认识", "a party that nobody knows"),
    "party-ambiguous": ("有几个同名单位", "several parties of that name"),
    "party-ended": ("单位已撤销", "a party that has ended"),
    "lead-missing": ("没有写牵头单位", "nobody is named to lead"),
    "leads-clash": ("同一事项同一区域有两个牵头单位", "two parties lead on one service and area"),
    "area-unknown": ("区域不认识", "an area that nobody knows"),
    "area-ambiguous": ("有几个同名区域", "several areas of that name"),
    "area-ended": ("区域已撤销", "an area that is no more"),
    "service-unknown": ("事项不在目录里", "a service that the catalogue does not have"),
    "service-ambiguous": ("有几个同名事项", "several services of that name"),
    "service-circle": ("事项目录的上级互相循环", "services above each other in a circle"),
    "period-unread": ("有效期读不懂", "a period that cannot be read"),
    "row-unknown": ("清单里没有这个行号", "a number that no row of the list has"),
    "against-unknown": ("被投诉的单位不认识", "the party complained about is not known"),
}
_BETWEEN: Final = re.compile(r"[、，,；;/\n\r\t]+")
_DAY: Final = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})|(\d{4})(\d\d)(\d\d)")
_FOR_EVER: Final = ("", "长期", "长期有效", "永久", "无固定期限", "不限")
_FROM: Final = re.compile(r"[起自从]|以后|from|since", re.IGNORECASE)
_UNTIL: Final = re.compile(r"[止至到前]|截|until|to\b", re.IGNORECASE)


class Named(NamedTuple):
    """A party as a row names it: its code, None where nobody knows the words."""

    code: str | None
    words: str


@dataclass(frozen=True, kw_only=True)
class ListRow:
    """A row of the responsibility list, its words looked up.

    Parameters
    ----------
    line
        Of the file, from 1; a line that names several areas makes a row of each.
    number
        The row's own, where the file names it.
    service
        Its code, or the words that the catalogue does not have.
    net, area
        Both None where nobody knows the area; its words are then `area_said`.
    begins, ends
        The first day it holds (None: today), and the first it no longer does (None: for good).
    scope
        Code of the area whose list it is, where that was said.
    faults
        Of FAULTS: what keeps it from being evaluated, in whole or in part.
    """

    line: int
    number: int | None = None
    service: str
    net: str | None = None
    area: str | None = None
    area_said: str = ""
    leads: tuple[Named, ...] = ()
    assists: tuple[Named, ...] = ()
    basis: str = ""
    begins: date | None = None
    ends: date | None = None
    scope: str = ""
    faults: tuple[str, ...] = ()


def names_in(cell: str) -> list[str]:
    """Return the names that a cell lists, each once, in order.

    >>> names_in("区城管局、区水务局，供电公司；区城管局")
    ['区城管局', '区水务局', '供电公司']
    """
    names = (name.strip() for name in _BETWEEN.split(cell))
    return list(dict.fromkeys(name for name in names if name))


def period_of(cell: str) -> tuple[date | None, date | None] | None:
    """Return the first day that a cell speaks of, and the first after it; None: it cannot be read.

    >>> period_of("2026年1月1日至2026年12月31日")
    (datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))
    >>> period_of("长期"), period_of("自 2026.3.1 起"), period_of("2026-03-01")
    ((None, None), (datetime.date(2026, 3, 1), None), None)
    """
    plain = unicodedata.normalize("NFKC", cell).strip()
    if plain in _FOR_EVER:
        return None, None
    days = [_day(found) for found in _DAY.finditer(plain)]
    if not days or None in days:
        return None
    return _between([day for day in days if day is not None], plain)


def _between(days: list[date], plain: str) -> tuple[date | None, date | None] | None:
    first, last = days[0], days[-1]
    if len(days) == 2 and first <= last:  # noqa: PLR2004 from and to
        return first, last + timedelta(days=1)
    starts, stops = _FROM.search(plain) is not None, _UNTIL.search(plain) is not None
    if len(days) == 1 and starts != stops:
        return (first, None) if starts else (None, first + timedelta(days=1))
    return None


def day_of(cell: str) -> date | None:
    """Return the day that a cell names; None: it names none, or several.

    >>> day_of("2026/3/1"), day_of("三月")
    (datetime.date(2026, 3, 1), None)
    """
    days = [_day(found) for found in _DAY.finditer(unicodedata.normalize("NFKC", cell))]
    return days[0] if len(days) == 1 else None


def _day(found: re.Match[str]) -> date | None:
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None
