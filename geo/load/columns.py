"""A file's own columns to the contract's, by name, by synonym, or as the person says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import in_china_box
from geo.errors import UnknownColumnError
from geo.frames import AREAS, DUTIES, ISSUES, LIST_ROWS, PARTIES, PLACES, SERVICES, Column, Contract
from geo.load import values
from geo.load.findings import Finding, Noun, RawLayer, ReadOptions
from geo.load.headings import datum_named
from geo.load.repairs import accepted
from geo.load.synonyms import column_words, folded, value_words
from geo.load.values import Cells

CONTRACT_OF: Final[Mapping[str, Contract]] = {
    "areas": AREAS,
    "lanes": AREAS,
    "places": PLACES,
    "issues": ISSUES,
    "parties": PARTIES,
    "duties": DUTIES,
    "services": SERVICES,
    "list": LIST_ROWS,
}
# Not of any contract: where a row lies, and what it says it lies in (for the datum detector).
_EXTRA: Final = ("lon", "lat", "location", "wkt", "district", "subdistrict")
COUNTS: Final = ("households", "people")  # a ledger of areas has them; read and said, not stored
_CODES: Final = ("code", "parent", "party", "area", "grid", "estate", "reference")
_FOOTPRINT: Final = "footprint"
_SHAPES: Final = ("geometry", _FOOTPRINT)
# Columns whose words come from a list: a synonym counts only where its cells are such words.
# Noun → column → the list its words come from.
_LISTED: Final[Mapping[str, Mapping[str, str]]] = {
    "areas": {"kind": "kind", "rule": "rule"},
    "lanes": {"kind": "kind", "rule": "rule"},
    "places": {"kind": "kind"},
    "issues": {"source": "source"},
    "duties": {"role": "role"},
    "services": {"kind": "service_kind", "default_role": "role"},
}
# Lists that a city may add to: words we know become our identifiers, others stay.
_OPEN: Final[Mapping[str, Mapping[str, str]]] = {"parties": {"kind": "party_kind"}}
# Columns that say something of an issue. Where none is recognised and others are there, what was
# said is in those.
_SAYING: Final = frozenset({"text", "service", "address", "lon", "location", "wkt", "geometry"})
_MOST_LINES: Final = 200  # repeated rows that get a line each
_SATELLITE: Final = ("wgs84", "cgcs2000")  # the same to a decimetre
_ENOUGH_KNOWN: Final = 0.5
_ZONE_IN_CHINA, _ZONE_ELSEWHERE = "Asia/Shanghai", "UTC"


def mapped(raw: RawLayer, noun: Noun, options: ReadOptions) -> RawLayer:
    """Return the layer with the contract's column names and types, rows set aside left out.

    Raises
    ------
    UnknownColumnError
        When `--column` names a column that is not there, on either side.
    """
    pairs = chosen(raw.frame, noun, options.columns)
    if noun == "issues" and "text" in pairs:
        raw = _with_words(raw, pairs["text"])
    layer = _renamed(raw, pairs).saying(*_datum_said(pairs.get("lon", ""), options))
    zone = options.timezone or _zone(layer.frame)
    for column in _typed_columns(noun):
        if column.name in layer.frame.columns:
            layer = _with(layer, column.name, _reader(noun, column, zone))
    return layer


def chosen(frame: pd.DataFrame, noun: Noun, said: Mapping[str, str]) -> dict[str, str]:
    """Return contract column → the file's column."""
    own = [str(name) for name in frame.columns if name != "geometry" or _is_text(frame[name])]
    words = column_words(noun)
    _check_said(said, own, list(words))
    pairs = dict(said)
    by_word = {folded(name): name for name in reversed(own)}
    for column in _wanted(noun, words):
        free = [name for name in _candidates(column, words, by_word) if name not in pairs.values()]
        fit = next((name for name in free if _fits(frame[name], column, noun)), None)
        if column not in pairs and fit is not None:
            pairs[column] = fit
    return pairs


def missing(layer: RawLayer, noun: Noun, found: Sequence[str]) -> RawLayer:
    """Return the layer without rows that lack a required value; a missing column is an error."""
    frame, said = layer.frame, list(layer.findings)
    required = [c.name for c in CONTRACT_OF[noun].columns if c.required and c.name != "geometry"]
    absent = [name for name in required if name not in frame.columns]
    unheard = any(finding.code == "columns-unused" for finding in layer.findings)
    if noun == "issues" and unheard and not _SAYING & set(frame.columns):
        absent.append("text")
    if absent:
        values_ = {"missing": "、".join(absent), "found": "、".join(found), "first": absent[0]}
        return layer.saying(Finding("columns-missing", values=values_))
    for name in required:
        rows = frame.index[frame[name].isna() | (frame[name].astype("str") == "")]
        if len(rows):
            said.append(Finding("value-missing", rows, values={"column": name}))
            frame = frame.drop(index=rows)
    return replace(layer, frame=frame, findings=tuple(said))


def first_of_each(layer: RawLayer, key: Sequence[str]) -> RawLayer:
    """Return the layer with the first row of each key, the repeats set aside."""
    frame = layer.frame
    names = [name for name in key if name in frame.columns]
    repeated = frame.duplicated(names, keep="first") if names else pd.Series(dtype=bool)
    if not repeated.any():
        return layer
    said = _repeats(frame, names, repeated)
    return replace(layer, frame=frame[~repeated]).saying(*said)


def _repeats(frame: pd.DataFrame, names: Sequence[str], repeated: pd.Series) -> list[Finding]:
    """Say which rows repeat the key of an earlier one, and whether they differ from it.

    One by one, or, where they are many, those that differ in the same columns together.
    """
    first_name, *others = (frame[name].astype("str").fillna("") for name in names)
    labels = first_name.str.cat(others, sep="/") if others else first_name
    first = pd.Series(frame.index, index=frame.index).groupby(labels).transform("first")[repeated]
    shown = pd.DataFrame(frame[labels.duplicated(keep=False)]).map(str)
    differs = shown.loc[first.index].to_numpy() != shown.loc[first.to_numpy()].to_numpy()
    patterns, which = np.unique(differs, axis=0, return_inverse=True)
    words = np.array(["、".join(shown.columns[pattern]) for pattern in patterns], dtype=object)
    told = pd.Series(words[which.ravel()], index=first.index)
    groups = told if len(told) > _MOST_LINES else first.index
    return [
        _repeat(part, labels[part[0]], first[part[0]], told[part[0]])
        for part in told.groupby(groups, sort=False).groups.values()
    ]


def _repeat(rows: pd.Index, key: str, first: int, differs: str) -> Finding:
    zh = f"内容不同（{differs}）" if differs else "内容相同"
    en = f"with other content ({differs})" if differs else "with the same content"
    more = f" …（{len(rows)}）" if len(rows) > 1 else ""
    values_ = {"key": key + more, "first": first, "content_zh": zh, "content": en}
    return Finding("key-repeated", rows, values=values_)


def _check_said(said: Mapping[str, str], own: Sequence[str], words: Sequence[str]) -> None:
    for column, name in said.items():
        if column not in words:
            raise UnknownColumnError(column=column, known=", ".join(words))
        if name not in own:
            raise UnknownColumnError(column=name, known=", ".join(own))


def _wanted(noun: Noun, words: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the columns to look for, the contract's first and in its order."""
    ordered = [c.name for c in CONTRACT_OF[noun].columns if c.name in words]
    return [*ordered, *(name for name in words if name not in ordered)]


def _candidates(
    column: str, words: Mapping[str, tuple[str, ...]], by_word: Mapping[str, str]
) -> list[str]:
    exact = folded(column)
    return [by_word[word] for word in dict.fromkeys((exact, *words[column])) if word in by_word]


def _fits(cells: pd.Series, column: str, noun: Noun) -> bool:
    """Tell whether a column holds what its name promises, where that can be told."""
    known = cells.dropna()
    if known.empty:
        return False  # a reader's empty column (KML has an `id`) is no column of ours
    if column == "parent":
        return bool(known.astype("str").str.fullmatch(r"[\w.\-/]+", flags=256).mean() > 0)
    named = _LISTED.get(noun, {}).get(column)
    if named is None:
        return True
    listed = set(value_words(named)) | set(values.LISTS[named])
    words = known.astype("str").str.strip().unique()
    hits = sum(word in listed or folded(word) in listed for word in words)
    return hits >= len(words) * _ENOUGH_KNOWN


def _with_words(raw: RawLayer, own: str) -> RawLayer:
    """Return the layer with what rows say of an issue in another column where theirs is blank."""
    frame, words = raw.frame, column_words("issues")
    by_word = {folded(name): str(name) for name in frame.columns}
    for other in _candidates("text", words, by_word):
        told = frame[other].fillna("").astype("str").str.strip() != ""
        blank = frame[own].fillna("").astype("str").str.strip() == ""
        rows = frame.index[blank & told & (other != own)]
        if len(rows):
            frame = frame.assign(**{own: frame[own].where(~frame.index.isin(rows), frame[other])})
            values_ = {"column": own, "other": other, "count": len(rows)}
            raw = replace(raw, frame=frame).saying(Finding("text-elsewhere", rows, values=values_))
    return raw


def _renamed(raw: RawLayer, pairs: Mapping[str, str]) -> RawLayer:
    """Return the layer with only the columns that mean something, under our names."""
    data = {column: raw.frame[name] for column, name in pairs.items()}
    if _FOOTPRINT in raw.frame.columns:
        data[_FOOTPRINT] = raw.frame[_FOOTPRINT]
    frame = pd.DataFrame(data, index=raw.frame.index)
    if isinstance(raw.frame, gpd.GeoDataFrame):
        frame = gpd.GeoDataFrame(frame, geometry=raw.frame.geometry)
    renamed = [f"{name} → {column}" for column, name in pairs.items() if name != column]
    filled = raw.frame.columns[raw.frame.notna().any()]
    unused = [str(name) for name in filled if name not in {*pairs.values(), *_SHAPES}]
    said = [("columns-mapped", "pairs", renamed), ("columns-unused", "names", unused)]
    about = [
        Finding(slug, values={key: "、".join(names), "choices": names})
        for slug, key, names in said
        if names
    ]
    return replace(raw, frame=frame).saying(*about)


def _typed_columns(noun: Noun) -> list[Column]:
    own = [c for c in CONTRACT_OF[noun].columns if c.kind != "geometry"]
    names = {c.name for c in own}
    counts = [Column(name, "int") for name in COUNTS if name not in names]
    return [*own, *counts, *(Column(name, "text") for name in ("district", "subdistrict"))]


def _reader(noun: Noun, column: Column, zone: str) -> Callable[[pd.Series, str], Cells]:
    listed, opened = (lists.get(noun, {}).get(column.name) for lists in (_LISTED, _OPEN))
    if listed is not None:
        return partial(values.listed, name=listed)
    if opened is not None:
        return partial(values.worded, name=opened)
    by_name = {"net": values.nets, "reporter": values.contacts}
    if column.name in by_name:
        return by_name[column.name]
    if column.name in _CODES:
        return values.codes
    if column.kind == "time":
        return partial(values.whens, zone=zone)
    by_kind = {"int": values.whole, "real": values.real, "bool": values.flag}
    return by_kind.get(column.kind, values.text)


def _datum_said(heading: str, options: ReadOptions) -> tuple[Finding, ...]:
    """Say that a heading names a datum; ask where the person named another."""
    named = datum_named(heading)
    if named is None:
        return ()
    same = {named, "cgcs2000", "wgs84"} if named in _SATELLITE else {named}
    if options.datum in (None, "measured", *same) or accepted(options, "datum-contradicted"):
        return (Finding("datum-heading", values={"column": heading, "datum": named}),)
    zh, en = f"列名“{heading}”写的是 {named}", f"the column is called '{heading}', that is {named}"
    values_ = {"said": options.datum, "best": named, "sentence_zh": zh, "sentence": en}
    return (Finding("datum-contradicted", values=values_),)


def _zone(frame: pd.DataFrame) -> str:
    """Return the zone of times that name none: China's, unless the positions are elsewhere."""
    if "geometry" in frame.columns:
        west, south, east, north = frame.geometry.total_bounds
        lon, lat = (west + east) / 2, (south + north) / 2
    elif {"lon", "lat"} <= set(frame.columns):
        degrees = [pd.to_numeric(frame[c], errors="coerce") for c in ("lon", "lat")]
        lon, lat = (float(d[np.isfinite(d) & (d != 0)].median()) for d in degrees)
    else:
        return _ZONE_IN_CHINA
    degrees_known = abs(lon) <= 180 and abs(lat) <= 90  # noqa: PLR2004 the globe
    outside = degrees_known and not bool(in_china_box(lon, lat))
    return _ZONE_ELSEWHERE if outside else _ZONE_IN_CHINA


def _with(layer: RawLayer, name: str, reader: Callable[[pd.Series, str], Cells]) -> RawLayer:
    """Return the layer with one column read into its type."""
    read = reader(layer.frame[name], name)
    frame = layer.frame.assign(**{name: read.column})
    if read.lost:  # else a million rows would be copied once more for each column
        frame = frame.drop(index=list(read.lost))
    return replace(layer, frame=frame, findings=(*layer.findings, *read.findings))


def _is_text(column: pd.Series) -> bool:
    return str(column.dtype) != "geometry"
