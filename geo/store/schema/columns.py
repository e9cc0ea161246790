"""Columns of the store's tables that several of them have."""

from __future__ import annotations

from typing import Any, Final

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY

METADATA: Final = MetaData()
_WGS84: Final = 4326


def code(name: str, *, key: bool = False, must: bool = False) -> Column[Any]:
    """Return a column of codes, compared by bytes."""
    return Column(name, Text(collation="C"), primary_key=key, nullable=not (key or must))


def text(name: str) -> Column[Any]:
    """Return a column of text, empty by default."""
    return Column(name, Text, nullable=False, server_default="")


def count(name: str) -> Column[Any]:
    """Return a column of whole numbers, 0 by default."""
    return Column(name, Integer, nullable=False, server_default="0")


def flag(name: str, default: str = "false") -> Column[Any]:
    """Return a column of yes or no."""
    return Column(name, Boolean, nullable=False, server_default=default)


def geometry(name: str = "geom", kind: str = "GEOMETRY", *, must: bool = True) -> Column[Any]:
    """Return a column of shapes, EPSG:4326."""
    shape = Geometry(kind, srid=_WGS84, spatial_index=False)
    return Column(name, shape, nullable=not must)


def path() -> Column[Any]:
    """Return the column of the codes from the top area down."""
    return Column("path", ARRAY(Text(collation="C")), nullable=False, server_default="{}")


def number() -> Column[Any]:
    """Return the key that counts rows."""
    return Column("id", BigInteger, primary_key=True)


def kept() -> tuple[Column[Any], ...]:
    """Return who wrote a row, and when."""
    return (code("made_by", must=True), time("made_at"))


def time(name: str) -> Column[Any]:
    """Return a column of moments, now by default."""
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())


def plan(*, key: bool = False) -> Column[Any]:
    """Return the plan that a row is of."""
    plan = ForeignKey("plan.id", ondelete="CASCADE" if key else None)
    return Column("plan", BigInteger, plan, primary_key=key, nullable=not key)


def parent(of: str) -> Column[Any]:
    """Return the code of the row above."""
    key = ForeignKey(of, deferrable=True, initially="DEFERRED")
    return Column("parent", Text(collation="C"), key)


def batch() -> Column[Any]:
    """Return the import that a row came by."""
    return Column("batch", BigInteger, ForeignKey("import_batch.id"))
