"""A disk that is full: what does not fit is refused with a sentence, all else goes on."""

from __future__ import annotations

import http.client
import io
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from PIL import Image
from sqlalchemy import text

from geo.store.database import transaction
from geo.store.private.account import server_account
from tests.faults.callers import issue, until
from tests.faults.servers import Server, begun
from tests.plugins.database import Databases, Where

ROOM_MB = 64  # a copy of the template, twice over
LEFT = 400_000  # bytes, once the ballast is in


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


def filled(disk: Path) -> Path:
    """Fill a disk but for a little; return what is to be removed again."""
    ballast, free = disk / "ballast", os.statvfs(disk)
    ballast.write_bytes(bytes(free.f_bavail * free.f_frsize - LEFT))
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
