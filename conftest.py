"""Test fixtures live in `tests/plugins/`, one module a part that is real: database, browser."""

pytest_plugins: list[str] = [
    "tests.plugins.browser",
    "tests.plugins.city",
    "tests.plugins.database",
]
