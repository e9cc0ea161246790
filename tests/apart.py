"""Calls made apart from this thread, where a browser may have an event loop running."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def apart(call: Callable[..., Answer], *told: Any) -> Answer:
    """Return what a call returns in a thread of its own: there `asyncio.run` always may."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call, *told).result()
