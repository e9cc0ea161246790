"""What we deliver is built of packages whose licences are allowed: `.ci/licences.toml`."""

from __future__ import annotations

import json
import os
import re
import time
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final

import pytest

from bootstrap.audit import CLEAN, FOUND, UNREACHED, of_python, of_scripts, said, status_of
from bootstrap.progress import ROOT

RULES: Final = tomllib.loads((ROOT / ".ci" / "licences.toml").read_text("utf-8"))
ALLOWED: Final = frozenset(RULES["allowed"])
CLASSIFIED: Final = "License :: "


def is_allowed(told: str) -> bool:
    """Tell whether each part of an expression, or one of alternatives, is on the list."""
    ways = [re.split(r" AND ", way.strip("() ")) for way in told.split(" OR ")]
    return any(all(part.strip("() ") in ALLOWED for part in way) for way in ways)


def delivered() -> Iterator[str]:
    """Names of the packages that the program brings along, from the lock file."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    packages: dict[str, Any] = {each["name"]: each for each in lock["package"]}
    waiting, seen = ["jingwei"], {"jingwei"}
    while waiting:
        ours = packages[waiting.pop()]
        extras = ours.get("optional-dependencies", {}) if ours["name"] != "jingwei" else {}
        further = [*ours.get("dependencies", ()), *(d for more in extras.values() for d in more)]
        for name in {each["name"] for each in further} - seen:
            seen.add(name)
            waiting.append(name)
    yield from sorted(seen - {"jingwei"})


def licence_of(name: str) -> str | None:
    """What an installed package says of its licence; None: it is not for this machine."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return None
    for expression in told.get_all("License-Expression", []):
        return str(expression)
    kinds = [each for each in told.get_all("Classifier", []) if each.startswith(CLASSIFIED)]
    named = [RULES["called"].get(each.rpartition(" :: ")[2]) for each in kinds]
    (plain,) = told.get_all("License", ["none told"])[:1]
    return " OR ".join(filter(None, named)) or str(plain)


def test_every_package_that_is_delivered_has_a_licence_on_the_list() -> None:
    told = {name: licence_of(name) for name in delivered()}
    assert sum(each is not None for each in told.values()) > 60
    assert {name: one for name, one in told.items() if one and not is_allowed(one)} == {}


def test_every_part_of_the_front_end_has_a_licence_on_the_list() -> None:
    lock = json.loads((ROOT / "maps" / "web" / "package-lock.json").read_text("utf-8"))
    told = {name: part.get("license", "") for name, part in lock["packages"].items() if name}
    assert len(told) > 20
    assert {name: one for name, one in told.items() if not is_allowed(one)} == {}


@pytest.mark.parametrize(
    ("told", "may"),
    [
        ("MIT", True),
        ("Apache-2.0 AND MIT", True),
        ("GPL-3.0-only OR BSD-3-Clause", True),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0-only", False),
        ("", False),
    ],
)
def test_a_licence_is_allowed_in_all_its_parts_or_not_at_all(told: str, *, may: bool) -> None:
    assert is_allowed(told) is may


# What each index is asked besides, and what it says of it when it is one.
BAD: Final = {"name": "django", "version": "3.0", "vulns": [{"id": "PYSEC-2020-1"}]}
BAD_SCRIPT: Final = {"lodash": {"severity": "critical"}}


def test_an_advisory_no_advisory_and_nobody_to_ask_are_told_apart() -> None:
    hole = {"name": "x", "version": "1", "vulns": [{"id": "PYSEC-1"}]}
    good, unknown = {"name": "y", "version": "2", "vulns": []}, {"name": "z", "skip_reason": "?"}
    pythons = [
        (json.dumps({"dependencies": listed}), "", status)
        for listed, status in (
            ([good, BAD], CLEAN), ([hole, good, BAD], FOUND), ([good, unknown, BAD], UNREACHED),
            ([hole, unknown], FOUND),
        )
    ]  # fmt: skip
    for answer, complaint, status in (*pythons, ("", "ERROR: no route", UNREACHED)):
        assert status_of([of_python(answer, complaint)]) == status, answer
    assert of_python(pythons[1][0], "").found == ("x 1: PYSEC-1",)
    npm = (_npm(BAD_SCRIPT), CLEAN), ('{"message": "405", "error": {}}', UNREACHED)
    for answer, status in (*npm, (_npm(BAD_SCRIPT | {"a": {"severity": "high"}}), FOUND)):
        assert status_of([of_scripts(answer, "")]) == status
    assert status_of([of_python("", ""), of_scripts(npm[0][0], "")]) == UNREACHED


def _npm(found: dict[str, dict[str, str]]) -> str:
    return json.dumps({"vulnerabilities": found})


def test_an_index_that_knows_nothing_of_what_is_surely_bad_is_none() -> None:
    good = {"name": "y", "version": "2", "vulns": []}
    python = json.dumps({"dependencies": [good, BAD | {"vulns": []}]})
    for asked in (of_python(python, ""), of_scripts(_npm({}), "")):
        assert status_of([asked]) == UNREACHED
        assert "不是通告库" in asked.away


def test_what_an_index_answers_nonsense_with_is_said() -> None:
    assert "iterable" in of_scripts('{"error": {"summary": "x is not iterable"}}', "npm").away


def test_a_program_that_waits_for_an_index_ends_with_what_it_began() -> None:
    begun = f"600.{os.getpid()}"
    answer, complaint = said(["sh", "-c", f"sleep {begun} & wait"], patience_s=0.5)
    assert not answer
    assert "没有回答" in complaint
    until = time.monotonic() + 60  # what was ended goes when the machine comes to it
    while running(begun) and time.monotonic() < until:
        time.sleep(0.05)
    assert not running(begun)


def running(word: str) -> list[str]:
    """The programs that run with a word in their command."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            found.append(path.read_bytes().decode(errors="replace"))
    return [line for line in found if word in line]


def test_what_is_asked_about_to_try_an_index_is_none_of_ours() -> None:
    lock = json.loads((ROOT / "maps" / "web" / "package-lock.json").read_text("utf-8"))
    assert "node_modules/lodash" not in lock["packages"]
    assert "django" not in set(delivered())
