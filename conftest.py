"""Test fixtures live in `tests/plugins/`, one module a part that is real: database, browser."""

from hypothesis import settings

pytest_plugins: list[str] = [
    "tests.plugins.browser",
    "tests.plugins.city",
    "tests.plugins.database",
    "tests.plugins.sharing",
]

# How long a case takes is the machine's matter. What else a profile in use says (CI's) holds on.
settings.register_profile("unhurried", parent=settings(), deadline=None)
settings.load_profile("unhurried")
