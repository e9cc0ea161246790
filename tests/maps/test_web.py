"""Our own scripts: types checked by tsc, units run by Node."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from maps import assets


@pytest.fixture(scope="module")
def workshop(front_end: Path) -> Path:
    """Sources, generated modules and the tools for developers, side by side."""
    assert front_end.exists()
    target = assets.ROOT / "build" / "web-dev"
    lock = (assets.ROOT / assets.WEB / "package-lock.json").read_bytes()
    mark, wanted = target / "installed", hashlib.sha256(lock).hexdigest()
    if not mark.exists() or mark.read_text() != wanted:
        assets.install(assets.ROOT, target)
        mark.write_text(wanted)
    for old in (*target.glob("*.js"), *target.glob("*.ts")):
        old.unlink()
    for folder in (assets.ROOT / assets.WEB, assets.ROOT / "build" / "web" / "source"):
        for path in folder.glob("*.*"):
            if not path.name.startswith("package"):
                shutil.copy2(path, target / path.name)
    return target


def run(workshop: Path, *command: str) -> str:
    """What a Node program says; it must succeed."""
    node = assets.find_node()[0]
    done = subprocess.run(  # noqa: S603 (fixed commands)
        [*node, *command], cwd=workshop, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_types_of_our_scripts_hold(workshop: Path) -> None:
    run(workshop, "node_modules/typescript/bin/tsc", "--project", ".")


def test_units_of_our_scripts_pass(workshop: Path) -> None:
    tests = sorted(path.name for path in workshop.glob("*.test.js"))
    assert tests
    assert "fail 0" in run(workshop, "--test", *tests)
