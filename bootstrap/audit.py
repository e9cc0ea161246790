"""Advisories about what we are built of, asked of the package indexes, and what became of asking.

Three ends, told apart: nothing is known, something is known, nobody could be asked. With our
packages each index is asked about one that has long had advisories: what tells of none for it
(a mirror that answers everything with an empty list) tells nothing about the others.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from bootstrap.progress import ROOT, say

CLEAN, FOUND, UNREACHED = 0, 1, 3  # exit statuses; 2 is what make says of any of them
_PATIENCE_S: Final = 300
_LOCK: Final = "package-lock.json"
_PIPE: Final = subprocess.PIPE
_SHOWN: Final = 200  # letters of why nobody could be asked
# Packages with advisories, none of them ours: Django's of 2020 and later, CVE-2019-10744.
_BAD_PYTHON: Final = ("django", "3.0")
_BAD_SCRIPT: Final = ("lodash", "4.17.11")


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
    found = {
        one["name"]: f"{one['version']}: {', '.join(each['id'] for each in one['vulns'])}"
        for one in told
        if one.get("vulns")
    }
    skipped = [one for one in told if one.get("skip_reason")]
    why = f"{len(skipped)}/{len(told)}: {skipped[0]['skip_reason']}" if skipped else ""
    return _known("PyPI", found, _BAD_PYTHON, why)


def of_scripts(answer: str, complaint: str) -> Asked:
    """Return what `npm audit` said."""
    told = _read(answer)
    if "vulnerabilities" not in told:
        why = told.get("message") or _summary(told.get("error")) or _last_line(complaint)
        return Asked("npm", away=str(why)[:_SHOWN])
    found = {name: str(one.get("severity")) for name, one in told["vulnerabilities"].items()}
    return _known("npm", found, _BAD_SCRIPT)


def _summary(error: object) -> str:
    return str(error.get("summary", "")) if isinstance(error, dict) else ""


def _known(whose: str, found: dict[str, str], bad: tuple[str, str], why: str = "") -> Asked:
    """Return what an index knows about ours; away, if it knows nothing of what is surely bad."""
    ours = tuple(f"{name} {what}" for name, what in found.items() if name.lower() != bad[0])
    if len(ours) == len(found):
        why = why or f"没有 {' '.join(bad)} 的通告，不是通告库 it knows no advisory of that package"
    return Asked(whose, ours, why[:_SHOWN])


def _python(uv: Path) -> Asked:
    with tempfile.TemporaryDirectory(prefix="jingwei-audit-") as folder:
        listed = Path(folder) / "packages.txt"
        only = ["--no-dev", "--no-emit-project", "--no-hashes"]
        said([uv, "export", "-q", *only, "--format", "requirements-txt", "-o", listed])
        with listed.open("a", encoding="utf-8") as more:
            more.write("==".join(_BAD_PYTHON) + "\n")
        how = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
        return of_python(*said([uv, "tool", "run", "pip-audit", "-r", listed, *how]))


def _scripts() -> Asked:
    ours, (name, version) = ROOT / "maps" / "web", _BAD_SCRIPT
    package, lock = (
        json.loads((ours / file).read_text("utf-8")) for file in ("package.json", _LOCK)
    )
    package["dependencies"][name] = version
    lock["packages"][""]["dependencies"][name] = version
    lock["packages"][f"node_modules/{name}"] = {"version": version}
    with tempfile.TemporaryDirectory(prefix="jingwei-audit-") as folder:
        for file, content in (("package.json", package), (_LOCK, lock)):
            (Path(folder) / file).write_text(json.dumps(content), "utf-8")
        where: list[str | Path] = ["--prefix", folder, "--package-lock-only"]
        return of_scripts(*said(["npm", "audit", "--json", *where]))


def said(command: Sequence[str | Path], *, patience_s: float = _PATIENCE_S) -> tuple[str, str]:
    """Return what a program answered and complained of; it ends with whatever it began."""
    try:
        with subprocess.Popen(  # noqa: S603 (fixed commands, no shell)
            command, cwd=ROOT, stdout=_PIPE, stderr=_PIPE, text=True, start_new_session=True
        ) as running:
            try:
                return running.communicate(timeout=patience_s)
            except BaseException:
                os.killpg(running.pid, signal.SIGKILL)
                raise
    except subprocess.TimeoutExpired:
        return "", f"{patience_s:.0f} s 内没有回答 no answer in that time"
    except OSError as error:
        return "", str(error)


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
