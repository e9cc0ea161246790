"""The command line starts quickly: a command loads what it needs, and help loads nothing."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest
from typer.testing import CliRunner

from api.cli import COMMANDS, app

FRAMES: Final = {"pandas", "geopandas", "pyproj"}
HEAVY: Final = {"scipy", "sqlalchemy", "psycopg", "numba", "folium", "openpyxl", "fastapi"}


def loaded(script: str) -> set[str]:
    """Return which heavy libraries a script loads, in a process of its own."""
    told = (
        f"import sys\n{script}\nsys.stderr.write(' '.join({FRAMES | HEAVY!r} & {{*sys.modules}}))"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)  # noqa: S603 our own words
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [["--help"], ["assign", "--help"], ["db", "status"]])
def test_who_only_looks_waits_for_no_library(words: list[str]) -> None:
    script = f"from api.cli import app\nsys.argv[1:] = {words!r}\napp(standalone_mode=False)"
    assert loaded(script) == set()


def test_assigning_and_importing_load_no_compiler_database_or_statistics() -> None:
    assert loaded("import api.files.assigning, geo.load") == FRAMES


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_of_itself_what_the_list_says(name: str) -> None:
    listed, itself = (CliRunner().invoke(app, words) for words in (["--help"], [name, "--help"]))
    sentence = COMMANDS[name].sentence.split("。")[0]
    assert sentence in listed.output
    assert sentence in itself.output
