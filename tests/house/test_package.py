"""What the package says of itself, and what its pages promise."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from collections import Counter
from importlib import metadata
from pathlib import Path

import pytest

from tests.house.tree import ROOT, project


def test_the_package_names_its_licence_and_its_python() -> None:
    about = project()["project"]
    assert about["license"] == "Apache-2.0"
    assert about["requires-python"] == ">=3.11"
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")


def test_the_command_is_installed_and_says_what_it_can_do() -> None:
    (point,) = metadata.entry_points(group="console_scripts", name="jingwei")
    assert point.value == "api.cli:main"
    done = subprocess.run(  # noqa: S603 (our own program)
        [Path(sys.executable).with_name("jingwei"), "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    for command in ("db", "import", "city", "plan", "assign", "serve", "demo"):
        assert command in done.stdout


def test_the_boundary_files_are_carried_in_the_wheel() -> None:
    carried = project()["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert carried == {"data/boundaries": "geo/_boundaries"}


def test_the_wheel_holds_every_file_of_the_source_tree(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 (our own program)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    files = [path for room in ("geo", "api", "maps", "data/boundaries") for path in _files(room)]
    wanted = {name.replace("data/boundaries", "geo/_boundaries") for name in files}
    assert {"geo/_boundaries/rules.toml", "maps/static/manifest.json"} < wanted
    assert sorted(wanted - held) == []


def _files(room: str) -> list[str]:
    """Return the files of a folder that the program may need: no front-end source."""
    paths = [path for path in (ROOT / room).rglob("*") if path.is_file()]
    names = [path.relative_to(ROOT).as_posix() for path in paths if "__pycache__" not in path.parts]
    return [name for name in names if not name.startswith("maps/web/")]


def test_every_target_that_the_readme_names_is_in_the_makefile() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)\b(?! sure)", (ROOT / "README.md").read_text("utf-8")))
    rules = re.findall(r"^([a-z ]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert named <= {target for rule in rules for target in rule.split()}


@pytest.mark.parametrize(
    "page", ["README.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_links_of_a_page_lead_to_files_that_exist(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    links = re.findall(r"\]\(([^)#\s]+)", text)
    files = [link for link in links if "://" not in link]
    assert not [link for link in files if not ((ROOT / page).parent / link).exists()]


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_warnings_are_errors_and_branches_are_measured() -> None:
    tool = project()["tool"]
    assert tool["pytest"]["ini_options"]["filterwarnings"] == ["error"]
    assert tool["coverage"]["run"]["branch"] is True
    assert tool["mypy"]["strict"] is True
    assert tool["ruff"]["lint"]["select"] == ["ALL"]
    assert tool["ruff"]["lint"]["mccabe"]["max-complexity"] == 8


def test_every_python_gets_the_same_version_of_every_package() -> None:
    locked = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    counts = Counter(package["name"] for package in locked)
    assert [name for name, count in counts.items() if count > 1] == []
