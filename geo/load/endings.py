"""What a database file reckons when it is asked is asked for here first, within limits.

Views, and columns that are generated as they are read, take no room in a file: their rows may have
no end, their values any size.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from time import thread_time
from typing import Final

from geo.load.files import Source
from geo.load.reasons import unreadable

_STEPS: Final = 1_000  # of SQLite's machine between looks at the time
_AT_ONCE_S: Final = 0.5  # of the processor, for any file
_S_OF_BYTE: Final = 0.5 / 2**20  # and for what there is of it
_LARGEST: Final = 16 * 2**20  # bytes of one value, as of a shape with its attributes
_MB_LARGEST: Final = _LARGEST // 2**20
_ANY_BYTES: Final = 64 * 2**20  # of all values, of any file
_MOST_RATIO: Final = 100  # and beyond that, to the size of the file
_RECKONED: Final = """
select name from sqlite_master where type = 'view'
union
select t.name from sqlite_master as t, pragma_table_xinfo(t.name) as c
where t.type = 'table' and t.sql not like 'create virtual %' and c.hidden = 2
order by name
"""


def demand_ending_views(source: Source) -> None:
    """Refuse a file of SQLite a view or table of which reckons without end, or too much.

    Raises
    ------
    UnreadableFileError
        Which one and how so, or that it is no database.
    """
    if source.format not in ("gpkg", "sqlite"):
        return
    where = f"{source.path.resolve().as_uri()}?mode=ro&immutable=1"
    size = source.path.stat().st_size
    try:
        with closing(sqlite3.connect(where, uri=True)) as conn:
            names = [str(name) for (name,) in conn.execute(_RECKONED)]
            conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST)
            with _timed(conn, _AT_ONCE_S + size * _S_OF_BYTE):
                faults = ((name, _fault(conn, name, size)) for name in names)
                name, fault = next((one for one in faults if one[1]), ("", None))
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise unreadable(source.name, error) from error
    if fault is not None:
        en, zh = fault
        raise unreadable(source.name, f"{name!r} {en}", f"“{name}”{zh}")


@contextmanager
def _timed(conn: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Interrupt whatever is asked after so many seconds of this thread's processor time."""
    until = thread_time() + seconds
    conn.set_progress_handler(lambda: thread_time() > until, _STEPS)
    try:
        yield
    finally:
        conn.set_progress_handler(None, 0)


def _fault(conn: sqlite3.Connection, name: str, size: int) -> tuple[str, str] | None:
    """Return what is wrong with a view or table, in English and Chinese.

    What it lacks the reader says later: a function it may have, though we have none.
    """
    try:
        return _too_much(conn, name, max(_ANY_BYTES, _MOST_RATIO * size))
    except sqlite3.DataError:
        return f"reckons a value of over {_MB_LARGEST} MB", f"算出的一个值超过 {_MB_LARGEST} MB"
    except sqlite3.OperationalError as error:
        said = str(error)
        if "interrupted" in said:
            return "does not end", "没有尽头"
        if "no such function" in said:
            called = said.rpartition(": ")[2]
            return f"calls a function we do not know, {called}", f"用了不认识的函数 {called}"
        return None


def _too_much(conn: sqlite3.Connection, name: str, most: int) -> tuple[str, str] | None:
    asked = _quoted(name)
    columns = conn.execute(f"select * from {asked} limit 0").description
    sizes = ", ".join(f"ifnull(length(cast({_quoted(c[0])} as blob)), 0)" for c in columns)
    conn.execute(f"select count(*) from {asked}").fetchone()  # soon, where it has no end
    total = 0
    for row in conn.execute(f"select {sizes} from {asked}"):
        total += sum(row)
        if total > most:
            told = most // 2**20
            return f"reckons over {told} MB", f"算出的内容超过 {told} MB"
    return None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
