"""Who has a draft open: kept in memory, forgotten a moment after their last word.

Each server process knows those who ask it; `jingwei serve` is one process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock as Mutex
from typing import Any, Final

SECONDS: Final = 20.0  # pages say where they are every few seconds
_MOST: Final = 50  # persons told of, on one draft


@dataclass(frozen=True, eq=False)
class Presence:
    """What each person last said, by plan and person."""

    said: dict[int, dict[str, tuple[float, Mapping[str, Any]]]] = field(default_factory=dict)
    mutex: Mutex = field(default_factory=Mutex)

    def others(
        self, plan: int, person: str, word: Mapping[str, Any], now: float
    ) -> list[dict[str, Any]]:
        """Return what others on a plan last said, newest first; `word` is what the person says."""
        with self.mutex:
            here = self.said.setdefault(plan, {})
            here[person] = (now, word)
            gone = [who for who, (when, _) in here.items() if now - when > SECONDS]
            for who in gone:
                del here[who]
            told = [(when, who, dict(said)) for who, (when, said) in here.items() if who != person]
        told.sort(key=lambda each: (-each[0], each[1]))
        return [{"person": who, **said} for _, who, said in told[:_MOST]]
