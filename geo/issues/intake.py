"""What a source hands in, refused with a sentence where it cannot be stored."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args

from geo.crs import CHINA_LAT, CHINA_LON
from geo.errors import BadIssueError
from geo.reference import AREA_KINDS, sources

# How a position came about: as the source gave it (or there is none), by its address where one
# candidate stands out, or chosen by a person.
LocatedBy: TypeAlias = Literal["", "address", "chosen"]
LOCATED_BY: Final[tuple[LocatedBy, ...]] = get_args(LocatedBy)

_LON_LIMIT: Final = 180.0
_LAT_LIMIT: Final = 90.0
_TEXT_LIMIT: Final = 20_000  # characters; a hotline's longest records hold some 4,000
_CODE_LIMIT: Final = 128
_METRES: Final = (1e-6, 5e7)  # of an accuracy: once around the earth is 4e7
_YEARS: Final = (1900, 2199)  # well inside what Python, pandas and PostgreSQL all hold, in any zone
_BROKEN: Final = re.compile("[\0\ud800-\udfff]")  # what no database keeps
_KEY: Final = re.compile(r"[0-9a-f]{32}")
_TEXTS: Final = (*("source", "reference", "service", "text", "address", "against", "located_as"),)
_CROSSING: Final = "corner:"
_CODES: Final = ("source", "reference", "service", "against", "located_as")


@dataclass(frozen=True, kw_only=True)
class Issue:
    """What a source hands in; texts are kept byte for byte.

    Parameters
    ----------
    source, reference
        One of `geo.reference.sources`, and the source's own number: together they name the issue.
    lon, lat
        Degrees, EPSG:4326; both None when no position is known.
    accuracy_m
        Metres; None when unknown.
    reporter
        Key of who reported it (`geo.issues.reporters.reporter_key`), never a number or a name.
    against
        The party complained about: its code, or its name as the source has it.
    confidential
        Whether its text is for those alone who handle it.
    located_by, located_as, located_score
        How the position came about: one of LOCATED_BY; by an address what it named (kind and code,
        "building:…") and how well it fits, from 0 to 1. A source gives none of them: what follows
        from an address is no part of what was said, and may differ at the next delivery.
    """

    source: str
    reference: str
    service: str | None = None
    text: str = ""
    address: str = ""
    reported_at: datetime | None = None
    due_at: datetime | None = None
    accuracy_m: float | None = None
    lon: float | None = None
    lat: float | None = None
    reporter: str | None = None
    against: str | None = None
    confidential: bool = False
    located_by: LocatedBy = ""
    located_as: str | None = None
    located_score: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be stored, with a sentence.

        Raises
        ------
        BadIssueError
            Which field, and what is wrong with it.
        """
        for name in _TEXTS:
            _demand(_storable(getattr(self, name)), name, *_UNSTORABLE)
        for name in _CODES:
            _demand(len(getattr(self, name) or "") <= _CODE_LIMIT, name, *_LONG)
        _demand(bool(self.reference), "reference", "为空", "empty")
        _demand_source(self.source)
        _demand_position(self)
        for name in ("reported_at", "due_at"):
            demand_moment(getattr(self, name), name)
        key = self.reporter is None or _KEY.fullmatch(self.reporter) is not None
        _demand(key, "reporter", "不是密钥散列", "not a key")

    @property
    def area(self) -> str | None:
        """The code of the area it is known to lie in, where nobody knows where in it."""
        return area_named(self.located_as) if self.lon is None else None


def accuracy_of(accuracy_m: float | None, located_as: str | None, crossing: float) -> float:
    """Return how far off a position may be, in metres: where two roads meet `crossing`; else 0.

    >>> accuracy_of(None, "corner:甲街/乙街/117.01,36.005", 25.0), accuracy_of(9.0, None, 25.0)
    (25.0, 9.0)
    """
    is_crossing = (located_as or "").startswith(_CROSSING)
    return accuracy_m or (crossing if is_crossing else 0.0)


def area_named(located_as: str | None) -> str | None:
    """Return the code of a community or subdistrict from how a position came about; else None.

    >>> area_named("community:370102001002"), area_named("building:B1")
    ('370102001002', None)
    """
    kind, _, code = (located_as or "").partition(":")
    return code if kind in AREA_KINDS and code else None


_UNSTORABLE: Final = (
    f"含空字符或残缺字符，或超过 {_TEXT_LIMIT} 字",
    f"a NUL, half a character, or more than {_TEXT_LIMIT} characters",
)
_SWAPPED: Final = ("像是经度和纬度写反了", "longitude and latitude look swapped")
_LONG: Final = (f"超过 {_CODE_LIMIT} 字", f"more than {_CODE_LIMIT} characters")


def demand_moment(moment: datetime | None, field: str) -> None:
    """Refuse a moment without a zone, or so far off that no clock can reckon with it.

    Raises
    ------
    BadIssueError
        Which field, and what is wrong with it.
    """
    if moment is None:
        return
    _demand(moment.tzinfo is not None, field, "没有时区", "no time zone")
    first, last = _YEARS
    zh, en = f"不在 {first} 至 {last} 年之间", f"not in the years {first} to {last}"
    _demand(first <= moment.year <= last, field, zh, en)


def is_called_back(source: str) -> bool:
    """Tell whether the reporters of a source are called back before an issue of it is closed.

    >>> is_called_back("hotline"), is_called_back("patrol")
    (True, False)
    """
    known = sources().get(source)
    return known is not None and known.called_back


def _demand(fine: bool, field: str, zh: str, en: str) -> None:  # noqa: FBT001 reads as the sentence it is
    if not fine:
        raise BadIssueError(field=field, reason_zh=zh, reason=en)


def _demand_source(code: str) -> None:
    if code in sources():
        return
    known = ", ".join(f"{source.code} {source.zh}" for source in sources().values())
    _demand(bool(code), "source", f"为空；可用：{known}", f"empty; use one of: {known}")
    shown = code[:40]
    zh = f"没有“{shown}”这个来源；可用：{known}"
    en = f"there is no source '{shown}'; use one of: {known}"
    raise BadIssueError(field="source", reason_zh=zh, reason=en)


def _demand_position(issue: Issue) -> None:
    pair = (issue.lon is None) == (issue.lat is None)
    _demand(pair, "lon, lat", "只有其一", "one without the other")
    _demand(not _is_swapped(issue.lon, issue.lat), "lon, lat", *_SWAPPED)
    for name, limit in (("lon", _LON_LIMIT), ("lat", _LAT_LIMIT)):
        if not _within(getattr(issue, name), limit):
            zh, en = f"不在 ±{limit:g} 之间", f"not between -{limit:g} and {limit:g}"
            raise BadIssueError(field=name, reason_zh=zh, reason=en)
    for name in ("accuracy_m", "located_score"):
        fine = _finite(getattr(issue, name))
        _demand(fine, name, "不是从 0 起的有限数", "not a finite number from 0")
    low, high = _METRES
    fine = not issue.accuracy_m or low <= issue.accuracy_m <= high
    zh, en = (
        f"不是 0，也不在 {low:g} 至 {high:g} 米之间",
        f"neither 0 nor {low:g} to {high:g} metres",
    )
    _demand(fine, "accuracy_m", zh, en)
    _demand(issue.located_by in LOCATED_BY, "located_by", "不认识", "not known")


def _storable(text: str | None) -> bool:
    if text is None:
        return True
    return len(text) <= _TEXT_LIMIT and _BROKEN.search(text) is None


def _within(degrees: float | None, limit: float) -> bool:
    return degrees is None or (not isinstance(degrees, bool) and -limit <= degrees <= limit)


def _is_swapped(lon: float | None, lat: float | None) -> bool:
    """Tell whether a pair lies in China the other way round, and cannot as it stands."""
    if lon is None or lat is None:
        return False
    return CHINA_LAT[0] <= lon <= CHINA_LAT[1] and CHINA_LON[0] <= lat <= CHINA_LON[1]


def _finite(metres: float | None) -> bool:
    if metres is None:
        return True
    return not isinstance(metres, bool) and math.isfinite(metres) and metres >= 0
