"""Which version of a thing somebody saw before they changed it."""

from __future__ import annotations

from typing import TypeAlias

# A number; the entity tags of a request, any of which may be it; None: whatever it is now.
Seen: TypeAlias = int | frozenset[str] | None


def is_seen(version: int, seen: Seen) -> bool:
    """Return whether a version is what was seen.

    >>> is_seen(3, 3), is_seen(3, frozenset({"2", "3"})), is_seen(3, frozenset()), is_seen(3, None)
    (True, True, False, True)
    """
    if seen is None:
        return True
    return version == seen if isinstance(seen, int) else str(version) in seen


def seen_in_words(seen: Seen) -> str:
    """Return what was seen as a sentence names it; a dash where no tag can be any version.

    >>> seen_in_words(3), seen_in_words(frozenset({"2", "10"})), seen_in_words(frozenset())
    ('3', '10, 2', '–')
    """
    tags = sorted(seen) if isinstance(seen, frozenset) else [str(seen)]
    return ", ".join(tags) or "–"
