"""What a long step is doing, and for how long: on standard error, so that answers stay clean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


@contextmanager
def working(zh: str, en: str, console: Console | None = None) -> Iterator[None]:
    """Show a step and a clock while it lasts, and nothing of them afterwards.

    Only on a terminal: a log or another program is told nothing but the answer.
    """
    shown = console or Console(stderr=True)
    # Names of files are in the words: no markup is read out of them.
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(
        *columns, console=shown, transient=True, disable=not shown.is_terminal
    ) as progress:
        progress.add_task(f"{zh}… {en}…", total=None)
        yield
