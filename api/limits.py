"""How large a request's body may be: policy, read from `data/boundaries/limits.toml`."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from re import Pattern
from types import MappingProxyType
from typing import Final

from starlette.routing import compile_path

from geo.errors import BadRulesError
from geo.reference import boundary_file

_MB: Final = 2**20


@dataclass(frozen=True)
class BodyLimits:
    """The most bytes of a body, and of those sent to addresses that take files.

    `unpacked` is how large the parts of a workbook may be together, `rows` how many lines a table
    of text may have.
    """

    most: int
    files: Mapping[Pattern[str], int]
    unpacked: int = 64 * _MB
    rows: int = 300_000

    def of(self, path: str) -> int:
        """Return the most bytes that may be sent to an address.

        >>> limits = body_limits()
        >>> limits.of("/api/issues") < limits.of("/api/plans/7/import")
        True
        """
        return next((size for form, size in self.files.items() if form.match(path)), self.most)


def body_limits(path: Path | None = None) -> BodyLimits:
    """Return the limits of a file, or those that come with the program.

    Raises
    ------
    BadRulesError
        Which key of which file is wrong.
    """
    path = path or boundary_file("limits.toml")
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))["body"]
        files = {compile_path(form)[0]: _bytes(size) for form, size in body["files"].items()}
        sizes = _bytes(body["most"]), MappingProxyType(files), _bytes(body["unpacked"])
        return BodyLimits(*sizes, _count(body["rows"]))
    except (AttributeError, KeyError, TypeError, ValueError, AssertionError) as error:
        files_form = "[body.files] '/api/plans/{plan}/import' = 64 (MB)"
        expected = f"most = 2, unpacked = 64, rows = 300000, {files_form}"
        raise BadRulesError(path=path, key="body", found=error, expected=expected) from error


def megabytes(size: int) -> str:
    """Return a size as it is said to people.

    >>> megabytes(2 * 2**20), megabytes(2**19)
    ('2', '0.5')
    """
    return f"{size / _MB:g}"


def _count(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ValueError(number)
    return number


def _bytes(size: float) -> int:
    if isinstance(size, bool) or not 0 < size < math.inf:
        raise ValueError(size)
    return round(size * _MB)
