"""What a database file reckons when it is asked is asked for here first, within limits.

Views, and columns that are generated as they are read, take no room in a file: their rows may have
no end, their values any size. A view that calls what only a spatial database can cannot be asked
here: it is left, and said, and the rest is read from a private copy without it.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from time import thread_time
from typing import Final, NamedTuple

from geo.load.files import Source
from geo.load.findings import Finding
from geo.load.reasons import unreadable

_STEPS: Final = 1_000  # of SQLite's machine between looks at the time
_AT_ONCE_S: Final = 0.5  # of the processor, for any file
_S_OF_BYTE: Final = 0.5 / 2**20  # and for what there is of it
_LARGEST: Final = 16 * 2**20  # bytes of one value, as of a shape with its attributes
_MB_LARGEST: Final = _LARGEST // 2**20
_ANY_BYTES: Final = 64 * 2**20  # of all values, of any file
_OF_A_ROW: Final = 400  # bytes that a row takes with nothing in it
_MOST_RATIO: Final = 100  # and beyond that, to the size of the file
_RECKONED: Final = """
select name, true as is_view from sqlite_master where type = 'view'
union
select t.name, false from sqlite_master as t, pragma_table_xinfo(t.name) as c
where t.type = 'table' and t.sql not like 'create virtual %' and c.hidden = 2
order by name
"""
_VIEWS: Final = "select name, sql from sqlite_master where type = 'view'"
_OF_ANY_SIZE: Final = ("printf", "format")
_WORD: Final = re.compile(r"\w+")
# Views that name views that name views, all told: each is worked out before anything is asked.
_MOST_NESTED: Final = 2_000
# Triggers go too: to read needs none.
_LEFT: Final = """
delete from sqlite_master
where type = 'trigger' or type = 'view' and name in (select value from json_each(?))
"""
# Where a GeoPackage lists its layers: a reader warns of what is listed and not there, and calls one
# that lists nothing no GeoPackage.
_LISTED: Final = {
    "gpkg_contents": """
delete from gpkg_contents where table_name in (select value from json_each(:views))
and exists (select * from gpkg_contents
    where table_name not in (select value from json_each(:views)))
""",
    "gpkg_geometry_columns": """
delete from gpkg_geometry_columns where table_name in (select value from json_each(:views))
and table_name not in (select table_name from gpkg_contents)
""",
}


class _Fault(NamedTuple):
    """What is wrong with a view or table, in English and Chinese, and whether the rest is read."""

    name: str
    en: str
    zh: str
    is_left: bool = False


def reckoned(source: Source) -> Source:
    """Return a source, a file of SQLite without the views that call functions we do not know.

    Raises
    ------
    UnreadableFileError
        Which view or table reckons without end, or too much, or that it is no database.
    """
    faults = _faults(source)
    _demand_none(source, [fault for fault in faults if not fault.is_left])
    return _without(source, [fault.name for fault in faults]) if faults else source


def _demand_none(source: Source, faults: Sequence[_Fault]) -> None:
    for name, en, zh, _ in faults:
        raise unreadable(source.name, f"{name!r} {en}", f"“{name}”{zh}")


def _faults(source: Source) -> list[_Fault]:
    """Return what is wrong with views and tables, up to the first without which nothing is read."""
    if source.format not in ("gpkg", "sqlite"):
        return []
    where = f"{source.path.resolve().as_uri()}?mode=ro&immutable=1"
    size = source.path.stat().st_size
    try:
        with closing(sqlite3.connect(where, uri=True)) as conn:
            nested = _too_nested(dict(conn.execute(_VIEWS)))
            if nested is not None:
                return [nested]
            asked = [(str(name), bool(is_view)) for name, is_view in conn.execute(_RECKONED)]
            conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST)
            conn.set_authorizer(_allowed)
            with _timed(conn, _AT_ONCE_S + size * _S_OF_BYTE):
                found = (_fault(conn, name, size, is_view=is_view) for name, is_view in asked)
                return _until_refused(fault for fault in found if fault is not None)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise unreadable(source.name, error) from error


def _too_nested(views: Mapping[str, str]) -> _Fault | None:
    """Return what is wrong with views that come to too many, with all that they name in turn.

    Words are counted, wherever they stand: no more is known of a view until it is worked out.
    """
    words = {name: Counter(_WORD.findall(str(made).lower())) for name, made in views.items()}
    named = {name: _others(views, name, words[name]) for name in views}
    sizes, before = dict.fromkeys(views, 1), dict[str, int]()
    while sum(sizes.values()) <= _MOST_NESTED and sizes != before:
        before = sizes
        sizes = {v: 1 + sum(before[o] * times for o, times in named[v]) for v in views}
    if sum(sizes.values()) <= _MOST_NESTED:
        return None
    most = f"{_MOST_NESTED:,}"
    largest = max(sizes, key=lambda name: sizes[name])
    en, zh = f"and others name over {most} views in all", f"等视图层层相套，共 {most} 个以上"
    return _Fault(largest, en, zh)


def _others(views: Mapping[str, str], name: str, words: Counter[str]) -> list[tuple[str, int]]:
    """Return the other views whose names stand in one, and how often."""
    if len(views) > _MOST_NESTED:  # too many as they are
        return []
    return [
        (other, words[other.lower()]) for other in views if other != name and words[other.lower()]
    ]


def _until_refused(faults: Iterator[_Fault]) -> list[_Fault]:
    found: list[_Fault] = []
    for fault in faults:
        found.append(fault)
        if not fault.is_left:
            break
    return found


def _allowed(action: int, _: str | None, called: str | None, *__: str | None) -> int:
    """Deny functions whose values the limit of a value does not hold while they are made."""
    denied = action == sqlite3.SQLITE_FUNCTION and str(called).lower() in _OF_ANY_SIZE
    return sqlite3.SQLITE_DENY if denied else sqlite3.SQLITE_OK


@contextmanager
def _timed(conn: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Interrupt whatever is asked after so many seconds of this thread's processor time."""
    until = thread_time() + seconds
    conn.set_progress_handler(lambda: thread_time() > until, _STEPS)
    try:
        yield
    finally:
        conn.set_progress_handler(None, 0)


def _fault(conn: sqlite3.Connection, name: str, size: int, *, is_view: bool) -> _Fault | None:
    """Return what is wrong with a view or table.

    What it lacks the reader says later.
    """
    try:
        return _too_much(conn, name, max(_ANY_BYTES, _MOST_RATIO * size))
    except sqlite3.DataError:
        large = f"{_MB_LARGEST} MB"
        return _Fault(name, f"reckons a value of over {large}", f"算出的一个值超过 {large}")
    except sqlite3.DatabaseError as error:
        said = str(error)
        if "interrupted" in said:
            return _Fault(name, "does not end", "没有尽头")
        if "not authorized" in said:
            return _Fault(name, "makes text of any size", "生成任意大小的文本", is_left=is_view)
        if "no such function" in said:
            called = said.rpartition(": ")[2]
            en, zh = f"calls a function we do not know, {called}", f"用了不认识的函数 {called}"
            return _Fault(name, en, zh, is_left=is_view)
        return None


def _too_much(conn: sqlite3.Connection, name: str, most: int) -> _Fault | None:
    asked = _quoted(name)
    columns = conn.execute(f"select * from {asked} limit 0").description
    sizes = ", ".join(f"ifnull(length(cast({_quoted(c[0])} as blob)), 0)" for c in columns)
    conn.execute(f"select count(*) from {asked}").fetchone()  # soon, where it has no end
    total = 0
    for row in conn.execute(f"select {sizes} from {asked}"):
        total += sum(row) + _OF_A_ROW
        if total > most:
            told = most // 2**20
            return _Fault(name, f"reckons over {told} MB", f"算出的内容超过 {told} MB")
    return None


def _without(source: Source, views: Sequence[str]) -> Source:
    """Return a source of a private copy that has none of some views, which is said."""
    copy = Path(tempfile.mkdtemp(dir=source.folder)) / source.path.name
    shutil.copyfile(source.path, copy)
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as conn:
            conn.execute("pragma writable_schema = on")
            conn.execute(_LEFT, [json.dumps(views)])
        with closing(sqlite3.connect(copy, isolation_level=None)) as conn:  # without the triggers
            _unlist(conn, views)
    except sqlite3.DatabaseError as error:
        raise unreadable(source.name, error) from error
    said = Finding("views-ignored", values={"names": "、".join(views)})
    return replace(source, path=copy, findings=(*source.findings, said))


def _unlist(conn: sqlite3.Connection, views: Sequence[str]) -> None:
    tables = {name for (name,) in conn.execute("select name from sqlite_master")}
    if tables.issuperset(_LISTED):
        for statement in _LISTED.values():
            conn.execute(statement, {"views": json.dumps(views)})


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
