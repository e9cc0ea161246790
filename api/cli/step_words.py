"""Words of `jingwei issue` in an order that is not read, and the order that is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from shlex import join
from typing import Any, Final

from typer.core import TyperGroup

from geo.errors import WordOrderError
from geo.issues import EDGES

_NAMES: Final = frozenset(word for edge in EDGES for word in (edge.name, edge.zh))
_COMMANDS: Final = ("step", "steps")


def reordered(words: Sequence[str]) -> list[str] | None:
    """Return the words of a step as they are read; None where they are, or are no step's.

    >>> reordered(["steps", "24", "send", "--as", "P1"])
    ['steps', 'send', '24', '--as', 'P1']
    >>> reordered(["send", "24"]), reordered(["step", "send", "24", "25"])
    (['step', '24', 'send'], ['steps', 'send', '24', '25'])
    >>> reordered(["step", "24", "send"]), reordered(["show", "24"])
    (None, None)
    """
    said = list(takewhile(lambda word: not word.startswith("-"), words))
    plain = said[1:] if said[:1] and said[0] in _COMMANDS else said
    names = [word for word in plain if word in _NAMES]
    numbers = [word for word in plain if word[:1].isdecimal()]
    if len(names) != 1 or not numbers or len(plain) != 1 + len(numbers):
        return None
    one = len(numbers) == 1 and numbers[0].isdecimal() and said[0] != "steps"
    right = ["step", *numbers, *names] if one else ["steps", *names, *numbers]
    return None if said == right else [*right, *words[len(said) :]]


class IssueCommands(TyperGroup):
    """The commands of an issue; one said in another order is answered by the right one."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 the library's own
        """Return what the library finds.

        Raises
        ------
        WordOrderError
            How a step is written.
        """
        right = reordered(args)
        if right is not None:
            raise WordOrderError(right=join(["jingwei", "issue", *right]))
        return super().resolve_command(ctx, args)
