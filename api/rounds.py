"""Work done again and again beside all else: where it fails, that is told, and tried again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from geo.errors import JingweiError


async def outlived(
    work: Coroutine[Any, Any, object],
    log: logging.Logger,
    what: str,
    quiet: tuple[type[JingweiError], ...] = (),
) -> None:
    """Wait for a piece of work; a failure of it is told of and nobody else's.

    Of what a person can mend the sentence is told, but of `quiet` nothing: somebody else says so. A
    fault of our own is told of with where it arose, as `what`.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait([task])
        raise
    fault = task.exception()
    if isinstance(fault, quiet):
        return
    if isinstance(fault, JingweiError):
        log.warning("%s", fault.sentence_en)
    elif fault is not None:
        log.error("%s failed", what, exc_info=fault)
