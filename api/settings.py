"""Where the program keeps its data, read from the environment once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DEFAULT_HOME: Final = ".jingwei"


@dataclass(frozen=True)
class Settings:
    """`home` is the data folder; with a `database_url` a server of somebody else's is used."""

    home: Path
    database_url: str | None = None


def settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings named by `JINGWEI_HOME` and `JINGWEI_DATABASE_URL`.

    >>> settings({"JINGWEI_HOME": "/srv/jingwei"}).home
    PosixPath('/srv/jingwei')
    """
    values = os.environ if environment is None else environment
    home = Path(values.get("JINGWEI_HOME") or DEFAULT_HOME)
    return Settings(home.absolute(), values.get("JINGWEI_DATABASE_URL") or None)
