"""Frames on their way in: checked, then copied into a temporary table of the transaction."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv
import shapely
from psycopg import sql
from sqlalchemy import Connection, text

from geo.errors import RefusedRowsError
from geo.frames import Contract, Kind, conform

_TYPES: Final[dict[Kind, str]] = {
    "text": 'text collate "C"',
    "int": "bigint",
    "real": "double precision",
    "bool": "boolean",
    "time": "timestamptz",
    "geometry": "geometry(Geometry, 4326)",
}
_CHUNK: Final = 50_000
_HEADERLESS: Final = pacsv.WriteOptions(include_header=False)


def stage(conn: Connection, frame: pd.DataFrame, contract: Contract) -> str:
    """Return the name of a temporary table that holds the frame's rows, gone with the transaction.

    Its columns are the contract's, the geometry column named `geom`.

    Raises
    ------
    BadFrameError
        When the frame breaks its contract.
    RefusedRowsError
        When keys repeat, a text holds a NUL, or a geometry is empty, broken or not finite.
    """
    rows = conform(frame, contract)
    check(rows, contract)
    name = f"staged_{contract.name}"
    columns = ", ".join(f'"{_named(c.name)}" {_TYPES[c.kind]}' for c in contract.columns)
    conn.execute(text(f"drop table if exists pg_temp.{name}"))
    conn.execute(text(f"create temporary table {name} ({columns}) on commit drop"))
    _copy(conn, rows, name, contract)
    keys = ", ".join(f'"{_named(key)}"' for key in contract.key)  # what staged rows are joined by
    conn.execute(text(f"analyze {name} ({keys})"))
    return name


def check(rows: pd.DataFrame, contract: Contract) -> None:
    """Refuse rows that PostgreSQL would refuse one by one, with a sentence.

    Raises
    ------
    RefusedRowsError
        What is wrong, in how many rows, and one of them.
    """
    key = list(contract.key)
    faults = [(rows.duplicated(key, keep=False), "a repeated key", "编码重复")]
    for column in contract.columns:
        if column.kind == "text":
            bad = rows[column.name].str.contains("\0", regex=False).fillna(value=False)
            faults.append((bad.astype(bool), f"a NUL in {column.name}", f"{column.name} 含空字符"))
        elif column.kind == "geometry":
            shapes = rows[column.name].to_numpy(object)
            bad = pd.Series(_broken(shapes), rows.index)
            faults.append((bad, f"a broken {column.name}", f"{column.name} 无效、为空或非有限"))
    for bad, reason, reason_zh in faults:
        if bad.any():
            example = " ".join(str(v) for v in rows.loc[bad, key].iloc[0])
            count = int(bad.sum())
            raise RefusedRowsError(
                noun=contract.name,
                count=count,
                reason=reason,
                reason_zh=reason_zh,
                example=example.replace("\0", "␀"),
            )


def _broken(
    shapes: np.ndarray[tuple[int], np.dtype[np.object_]],
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell which shapes are there and cannot be stored."""
    there = ~shapely.is_missing(shapes)
    coordinates, rows = shapely.get_coordinates(shapes, return_index=True)
    wild = np.zeros(len(shapes), bool)
    wild[rows[~np.isfinite(coordinates).all(axis=1)]] = True
    sound = np.zeros(len(shapes), bool)
    asked = there & ~wild
    sound[asked] = shapely.is_valid(shapes[asked]) & ~shapely.is_empty(shapes[asked])
    return np.asarray(there & ~sound)


def _copy(conn: Connection, rows: pd.DataFrame, name: str, contract: Contract) -> None:
    driver = conn.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(type(driver))
    order = sql.SQL("copy {} from stdin (format csv)").format(sql.Identifier(name))
    try:
        with driver.cursor() as cursor, cursor.copy(order) as copy:
            for start in range(0, len(rows), _CHUNK):
                copy.write(_csv(rows.iloc[start : start + _CHUNK], contract))
    except psycopg.DataError as error:
        reason = str(error.diag.message_primary)
        raise RefusedRowsError(
            noun=contract.name, count="?", reason=reason, reason_zh=reason, example="?"
        ) from error


def _csv(rows: pd.DataFrame, contract: Contract) -> bytes:
    """Return rows as PostgreSQL reads them: empty is missing, an empty text is quoted."""
    arrays = [_array(rows[column.name], column.kind) for column in contract.columns]
    buffer = io.BytesIO()
    table = pa.Table.from_arrays(arrays, names=[column.name for column in contract.columns])
    pacsv.write_csv(table, buffer, _HEADERLESS)
    return buffer.getvalue()


def _array(values: pd.Series, kind: Kind) -> pa.Array:
    if kind == "geometry":
        # The column's type gives the reference system to shapes that come without one.
        codes = shapely.to_wkb(values.to_numpy(object), hex=True, output_dimension=2)
        return pa.array(codes, pa.string())
    if kind == "time":
        return pa.array(values.astype("datetime64[us, UTC]"), from_pandas=True)
    made = pa.array(values, from_pandas=True)
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made


def _named(column: str) -> str:
    return "geom" if column == "geometry" else column
