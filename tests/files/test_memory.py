from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

from api.files.memory import give_back


@pytest.mark.skipif(sys.platform != "linux", reason="asks the system what it gave")
def test_memory_that_was_freed_goes_back_to_the_system() -> None:
    points = shapely.points(np.zeros((300_000, 2)))
    last = points[-1]  # what stands above the rest keeps an allocator from giving it back
    del points
    kept = megabytes()
    give_back()
    assert kept - megabytes() > 20
    assert last.x == 0


def megabytes() -> float:
    """Return how much memory the process has of the system."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
