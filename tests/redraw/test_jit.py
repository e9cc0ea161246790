"""Where compiled kernels are kept: apart for each version of all sources, or else not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from geo.redraw import jit


def test_a_kernel_changed_in_any_file_is_kept_elsewhere(tmp_path: Path) -> None:
    package = Path(jit.__file__).parent
    copy = shutil.copytree(package, tmp_path / "redraw", ignore=shutil.ignore_patterns("__py*"))
    before = jit.fingerprint(package)
    (copy / "result.py").write_text("# no kernel here", "utf-8")
    assert jit.fingerprint(copy) == before
    with (copy / "flips.py").open("a", encoding="utf-8") as file:
        file.write("# changed")
    assert jit.fingerprint(copy) != before


def test_a_folder_that_cannot_be_written_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert jit.writable([tmp_path / "file", tmp_path / "mine"], "a") == tmp_path / "mine" / "a"
    assert jit.writable([tmp_path / "file"], "a") is None


def test_without_any_folder_kernels_are_compiled_for_the_process_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jit, "kept_in", lambda: None)
    assert jit.compiled(_doubled)(np.ones(1)) == pytest.approx(2.0)
    assert not jit.is_ready()


def _doubled(values: np.ndarray) -> float:
    return float(2 * values[0])
