"""What an import says: findings, the report of one layer, and the layer before and after.

The rule: nothing is repaired in silence. A row that cannot be used is a finding with its reason, a
repair is a finding with before and after, and a clean file has no finding above "info".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, cast

import geopandas as gpd
import pandas as pd
from pyproj import CRS
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo.crs import Datum
from geo.load.column_kinds import COLUMN_KINDS
from geo.load.defects import DEFECT_KINDS
from geo.load.kinds import FILE_KINDS, FindingKind, Severity

# Every slug the importer can say, in one tuple: shown in the docs and held by a test.
FINDINGS: Final[tuple[FindingKind, ...]] = (*FILE_KINDS, *COLUMN_KINDS, *DEFECT_KINDS)
KINDS: Final[Mapping[str, FindingKind]] = MappingProxyType({kind.code: kind for kind in FINDINGS})

HowKnown: TypeAlias = Literal["declared", "option", "guessed", "measured", "assumed"]
Noun: TypeAlias = Literal[
    "areas", "places", "lanes", "issues", "parties", "duties", "services", "list"
]

_ROWS_SHOWN: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """One thing found, about a file or about some of its rows.

    Parameters
    ----------
    code
        The slug of its kind, one of `FINDINGS`.
    rows
        Source rows, counted from 1 as a person counts rows of data (headings are not counted).
        Empty: the finding is about the whole layer.
    place
        A position to look at, (lon, lat) in WGS 84, or None.
    values
        What the kind's templates need.
    before, after
        Of a repair or a proposal: short text or WKT.
    geometry
        WGS 84, for the map of defects: an overlap, a gap, a ring's crossing.
    feature
        The source's own identifier of the row ("way/123", a code), where there is one.
    severity
        Left out: the kind's own. A proposal that was accepted says "repaired" here.
    """

    code: str
    rows: tuple[int, ...] = ()
    place: tuple[float, float] | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    before: str = ""
    after: str = ""
    geometry: BaseGeometry | None = None
    feature: str = ""
    severity: Severity = "info"
    kind: FindingKind = field(init=False, repr=False)

    def __init__(
        self,
        code: str,
        rows: Iterable[int] = (),
        *,
        place: tuple[float, float] | None = None,
        values: Mapping[str, object] | None = None,
        before: str = "",
        after: str = "",
        geometry: BaseGeometry | None = None,
        feature: str = "",
        severity: Severity | None = None,
    ) -> None:
        kind = KINDS[code]
        fields = {
            "code": code,
            "rows": tuple(int(row) for row in rows),
            "place": place,
            "values": dict(values or {}),
            "before": before,
            "after": after,
            "geometry": geometry,
            "feature": feature,
            "severity": severity or kind.severity,
            "kind": kind,
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @property
    def zh(self) -> str:
        """The sentence in Chinese, with the values found."""
        return self.kind.zh.format(**self.values)

    @property
    def en(self) -> str:
        """The sentence in English, with the values found."""
        return self.kind.en.format(**self.values)

    @property
    def answer(self) -> str:
        """The command-line option that answers it, or reads it otherwise; empty once answered."""
        is_open = self.severity in ("question", self.kind.severity)
        return self.kind.answer.format(**self.values) if is_open else ""

    def _choices(self) -> Iterable[str]:
        """Return the sheets or columns that a person may choose among."""
        return cast("Iterable[str]", self.values.get("choices", ()))

    def to_json(self) -> dict[str, object]:
        """Return the finding as plain values that JSON can hold."""
        return {
            "code": self.code,
            "severity": self.severity,
            "rows": list(self.rows),
            "feature": self.feature,
            "place": list(self.place) if self.place else None,
            "zh": self.zh,
            "en": self.en,
            "before": self.before,
            "after": self.after,
            "changes": self.values.get("changes", {}),
            "choices": list(self._choices()),
            "answer": self.answer,
            "geometry": mapping(self.geometry) if self.geometry is not None else None,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What was read from one layer of one file, and everything found in it.

    `crs` and `datum` name the system used ("EPSG:4548", "gcj02"); `crs_known` and `datum_known`
    say how it is known. `repaired` and `quarantined` count rows, not findings.
    """

    file: str
    layer: str
    noun: Noun
    crs: str = ""
    crs_known: HowKnown = "declared"
    datum: Datum | None = None
    datum_known: HowKnown = "declared"
    read: int = 0
    used: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def repaired(self) -> int:
        """How many rows were changed to be usable."""
        return len(self.rows("repaired"))

    @property
    def quarantined(self) -> int:
        """How many rows were set aside."""
        return len(self.rows("quarantined"))

    @property
    def waiting(self) -> int:
        """How many rows wait for the answer to a question: neither used nor set aside."""
        return max(0, self.read - self.used - self.quarantined)

    @property
    def questions(self) -> tuple[Finding, ...]:
        """Findings that need an answer before anything is written."""
        return tuple(f for f in self.findings if f.severity == "question")

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that make the layer unusable."""
        return tuple(f for f in self.findings if f.severity == "error")

    def rows(self, severity: Severity) -> tuple[int, ...]:
        """Return the source rows that have a finding of that severity, ascending, once each."""
        found = {row for f in self.findings if f.severity == severity for row in f.rows}
        return tuple(sorted(found))

    def count(self, code: str) -> int:
        """Return how many findings have that slug."""
        return sum(f.code == code for f in self.findings)

    def to_json(self) -> dict[str, object]:
        """Return the report as plain values that JSON can hold."""
        return {
            "file": self.file,
            "layer": self.layer,
            "noun": self.noun,
            "crs": self.crs,
            "crs_known": self.crs_known,
            "datum": self.datum,
            "datum_known": self.datum_known,
            "rows_read": self.read,
            "rows_used": self.used,
            "rows_repaired": self.repaired,
            "rows_quarantined": self.quarantined,
            "rows_waiting": self.waiting,
            "counts": dict(Counter(f.code for f in self.findings)),
            "findings": [f.to_json() for f in self.findings],
        }

    def lines(self) -> list[str]:
        """Return the report as text: a heading, then two lines a finding, Chinese first."""
        heading = (
            f"{self.file}｜{self.layer}：读 read {self.read}，用 used {self.used}，"
            f"修 repaired {self.repaired}，隔离 quarantined {self.quarantined}"
        )
        return [heading, *(line for f in self.findings for line in _finding_lines(f))]


def _finding_lines(finding: Finding) -> tuple[str, str]:
    rows = rows_text(finding.rows)
    where = f" [{rows}]" if rows else ""
    change = f" {finding.before} → {finding.after}" if finding.before or finding.after else ""
    return f"{finding.code}{where} {finding.zh}{change}", f"  {finding.en}"


def rows_text(rows: tuple[int, ...]) -> str:
    """Return row numbers as a person reads them, the first dozen and how many there are.

    >>> rows_text((3, 4, 9))
    '3, 4, 9'
    >>> rows_text(tuple(range(1, 101)))
    '1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 … (100)'
    """
    shown = ", ".join(str(row) for row in rows[:_ROWS_SHOWN])
    return shown if len(rows) <= _ROWS_SHOWN else f"{shown} … ({len(rows)})"


@dataclass(frozen=True, slots=True, eq=False)
class RawLayer:
    """One layer as it was read.

    `frame` has the source's own columns until `columns.mapped`, the contract's afterwards; its
    index is the source row, 1..n. A vector layer has a `geometry` column (its system is `crs`,
    None: undeclared). A table has instead columns `lon` and `lat` once mapped, as text or numbers,
    not yet looked at. `datum` is set when positions are degrees of a datum that is known.
    """

    name: str
    frame: pd.DataFrame
    crs: CRS | None = None
    crs_known: HowKnown = "declared"
    datum: Datum | None = None
    datum_known: HowKnown = "declared"
    findings: tuple[Finding, ...] = ()
    features: pd.Series | None = None  # the source's own identifiers, same index
    held: tuple[int, ...] = ()  # rows that wait for the answer to a question

    def saying(self, *findings: Finding) -> RawLayer:
        """Return the layer with more findings."""
        return replace(self, findings=(*self.findings, *findings))


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """One layer ready to be stored: a frame of the noun's contract, and the report.

    `frame` is EPSG:4326, indexed by source row. `quarantined` holds the rows set aside as they
    were read, with columns `row` and `reason`. Nothing is written while a question is open.
    `counts` has what rows of areas say beside the contract: households, people, where given.
    """

    frame: gpd.GeoDataFrame | pd.DataFrame
    report: Report
    quarantined: pd.DataFrame
    counts: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def questions(self) -> tuple[Finding, ...]:
        """Questions still open."""
        return self.report.questions


@dataclass(frozen=True, slots=True, eq=False)
class ReadOptions:
    """What the person who imports has said.

    Parameters
    ----------
    layers
        Names of the layers to take; `all_layers` takes every one.
    crs
        Overrides what the file declares ("EPSG:4548").
    datum
        One of the four, or "measured": the detector's answer is accepted.
    accept, reject
        Slugs of proposals that are to be carried out, or whose rows are to be set aside.
    columns
        Contract column → the file's column, over the synonyms.
    timezone
        Of times that name none ("Asia/Shanghai").
    net, kind, source
        For rows that do not say theirs: an area's net and kind, a place's kind, an issue's source.
    known
        Areas already known (contract AREAS), for the datum detector and "outside the city".
    parts
        Rows of one code are parts of one area, and put together.
    """

    layers: tuple[str, ...] = ()
    all_layers: bool = False
    crs: str | None = None
    datum: Datum | Literal["measured"] | None = None
    accept: frozenset[str] = frozenset()
    reject: frozenset[str] = frozenset()
    columns: Mapping[str, str] = field(default_factory=dict)
    timezone: str | None = None
    net: str | None = None
    kind: str | None = None
    source: str | None = None
    known: gpd.GeoDataFrame | None = None
    parts: bool = False
