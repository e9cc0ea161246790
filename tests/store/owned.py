"""For the access matrix: what the database itself tells past row-level security, and of what.

A new view or function is asked too; one that takes a type of its own fails until `TRIED` has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import shapely
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.errors import JingweiError
from geo.store.database import transaction
from tests.store import toy
from tests.store.matrix import HOLDER, MARKED, SECRET, Ground

# What the app role may ask or change of any kind and in any schema, but for tables under row-level
# security and views that ask with the rights of whoever asks them.
BARE: Final = """select c.oid::regclass::text from pg_class c
    where c.relkind in ('r', 'p', 'v', 'm', 'f')
        and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        and has_schema_privilege('jingwei_app', c.relnamespace, 'usage')
        and (has_table_privilege('jingwei_app', c.oid, 'delete, truncate, trigger')
            or has_any_column_privilege('jingwei_app', c.oid, 'select, insert, update, references'))
        and not (c.relkind in ('r', 'p') and c.relrowsecurity)
        and (c.relkind = 'v' and c.reloptions::text ~ 'security_invoker=(on|true)') is not true"""
# Of PostGIS; and what residents are shown of an issue, which is everybody's.
BARE_BUT_TOLD_OF: Final = {
    *("spatial_ref_sys", "geography_columns", "geometry_columns"),
    "public_issue",
}


# What acts with its owner's rights, the types it takes, and who may call it: everybody (`public`)?
WITH_THE_OWNERS_RIGHTS: Final = """select oid::regproc::text as name,
        array(select format_type(t, null) from unnest(proargtypes) as t) as takes,
        (select bool_or(grantee = 0) from aclexplode(coalesce(proacl, acldefault('f', proowner))))
            as public
    from pg_proc
    where prosecdef and prorettype <> 'trigger'::regtype and proname <> 'st_estimatedextent'
        and has_function_privilege('jingwei_app', oid, 'execute')"""
# Lists begin with the newest numbers, which follow one another, and show those one may see.
NUMBERS_ONLY: Final = {"newest_issues"}
POINT: Final = shapely.to_wkb(shapely.Point(toy.WEST, toy.SOUTH))
# What of each type is tried, in turn: what is another's.
TRIED: Final[dict[str, tuple[object, ...]]] = {
    "bigint": ("issue", "whistled", "task", "alone", "link", "plan"),
    "integer": (1_000, 12),
    "boolean": (True, False),
    "text": (HOLDER, toy.ONE, SECRET[:2], "grid"),
    "text[]": ([HOLDER, toy.ONE, toy.SUBDISTRICT, "dispatcher", "auditor"], []),
    "bytea": (POINT,),
    "bytea[]": ([POINT],),
    "double precision": (0.0, 1e9),
    "timestamp with time zone": ("2000-01-01", "2099-01-01"),
}


def told(ground: Ground, person: str, name: str, takes: list[str]) -> list[object]:
    """Return what a function tells of the secret issues, asked in turn with what is another's."""
    return [
        row
        for turn in range(len(TRIED["bigint"]))
        for row in _answered(ground, person, name, [_tried(ground, kind, turn) for kind in takes])
        if _tells(ground, row, about_one=takes == ["bigint"], numbered=name not in NUMBERS_ONLY)
    ]


def _tells(ground: Ground, row: Sequence[Any], *, about_one: bool, numbered: bool) -> bool:
    """Tell whether an answer has anything of the secret issues: words, numbers, or just a yes."""
    secret = {ground.parts["issue"], ground.parts["whistled"]}
    numbers = {number for value in row if isinstance(value, list) for number in value}
    worded = any(word in str(row) for word in (SECRET, MARKED))
    return worded or (numbered and bool(numbers & secret)) or (about_one and any(row))


def _tried(ground: Ground, kind: str, turn: int) -> object:
    values = TRIED[kind]
    value = values[turn % len(values)]
    return ground.parts[str(value)] if kind == "bigint" else value


def _answered(ground: Ground, person: str, name: str, values: list[object]) -> list[Any]:
    """Return what a function answers; nothing where it refuses."""
    asked = ", ".join(f":v{n}" for n in range(len(values)))
    told = {f"v{n}": value for n, value in enumerate(values)}
    try:
        with transaction(ground.store.app, person, commit=False) as conn:
            return list(conn.execute(text(f"select * from {name}({asked})"), told).all())
    except (DBAPIError, JingweiError):
        return []
