"""Names for codes: the few that a screen shows, not the tables they stand in."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from sqlalchemy import ColumnElement, Connection, select

from geo.store.tables import AREA, PARTY, SERVICE


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


def _names(
    conn: Connection,
    code: ColumnElement[str],
    name: ColumnElement[str],
    codes: Iterable[object],
    *where: ColumnElement[bool],
) -> pd.Series:
    wanted = sorted({str(c) for c in codes if not pd.isna(c)})
    found = conn.execute(select(code, name).where(code.in_(wanted), *where))
    return pd.Series({row[0]: row[1] for row in found}, dtype="str")
