"""Names for codes: the few that a screen shows, not the tables they stand in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import pandas as pd
from sqlalchemy import ColumnElement, Connection, select

from geo.store.schema.tables import AREA, PARTY, SERVICE

_APART: Final = re.compile(r"\s*[/／\\>＞|｜→—-]+\s*")  # between the names of a path


def area_names(conn: Connection, net: str, codes: Iterable[object]) -> pd.Series:
    """Return the names of areas in force, by code; codes that are not there are left out."""
    return _names(
        conn, AREA.c.code, AREA.c.name, codes, AREA.c.net == net, AREA.c.valid_to.is_(None)
    )


def party_names(conn: Connection, codes: Iterable[object], *, kind: str | None = None) -> pd.Series:
    """Return the names of persons and organisations (or of one kind of them), by code."""
    kinds = () if kind is None else (PARTY.c.kind == kind,)
    return _names(conn, PARTY.c.code, PARTY.c.name, codes, *kinds)


def service_names(conn: Connection, codes: Iterable[object]) -> pd.Series:
    """Return the names of services of the catalogue, by code."""
    return _names(conn, SERVICE.c.code, SERVICE.c.name, codes)


def service_codes(conn: Connection, words: Iterable[str]) -> dict[str, str]:
    """Return which services words mean: a code, a name, or a path of names (城市管理/路灯不亮).

    What means none, or several, is left out.
    """
    rows = conn.execute(select(SERVICE.c.code, SERVICE.c.name, SERVICE.c.parent)).all()
    catalogue = {row.code: (row.name, row.parent) for row in rows}
    named: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        named[row.name].append(row.code)
    found = {word: _meant(word.strip(), catalogue, named) for word in set(words)}
    return {word: code for word, code in found.items() if code is not None}


_Catalogue = Mapping[str, tuple[str, str | None]]  # of a code: its name, what it belongs to


def _meant(word: str, catalogue: _Catalogue, named: Mapping[str, list[str]]) -> str | None:
    if word in catalogue:
        return word
    *above, last = _APART.split(word)
    found = named.get(word) or named.get(last, [])
    if len(found) > 1 and above:
        found = [code for code in found if set(above) <= set(_names_above(code, catalogue))]
    return found[0] if len(found) == 1 else None


def _names_above(code: str, catalogue: _Catalogue) -> Iterator[str]:
    seen = set[str]()
    parent = catalogue[code][1]
    while parent is not None and parent in catalogue and parent not in seen:
        seen.add(parent)
        name, parent = catalogue[parent]
        yield name


def _names(
    conn: Connection,
    code: ColumnElement[str],
    name: ColumnElement[str],
    codes: Iterable[object],
    *where: ColumnElement[bool],
) -> pd.Series:
    wanted = sorted({str(c) for c in codes if not pd.isna(c)})
    if not wanted:
        return pd.Series({}, dtype="str")
    found = conn.execute(select(code, name).where(code.in_(wanted), *where))
    return pd.Series({row[0]: row[1] for row in found}, dtype="str")
