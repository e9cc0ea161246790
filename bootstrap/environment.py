"""The Python packages: uv is found or installed, then fills `.venv/` as `uv.lock` says."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Final

from bootstrap import machine
from bootstrap.progress import ROOT, Step, Stopped, did, must

VENV: Final = ROOT / ".venv"
_PLACE: Final = VENV / "place"  # where it was made
_OWN: Final = ROOT / ".tools" / "uv"
_NEEDED: Final = (0, 8)  # reads the lock file's format
_KERNELS: Final = (ROOT / "geo" / "redraw", ROOT / "geo" / "lookup")
_COMPILED: Final = _KERNELS[0] / "__pycache__" / "compiled"  # goes with what it speaks of
_ROOMS: Final = ("geo", "api", "maps")
_FRONT_END: Final = ROOT / "maps" / "static" / "manifest.json"


def program(name: str) -> Path:
    """Return a program of the environment, such as `pytest`."""
    return VENV / "bin" / name


def find_uv() -> Path | None:
    """Return a uv that is new enough: on the `PATH`, else the one installed here before."""
    found = shutil.which("uv")
    places = [*([Path(found)] if found else []), _OWN / "bin" / "uv"]
    return next((path for path in places if _is_new_enough(path)), None)


def _is_new_enough(path: Path) -> bool:
    version = re.search(r"(\d+)\.(\d+)", machine.answer([path, "--version"]) or "")
    return version is not None and (int(version[1]), int(version[2])) >= _NEEDED


def made_uv() -> Path:
    """Install uv under `.tools/` and return it.

    Raises
    ------
    Stopped
        When this Python has neither pip nor a way to get it, or the package cannot be fetched.
    """
    shutil.rmtree(_OWN, ignore_errors=True)
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    zh, en = (
        "安装 uv（Python 包管理器）到 .tools/",
        "Installing uv, the package manager, in .tools/",
    )
    if machine.can_make_environments():
        must(Step("建立 .tools/uv", "Making .tools/uv", [sys.executable, "-m", "venv", _OWN]))
        must(Step(zh, en, [_OWN / "bin" / "python", *pip, "uv"]))
    else:
        must(Step(zh, en, [sys.executable, *pip, "--target", _OWN, "uv"]))
    uv = find_uv()
    if uv is None:
        raise Stopped(
            "uv 装好了却不能运行。请自行安装 uv（pip install uv），再试一次。",
            "uv was installed but does not run. Install it by hand (pip install uv), then again.",
        )
    return uv


def fill(uv: Path, *, dev: bool, peers: bool = False) -> None:
    """Make `.venv/` hold what `uv.lock` says, and `maps/static/` the front-end.

    `peers`: also the programs that benchmarks measure ours beside.

    Raises
    ------
    Stopped
        When a package cannot be fetched or built.
    """
    if _PLACE.exists() and _PLACE.read_text("utf-8") != str(VENV):
        shutil.rmtree(VENV)  # the folder was moved, and an environment does not move with it
    # An environment that is there keeps its Python.
    python = [] if VENV.exists() else ["--python", sys.executable]
    # Compiled once, here: uncompiled libraries cost seconds at every start where Python may not
    # write beside them (PYTHONDONTWRITEBYTECODE, another account).
    line: list[str | Path] = [uv, "sync", "--locked", "--compile-bytecode", *python]
    if dev:
        line += ["--extra", "solvers"]  # tests hold them to what they prove
    else:
        line += ["--no-dev", "--inexact"]  # what tests need stays, if it is there
    if peers:
        line += ["--group", "bench"]
    if not _FRONT_END.exists():
        line += ["--reinstall-package", "jingwei"]  # the packaging hook builds it
    zh, en = "按 uv.lock 安装 Python 包和前端", "Installing Python packages and the front-end"
    step = Step(zh, en, line, {"UV_PROJECT_ENVIRONMENT": str(VENV)})
    if not did(step):
        must(step)  # a registry that did not answer once often does the second time
    _PLACE.write_text(str(VENV), "utf-8")
    did(compiling(ROOT))


def compiling(root: Path) -> Step:
    """Return the step that compiles the program's own modules, for the reason libraries are.

    A command over the store starts a sixth sooner with them. What is compiled already is left.
    """
    line: list[str | Path] = [
        program("python"),
        "-m",
        "compileall",
        "-q",
        *(root / room for room in _ROOMS),
    ]
    return Step("编译自己的模块", "Compiling our own modules", line)


def compile_kernels() -> None:
    """Compile the kernels of redraw and lookup, unless they are as their sources say already.

    Raises
    ------
    Stopped
        When they do not compile.
    """
    newest = max(path.stat().st_mtime for room in _KERNELS for path in room.rglob("*.py"))
    if _COMPILED.exists() and _COMPILED.stat().st_mtime > newest:
        return
    zh, en = "编译计算核心（一次，约半分钟）", "Compiling the kernels (once, half a minute)"
    must(Step(zh, en, [program("jingwei"), "warm"]))
    _COMPILED.parent.mkdir(exist_ok=True)
    _COMPILED.touch()


def playwright_browser() -> Path | None:
    """Return the browser that playwright keeps for itself, when it has been fetched."""
    code = (
        "from playwright.sync_api import sync_playwright as p\n"
        "with p() as run: print(run.chromium.executable_path)"
    )
    said = machine.answer([program("python"), "-c", code])
    return Path(said) if said and Path(said).is_file() else None


def fetch_browser(prefix: list[str] | None) -> Path:
    """Fetch playwright's own Chromium, where the distribution has none that a test can start.

    Raises
    ------
    Stopped
        When it cannot be fetched.
    """
    playwright = program("playwright")
    if prefix is not None:
        line: list[str | Path] = [*prefix, playwright, "install-deps", "chromium"]
        must(Step("安装浏览器依赖的系统库", "Installing the libraries a browser needs", line))
    zh, en = "下载测试用的 Chromium（playwright）", "Fetching Chromium for the tests (playwright)"
    fetched = did(Step(zh, en, [playwright, "install", "chromium"]))
    found = playwright_browser()
    if not fetched or found is None:
        raise Stopped(
            "没有可用的 Chromium：测试页面要用它（make demo 不用）。联网后重试，"
            "或安装 google-chrome，或把 JINGWEI_CHROMIUM 设为浏览器路径。",
            "No usable Chromium, which the tests of pages need (make demo does not). Try again "
            "with a network, install google-chrome, or name a browser in JINGWEI_CHROMIUM.",
        )
    return found
