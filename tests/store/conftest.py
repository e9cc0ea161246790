"""Databases that hold the toy city."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, BrowserContext

from api.app import create_app
from api.settings import Settings
from geo.store.database import Store
from tests.api.conftest import HERE
from tests.plugins.browser import PHONE, slowed
from tests.plugins.database import Databases
from tests.serving import served
from tests.store import toy
from tests.store.phone import Server, Site


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


@pytest.fixture(scope="module")
def site(
    databases: Databases, toy_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    name, store = databases.make(toy_database)
    folder = tmp_path_factory.mktemp("phone")
    app = create_app(
        store, person="dispatcher", chosen=Settings(folder, phone_url="http://testserver")
    )
    with TestClient(app, client=HERE, follow_redirects=False) as client:
        yield client, store
    store.close()
    databases.drop(name)


@pytest.fixture(scope="module")
def server(
    databases: Databases,
    toy_database: str,
    front_end: object,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    assert front_end
    name, store = databases.make(toy_database)
    app = create_app(store, person="dispatcher", chosen=Settings(tmp_path_factory.mktemp("p")))
    with served(app) as root:
        yield Server(root, store, app)
    store.close()
    databases.drop(name)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, locale="zh-CN", has_touch=True
    )
    yield slowed(made)
    made.close()
