"""Files of a merger: each department's net, communities, places; read, checked, in WGS 84."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd

from geo.crs import parse_datum
from geo.errors import (
    BadOptionError,
    LayerNotNamedError,
    MissingFileError,
    NetFileError,
    NetQuestionsError,
    UnknownChoiceError,
    UnknownColumnError,
)
from geo.load import Loaded, Noun, ReadOptions, Report, read
from geo.load.defects import ANSWERS
from geo.nets.loads import GROUND

PLACES: Final = "places"
WITHIN: Final = "within"
ESTATE: Final = "estate"
OWN: Final = ("code", "name", "rule", WITHIN, "geometry")  # columns that a net comes with
_NET: Final = "dept-merged"
_HOUSEHOLDS: Final = "households"
# Proposals a merger answers by itself, and says so: who owns an overlap is its rule, a shape twice
# is once, and a closed line is the outline of a unit.
_ACCEPTED: Final = frozenset({"overlaps", "duplicates", "outside", "outlines"})


@dataclass(frozen=True)
class NetFile:
    """Where a net is: its name, the file, and the layer in it (empty: the only one)."""

    name: str
    path: Path
    layer: str = ""


@dataclass(frozen=True, eq=False)
class Read:
    """A file read: its rows in WGS 84, and the report."""

    frame: gpd.GeoDataFrame
    report: Report


class Said:
    """What a person says for one file or for all: `VALUE` or `NET=VALUE`."""

    def __init__(self, option: str, words: Sequence[str], names: Sequence[str]) -> None:
        self._by_name: dict[str, str] = {}
        for word in words:
            name, equals, value = word.partition("=")
            own = bool(equals) and name in names
            key, text = (name, value) if own else ("", word)
            if key in self._by_name or not text:
                raise BadOptionError(option=option, found=word, expected="[NET=]VALUE")
            self._by_name[key] = text

    def of(self, name: str) -> str | None:
        """Return what was said for a file, or else for all."""
        return self._by_name.get(name, self._by_name.get(""))


@dataclass(frozen=True)
class Systems:
    """What was said of coordinate systems, datums and columns of codes, and what is agreed to."""

    crs: Said
    datum: Said
    code: Said
    accept: frozenset[str] = frozenset()


def systems_of(
    nets: Sequence[str],
    crs: Sequence[str] | None,
    datum: Sequence[str] | None,
    code: Sequence[str] | None,
    accept: Sequence[str] | None,
) -> Systems:
    """Return what was said of nets of these names, of places and of communities.

    Raises
    ------
    BadOptionError, UnknownChoiceError
        When a word says nothing, something is said twice, or an answer is none.
    """
    names = [*nets, PLACES, WITHIN]
    return Systems(
        Said("--crs", crs or (), names),
        Said("--datum", datum or (), names),
        Said("--code", code or (), names),
        answers(accept or ()),
    )


def answers(words: Sequence[str]) -> frozenset[str]:
    """Return the proposals of the importer that are agreed to.

    Raises
    ------
    UnknownChoiceError
        When a word answers none.
    """
    known = {*ANSWERS, *ANSWERS.values()}
    for word in words:
        if word not in known:
            shown = ", ".join(sorted(set(ANSWERS.values())))
            raise UnknownChoiceError(option="--accept", found=word, known=shown)
    return frozenset(words)


def net_file(text: str) -> NetFile:
    """Return the file that `NAME=FILE:LAYER` names; name and layer may be left out.

    Without a name the net is called by its layer, or else by its file.

    Raises
    ------
    MissingFileError
        When there is no such file.
    """
    name, equals, rest = text.partition("=")
    if not equals or Path(text).exists():
        name, rest = "", text
    path, layer = Path(rest), ""
    if not path.exists() and ":" in rest:
        file, _, layer = rest.rpartition(":")
        path = Path(file)
    if not rest or not path.exists():
        raise MissingFileError(file=rest or text)
    return NetFile(name or layer or path.name.split(".")[0], path, layer)


def read_net(file: NetFile, said: Systems, weight: str, parent: str | None = None) -> Read:
    """Return a net as `geo.nets.merge` takes it: `code`, `name`, households where given.

    `parent` is a column that names the community of each unit; it comes as column `within`.

    Raises
    ------
    NetQuestionsError
        When something about the file has to be answered first.
    ImportRefusedError
        When it cannot be read at all.
    """
    columns = {"code": said.code.of(file.name), "parent": parent}
    known = {name: column for name, column in columns.items() if column is not None}
    loaded, counted = _with_weight(file, "areas", (said, known), weight)
    frame = loaded.frame
    frame = frame.loc[frame.geom_type.isin(["Polygon", "MultiPolygon"])]
    kept = gpd.GeoDataFrame(frame[["code", "name", "rule", "geometry"]], geometry="geometry")
    if counted and _HOUSEHOLDS in loaded.counts and weight != GROUND:
        kept[weight] = loaded.counts[_HOUSEHOLDS].astype("Float64").reindex(kept.index)
    if parent is not None:
        kept[WITHIN] = frame["parent"]
    return Read(kept, loaded.report)


def read_places(file: NetFile, said: Systems, weight: str, groups: str | None = None) -> Read:
    """Return places with `weight` households and `estate`, of the column `groups` where named.

    Raises
    ------
    UnknownColumnError
        When there is no such column.
    NetQuestionsError, ImportRefusedError
        As for nets.
    """
    columns = {} if groups is None else {ESTATE: groups}
    loaded, _ = _with_weight(file, "places", (said, columns), weight)
    frame = loaded.frame[[_HOUSEHOLDS, ESTATE, "geometry"]]
    return Read(frame.rename(columns={_HOUSEHOLDS: weight}), loaded.report)


def _with_weight(
    file: NetFile, noun: Noun, how: tuple[Systems, Mapping[str, str]], weight: str
) -> tuple[Loaded, bool]:
    """Return the layer with households from the column a person named, and whether it has it."""
    said, columns = how
    if weight in (_HOUSEHOLDS, GROUND):
        return _layer(file, noun, said, columns), True
    try:
        return _layer(file, noun, said, {**columns, _HOUSEHOLDS: weight}), True
    except UnknownColumnError:
        if noun == "places":
            raise
        return _layer(file, noun, said, columns), False


def _layer(file: NetFile, noun: Noun, said: Systems, columns: Mapping[str, str]) -> Loaded:
    datum = said.datum.of(file.name)
    options = ReadOptions(
        layers=(file.layer,) if file.layer else (),
        crs=said.crs.of(file.name),
        datum=parse_datum(datum) if datum is not None else None,
        accept=_ACCEPTED | said.accept,
        columns=columns,
        net=_NET if noun == "areas" else None,
        kind="grid" if noun == "areas" else None,
        parts=noun == "areas",
    )
    loaded = read(file.path, noun, options)[0]
    _refuse_open(file, loaded.report)
    return loaded


def _refuse_open(file: NetFile, report: Report) -> None:
    layers = [f for f in report.findings if f.code == "several-layers"]
    if layers:
        found = layers[0].values["names"]
        raise LayerNotNamedError(path=file.path.name, found=found, option="FILE:LAYER")
    named = {"net": file.name, "file": file.path.name}
    if report.errors:
        told = [report.errors[0], *(f for f in report.findings if f.severity == "quarantined")][:2]
        words = {"zh": "".join(f.zh for f in told), "en": " ".join(f.en for f in told)}
        raise NetFileError(**named, **words)
    if report.questions:
        first = report.questions[0]
        words = {"zh": first.zh, "en": first.en, "answer": first.answer}
        raise NetQuestionsError(count=len(report.questions), **named, **words)


def brief(read_: Read) -> dict[str, object]:
    """Return what a report says of a file, in short: how it was read, what was found how often."""
    report = read_.report
    kinds = Counter(f.code for f in report.findings)
    first = {f.code: f for f in reversed(report.findings)}
    return {
        "file": report.file,
        "layer": report.layer,
        "crs": report.crs,
        "datum": report.datum,
        "rows_read": report.read,
        "rows_used": report.used,
        "rows_repaired": report.repaired,
        "rows_quarantined": report.quarantined,
        "findings": [
            {"code": code, "count": count, "zh": first[code].zh, "en": first[code].en}
            for code, count in kinds.items()
        ],
    }
