"""How long phone links last, and how often they may be used: `links.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from geo.errors import BadRulesError
from geo.reference import boundary_file
from geo.store.database import CITY_TIME


@dataclass(frozen=True)
class LinkPolicy:
    """Hours of a link to a task, the hour of the next day at which a day's ends; most a minute.

    `words`: in the User-Agent, in small letters, of programs that only look at links.
    """

    task_hours: float
    day_until_hour: int
    openings: int
    requests: int
    wrong: int
    words: tuple[str, ...]

    def task_until(self, now: datetime) -> datetime:
        """Return when a link to a task ends that is made now."""
        return now + timedelta(hours=self.task_hours)

    def day_until(self, day: date) -> datetime:
        """Return when a link to a day ends: in the small hours after it, in the city's time."""
        at = time(self.day_until_hour, tzinfo=ZoneInfo(CITY_TIME))
        return datetime.combine(day + timedelta(days=1), at)

    def only_looks(self, agent: str) -> bool:
        """Tell whether a User-Agent is that of a program which looks at links before people do.

        >>> link_policy().only_looks("Slackbot-LinkExpanding 1.0")
        True
        >>> link_policy().only_looks("Mozilla/5.0 (Linux; Android 9; CUBOT X19) MicroMessenger/8")
        False
        """
        told = agent.lower()
        return any(word in told for word in self.words)


@cache
def link_policy(path: Path | None = None) -> LinkPolicy:
    """Return the policy of a file, or the one that comes with the program.

    Raises
    ------
    BadRulesError
        What is wrong with it.

    >>> link_policy().day_until(date(2026, 11, 26)).isoformat()
    '2026-11-27T04:00:00+08:00'
    """
    path = path or boundary_file("links.toml")
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        words = tuple(str(word).lower() for word in told["looks"]["words"])
        made = LinkPolicy(**told["lasts"], **told["pace"], words=words)
        time(made.day_until_hour)
        least = min(made.task_hours, made.openings, made.requests, made.wrong)
    except (KeyError, TypeError, ValueError) as error:
        raise _bad(path, error) from error
    if least <= 0 or "" in made.words:
        raise _bad(path, made)
    return made


def _bad(path: Path, found: object) -> BadRulesError:
    expected = "[lasts] task_hours > 0, day_until_hour 0-23; [pace] openings, requests, wrong > 0"
    expected += "; [looks] words"
    return BadRulesError(path=path, key="lasts, pace, looks", found=found, expected=expected)
