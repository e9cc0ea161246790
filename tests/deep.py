"""How many cases a law is tried on: few at each run, many when somebody asks for them.

`JINGWEI_TEST_DEEP=10` tries ten times as many. `JINGWEI_TEST_SEED=7` draws other questions to the
API: those of the same seed are always the same.
"""

from __future__ import annotations

import os
from typing import Final

DEEP: Final = int(os.environ.get("JINGWEI_TEST_DEEP", "1"))
SEED: Final = int(os.environ.get("JINGWEI_TEST_SEED", "1"))


def cases(few: int) -> int:
    """Return how many cases to try where few show most of what breaks."""
    return few * DEEP
