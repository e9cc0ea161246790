"""What was made to hurt is answered with a sentence, soon, in little memory, and leaves nothing."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Final

import pytest

from api.files.assignments import read_assignment
from geo.errors import JingweiError
from geo.load import Noun, ReadOptions, read
from tests.deep import DEEP
from tests.load.hostile import garbled, shapes, tables, workbooks

MADE: Final = dict([*workbooks(), *tables(), *shapes()])
CPU_S: Final = 2.0
NOUNS: Final[tuple[Noun, ...]] = ("issues", "areas", "places")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


def said(path: Path, noun: Noun) -> str:
    """What a file is answered with: a sentence of a refusal, or codes of findings."""
    try:
        found = read(path, noun, ReadOptions())
    except JingweiError as error:
        return error.sentence_zh
    return " ".join(finding.code for each in found for finding in each.report.findings)


@pytest.mark.parametrize("name", MADE)
def test_it_is_refused_or_told_of_soon_and_nothing_is_left(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(MADE[name])
    began = time.process_time()
    told = said(path, "areas" if name.endswith((".geojson", ".gpkg")) else "issues")
    if name.endswith(".xlsx"):
        with pytest.raises(JingweiError):
            read_assignment(path)
    assert time.process_time() - began < CPU_S
    assert told
    assert not list((tmp_path / "temporary").iterdir())


def test_what_is_blank_or_merged_too_far_is_no_reason_to_refuse_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "merged-column.xlsx"
    path.write_bytes(MADE[path.name])
    (found,) = read(path, "issues", ReadOptions())
    assert found.frame["reference"].tolist() == ["x"]


@pytest.mark.skipif(DEEP == 1, reason="make fuzz: half a minute")
@pytest.mark.parametrize("name", [name for name in MADE if len(MADE[name]) < 2**20])
def test_bytes_that_are_cut_or_changed_are_told_of_too(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    for seed in range(DEEP):
        path.write_bytes(garbled(MADE[name], seed))
        for noun in NOUNS:
            assert said(path, noun) is not None, (seed, noun)
        assert not list((tmp_path / "temporary").iterdir())
