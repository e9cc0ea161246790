"""What a server must be set to that no session can say for itself, and what of it is otherwise.

The private server and the container are set so; a city's own server belongs to its administrators.
"""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple, TypeAlias

from sqlalchemy import Row

from geo.store.answers import question
from geo.store.database import Connection

Why: TypeAlias = Literal["kept", "words", "speed", "locks", "cut"]
# What comes of it otherwise: Chinese, English.
REASONS: Final[dict[Why, tuple[str, str]]] = {
    "kept": ("断电会丢数据", "a power cut loses what was kept"),
    "words": ("日志里会留下居民的话和电话", "its log holds what people said, and their numbers"),
    "speed": ("会慢", "it is slow"),
    "locks": ("中断的程序还占着锁", "what a killed program asked goes on, and holds its locks"),
    "cut": ("长的导入会中途断掉", "long imports are cut off"),
}


class Demand(NamedTuple):
    """A setting and what it must be: one of some values, or at least so much in its unit.

    `least` and the values are as `pg_settings` has them: pages of 8 kB, MB, ms.
    """

    name: str
    why: Why
    wanted: str  # as ALTER SYSTEM takes it
    allowed: tuple[str, ...] = ()
    least: int | None = None

    def is_met(self, value: str) -> bool:
        """Tell whether a value is as demanded."""
        return value in self.allowed if self.least is None else float(value) >= self.least


def _exactly(name: str, why: Why, wanted: str) -> Demand:
    return Demand(name, why, wanted, (wanted,))


DEMANDS: Final = (
    _exactly("fsync", "kept", "on"),
    _exactly("full_page_writes", "kept", "on"),
    Demand("synchronous_commit", "kept", "on", ("on", "local", "remote_write", "remote_apply")),
    _exactly("log_statement", "words", "none"),
    _exactly("log_min_error_statement", "words", "panic"),
    _exactly("log_error_verbosity", "words", "terse"),
    _exactly("log_min_duration_statement", "words", "-1"),
    _exactly("log_min_duration_sample", "words", "-1"),
    _exactly("log_transaction_sample_rate", "words", "0"),
    _exactly("auto_explain.log_min_duration", "words", "-1"),
    _exactly("autovacuum", "speed", "on"),
    _exactly("track_counts", "speed", "on"),
    Demand("shared_buffers", "speed", "512MB", least=256 * 128),
    Demand("max_wal_size", "speed", "2GB", least=2048),
    Demand("client_connection_check_interval", "locks", "5s", least=1),
    _exactly("transaction_timeout", "cut", "0"),
)
# By where a value was set: what an administrator runs to have it otherwise.
_MENDS: Final = {
    "database user": "ALTER ROLE {role} IN DATABASE {database} RESET {name};",
    "user": "ALTER ROLE {role} RESET {name};",
    "database": "ALTER DATABASE {database} RESET {name};",
    "command line": "postgres -c {name}={wanted}",
}
_MEND: Final = "ALTER SYSTEM SET {name} = '{wanted}'; "
_RELOAD: Final = "SELECT pg_reload_conf();"
_AT_START: Final = "postmaster"
_RESTART: Final = "-- 重启后生效 counts after a restart"
# Under row-level security an index answers them only where an administrator said that it may.
_OPERATORS: Final = "geometry_overlaps, arraycontains: not leakproof"


class Unmet(NamedTuple):
    """A demand that a server does not meet: what was found, why it matters, what to run."""

    found: str
    why_zh: str
    why_en: str
    mend: str


def unmet(conn: Connection) -> list[Unmet]:
    """Return what of the demands a server does not meet, in their order."""
    names = {"names": [demand.name for demand in DEMANDS]}
    told = {row.name: row for row in conn.execute(question("server_settings"), names)}
    found = [
        _unmet(demand, told[demand.name])
        for demand in DEMANDS
        if demand.name in told and not demand.is_met(told[demand.name].value)
    ]
    commands = conn.execute(question("unmarked_operators")).scalars().all()
    if commands:
        found.append(Unmet(_OPERATORS, *REASONS["speed"], f"{'; '.join(commands)};"))
    return found


def _unmet(demand: Demand, row: Row[Any]) -> Unmet:
    values = {**row._asdict(), **demand._asdict()}
    mend = _MENDS.get(row.source, _MEND + (_RESTART if row.context == _AT_START else _RELOAD))
    found = f"{demand.name} = {row.value}{row.unit and f' x {row.unit}'}"
    return Unmet(found, *REASONS[demand.why], mend.format_map(values))
