"""Where a benchmark keeps its city: in a data folder, or on the server of JINGWEI_DATABASE_URL.

That server must run on this machine: the processor time of its processes is part of the answer.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from api.opening import open_store
from api.settings import Settings, settings
from geo.store.database import Store


def opened(home: Path) -> Store:
    """Return the store of a data folder, or of the database that the environment names."""
    return open_store(_chosen(home))


def database(home: Path) -> int:
    """Return the first process of the database, of which all others come."""
    url = _chosen(home).database_url
    if url:
        return _first_of(url)
    return int((next(home.glob("**/postmaster.pid"))).read_text().splitlines()[0])


def _chosen(home: Path) -> Settings:
    return settings(os.environ | {"JINGWEI_HOME": str(home)})


@cache
def _first_of(url: str) -> int:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as line:
        told = Path(f"/proc/{line.info.backend_pid}/stat")
        name, _, rest = told.read_text().partition("(")[2].rpartition(")")
        if name != "postgres":
            raise ValueError(url, name)
        return int(rest.split()[1])
