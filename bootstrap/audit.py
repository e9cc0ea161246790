"""Advisories about what we are built of, asked of the package indexes, and what became of asking.

Three ends, told apart: nothing is known, something is known, nobody could be asked.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from bootstrap.progress import ROOT, say

CLEAN, FOUND, UNREACHED = 0, 1, 3  # exit statuses; 2 is what make says of any of them
_PATIENCE_S: Final = 300
_SHOWN: Final = 200  # letters of why nobody could be asked


class Asked(NamedTuple):
    """What an index said: advisories by package, and why it could not be asked ('': it was)."""

    whose: str
    found: tuple[str, ...] = ()
    away: str = ""


def audit(uv: Path) -> int:
    """Ask for advisories about all packages that are delivered; return the exit status."""
    asked = (_python(uv), _scripts())
    for one in asked:
        _tell(one)
    return status_of(asked)


def status_of(asked: Iterable[Asked]) -> int:
    """Return the exit status: what was found counts more than who could not be asked."""
    told = list(asked)
    if any(one.found for one in told):
        return FOUND
    return UNREACHED if any(one.away for one in told) else CLEAN


def of_python(answer: str, complaint: str) -> Asked:
    """Return what pip-audit said; a package it could not look up counts as not asked."""
    told = _read(answer).get("dependencies")
    if told is None:
        return Asked("PyPI", away=_last_line(complaint))
    found = tuple(
        f"{one['name']} {one['version']}: {', '.join(each['id'] for each in one['vulns'])}"
        for one in told
        if one.get("vulns")
    )
    skipped = [one for one in told if one.get("skip_reason")]
    why = f"{len(skipped)}/{len(told)}: {skipped[0]['skip_reason']}" if skipped else ""
    return Asked("PyPI", found, why[:_SHOWN])


def of_scripts(answer: str, complaint: str) -> Asked:
    """Return what `npm audit` said."""
    told = _read(answer)
    if "vulnerabilities" not in told:
        return Asked("npm", away=str(told.get("message") or _last_line(complaint))[:_SHOWN])
    found = (f"{name}: {one.get('severity')}" for name, one in told["vulnerabilities"].items())
    return Asked("npm", tuple(found))


def _python(uv: Path) -> Asked:
    with tempfile.TemporaryDirectory(prefix="jingwei-audit-") as folder:
        listed = Path(folder) / "packages.txt"
        only = ["--no-dev", "--no-emit-project", "--no-hashes"]
        _said([uv, "export", "-q", *only, "--format", "requirements-txt", "-o", listed])
        how = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
        return of_python(*_said([uv, "tool", "run", "pip-audit", "-r", listed, *how]))


def _scripts() -> Asked:
    where: list[str | Path] = ["--prefix", ROOT / "maps" / "web", "--package-lock-only"]
    return of_scripts(*_said(["npm", "audit", "--json", *where]))


def _said(command: Sequence[str | Path]) -> tuple[str, str]:
    """Return what a program answered and complained of."""
    try:
        done = subprocess.run(  # noqa: S603 (fixed commands, no shell)
            command, cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", str(error)
    return done.stdout, done.stderr


def _read(answer: str) -> dict[str, Any]:
    try:
        told = json.loads(answer)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _last_line(complaint: str) -> str:
    return (complaint.strip().splitlines() or ["?"])[-1][:_SHOWN]


def _tell(asked: Asked) -> None:
    for one in asked.found:
        say(f"✗ 漏洞通告 {one}", "an advisory")
    if asked.away:
        say(f"? 查不了 {asked.whose} 的漏洞通告：{asked.away}", "advisories could not be asked for")
    elif not asked.found:
        say(f"✓ {asked.whose}：没有漏洞通告", "no advisories")
