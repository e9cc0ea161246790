"""Removes all data and everything that was built; keeps what was installed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from bootstrap.environment import program
from bootstrap.progress import ROOT, Step, did, say

HOME: Final = ROOT / ".jingwei"
_BUILT: Final = (
    *("build", "dist", "maps/static", "htmlcov", "tests/screenshots", "coverage.xml"),
    *(".coverage", ".hypothesis", ".mypy_cache", ".ruff_cache", ".pytest_cache"),
    *(".import_linter_cache", "__pycache__"),
)
_ROOMS: Final = ("geo", "api", "maps", "tests", "bootstrap", "benchmarks")


def clean() -> None:
    """Stop the private server, remove its data, what was built and every cache."""
    if HOME.exists() and program("jingwei").exists():
        # Without the program the server is not stopped here: it ends by itself when its data goes.
        line: list[str | Path] = [program("jingwei"), "db", "stop"]
        did(Step("停止数据库", "Stopping the database", line, {"JINGWEI_HOME": str(HOME)}))
    gone = [path for path in (HOME, *_built()) if _removed(path)]
    say(
        f"已删除 {len(gone)} 项（数据、构建产物、缓存）",
        f"removed {len(gone)} items: data, builds, caches",
    )
    say("保留：.venv/ 和 .tools/（已安装的软件）", "kept: .venv/ and .tools/, what was installed")
    elsewhere = os.environ.get("JINGWEI_HOME")
    if elsewhere and Path(elsewhere).resolve() != HOME:
        say(
            f"未删除 JINGWEI_HOME 指定的数据目录：{elsewhere}",
            "that data folder of yours was not removed",
        )


def _built() -> list[Path]:
    caches = [path for room in _ROOMS for path in (ROOT / room).rglob("__pycache__")]
    return [*(ROOT / name for name in _BUILT), *ROOT.glob(".coverage.*"), *caches]


def _removed(path: Path) -> bool:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
        return True
    there = path.exists() or path.is_symlink()
    path.unlink(missing_ok=True)
    return there
