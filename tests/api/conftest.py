"""The small city, once through the whole flow, and a browser's view of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.demo import Shown, run
from api.persons import default_person
from geo.store.database import Store, transaction

HERE = ("127.0.0.1", 50000)


@pytest.fixture(scope="module")
def shown(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The demo's flow, run into the module's database."""
    folder = tmp_path_factory.mktemp("demo")
    return run(store, folder, say=lambda *_: nullcontext(), quality="fast")


@pytest.fixture(scope="module")
def browser(store: Store, shown: Shown) -> Iterator[TestClient]:
    """A client on this machine."""
    assert shown.plan
    with transaction(store.owner, "tests") as conn:
        app = create_app(store, person=default_person(conn))
    with TestClient(app, client=HERE) as client:
        yield client
