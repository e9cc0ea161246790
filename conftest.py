"""Test fixtures live in `tests/plugins/`, one module a part that is real: database, browser."""

import pytest

pytest_plugins: list[str] = [
    "tests.plugins.browser",
    "tests.plugins.city",
    "tests.plugins.database",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest test, so that at the end no worker waits for another."""
    items.sort(key=lambda item: "test_tutorial" not in item.nodeid)
