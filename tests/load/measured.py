"""Files read in processes of their own: what is said, the processor time, the memory, what is left.

`python -m tests.load.measured FOLDER` prints a line of JSON for each file.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

from api.files.assignments import read_assignment
from geo.errors import JingweiError
from geo.load import Noun, ReadOptions, reading

_MOST_CPU_S: Final = 20  # then it is ended: said is nothing


class Measured(NamedTuple):
    """Of one file: `said` in Chinese or as codes, seconds, MB above what there was, files left."""

    name: str
    said: str
    cpu_s: float
    memory_mb: float
    left: int


def noun_of(name: str) -> Noun:
    """What a file is read as."""
    return "areas" if name.endswith((".geojson", ".gpkg", ".wkt.csv", ".kml")) else "issues"


def told(path: Path, noun: Noun) -> str:
    """What a file is answered with: a sentence of a refusal, or codes of findings."""
    try:
        found = reading.read(path, noun, ReadOptions())
    except JingweiError as error:
        return error.sentence_zh
    return " ".join(finding.code for each in found for finding in each.report.findings)


def _memory(key: str) -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024


def _measure(path: Path) -> Measured:
    tempfile.tempdir = str(path.parent.parent / "temporary" / path.name)
    Path(tempfile.tempdir).mkdir(parents=True)
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU_S, _MOST_CPU_S))
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak begins anew
    before, began = _memory("VmRSS"), time.process_time()
    said = told(path, noun_of(path.name))
    if path.suffix == ".xlsx":
        try:
            read_assignment(path)
            said = ""  # none of these is an assignment
        except JingweiError:
            pass
    took = time.process_time() - began
    left = len(os.listdir(tempfile.tempdir))  # noqa: PTH208 names are enough
    return Measured(path.name, said, took, _memory("VmHWM") - before, left)


def main(folder: Path) -> None:
    """Print what became of each file of a folder."""
    for path in sorted(folder.iterdir()):
        child = os.fork()
        if not child:
            sys.stdout.write(json.dumps(_measure(path), ensure_ascii=False) + "\n")
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
