"""The project's own files, read once for the tests of the house."""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
ROOMS: Final = ("bootstrap", "geo", "api", "maps", "tests", "benchmarks")


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def sources() -> list[Path]:
    return [path for room in ROOMS for path in modules(room)] + [ROOT / "conftest.py"]


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8")


@cache
def lines_of(path: Path) -> list[str]:
    return text_of(path).splitlines()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))
