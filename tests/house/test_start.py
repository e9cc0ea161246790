"""The command line starts quickly: a command loads what it needs, and help loads nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from api.cli import COMMANDS, app
from geo.store.database import Store
from geo.store.private.home import ADMIN

URL: Final = "JINGWEI_DATABASE_URL"
FRAMES: Final = {"pandas", "geopandas", "pyproj"}
STORE: Final = {"sqlalchemy", "psycopg"}
HEAVY: Final = {"scipy", "numba", "folium", "openpyxl", "fastapi", "alembic", "pyogrio", "aiohttp"}
# What people ask of the store all day, each answered within a second.
EVERYDAY: Final = (
    "plan list", "list show", "list problems", "ledger fallback", "ledger held",
    "hook list", "hook failed", "task list", "review list", "issue list", "issue unclaimed",
    "issue new --source hotline --text 路灯不亮 --lon 117.0 --lat 36.6 --datum wgs84", "rates",
    "route --lon 117.0 --lat 36.6 --datum wgs84",
)  # fmt: skip


def loaded(script: str, **environment: str) -> set[str]:
    """Return which heavy libraries a script loads, in a process of its own."""
    watched = FRAMES | STORE | HEAVY
    told = f"import sys\n{script}\nsys.stderr.write(' '.join({watched!r} & {{*sys.modules}}))"
    line = [sys.executable, "-c", told]
    around = {**os.environ, **environment}
    done = subprocess.run(line, capture_output=True, text=True, check=False, env=around)  # noqa: S603 our own words
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [["--help"], ["assign", "--help"], ["db", "status"]])
def test_who_only_looks_waits_for_no_library(words: list[str], tmp_path: Path) -> None:
    script = f"from api.cli import app\nsys.argv[1:] = {words!r}\napp(standalone_mode=False)"
    assert loaded(script, JINGWEI_HOME=str(tmp_path)) == set()  # not where a demo may be running


def test_assigning_and_importing_load_no_compiler_database_or_statistics() -> None:
    assert loaded("import api.files.assigning, geo.load") == FRAMES | {"pyogrio"}


def test_everyday_commands_load_what_speaks_to_the_store_and_no_more(store: Store) -> None:
    url = store.owner.url if os.environ.get(URL) else store.owner.url.set(username=ADMIN)
    script = (
        "from typer.testing import CliRunner\nfrom api.cli import app\n"
        f"for words in {EVERYDAY!r}:\n"
        "    done = CliRunner().invoke(app, words.split())\n"
        "    assert done.exit_code == 0, (words, done.output, done.exception)\n"
    )
    shown = url.render_as_string(hide_password=False)
    assert loaded(script, **{URL: shown}) == FRAMES | STORE


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_of_itself_what_the_list_says(name: str) -> None:
    listed, itself = (CliRunner().invoke(app, words) for words in (["--help"], [name, "--help"]))
    sentence = COMMANDS[name].sentence.split("。")[0]
    assert sentence in listed.output
    assert sentence in itself.output
