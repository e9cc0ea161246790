"""How passwords, sessions and waits are: `sign_in.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from geo.errors import BadRulesError
from geo.reference import boundary_file


@dataclass(frozen=True)
class SignInPolicy:
    """What `sign_in.toml` says; lengths in letters, the rest in the unit of its name."""

    least: int
    one_time_hours: float
    idle_hours: float
    most_hours: float
    free: int
    first_s: float
    most_s: float
    tries: int
    known_days: float

    @property
    def idle(self) -> timedelta:
        """How long a session lasts that nobody uses."""
        return timedelta(hours=self.idle_hours)

    @property
    def longest(self) -> timedelta:
        """How long a session lasts at most."""
        return timedelta(hours=self.most_hours)

    @property
    def known(self) -> timedelta:
        """How long a browser is known that somebody signed in with."""
        return timedelta(days=self.known_days)

    def one_time_until(self, now: datetime) -> datetime:
        """Return how long a one-time password is good that is made now."""
        return now + timedelta(hours=self.one_time_hours)

    def waits_until(self, failures: int, now: datetime) -> datetime | None:
        """Return when the next password is looked at after so many wrong ones; None: at once.

        >>> from datetime import UTC
        >>> noon = datetime(2026, 11, 26, 12, tzinfo=UTC)
        >>> [sign_in_policy().waits_until(n, noon) for n in (4, 5)]
        [None, datetime.datetime(2026, 11, 26, 12, 0, 30, tzinfo=datetime.timezone.utc)]
        """
        beyond = failures - self.free
        if beyond < 0:
            return None
        return now + timedelta(seconds=min(self.first_s * 2 ** min(beyond, 60), self.most_s))


@cache
def sign_in_policy(path: Path | None = None) -> SignInPolicy:
    """Return the policy of a file, or the one that comes with the program.

    Raises
    ------
    BadRulesError
        What is wrong with it.
    """
    path = path or boundary_file("sign_in.toml")
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        parts = [told[part] for part in ("password", "session", "wait", "pace")]
        made = SignInPolicy(**{key: value for part in parts for key, value in part.items()})
        least = min(vars(made).values())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _bad(path, error) from error
    if least <= 0:
        raise _bad(path, made)
    return made


def _bad(path: Path, found: object) -> BadRulesError:
    expected = (
        "[password] least, one_time_hours; [session] idle_hours, most_hours; "
        "[wait] free, first_s, most_s, known_days; [pace] tries; all > 0"
    )
    return BadRulesError(path=path, key="password, session, wait", found=found, expected=expected)
