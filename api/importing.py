"""Files taken in: what was read and found, and the rows written, by command or over HTTP."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, cast

import geopandas as gpd
import pandas as pd

from api.clashes import differs_told
from api.contacts import Contacts
from api.gazetteers import Known, placed_rows
from api.reporters import Keyed, keyed_rows
from geo.errors import ImportRefusedError, UnknownChoiceError
from geo.load import Loaded, Report
from geo.load.defects import ANSWERS, ORDERS
from geo.load.findings import Noun
from geo.store import imports
from geo.store.database import Connection
from geo.store.net import areas
from geo.store.net.naming import service_codes

CLEAN, FAILED, ASKING = 0, 1, 3


@dataclass(frozen=True)
class Outcome:
    """What came of an import: layers read, files refused, and what was written of each noun.

    Of issues: `fates` counts what became of the new ones (`geo.store.imports.fates`), `unknown` the
    words for a service that the catalogue does not have. A `trial` was taken back: nothing is kept.
    """

    layers: tuple[Loaded, ...]
    refused: tuple[ImportRefusedError, ...] = ()
    counts: imports.Counts | None = None
    fates: Mapping[str, int] = field(default_factory=dict)
    unknown: Mapping[str, int] = field(default_factory=dict)
    trial: bool = False

    @property
    def reports(self) -> list[Report]:
        """The reports of the layers."""
        return [layer.report for layer in self.layers]

    @property
    def questions(self) -> int:
        """How many questions are open."""
        return sum(len(report.questions) for report in self.reports)

    @property
    def status(self) -> int:
        """The exit status of the command: 1 for an error, 3 for an open question, else 0."""
        if self.refused or any(report.errors for report in self.reports):
            return FAILED
        return ASKING if self.questions else CLEAN

    def to_json(self) -> dict[str, object]:
        """Return the outcome as plain values that JSON can hold."""
        refused = [{"zh": e.sentence_zh, "en": e.sentence_en} for e in self.refused]
        counts = None if self.counts is None else self._counted(self.counts)
        return {
            "status": self.status,
            "reports": [report.to_json() for report in self.reports],
            "errors": refused,
            "committed": None if self.trial else counts,
            "trial": counts if self.trial else None,
            "unknown_services": dict(self.unknown),
        }

    def _counted(self, counts: imports.Counts) -> dict[str, object]:
        told: dict[str, object] = {k: getattr(counts, k) for k in ("new", "changed", "same")}
        differs = differs_told(counts.clashes)
        return told | {"conflicts": list(counts.conflicts), "differs": differs, **self.fates}


@dataclass(frozen=True)
class Origin:
    """Where rows come from: names (not paths) of the files, and their digest."""

    file: str
    sha256: str


def written(
    conn: Connection,
    noun: Noun,
    outcome: Outcome,
    origin: Origin,
    known: Known,
    *,
    key: Keyed | None = None,
    contacts: Contacts | None = None,
    of_all: bool = True,
) -> Outcome:
    """Return the outcome with what was written: all rows in the caller's transaction.

    Issues get the codes of the services they name, the keys of who reported them, and positions by
    their addresses (`known` gives the gazetteer), before they are kept. How reporters are reached
    goes to the `contacts`. What differs from issues that are there is told `of_all`, as to whoever
    runs the server, or of those alone that are the acting person's.

    Raises
    ------
    BadFrameError, RefusedRowsError
        When a row cannot be stored.
    """
    frames = [layer.frame for layer in outcome.layers if len(layer.frame)]
    if not frames:
        return outcome
    rows = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    kept = wordless if noun == "issues" else brief
    about = {"reports": [kept(report) for report in outcome.reports]}
    batch = imports.open_batch(conn, noun, file=origin.file, sha256=origin.sha256, report=about)
    if noun != "issues":
        return replace(outcome, counts=imports.COMMITS[noun](conn, rows, batch))
    last = imports.last_issue(conn)
    rows, reached = keyed_rows(rows, key)
    rows, unknown = _named(conn, rows)
    placed = placed_rows(conn, rows, known)
    counts = imports.commit_issues(conn, placed, batch, of_all=of_all)
    if contacts is not None:
        contacts.keep_all(conn, reached)
    fates = imports.fates(conn, batch, last)
    return replace(outcome, counts=counts, fates=fates, unknown=unknown)


def _named(conn: Connection, rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return issues with codes for the services they name, and how often each unknown word is.

    One that came in with a word keeps it, though the catalogue has learnt it since.
    """
    if "service" not in rows.columns:
        return rows, {}
    said = rows["service"]
    codes = said.map(service_codes(conn, said.dropna().unique())).astype(said.dtype)
    unknown = said[codes.isna()].value_counts()
    learnt = said[codes.notna() & (codes != said)]
    kept = imports.services_kept(conn, rows.loc[learnt.index]) if len(learnt) else learnt
    codes = codes.mask(kept.reindex(codes.index) == said)
    return rows.assign(service=codes.fillna(said)), {str(w): int(n) for w, n in unknown.items()}


def known_areas(
    conn: Connection, nets: Sequence[str] = ("admin", "grid")
) -> gpd.GeoDataFrame | None:
    """Return the areas in force of some nets, that positions are looked for in; None: no areas."""
    frames = [areas.read_areas(conn, net=net) for net in nets]
    found = [frame for frame in frames if len(frame)]
    return pd.concat(found, ignore_index=True) if found else None


def brief(report: Report) -> dict[str, object]:
    """Return a report without shapes: the store keeps what was found, not the map of it."""
    whole = report.to_json()
    findings = cast("list[dict[str, object]]", whole["findings"])
    return {**whole, "findings": [{**f, "geometry": None} for f in findings]}


def wordless(report: Report) -> dict[str, object]:
    """Return a report of codes and rows alone: of issues, sentences repeat what people said."""
    findings = [
        {"code": f.code, "severity": f.severity, "rows": list(f.rows)} for f in report.findings
    ]
    return {**report.to_json(), "findings": findings}


def check_answers(words: Sequence[str]) -> None:
    """Refuse an answer to a question that is never asked.

    Raises
    ------
    UnknownChoiceError
        Which one, and those there are.
    """
    known = sorted({*ANSWERS, *ANSWERS.values(), *ORDERS})
    unknown = [word for word in words if word not in known]
    if unknown:
        shown = ", ".join(sorted({*ANSWERS.values(), *ORDERS}))
        raise UnknownChoiceError(option="--accept / --reject", found=unknown[0], known=shown)


def column_pairs(texts: Sequence[str]) -> dict[str, str]:
    """Return which of the file's columns stands for which of ours, from "code=网格编码".

    Raises
    ------
    UnknownChoiceError
        When a text is no such pair.
    """
    return dict(_pair(text) for text in texts)


def _pair(text: str) -> tuple[str, str]:
    column, equals, name = text.partition("=")
    if not (column and equals and name):
        raise UnknownChoiceError(option="--column", found=text, known="code=网格编码")
    return column.strip(), name.strip()


_ZONES: Final = "Asia/Shanghai, UTC, America/Los_Angeles"


def zone(name: str | None) -> str | None:
    """Return the name of a time zone.

    Raises
    ------
    UnknownChoiceError
        When there is none of that name.
    """
    if name is None:
        return None
    try:
        return zoneinfo.ZoneInfo(name).key
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownChoiceError(option="--timezone", found=name, known=_ZONES) from error
