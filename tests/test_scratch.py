"""Files on their way are gone at the end; what a killed process left at the next start."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from geo.scratch import PREFIX, clear, scratch

HOLDS = """
import time
from geo.scratch import scratch
with scratch() as folder:
    (folder / "part").write_text("x")
    print(folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def passing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def holder() -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process that holds a folder, which was made long ago."""
    line = (sys.executable, "-c", HOLDS)
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 ours
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip()).parent
        aged(folder)
        yield process, folder
        process.kill()


def aged(folder: Path) -> Path:
    long_ago = time.time() - 3600
    os.utime(folder, (long_ago, long_ago))
    return folder


def test_what_a_killed_process_left_is_gone_at_the_next_start_and_not_while_it_lives(
    holder: tuple[subprocess.Popen[str], Path],
) -> None:
    process, folder = holder
    assert clear() == 0
    assert (folder / "files" / "part").exists()
    process.kill()
    process.wait()
    with scratch() as own:
        assert own.is_dir()
        assert not folder.exists()


def test_only_old_folders_of_our_own_are_cleared_and_no_link_is_followed(passing: Path) -> None:
    kept = aged(Path(tempfile.mkdtemp(prefix="jingwei-", dir=passing)))
    elsewhere = Path(tempfile.mkdtemp(prefix="elsewhere-", dir=passing))
    young = Path(tempfile.mkdtemp(prefix=PREFIX, dir=passing))
    old = aged(Path(tempfile.mkdtemp(prefix=PREFIX, dir=passing)))
    (passing / f"{PREFIX}link").symlink_to(aged(elsewhere))
    (passing / f"{PREFIX}file").touch()
    (young / "within").symlink_to(elsewhere)
    assert clear() == 1
    assert not old.exists()
    aged(young)
    assert clear() == 1
    assert {kept, elsewhere} <= set(passing.iterdir())


def test_a_folder_is_private_and_gone_whatever_ends_it(passing: Path) -> None:
    with suppress(KeyError), scratch() as folder:
        assert folder.parent.stat().st_mode & 0o077 == 0
        (folder / "part").touch()
        raise KeyError
    assert list(passing.iterdir()) == []
