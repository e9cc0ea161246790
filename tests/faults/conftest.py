"""The toy city with a service that a rule sends, in a database that other processes reach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text

from geo.store import imports
from geo.store.database import Store, transaction
from tests.faults.servers import Server, begun
from tests.plugins.database import Databases, Where
from tests.store import toy

SERVICES = pd.DataFrame(
    [("lamp", "路灯", "request", None, "grid_leader", True)],
    columns=["code", "name", "kind", "parent", "default_role", "auto_send"],
)


@pytest.fixture(scope="module")
def where(databases: Databases) -> Iterator[Where]:
    """Where the city of this module is."""
    name, store = databases.make()
    toy.load(store)
    with transaction(store.owner, "import") as conn:
        imports.commit_services(conn, SERVICES, imports.open_batch(conn, "services"))
        # The cluster of the tests need not keep what it says it has; here it must.
        conn.execute(text(f"alter database {name} set synchronous_commit = on"))
    store.close()
    yield databases.where(name)
    databases.drop(name)


@pytest.fixture(scope="module")
def store(where: Where) -> Iterator[Store]:
    """A store of it in the test's own process."""
    opened = where.opened()
    yield opened
    opened.close()


@pytest.fixture
def server(where: Where, tmp_path: Path) -> Iterator[Server]:
    """A server of it in a process of its own."""
    with begun(where, tmp_path) as running:
        yield running
