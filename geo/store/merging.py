"""Staged rows set beside those that are there: what is new, what differs, what is the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import pandas as pd
import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DataError, IntegrityError

from geo.errors import RefusedRowsError, UnknownParentError, UnknownPartyError
from geo.frames import Contract
from geo.store.events import record
from geo.store.staging import stage

# The table of each contract, and the column that must name a row of another table (or of itself).
_TABLES: Final = {"places": "place", "services": "service", "parties": "party", "duties": "duty"}
_REFERENCES: Final = {
    "services": ("parent", "service"),
    "parties": ("parent", "party"),
    "duties": ("party", "party"),
}
_BATCHED: Final = frozenset({"places"})
_AREA_VALUES: Final = ("kind", "name", "parent", "rule", "special", "class", "geom")
_SHOWN: Final = 5


def merge(
    conn: Connection, frame: pd.DataFrame, contract: Contract, batch: int
) -> tuple[int, int, int]:
    """Return how many rows of the frame were new, changed and the same.

    Raises
    ------
    BadFrameError, RefusedRowsError
        When the frame or one of its rows cannot be stored.
    UnknownParentError
        When a row's parent is not there, or is itself by a roundabout way.
    UnknownPartyError
        When a duty's party is not there.
    """
    staged = stage(conn, frame, contract)
    _demand_references(conn, staged, contract)
    table = _TABLES[contract.name]
    with refusing(contract.name):
        changed = conn.execute(text(_update(table, staged, contract))).rowcount
        new = conn.execute(text(_insert(table, staged, contract)), {"batch": batch}).rowcount
    if contract.name in _REFERENCES and _REFERENCES[contract.name][0] == "parent":
        _refuse_circles(conn, staged, table)
    if new or changed:
        conn.execute(text(f"analyze {table}"))
    record(conn, "import", batch, f"commit_{contract.name}", {"new": new, "changed": changed})
    return new, changed, len(frame) - new - changed


def touch(conn: Connection, staged: str) -> tuple[int, int]:
    """Fill `pg_temp.touched` with staged areas that are new or differ; return how many of each."""
    conn.execute(text("drop table if exists pg_temp.touched"))
    conn.execute(
        text(
            "create temporary table touched on commit drop as"
            " select s.*, cast('{}' as text[]) as path, a.id as old"
            f" from {staged} as s left join area as a"
            " on a.net = s.net and a.code = s.code and a.valid_to is null"
            f" where a.id is null or {_differ('s', 'a', _AREA_VALUES)}"
        )
    )
    counted = conn.execute(text("select count(*) - count(old), count(old) from pg_temp.touched"))
    new, changed = counted.one()
    return int(new), int(changed)


@contextmanager
def refusing(noun: str) -> Iterator[None]:
    """Turn a row that breaks a check of its table into a sentence.

    Raises
    ------
    RefusedRowsError
        With the name of the check that failed.
    """
    try:
        yield
    except (IntegrityError, DataError) as error:
        reason = _reason(error.orig)
        raise RefusedRowsError(
            noun=noun, count=1, reason=reason, reason_zh=reason, example="?"
        ) from error


def _reason(error: BaseException | None) -> str:
    if not isinstance(error, psycopg.Error):
        return "?"
    return error.diag.constraint_name or error.diag.message_primary or "?"


def _demand_references(conn: Connection, staged: str, contract: Contract) -> None:
    if contract.name not in _REFERENCES:
        return
    column, table = _REFERENCES[contract.name]
    own = f" and not exists (select from {staged} as o where o.code = s.{column})"
    unknown = text(
        f"select distinct s.{column} from {staged} as s where s.{column} is not null"
        f" and not exists (select from {table} as t where t.code = s.{column})"
        f"{own if column == 'parent' else ''} order by 1"
    )
    codes = conn.execute(unknown).scalars().all()
    if codes:
        refusal = UnknownParentError if column == "parent" else UnknownPartyError
        raise refusal(count=len(codes), codes=", ".join(codes[:_SHOWN]))


def _refuse_circles(conn: Connection, staged: str, table: str) -> None:
    """Refuse rows that are above themselves; `union` ends a walk that comes round."""
    above = text(
        f"with recursive up (start, code) as (select code, parent from {staged}"
        f" union select up.start, t.parent from up join {table} as t on t.code = up.code)"
        " select distinct start from up where start = code order by 1"
    )
    codes = conn.execute(above).scalars().all()
    if codes:
        raise UnknownParentError(count=len(codes), codes=", ".join(codes[:_SHOWN]))


def _update(table: str, staged: str, contract: Contract) -> str:
    values = [name for name in _columns(contract) if name not in contract.key]
    sets = ", ".join(f'"{name}" = s."{name}"' for name in values)
    return (
        f"update {table} as t set {sets} from {staged} as s"
        f" where {_match(table, contract)} and {_differ('s', 't', values)}"
    )


def _insert(table: str, staged: str, contract: Contract) -> str:
    columns = ", ".join(f'"{name}"' for name in _columns(contract))
    last, value = (", batch", ", :batch") if contract.name in _BATCHED else ("", "")
    return (
        f"insert into {table} ({columns}{last}) select {columns}{value} from {staged} as s"
        f" where not exists (select from {table} as t where {_match(table, contract)})"
    )


def _columns(contract: Contract) -> list[str]:
    return ["geom" if c.name == "geometry" else c.name for c in contract.columns]


def _match(table: str, contract: Contract) -> str:
    keys = [f"coalesce(t.{k}, '') = coalesce(s.{k}, '')" for k in contract.key]
    return " and ".join([*keys, "t.valid_to is null"] if table == "duty" else keys)


def _differ(one: str, other: str, columns: Sequence[str]) -> str:
    # Geometries compare by their coordinates, byte for byte.
    sides = (", ".join(f'{side}."{column}"' for column in columns) for side in (one, other))
    return "row({}) is distinct from row({})".format(*sides)
