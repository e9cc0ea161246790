"""How issues are handled here, where cities differ: read from a file of rules."""

from __future__ import annotations

import hashlib
import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.errors import BadRulesError
from geo.reference import boundary_file

_FILE: Final = "handling.toml"
_SIDES: Final = 2**64  # of the die that is thrown


@dataclass(frozen=True)
class HandlingRules:
    """See `data/boundaries/handling.toml`.

    `share` of what was closed on the spot is looked at, by a lot that `salt` goes into;
    `arrival_m` metres from the issue are on the spot.
    """

    share: float
    salt: str
    arrival_m: float

    def inspects(self, key: object) -> bool:
        """Tell whether the lot falls on a key: always the same answer for the same one.

        >>> rules = HandlingRules(share=0.1, salt="", arrival_m=500.0)
        >>> sum(rules.inspects(number) for number in range(10_000))
        993
        """
        thrown = hashlib.sha256(f"{self.salt}:{key}".encode()).digest()[:8]
        return int.from_bytes(thrown) < self.share * _SIDES


def handling_rules(path: Path | None = None) -> HandlingRules:
    """Return the rules of a file, or those that come with the program.

    Raises
    ------
    BadRulesError
        Which key is wrong.

    >>> handling_rules().share
    0.1
    """
    path = path or boundary_file(_FILE)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        rules = HandlingRules(
            share=float(data["inspection"]["share"]),
            salt=str(data["inspection"]["salt"]),
            arrival_m=float(data["arrival"]["metres"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        wanted = "[inspection] share, salt; [arrival] metres"
        raise BadRulesError(path=path.name, key=error, found="–", expected=wanted) from error
    if not (0 <= rules.share <= 1 and 0 <= rules.arrival_m < math.inf):
        raise BadRulesError(path=path.name, key="share, metres", found=rules, expected="0–1, >= 0")
    return rules
