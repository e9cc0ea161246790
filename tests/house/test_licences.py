"""What we deliver is built of packages whose licences are allowed: `.ci/licences.toml`."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any, Final

import pytest

from bootstrap.audit import CLEAN, FOUND, UNREACHED, of_python, of_scripts, status_of
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
    for said in told.get_all("License-Expression", []):
        return str(said)
    kinds = [each for each in told.get_all("Classifier", []) if each.startswith(CLASSIFIED)]
    named = [RULES["called"].get(each.rpartition(" :: ")[2]) for each in kinds]
    (plain,) = told.get_all("License", ["none told"])[:1]
    return " OR ".join(filter(None, named)) or str(plain)


def test_every_package_that_is_delivered_has_a_licence_on_the_list() -> None:
    told = {name: licence_of(name) for name in delivered()}
    assert sum(said is not None for said in told.values()) > 60
    assert {name: said for name, said in told.items() if said and not is_allowed(said)} == {}


def test_every_part_of_the_front_end_has_a_licence_on_the_list() -> None:
    lock = json.loads((ROOT / "maps" / "web" / "package-lock.json").read_text("utf-8"))
    told = {name: part.get("license", "") for name, part in lock["packages"].items() if name}
    assert len(told) > 20
    assert {name: said for name, said in told.items() if not is_allowed(said)} == {}


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


def test_an_advisory_no_advisory_and_nobody_to_ask_are_told_apart() -> None:
    hole = {"name": "x", "version": "1", "vulns": [{"id": "PYSEC-1"}]}
    good, unknown = {"name": "y", "version": "2", "vulns": []}, {"name": "z", "skip_reason": "?"}
    pythons = [
        (json.dumps({"dependencies": listed}), "", status)
        for listed, status in (
            ([good], CLEAN), ([hole, good], FOUND), ([good, unknown], UNREACHED),
            ([hole, unknown], FOUND),
        )
    ]  # fmt: skip
    for answer, complaint, status in (*pythons, ("", "ERROR: no route", UNREACHED)):
        assert status_of([of_python(answer, complaint)]) == status, answer
    assert of_python(pythons[1][0], "").found == ("x 1: PYSEC-1",)
    npm = ('{"vulnerabilities": {}}', CLEAN), ('{"message": "405", "error": {}}', UNREACHED)
    for answer, status in (*npm, ('{"vulnerabilities": {"a": {"severity": "high"}}}', FOUND)):
        assert status_of([of_scripts(answer, "")]) == status
    assert status_of([of_python("", ""), of_scripts(npm[0][0], "")]) == UNREACHED
