"""Small functions, small modules, plain names: the house style that no linter holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from tests.house.tree import lines_of, modules, short, sources, text_of, tree_of

# It runs nothing of the project: nothing is covered, and looking for it takes three seconds.
pytestmark = pytest.mark.no_cover

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

LONGEST_FUNCTION: Final = 40
LONGEST_MODULE: Final = 300
DEEPEST: Final = 2
DEEPEST_KERNEL: Final = 3
NO_NAMES: Final = re.compile(r"^_?(utils?|helpers?|managers?|services?|base|common|misc)\.py$")
SIZE_RULES: Final = re.compile(r"noqa:[^#]*(C901|PLR09\d\d|PLR17\d\d)")
BARE: Final = re.compile(r"#\s*(noqa|type: ignore)\s*($|#)")
# A `with` does not branch: it is not counted.
BLOCKS: Final = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.Try, ast.Match)
# Catalogues are looked things up in, never read from end to end; each belongs in one file.
CATALOGUES: Final = {"geo/errors.py", "geo/load/defects.py"}


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def code_lines(path: Path, function: Function) -> int:
    """Lines of a function's body that hold code: no docstring, no blank line, no comment."""
    first = function.body[1:] if ast.get_docstring(function) else function.body
    if not first:
        return 0
    body = lines_of(path)[first[0].lineno - 1 : function.end_lineno]
    return sum(1 for line in body if line.strip() and not line.strip().startswith("#"))


def depth(node: ast.AST, *, elif_of: ast.If | None = None) -> int:
    """How many blocks lie inside one another; `elif` is no deeper than its `if`."""
    below = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        below = max(
            below, depth(child, elif_of=node if is_elif and isinstance(node, ast.If) else None)
        )
    return below + (1 if isinstance(node, BLOCKS) and elif_of is None else 0)


def is_kernel(function: Function) -> bool:
    marks = [ast.unparse(mark) for mark in function.decorator_list]
    return any(re.search("jit|compiled|kernel", mark) for mark in marks)


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{short(path)}:{each.lineno} {each.name}": lines
        for path in sources()
        for each in functions(path)
        if (lines := code_lines(path, each)) > LONGEST_FUNCTION
    }
    assert not long


def test_no_module_is_too_long_to_be_read_at_once() -> None:
    lines = {
        short(path): sum(1 for line in lines_of(path) if line.strip())
        for path in sources()
        if short(path) not in CATALOGUES
    }
    assert not {name: count for name, count in lines.items() if count > LONGEST_MODULE}


def test_blocks_are_at_most_two_deep() -> None:
    deep = {
        f"{short(path)}:{each.lineno} {each.name}": found
        for room in ("bootstrap", "geo", "api", "maps")
        for path in modules(room)
        for each in functions(path)
        if (found := depth(each)) > (DEEPEST_KERNEL if is_kernel(each) else DEEPEST)
    }
    assert not deep


def test_no_module_is_named_after_nothing() -> None:
    assert not [short(path) for path in sources() if NO_NAMES.match(path.name)]


def test_no_exception_is_made_for_size_and_none_without_a_rule() -> None:
    lines = {
        f"{short(path)}:{number}": line.strip()
        for path in sources()
        if path != Path(__file__)
        for number, line in enumerate(lines_of(path), 1)
        if SIZE_RULES.search(line) or BARE.search(line)
    }
    assert not lines


def test_memory_read_at_its_address_is_held_by_a_name() -> None:
    """An array without a name is gone before what was given its address reads there."""
    loose = [
        f"{short(path)}:{node.lineno}"
        for path in sources()
        if "ctypes" in text_of(path)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr == "ctypes"
        if not isinstance(node.value, ast.Name | ast.Attribute)
    ]
    assert loose == []
