"""The contracts in pyproject.toml are the architecture: they name every module there is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.house.tree import ROOT, modules, project, short, sources, text_of, tree_of

SAYS: Final = re.compile(r"(^|\.)_?(echo|print|show|tell|say)(_|$)")


def contract(name: str) -> dict[str, Any]:
    listed: list[dict[str, Any]] = project()["tool"]["importlinter"]["contracts"]
    return next(each for each in listed if each["id"] == name)


def layers() -> list[str]:
    return list(contract("flow")["layers"])


def file_of(module: str) -> Path | None:
    """The file of one of our modules; None of others'."""
    place = ROOT.joinpath(*module.split("."))
    return next(
        (each for each in (place.with_suffix(".py"), place / "__init__.py") if each.is_file()), None
    )


def named(path: Path) -> set[str]:
    """What a module has by name: what it makes, what it takes from others, its own modules."""
    found = {each.stem for each in path.parent.iterdir()} if path.stem == "__init__" else set()
    for each in ast.walk(tree_of(path)):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(each.name)
        elif isinstance(each, ast.alias):
            found.add(each.asname or each.name)
        elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            found.add(each.id)
    return found


def lost(path: Path) -> Iterator[str]:
    """What a file takes from modules of ours that is no longer there."""
    taken = (each for each in ast.walk(tree_of(path)) if isinstance(each, ast.ImportFrom))
    for each in taken:
        source = file_of(each.module or "")
        if source:
            yield from (
                f"{each.module}.{one.name}" for one in each.names if one.name not in named(source)
            )


def test_benchmarks_take_only_what_is_there() -> None:
    assert {short(path): gone for path in modules("benchmarks") if (gone := list(lost(path)))} == {}


def test_every_module_of_geo_has_its_place_in_the_flow() -> None:
    there = {path.stem for path in (ROOT / "geo").glob("*.py") if path.stem != "__init__"}
    there |= {path.parent.name for path in (ROOT / "geo").glob("*/__init__.py")}
    assert set(layers()) == there


def test_the_flow_is_exhaustive_so_that_a_new_file_must_be_placed() -> None:
    assert contract("flow")["exhaustive"] is True
    assert contract("flow")["containers"] == ["geo"]


def test_the_architecture_page_lists_the_flow_in_the_same_order() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert listed == layers()[::-1]


def test_api_is_above_maps_and_maps_above_geo() -> None:
    assert contract("rooms")["layers"] == ["api", "maps", "geo"]


def test_only_api_may_ask_the_store() -> None:
    assert contract("store")["protected_modules"] == ["geo.store"]
    assert contract("store")["allowed_importers"] == ["api"]


def test_engines_are_made_in_one_place_that_keeps_peoples_words_out_of_what_fails() -> None:
    ours = (path for path in sources() if not short(path).startswith("benchmarks/"))
    made = {short(path): text_of(path) for path in ours if "create_" + "engine(" in text_of(path)}
    assert made.keys() == {"geo/store/line.py"}
    assert "hide_parameters=True" in made["geo/store/line.py"]


def test_every_room_of_the_store_is_told_of_on_the_page() -> None:
    assert contract("store rooms")["exhaustive"] is True
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = {path.parent.name for path in (ROOT / "geo" / "store").glob("*/__init__.py")}
    told = page[page.index("Inside `store`") :].partition("**Transactions.**")[0]
    assert rooms - {"migrations"} == set(re.findall(r"`(\w+)`", told)) - {"store"}


def test_every_package_of_ours_has_a_docstring_that_says_what_it_is_for() -> None:
    for room in ("geo", "api", "maps", "bootstrap"):
        for path in (ROOT / room).rglob("__init__.py"):
            assert path.read_text("utf-8").startswith('"""'), path


def said_too_soon(path: Path) -> list[str]:
    """Where a command prints what its transaction, which it commits, has not kept yet."""
    changing = (
        node
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.With)
        and any(
            isinstance(call, ast.Call) and any(key.arg == "commit" for key in call.keywords)
            for call in (item.context_expr for item in node.items)
        )
    )
    calls = (call for node in changing for call in ast.walk(node) if isinstance(call, ast.Call))
    names = ((call.lineno, ast.unparse(call.func)) for call in calls)
    return [f"{path.name}:{line} {name}" for line, name in names if SAYS.search(name)]


def test_a_command_says_what_it_did_once_that_is_kept() -> None:
    """Nobody reads a number that a closed pipe, or a full disk, then takes back."""
    assert not [found for path in modules("api/cli") for found in said_too_soon(path)]
