"""Back to a moment, by a base backup and the log since, as docs/operating.md says it is done.

The commands that archive and fetch the log are those of that page, with its folder replaced.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from sqlalchemy import text

from api.sealing import seal_waiting
from geo.store.database import Connection, Store, cluster_engine, open_home, transaction
from geo.store.planning import plans
from geo.store.private.account import server_account
from geo.store.private.cluster import start, status, stop
from geo.store.private.home import ADMIN
from geo.store.private.programs import server_programs
from geo.store.seals import verify
from geo.store.working.issues import read_issues
from tests.faults import generated
from tests.faults.callers import until
from tests.faults.sizes import FULL
from tests.store import toy
from tests.store.test_issues import at, received
from tests.store.test_plans import approved, merged

PAGE = Path(__file__).parents[2] / "docs" / "operating.md"
NOW = text("select clock_timestamp()")
ARCHIVED = text("select last_archived_wal >= :segment from pg_stat_archiver")


def of_page(setting: str, archive: Path) -> str:
    """What the page has for a setting, with the archive of this test."""
    found = re.search(rf"{setting} = '(.*?)'[\"\n]", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    words = re.sub(r"\s*\\\n\s*", " ", found[1])
    return words.replace("$A", str(archive)).replace("/srv/wal", str(archive))


class Place(NamedTuple):
    """A data folder, an archive of its log, a base backup."""

    home: Path
    archive: Path
    base: Path

    def run(self, *statements: str) -> None:
        """Run statements as the administrator of its server."""
        engine = cluster_engine(start(self.home), ADMIN)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            for statement in statements:
                conn.exec_driver_sql(statement)
        engine.dispose()

    def archived(self) -> None:
        """Wait until all of the log until now is in the archive."""
        engine = cluster_engine(start(self.home), ADMIN)
        with engine.begin() as conn:
            segment = conn.execute(text("select pg_walfile_name(pg_switch_wal())")).scalar_one()
        until(lambda: _answer(engine.connect(), segment))
        engine.dispose()

    def kill(self) -> None:
        """Stop its server as a power cut would."""
        pid = status(self.home).pid
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)
        until(lambda: not Path(f"/proc/{pid}").exists())

    def put_back(self, moment: object) -> None:
        """Put the base backup in the place of what there is, to be replayed up to a moment."""
        data = self.home / "db" / "data"
        shutil.rmtree(data)
        subprocess.run(["cp", "-a", self.base, data], check=True)  # noqa: S603, S607 ours
        told = {
            "restore_command": of_page("restore_command", self.archive),
            "recovery_target_time": moment,
            "recovery_target_action": of_page("recovery_target_action", self.archive),
        }
        with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in told.items())
        (data / "recovery.signal").touch()


def _answer(conn: Connection, segment: str) -> bool:
    with conn:
        return bool(conn.execute(ARCHIVED, {"segment": segment}).scalar_one())


@pytest.fixture
def place() -> Iterator[Place]:
    """A server of its own whose log is archived, and a base backup of the toy city."""
    with tempfile.TemporaryDirectory(prefix="jw-moment-", ignore_cleanup_errors=True) as name:
        root = Path(name)
        root.chmod(0o755)
        made = Place(root / "home", root / "wal", root / "base")
        store = open_home(made.home)
        account = server_account(made.home)
        for folder in (made.archive, made.base):
            account.own(folder)
        toy.load(store)
        store.close()
        command = of_page("archive_command", made.archive).replace("'", "''").replace("%", "%%")
        made.run(
            "alter system set archive_mode = on",
            f"alter system set archive_command = '{command}'",
        )
        stop(made.home)
        _backed_up(made)
        yield made
        stop(made.home)


def _backed_up(made: Place) -> None:
    cluster = start(made.home)
    program = server_programs().folder / "pg_basebackup"
    order: list[str | Path] = [
        program,
        "-h",
        cluster.socket,
        "-U",
        ADMIN,
        "-D",
        made.base,
        "--checkpoint=fast",
    ]
    around = {**os.environ, "PGPASSFILE": str(cluster.passfile)}
    subprocess.run(order, check=True, env=around)  # noqa: S603 ours
    subprocess.run(  # noqa: S603 ours
        ["chown", "-R", "--reference", made.home / "db" / "data", made.base],  # noqa: S607
        check=True,
    )


def found(store: Store) -> tuple[dict[str, str], pd.Index]:
    """What is in force and had happened, as numbers; and which issues there are."""
    with transaction(store.owner, "test") as conn:
        numbers = sorted(read_issues(conn, limit=100)["reference"])
    return generated.hashes(store, generated.newest(store)), pd.Index(numbers)


@pytest.mark.skipif(not FULL, reason="make faults: a server of its own, half a minute")
def test_a_moment_within_a_publication_comes_back_without_any_of_it(place: Place) -> None:
    store = open_home(place.home)
    plan = approved(store, merged(2))
    received(store, at(0.5, 0.5, "before"))
    seal_waiting(store.owner)
    hashes, numbers = found(store)
    with transaction(store.app, "approver") as conn:
        published = plans.publish(conn, plan)
        moment = conn.execute(NOW).scalar_one()
    received(store, at(0.5, 1.5, "after"))
    store.close()
    place.archived()
    place.kill()
    place.put_back(moment)
    again = open_home(place.home)
    there, kept = found(again)
    assert there == hashes
    assert list(kept) == list(numbers) == ["before"]
    with transaction(again.app, "approver") as conn:
        assert plans.publish(conn, plan) == published
    seal_waiting(again.owner)
    with transaction(again.owner, "test") as conn:
        verdict = verify(conn)
    assert (verdict.breach, verdict.waiting) == (None, 0)
    again.close()
