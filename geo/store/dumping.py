"""The database as a file, and back: by PostgreSQL's own programs, compared by hashes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, Final, NamedTuple, TypeAlias, cast

from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, text

from geo.errors import BackupProgramError, NotEmptyError, RestoredOtherwiseError
from geo.store import migrations
from geo.store.answers import question
from geo.store.database import transaction, without_tables
from geo.store.private.programs import client_program

Command: TypeAlias = list[str | Path]

_PERSON: Final = "backup"
_LOCK: Final = 6_437_004  # one at a time restores: any fixed number serves
_ALONE: Final = text("select pg_try_advisory_xact_lock(:lock)")
_WHOLE: Final = "REPEATABLE READ"
# The extension is there before (its owner may be another), and with it the table it keeps.
_NOT_OURS: Final = re.compile(r" EXTENSION | TABLE DATA public spatial_ref_sys ")
# What values look like as words; of a session each.
_WORDED: Final = ("datestyle", "intervalstyle", "timezone", "extra_float_digits", "bytea_output")
_OTHERWISE: Final = re.compile(r"restored otherwise: (.*)")
_PASSED: Final = 1 << 20  # bytes at once
_SHOWN: Final = 3  # lines of what a program said
# The order of rows is no part of what a table says.
_COUNTED: Final = "select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text"


class Dumped(NamedTuple):
    """What a dump holds: the version of the tables, of the server, rows and hash of each table."""

    schema: str
    server: int
    tables: Mapping[str, tuple[int, str]]


def dump(owner: Engine, path: Path) -> Dumped:
    """Return what was written to a file, all as of one moment; people go on working meanwhile.

    Raises
    ------
    NoClientError, BackupProgramError
        When PostgreSQL's `pg_dump` is not there, or fails.
    DatabaseAwayError
        When the database is.
    """
    with transaction(owner.execution_options(isolation_level=_WHOLE), _PERSON) as conn:
        snapshot = str(conn.execute(text("select pg_export_snapshot()")).scalar_one())
        tables, server = tables_told(conn), _version(conn)
        where, secret = _reached(conn)
        told = (f"--dbname={where}", f"--snapshot={snapshot}", f"--file={path}")
        program = client_program("pg_dump", server)
        _said(program, "--format=custom", *told, secret=secret)
        return Dumped(migrations.version_of(conn) or "", server, tables)


def tables_told(conn: Connection) -> dict[str, tuple[int, str]]:
    """Return how many rows each table of ours has, and a hash of them, whatever their order."""
    names = conn.execute(question("tables_kept")).scalars().all()
    told = {}
    for name in names:
        rows, said = conn.execute(text(f"{_COUNTED} from only {name} as t")).one()
        told[str(name)] = (int(rows), str(said))
    return told


@contextmanager
def held_for_restoring(owner: Engine) -> Iterator[None]:
    """Hold a database for one restoration: two would take away what the other has copied.

    Raises
    ------
    NotEmptyError
        When another is under way, or there are tables.
    """
    with transaction(owner, _PERSON) as conn:
        if not conn.execute(_ALONE, {"lock": _LOCK}).scalar_one():
            raise NotEmptyError(found="另一次恢复正在进行 another restoration")
        without_tables(owner)
        yield


def restore(owner: Engine, path: Path, dumped: Dumped) -> None:
    """Read a dump back into a database without tables, compare it and number it: all or nothing.

    One transaction, whatever stops in the middle of it.

    Raises
    ------
    NoClientError, BackupProgramError
        When PostgreSQL's `pg_restore` and `psql` are not there, or fail.
    RestoredOtherwiseError
        When a table does not hold what was dumped.
    DatabaseAwayError
        When the database is.
    """
    with transaction(owner, _PERSON) as conn:
        major = max(dumped.server, _version(conn))
        reads, writes = client_program("pg_restore", major), client_program("psql", major)
        where, secret = _reached(conn)
        ending = _ending(conn, dumped)
    with NamedTemporaryFile("w", encoding="utf-8") as listed:
        listed.write(_ours(_said(reads, "--list", path)))
        listed.flush()
        read: Command = [reads, "--file=-", "--no-owner", f"--use-list={listed.name}", path]
        written: Command = [writes, "-Xq", "--set=ON_ERROR_STOP=1", f"--dbname={where}", "--file=-"]
        _poured(read, written, ending, secret)


def _ending(conn: Connection, dumped: Dumped) -> str:
    """Return what ends the transaction of a restoration: compared, numbered, committed.

    Values are words there as they were when they were dumped: with the settings of a connection.
    """
    words = {name: conn.execute(text(f"show {name}")).scalar_one() for name in _WORDED}
    words |= {"search_path": "public", "jingwei.dumped": json.dumps(dumped.tables)}
    told = (sql.SQL("select set_config({}, {}, true)").format(*pair) for pair in words.items())
    parts = [each.as_string() for each in told]
    parts += [question(name).text for name in ("restored_otherwise", "renumber_transactions")]
    return ";\n".join([*(part.rstrip(";\n") for part in parts), "commit", ""])


def _poured(read: Command, written: Command, last: str, secret: str) -> None:
    """Let one program write what another reads out; only where that is whole, what comes last."""
    around = _environment(secret)
    with TemporaryFile() as faults, TemporaryFile() as complaints:
        with (
            subprocess.Popen(  # noqa: S603 a list, no shell, a program found by us
                written, stdin=PIPE, stdout=DEVNULL, stderr=faults, env=around
            ) as writer,
            subprocess.Popen(read, stdout=PIPE, stderr=complaints, env=around) as reader,  # noqa: S603 as above
        ):
            _pour(reader, writer, last)
        _demand_done(writer, written[0], faults)
        _demand_done(reader, read[0], complaints)


def _pour(reader: Popen[bytes], writer: Popen[bytes], last: str) -> None:
    """Pass on what is read out, in a transaction that ends with what comes last, or is undone."""
    from_reader, to_writer = cast("IO[bytes]", reader.stdout), cast("IO[bytes]", writer.stdin)
    with suppress(BrokenPipeError), to_writer:  # it says itself why it takes no more
        to_writer.write(b"begin;\n")
        shutil.copyfileobj(from_reader, to_writer, _PASSED)
        if reader.wait() == 0:
            to_writer.write(last.encode())
    from_reader.close()


def _demand_done(program: Popen[bytes], path: str | Path, said: IO[bytes]) -> None:
    if program.returncode == 0:
        return
    said.seek(0)
    told = said.read().decode("utf-8", "replace")
    if other := _OTHERWISE.search(told):
        raise RestoredOtherwiseError(tables=other[1])
    raise _failed(Path(path), told, program.returncode)


def is_whole(path: Path, server: int) -> bool:
    """Tell whether a file is a dump that can be read to its end; nothing is written.

    Raises
    ------
    NoClientError
        When PostgreSQL's `pg_restore` is not there.
    """
    program = client_program("pg_restore", server)
    command = [str(program), f"--file={os.devnull}", str(path)]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 a list, no shell
    return done.returncode == 0


def _ours(listed: str) -> str:
    return "\n".join(line for line in listed.splitlines() if not _NOT_OURS.search(line)) + "\n"


def _version(conn: Connection) -> int:
    return int(conn.execute(text("show server_version_num")).scalar_one()) // 10_000


def _said(program: Path, *words: str | Path, secret: str = "") -> str:
    """Return what a program printed; its password is in no list of processes."""
    done = subprocess.run(  # noqa: S603 a list, no shell, a program found by us
        [program, *words], capture_output=True, text=True, check=False, env=_environment(secret)
    )
    if done.returncode != 0:
        raise _failed(program, done.stderr, done.returncode)
    return done.stdout


def _environment(secret: str) -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8", **({"PGPASSWORD": secret} if secret else {})}


def _failed(program: Path, told: str, status: int) -> BackupProgramError:
    reason = " / ".join(told.strip().splitlines()[:_SHOWN])
    return BackupProgramError(program=program.name, reason=reason or status)


def _reached(conn: Connection) -> tuple[str, str]:
    """Return how a program reaches the database of a connection, and the password apart."""
    url = conn.engine.url
    told = {**url.translate_connect_args(username="user", database="dbname"), **url.query}
    secret = str(told.pop("password", ""))
    return make_conninfo("", **told), secret
