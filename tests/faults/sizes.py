"""How large the faults are: small in the ordinary run, full in `make faults`."""

from __future__ import annotations

import os
import sys

FULL = os.environ.get("JINGWEI_FAULTS") == "full"


def said(*figures: object) -> None:
    """Tell a figure to whoever reads the run (`pytest -rP`)."""
    sys.stdout.write(" ".join(map(str, figures)) + "\n")


def size(small: int, full: int) -> int:
    """How many, in this run."""
    return full if FULL else small
