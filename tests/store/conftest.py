"""Databases that hold the toy city."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from geo.store.database import Store
from tests.plugins.database import Databases
from tests.store import toy


@pytest.fixture(scope="session")
def toy_database(databases: Databases) -> Iterator[str]:
    """The name of a database with the toy city in it, to be copied."""
    name, made = databases.make()
    toy.load(made)
    made.close()
    yield name
    databases.drop(name)


@pytest.fixture
def toy_store(databases: Databases, toy_database: str) -> Iterator[Store]:
    """The toy city, for one test alone."""
    name, made = databases.make(toy_database)
    yield made
    made.close()
    databases.drop(name)
