"""The versions of the store's schema, in one line; run from Python, no ini file needed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Final

from alembic import command, op
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

_FOLDER: Final = Path(__file__).parent
# One migration at a time, whoever runs it: any fixed number serves.
_LOCK: Final = 6_437_001


def upgrade(engine: Engine, *, to: str = "head") -> tuple[str | None, str | None]:
    """Return the version before and after migrating up, in one transaction."""
    return _migrate(engine, to, up=True)


def downgrade(engine: Engine, *, to: str) -> tuple[str | None, str | None]:
    """Return the version before and after migrating down; `to="base"` removes everything."""
    return _migrate(engine, to, up=False)


def current(engine: Engine) -> str | None:
    """Return the version the database is at; None for an empty one."""
    with engine.connect() as conn:
        return _version(conn)


def newest() -> str | None:
    """Return the newest version this program knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def run_sql(*names: str) -> None:
    """Run files of several statements each, inside the migration's transaction."""
    with closing(op.get_bind().connection.cursor()) as cursor:
        for name in names:
            cursor.execute((_FOLDER / "versions" / name).read_text("utf-8"))


def _migrate(engine: Engine, to: str, *, up: bool) -> tuple[str | None, str | None]:
    with engine.begin() as conn:
        conn.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        before = _version(conn)
        config = _config()
        config.attributes["connection"] = conn
        (command.upgrade if up else command.downgrade)(config, to)
        return before, _version(conn)


def _version(conn: Connection) -> str | None:
    return MigrationContext.configure(conn).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
