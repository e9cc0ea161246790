"""Our own scripts: types checked by tsc, units run by Node."""

from __future__ import annotations

import subprocess
from pathlib import Path

from maps import assets


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
    tests = sorted(
        path.relative_to(workshop).as_posix()
        for path in workshop.rglob("*.test.js")
        if "node_modules" not in path.parts
    )
    assert tests
    assert "fail 0" in run(workshop, "--test", *tests)
