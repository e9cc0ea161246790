"""The small city, once through the whole flow, and a browser's view of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext

import geopandas as gpd
import pandas as pd
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.demo import Shown, run
from api.persons import default_person
from api.settings import Door, settings
from geo.store import imports
from geo.store.database import Store, transaction
from tests.api.georeport import FORM
from tests.plugins.database import Databases
from tests.plugins.sharing import OF_THE_DEMO
from tests.store import toy

HERE = ("127.0.0.1", 50000)


@pytest.fixture(scope="session")
def demo(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Shown]]:
    """The name of a database that the demo's flow was run into, to be copied; what it leaves."""
    name, made = databases.make()
    folder = tmp_path_factory.mktemp("demo")
    left = run(made, folder, say=lambda *_: nullcontext(), quality="fast")
    made.close()
    yield name, left
    databases.drop(name)


@pytest.fixture(scope="session")
def shown(demo: tuple[str, Shown]) -> Shown:
    """What the demo leaves to be looked at."""
    return demo[1]


@pytest.fixture(scope="module")
def demo_store(
    request: pytest.FixtureRequest, databases: Databases, demo: tuple[str, Shown]
) -> Iterator[Store]:
    """The demo's database, for one test module."""
    assert request.node.nodeid in OF_THE_DEMO, "name this file in tests/plugins/sharing.py"
    name, made = databases.make(demo[0])
    yield made
    made.close()
    databases.drop(name)


@pytest.fixture(scope="module")
def browser(demo_store: Store) -> Iterator[TestClient]:
    """A client on this machine."""
    with transaction(demo_store.owner, "tests") as conn:
        app = create_app(demo_store, person=default_person(conn))
    with TestClient(app, client=HERE) as client:
        yield client


@pytest.fixture(scope="module")
def city(store: Store) -> Store:
    toy.load(store)
    rows = [
        ("road", "道路", None, "", True),
        ("pit", "坑洼", "road", "", True),
        ("lamp", "路灯", "road", json.dumps(FORM), True),
        ("tip", "举报", None, "", False),
    ]
    catalogue = pd.DataFrame(rows, columns=["code", "name", "parent", "form", "public"])
    with transaction(store.owner, "import") as conn:
        imports.commit_services(conn, catalogue, imports.open_batch(conn, "services"))
        building = {"kind": "building", "code": "B1", "name": "甲小区 1 号楼"}
        imports.commit_places(
            conn,
            gpd.GeoDataFrame(
                [{**building, "address": "历下区龙洞街道甲社区 解放路 12 号"}],
                geometry=toy.points((0.5, 0.5)),
                crs="EPSG:4326",
            ),
            imports.open_batch(conn, "places"),
        )
    return store


@pytest.fixture(scope="module")
def client(city: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    chosen = settings({"JINGWEI_HOME": str(tmp_path_factory.mktemp("home"))})
    app = create_app(city, person="planner", reporter_secret=b"secret", door=Door(), chosen=chosen)
    with TestClient(app, client=HERE) as made:
        yield made
