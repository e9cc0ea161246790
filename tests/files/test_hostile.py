"""A redraw or a merger of what was made to hurt is a sentence, soon, and leaves nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from api.files.rows import read_rows
from geo.errors import JingweiError
from geo.redraw.inputs import Columns, read_atoms
from tests.deep import DEEP
from tests.files.commanded import Done
from tests.load.hostile import garbled
from tests.load.measured import told
from tests.redraw.toy import town

CPU_S = 2.0
MEMORY_MB = 200
REFUSED = (1, 2)  # 2: the command line itself found that there is no such file
NO_SENTENCE = ("Traceback", "Warning")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> list[Done]:
    """What became of each command."""
    folder = tmp_path_factory.mktemp("hostile")
    order = (sys.executable, "-m", "tests.files.commanded", str(folder))
    answered = subprocess.run(order, capture_output=True, check=True)  # noqa: S603 ours
    assert not (folder / "files" / "beside.gpkg").exists()
    return [Done(*json.loads(line)) for line in answered.stdout.decode().splitlines()]


def faults(one: Done) -> list[str]:
    held = {
        f"ended with {one.status}": one.status in REFUSED,
        f"did not say {one.says}": one.says in one.said,
        "said no sentence": not any(word in one.said for word in NO_SENTENCE),
        f"took {one.cpu_s:.1f} s": one.cpu_s < CPU_S,
        f"took {one.memory_mb:.0f} MB": one.memory_mb < MEMORY_MB,
        f"left {one.left}": not one.left,
    }
    return [fault for fault, well in held.items() if not well]


def test_each_is_refused_with_a_sentence_soon_in_little_memory_and_nothing_is_left(
    done: list[Done],
) -> None:
    assert len(done) > 80
    assert {one.name: (told, one.said) for one in done if (told := faults(one))} == {}


@pytest.mark.skipif(DEEP == 1, reason="make fuzz: a minute")
@pytest.mark.parametrize("ending", ["parquet", "gpkg", "fgb", "geojson", "shp.zip"])
def test_atoms_whose_bytes_are_cut_or_changed_are_read_or_refused(
    ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"atoms.{ending}"
    rows = town("....").drop(columns="special")
    rows.to_parquet(path) if ending == "parquet" else rows.to_file(path)
    whole = path.read_bytes()
    for seed in range(20 * DEEP):
        path.write_bytes(garbled(whole, seed))
        with suppress(JingweiError):
            read_atoms(read_rows(path, None, None), Columns("households"))
        assert told(path, "areas") is not None, seed


def test_each_sentence_is_in_both_languages(done: list[Done]) -> None:
    for one in done:
        if one.status == 1:
            zh, en = one.said.splitlines()[-2:]
            assert any("\u4e00" <= letter <= "\u9fff" for letter in zh), one
            assert en[:1].isascii(), one
