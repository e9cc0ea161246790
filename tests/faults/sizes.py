"""How large the faults are: small in the ordinary run, full in `make faults`."""

from __future__ import annotations

import os

FULL = os.environ.get("JINGWEI_FAULTS") == "full"


def size(small: int, full: int) -> int:
    """How many, in this run."""
    return full if FULL else small
