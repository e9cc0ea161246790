"""Setting a machine up: what is asked of apt, what is printed instead, what is removed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap import __main__ as commands
from bootstrap import cleaning, environment, machine, packages, progress, smoke, suite
from bootstrap.progress import Step, Stopped
from tests.house.tree import ROOT


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_postgis_is_taken_for_the_newest_server_that_is_here() -> None:
    chosen = packages.chosen_postgis({15, 16, 17}, {15, 16}, metapackage=True)
    assert chosen == "postgresql-16-postgis-3"


def test_without_a_server_the_distribution_chooses() -> None:
    assert packages.chosen_postgis({15}, set(), metapackage=True) == "postgresql-postgis"


def test_without_a_metapackage_the_newest_is_taken() -> None:
    assert packages.chosen_postgis({15, 17}, set(), metapackage=False) == "postgresql-17-postgis-3"


def test_a_python_of_the_distribution_gets_its_own_package_for_environments() -> None:
    assert packages.environment_package(Path("/usr/bin/python3"), (3, 11)) == "python3.11-venv"
    assert packages.environment_package(Path("/opt/python/bin/python3"), (3, 12)) == "python3-venv"


def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that nothing is installed and nothing may be."""
    monkeypatch.setattr(machine, "has_postgis", lambda: False)
    monkeypatch.setattr(machine, "has_chinese_font", lambda: False)
    monkeypatch.setattr(machine, "has_atomics", lambda: False)
    monkeypatch.setattr(machine, "can_make_environments", lambda: False)
    monkeypatch.setattr(machine, "has_pip", lambda: False)
    monkeypatch.setattr(machine, "is_ubuntu", lambda: False)
    monkeypatch.setattr(machine, "browser", lambda: None)
    monkeypatch.setattr(machine, "has_apt", lambda: True)
    monkeypatch.setattr(machine, "becoming_root", lambda: None)


def test_all_that_is_missing_is_asked_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bare(monkeypatch)
    with pytest.raises(Stopped) as stopped:
        packages.install_missing(with_browser=True, for_uv=True)
    for name in ("sudo apt-get install", "postgresql-postgis", "chromium", "libatomic1"):
        assert name in stopped.value.en
        assert name in stopped.value.zh


def test_running_needs_neither_browser_nor_font(monkeypatch: pytest.MonkeyPatch) -> None:
    bare(monkeypatch)
    assert packages.missing(with_browser=False, for_uv=False) == ["postgresql-postgis"]


def test_ubuntus_chromium_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    bare(monkeypatch)
    monkeypatch.setattr(machine, "is_ubuntu", lambda: True)
    assert "chromium" not in packages.missing(with_browser=True, for_uv=False)


def test_without_apt_the_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    bare(monkeypatch)
    monkeypatch.setattr(machine, "has_apt", lambda: False)
    with pytest.raises(Stopped, match="postgresql-postgis"):
        packages.install_missing(with_browser=False, for_uv=False)


@pytest.mark.parametrize(
    ("offered", "package"),
    [
        ({"chromium", "chromium-headless-shell"}, "chromium-headless-shell"),
        ({"chromium"}, "chromium"),
    ],
)
def test_the_browser_without_windows_is_installed_where_the_distribution_has_it(
    monkeypatch: pytest.MonkeyPatch, offered: set[str], package: str
) -> None:
    monkeypatch.setattr(packages, "known", offered.__contains__)
    assert packages.browser_package() == package


def test_a_lighter_browser_beside_another_is_no_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Step] = []

    def fails(step: Step) -> bool:
        tried.append(step)
        return False

    monkeypatch.setattr(packages, "did", fails)
    monkeypatch.setattr(packages, "known", lambda _: True)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(machine, "becoming_root", lambda: None)
    monkeypatch.delenv("JINGWEI_CHROMIUM", raising=False)
    packages.install_light_browser()
    monkeypatch.setattr(machine, "becoming_root", list)
    monkeypatch.setenv("JINGWEI_CHROMIUM", "/opt/browser")
    packages.install_light_browser()
    assert not tried
    monkeypatch.delenv("JINGWEI_CHROMIUM")
    packages.install_light_browser()  # it fails, and nothing stops
    assert [step.command[-1] for step in tried] == ["chromium-headless-shell"]


def test_a_stub_that_fetches_a_snap_is_no_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = tmp_path / "chromium-browser"
    stub.write_text("#!/bin/sh\nexec snap run chromium\n")
    stub.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JINGWEI_CHROMIUM", raising=False)
    assert machine.browser() is None
    stub.write_text("#!/bin/sh\nexec /opt/browser\n")
    assert machine.browser() == stub


def test_a_browser_that_cannot_be_fetched_says_what_else_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    playwright = tmp_path / "playwright"
    playwright.write_text("#!/bin/sh\necho no network; exit 1\n")
    playwright.chmod(0o755)
    monkeypatch.setattr(environment, "program", lambda name: tmp_path / name)
    with pytest.raises(Stopped, match="JINGWEI_CHROMIUM"):
        environment.fetch_browser(None)


def test_a_server_elsewhere_needs_no_postgis_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGWEI_DATABASE_URL", "postgresql://db/jingwei")
    assert machine.has_postgis()


def test_a_program_that_is_not_there_gives_no_answer() -> None:
    assert machine.answer(["/nowhere/at/all"]) is None
    assert machine.answer(python("raise SystemExit(3)")) is None
    assert machine.answer(python("print(' yes ')")) == "yes"


def test_a_failed_step_shows_what_it_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert not progress.did(Step("试", "try", python("print('here is why'); raise SystemExit(2)")))
    said = capsys.readouterr().out
    assert "here is why" in said
    assert "✗" in said


def test_a_step_that_went_well_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert progress.did(Step("试", "try", python("print('chatter')")))
    assert "chatter" not in capsys.readouterr().out


def test_a_step_that_must_go_well_names_its_command() -> None:
    with pytest.raises(Stopped, match="SystemExit"):
        progress.must(Step("试", "try", python("raise SystemExit(1)")))


def test_all_steps_run_and_the_failed_ones_are_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad, good = python("raise SystemExit(1)"), python("")
    assert not suite.passed([Step("一", "one", bad), Step("二", "two", good)])
    assert capsys.readouterr().out.endswith("steps: 1 passed, 1 failed\n")


def test_each_room_has_a_coverage_gate() -> None:
    assert suite.GATES == {"geo": 95, "api": 90, "maps": 90}
    assert len(suite.gates()) == 3


def test_lines_are_counted_by_cover_in_the_very_tests_that_test_runs() -> None:
    plain, (*counted, geo, api, maps) = suite.tests(None), suite.cover(None)
    assert [geo, api, maps] == suite.gates()
    for one, other in zip(plain, counted, strict=True):
        assert "--cov" in other.command
        assert [word for word in other.command if "--cov" not in str(word)] == one.command
        assert one.environment == other.environment


def test_links_to_other_servers_are_an_error() -> None:
    page = '<a href="/plans/1"></a><script src="static/a.js"></script><a href="/plans/1"></a>'
    assert smoke.links(page, "http://127.0.0.1:8000/") == [
        "http://127.0.0.1:8000/static/a.js",
        "http://127.0.0.1:8000/plans/1",
    ]
    with pytest.raises(Stopped, match="other servers"):
        smoke.links('<img src="https://tile.example/1.png">', smoke.PAGE)


def test_cleaning_removes_data_and_builds_and_keeps_what_was_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    caches = ("__pycache__", "geo/__pycache__")
    for name in (".jingwei/db", ".venv/bin", "maps/static", *caches, "geo/load"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(cleaning, "ROOT", tmp_path)
    monkeypatch.setattr(cleaning, "HOME", tmp_path / ".jingwei")
    monkeypatch.setattr(cleaning, "program", lambda name: tmp_path / "no" / name)
    cleaning.clean()
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    assert left == {".venv", ".venv/bin", "maps", "geo", "geo/load"}


def test_an_unknown_command_lists_the_known_ones() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bootstrap", "fly"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert all(name in done.stderr for name in commands.COMMANDS)


def test_the_first_python_keeps_no_bytecode_and_those_it_starts_do(tmp_path: Path) -> None:
    stub = tmp_path / "python"
    stub.write_text('#!/bin/sh\necho "$@ $PYTHONDONTWRITEBYTECODE"\n')
    stub.chmod(0o755)
    around = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    line = ["make", "--no-print-directory", f"PYTHON={stub}", "check"]
    done = subprocess.run(line, cwd=ROOT, env=around, capture_output=True, text=True, check=True)  # noqa: S603 our own Makefile
    assert done.stdout.split() == ["-B", "-m", "bootstrap", "check"]


def test_our_modules_are_compiled_ahead_where_no_bytecode_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    rooms = ("geo", "api", "maps")
    for room in rooms:
        (tmp_path / room / "inner").mkdir(parents=True)
        (tmp_path / room / "inner" / "one.py").write_text("ONE = 1\n")
    assert progress.did(environment.compiling(tmp_path))
    compiled = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("one.*.pyc")}
    assert compiled == {*rooms}


def test_tests_keep_their_bytecode_whatever_is_set_around_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    code = python("import sys; raise SystemExit(sys.dont_write_bytecode)")
    assert not progress.did(Step("试", "try", code))
    assert all(progress.did(Step("试", "try", code, s.environment)) for s in suite.tests(None))


def test_an_old_python_is_told_what_is_needed() -> None:
    done = subprocess.run(
        ["make", "PYTHON=", "check"],  # noqa: S607 (whichever make there is)
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stdout
