"""A disk that is full: what does not fit is refused with a sentence, all else goes on."""

from __future__ import annotations

import http.client
import io
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from PIL import Image
from sqlalchemy import Engine, text

from api.backups import back_up, read_back
from api.settings import Settings, photo_folder
from geo.errors import BackupProgramError, ClusterError, DatabaseAwayError, FileNotWrittenError
from geo.store.database import Store, cluster_engine, prepare, transaction, without_tables
from geo.store.private.account import server_account
from geo.store.private.cluster import Cluster, start, status, stop
from geo.store.private.home import ADMIN, APP, OWNER
from geo.store.working.blobs import keep
from tests.faults.callers import issue, until
from tests.faults.servers import Server, begun
from tests.plugins.database import Databases, Where

ROOM_MB = 64  # a copy of the template, twice over
LEFT = 400_000  # bytes, once the ballast is in
NO_ROOM = r"No space left|free disk space"


@pytest.fixture
def small_disk(databases: Databases) -> Iterator[Path]:
    """A disk of its own, which the database may write to."""
    if os.geteuid() != 0 or databases.cluster is None:
        pytest.skip("a small disk is made by root, for the private database alone")
    folder = Path(tempfile.mkdtemp(prefix="jw-small-"))  # where the server's account gets in
    folder.chmod(0o755)
    if not done("mount", "-t", "tmpfs", "-o", f"size={ROOM_MB}m,mode=755", "tmpfs", folder):
        folder.rmdir()
        pytest.skip("no small disk can be mounted here")
    try:
        yield folder
    finally:
        assert done("umount", "-l", folder)
        folder.rmdir()


def done(*order: str | Path) -> bool:
    """Whether an order of the system was carried out."""
    return subprocess.run(order, capture_output=True, check=False).returncode == 0  # noqa: S603 ours


@pytest.fixture
def there(databases: Databases, where: Where, small_disk: Path) -> Iterator[Where]:
    """A city whose database lies on that disk."""
    assert databases.cluster is not None
    space = server_account(databases.cluster.home.folder).own(small_disk / "space")
    databases.run(f"create tablespace small location '{space}'")
    name = f"{where.name}_small"
    databases.run(f"create database {name} template {where.name} tablespace small")
    try:
        yield databases.where(name)
    finally:
        databases.drop(name)
        databases.run("drop tablespace small")


def filled(disk: Path, left: int = LEFT) -> Path:
    """Fill a disk but for a little; return what is to be removed again."""
    ballast, free = disk / "ballast", os.statvfs(disk)
    ballast.write_bytes(bytes(free.f_bavail * free.f_frsize - left))
    return ballast


def handed_in(server: Server, reference: str, words: str) -> tuple[int, dict[str, object]]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as line:
        body = json.dumps(issue(reference) | {"text": words})
        line.request("POST", "/api/issues", body, {"content-type": "application/json"})
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())


def photographed(server: Server, number: object) -> tuple[int, object]:
    """What is said to a large photo of an issue."""
    shades = Image.frombytes("RGB", (1200, 1200), Random(3).randbytes(1200 * 1200 * 3))
    held = io.BytesIO()
    shades.save(held, "JPEG", quality=95)
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as line:
        path = f"/api/issues/{number}/photos?stage=before"
        line.request("POST", path, held.getvalue(), {"content-type": "image/jpeg"})
        answer = line.getresponse()
        return answer.status, json.loads(answer.read()).get("code")


def test_a_full_disk_refuses_what_does_not_fit_and_keeps_what_it_took(
    there: Where, small_disk: Path
) -> None:
    home, draw = small_disk / "home", Random(7)
    home.mkdir()
    store = there.opened()
    with begun(there, home) as server:
        until(lambda: server.answers("/ready"))
        ballast, taken, status = filled(small_disk), dict[str, object](), 0
        for n in range(500):
            words = "".join(chr(draw.randrange(0x4E00, 0x9FA5)) for _ in range(20_000))
            status, told = handed_in(server, f"full-{n}", words)
            if status != 201:
                break
            taken[f"full-{n}"] = told["id"]
        assert (status, told["code"]) == (503, "DiskFull"), told
        assert server.answers("/api/board"), "reading goes on"
        some = next(iter(taken.values()))
        assert photographed(server, some) == (503, "DiskFull")
        ballast.unlink()
        until(lambda: handed_in(server, "full-again", "路灯不亮")[0] in (200, 201))
        assert photographed(server, some)[0] == 201
        assert sum(path.is_file() for path in (home / "photos").rglob("*")) == 1
    with transaction(store.owner, "test") as conn:
        kept = conn.execute(text("select reference from issue where reference like 'full-%'"))
        assert set(kept.scalars()) == taken.keys() | {"full-again"}
    store.close()


@pytest.fixture
def kept(store: Store, tmp_path: Path) -> tuple[Path, Settings]:
    """A backup of the city with a photo, and the settings of what it was made of."""
    chosen = Settings(tmp_path / "home")
    keep(photo_folder(chosen), Random(5).randbytes(3 * LEFT))
    back_up(store, chosen, tmp_path / "kept")
    return tmp_path / "kept", chosen


@pytest.mark.parametrize("left", [20_000, 2 * LEFT])
def test_a_backup_for_which_a_disk_has_no_room_leaves_nothing_of_itself(
    store: Store, kept: tuple[Path, Settings], small_disk: Path, left: int
) -> None:
    """The dump alone does not fit, or the photos after it do not."""
    ballast, out = filled(small_disk, left), small_disk / "kept"
    with pytest.raises((BackupProgramError, FileNotWrittenError), match=NO_ROOM):
        back_up(store, kept[1], out)
    assert list(small_disk.iterdir()) == [ballast]
    ballast.unlink()
    assert back_up(store, kept[1], out).photos == 1


@pytest.fixture
def bare(databases: Databases, small_disk: Path) -> Iterator[Store]:
    """A database without tables on that disk."""
    assert databases.cluster is not None
    space = server_account(databases.cluster.home.folder).own(small_disk / "space")
    name = f"{databases.prefix}_bare_small"
    databases.run(f"create tablespace bare location '{space}'")
    databases.run(f"create database {name} owner {OWNER} tablespace bare")
    prepare(databases.cluster, name)
    made = Store(*(cluster_engine(databases.cluster, role, name) for role in (OWNER, APP)))
    yield made
    made.close()
    databases.drop(name)
    databases.run("drop tablespace bare")


@pytest.mark.parametrize("what", ["tables", "photos"])
def test_a_backup_read_back_while_the_disk_fills_leaves_nothing_and_is_read_back_later(
    bare: Store, kept: tuple[Path, Settings], small_disk: Path, tmp_path: Path, what: str
) -> None:
    there = Settings((small_disk if what == "photos" else tmp_path) / "there")
    ballast = filled(small_disk, 2 * LEFT)
    with pytest.raises((BackupProgramError, FileNotWrittenError), match=NO_ROOM):
        read_back(without_tables(bare.owner), there, kept[0])
    assert without_tables(bare.owner)
    assert not list(there.home.glob("*")), "no half a photo"
    ballast.unlink()
    assert read_back(bare.owner, there, kept[0]).photos == 1


SEGMENT = 16 * 2**20  # of the log, made whole before it is written
FILLS = text("select pg_logical_emit_message(true, 'fill', repeat('x', 2000000))")


@pytest.fixture
def apart(small_disk: Path) -> Iterator[Cluster]:
    """A database of its own whose log lies on the small disk."""
    with tempfile.TemporaryDirectory(prefix="jw-wal-") as name:
        folder = Path(name)
        start(folder, durable=False)
        stop(folder)
        inside, outside = folder / "db" / "data" / "pg_wal", small_disk / "wal"
        shutil.copytree(inside, server_account(folder).own(outside), dirs_exist_ok=True)
        done("chown", "-R", "--reference", inside, outside)
        shutil.rmtree(inside)
        inside.symlink_to(outside)
        yield start(folder)  # which keeps what it says it has
        stop(folder)


def written_on(engine: Engine, kept: list[int]) -> None:
    """Write one row after the other, each with much in the log; note those that were kept."""
    for n in range(40):
        with transaction(engine, "test") as conn:
            conn.execute(text("insert into told values (:n)"), {"n": n})
            conn.execute(FILLS)
        kept.append(n)


def test_a_log_without_room_stops_the_database_and_loses_nothing_that_was_kept(
    apart: Cluster, small_disk: Path
) -> None:
    engine, folder = cluster_engine(apart, ADMIN, "postgres"), apart.home.folder
    with engine.begin() as conn:
        conn.execute(text("create table told (n int primary key)"))
    ballast, kept = filled(small_disk, SEGMENT + LEFT), list[int]()
    with pytest.raises(DatabaseAwayError):
        written_on(engine, kept)
    until(lambda: status(folder).state == "stopped")
    with pytest.raises(ClusterError, match="The disk is full"):
        start(folder)
    ballast.unlink()
    start(folder)
    with transaction(engine, "test") as conn:
        there = conn.execute(text("select n from told order by n")).scalars().all()
    engine.dispose()
    assert len(kept) > 3
    assert there in (kept, [*kept, len(kept)]), "the last may have been kept, unsaid"
