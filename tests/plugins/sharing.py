"""How the tests are shared among processes that run side by side.

The tests of a file stay together, for they share what the file sets up. So do the files that look
at the demo: its flow is run once, not once a process. What takes long without a pause goes first,
so that no process is left alone with it at the end. Every other process reads the tests from their
end: each makes half of the bytecode that all of them need.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Generator
from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

# The files that may look at the demo (`demo_store` holds them to this list).
OF_THE_DEMO: Final = frozenset(
    f"tests/api/test_{name}.py" for name in ("board", "description", "flow", "packing", "routes")
)
# Half a minute and more, the longest first: all commands of a page, the demo, faults.
_FIRST: Final = ("tests/test_tutorial.py", *sorted(OF_THE_DEMO), "tests/faults/")
_ODD: Final = os.environ.get("PYTEST_XDIST_WORKER", "gw0")[-1] in "13579"
_SOLVERS: Final = ("tests/redraw/test_exact.py", "tests/redraw/test_branching.py")


class Shared(LoadFileScheduling):  # type: ignore[misc] # it has no types
    """Files are handed out as they are named, those that look at the demo as if they were one."""

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        return "demo" if file in OF_THE_DEMO else file


def place(nodeid: str) -> int:
    """Return which of the first a test belongs to; all others share the place after them."""
    return next((n for n, start in enumerate(_FIRST) if nodeid.startswith(start)), len(_FIRST))


def counted(item: pytest.Item) -> bool:
    """Say whether the lines a test reaches are counted.

    Laws are tried on a hundred examples, and counting takes half as much time again. The tests
    beside a law reach what it reaches, but for the solvers: small boards alone reach their lines.
    """
    law = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    return not law or item.nodeid.startswith(_SOLVERS)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn the order of folders and files round in every other process."""
    report = yield
    if _ODD and report.passed and isinstance(collector, (pytest.Session, pytest.Directory)):
        report.result.reverse()
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of all processes in one order: the first, all others, the short doctests."""
    items.sort(key=lambda i: (place(i.nodeid), not i.nodeid.startswith("tests/"), i.path))
    for item in items:
        if not counted(item):
            item.add_marker(pytest.mark.no_cover)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave half a million objects of what was collected out of each later search for garbage."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Shared | None:
    return Shared(config, log) if config.getvalue("dist") == "loadfile" else None
