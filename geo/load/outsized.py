"""Text looked through before it is parsed, a piece at a time: lines and shapes without end.

Whoever parses it makes objects of all there is: a line or a shape as large as the file would take
many times its size.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from geo.errors import BeyondLimitError
from geo.load.advice import beyond

_STEP: Final = 2**20
_MB: Final = 2**20
LONGEST_LINE: Final = 4 * _MB  # a polygon of 100,000 points as text
LONGEST_WORD: Final = (
    64  # letters of a time or number; patterns take long to tell that more is none
)
# Of what is read whole: half a kilobyte of memory each at least, and 20 s of processor a million.
_MOST_ROWS: Final = 2_000_000
_LINES_MATTER_ABOVE, _BYTES_OF_A_LINE = 1_000_000, 4
_LARGEST_SHAPE: Final = 16 * _MB
_MOST_POINTS: Final = 300_000
_HEAD: Final = 4_096


class _Marks(NamedTuple):
    """What stands in text once, or twice, for a shape, and what stands once for a point."""

    shape: bytes
    times: int
    point: bytes


_MARKS: Final[Mapping[str, _Marks]] = {
    "geojson": _Marks(b'"Feature"', 1, b"["),
    "kml": _Marks(b"Placemark", 2, b","),
}
_SHARED: Final = b'"Topology"'  # TopoJSON: lines of all shapes stand together


def demand_lines(path: Path, name: str, most: int = _MOST_ROWS) -> None:
    """Refuse a text file with a line that no table has, too many lines, or blank ones.

    Raises
    ------
    BeyondLimitError
        Which line is too long, or how many there are.
    """
    line, length, size = 1, 0, path.stat().st_size
    for step in _steps(path):
        end = max(step.rfind(b"\n"), step.rfind(b"\r"))
        length += len(step) if end < 0 else max(step.find(b"\n"), 0)
        if length > LONGEST_LINE:
            raise too_long(name, line)
        line += max(step.count(b"\n"), step.count(b"\r"))
        length = length if end < 0 else len(step) - end - 1
    if line > _LINES_MATTER_ABOVE and size < _BYTES_OF_A_LINE * line:
        raise beyond("lines", name, found=line, most=size)
    demand_rows(line, name, most)


def demand_rows(found: int, name: str, most: int = _MOST_ROWS) -> None:
    """Refuse what has more rows than are read whole.

    Raises
    ------
    BeyondLimitError
        How many there are.
    """
    if found > most:
        raise beyond("rows", name, found=found, most=most)


def too_long(name: str, line: int) -> BeyondLimitError:
    """Return the error that a line, or a cell that begins in it, is too long."""
    return beyond("line", name, where=line, most=LONGEST_LINE // _MB)


def demand_shapes(path: Path, kind: str, name: str) -> None:
    """Refuse a text file with a shape that no border is: too many points, too much text.

    Raises
    ------
    BeyondLimitError
        Which shape.
    """
    marks = _MARKS.get(kind)
    if marks is None or _shares_lines(path):
        return
    for shape, points, size in _counted(path, marks):
        where = -(-shape // marks.times) or 1
        if points > _MOST_POINTS:
            raise beyond("points", name, where=where, most=_MOST_POINTS)
        if size > _LARGEST_SHAPE:
            raise beyond("shape", name, where=where, most=_LARGEST_SHAPE // _MB)


def _counted(path: Path, marks: _Marks) -> Iterator[tuple[int, int, int]]:
    """Give the number of each shape's mark, with the points and bytes since, as they grow."""
    seen = points = size = 0
    for step in _steps(path):
        for number, part in enumerate(step.split(marks.shape)):
            seen, points, size = (seen + 1, 0, 0) if number else (seen, points, size)
            points, size = points + part.count(marks.point), size + len(part)
            yield seen, points, size


def is_plain(path: Path) -> bool:
    """Tell whether a file is text in UTF-8 without NUL."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        return not any("\0" in decoder.decode(step) for step in _steps(path))
    except UnicodeDecodeError:
        return False


def _shares_lines(path: Path) -> bool:
    with path.open("rb") as file:
        return _SHARED in file.read(_HEAD)


def _steps(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while step := file.read(_STEP):
            yield step
