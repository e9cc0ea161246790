"""Where the program keeps its data, read from the environment once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

from geo.errors import BadOptionError

DEFAULT_HOME: Final = ".jingwei"
Opening: TypeAlias = Literal["local", "public", "off"]
OPENINGS: Final[tuple[Opening, ...]] = get_args(Opening)


@dataclass(frozen=True)
class Door:
    """How far Open311 is open, and to whom.

    Parameters
    ----------
    opening
        `local`: to this machine alone; `public`: anybody reads, and whoever has a key reports;
        `off`.
    keys
        Known api_keys. None: who reports from this machine needs none, from elsewhere nobody may.
    jurisdiction
        The jurisdiction_id served; other ones are not found. Empty: it is not looked at.
    url
        Where the server is reached, as discovery says; empty: where it was asked.
    """

    opening: Opening = "local"
    keys: frozenset[str] = frozenset()
    jurisdiction: str = ""
    contact: str = "政务服务便民热线 12345 · hotline 12345"
    url: str = ""


@dataclass(frozen=True)
class Settings:
    """`home` is the data folder; with a `database_url` a server of somebody else's is used.

    `hook_hosts` are the hosts and networks that messages may be sent to, none by default;
    `phone_url` is where phones reach this server (empty: where it was asked); `residents` how far
    the page is open where they report: to this machine alone, to anybody, or not at all.
    """

    home: Path
    database_url: str | None = None
    door: Door = field(default_factory=Door)
    hook_hosts: str = ""
    phone_url: str = ""
    residents: Opening = "local"


def settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that the environment names: `JINGWEI_HOME` and those of the README.

    Raises
    ------
    BadOptionError
        When `JINGWEI_OPEN311` or `JINGWEI_RESIDENTS` says none of OPENINGS.

    >>> settings({"JINGWEI_HOME": "/srv/jingwei"}).home
    PosixPath('/srv/jingwei')
    >>> settings({"JINGWEI_OPEN311": "off"}).door.opening
    'off'
    """
    values = os.environ if environment is None else environment
    home = Path(values.get("JINGWEI_HOME") or DEFAULT_HOME)
    hosts = values.get("JINGWEI_HOOK_HOSTS", "")
    phones = values.get("JINGWEI_PHONE_URL", "")
    return Settings(
        home.absolute(),
        values.get("JINGWEI_DATABASE_URL") or None,
        _door(values),
        hosts,
        phones,
        _opening(values, "JINGWEI_RESIDENTS"),
    )


def _door(values: Mapping[str, str]) -> Door:
    told = {
        name: values.get(f"JINGWEI_OPEN311_{name.upper()}") or getattr(Door, name)
        for name in ("jurisdiction", "contact", "url")
    }
    keys = (key.strip() for key in values.get("JINGWEI_OPEN311_KEYS", "").split(","))
    opening = _opening(values, "JINGWEI_OPEN311")
    return Door(opening=opening, keys=frozenset(filter(None, keys)), **told)


def _opening(values: Mapping[str, str], variable: str) -> Opening:
    found = values.get(variable) or Door.opening
    opening = next((known for known in OPENINGS if known == found), None)
    if opening is None:
        expected = ", ".join(OPENINGS)
        raise BadOptionError(option=variable, found=found, expected=expected)
    return opening


def photo_folder(chosen: Settings) -> Path:
    """Return where photos are kept, beside the private database or where there would be one."""
    return chosen.home / "photos"
