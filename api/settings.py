"""Where the program keeps its data, read from the environment once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias, TypeVar, get_args

from geo.errors import BadOptionError

DEFAULT_HOME: Final = ".jingwei"
Chosen = TypeVar("Chosen", bound=str)
Opening: TypeAlias = Literal["local", "public", "off"]
OPENINGS: Final[tuple[Opening, ...]] = get_args(Opening)
SignIn: TypeAlias = Literal["accounts", "required"]
Form: TypeAlias = Literal["json", "text", "off"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
SIGN_INS: Final[tuple[SignIn, ...]] = get_args(SignIn)


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
class CitySignOn:
    """The city's single sign-on: an OpenID Connect provider, and what we are called there.

    `claim` names what of it is looked for among the accounts' subjects; `authority` is a file of
    the authority that signed its certificate, where the machine does not know it.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str = "sub"
    authority: str = ""


@dataclass(frozen=True)
class Settings:
    """`home` is the data folder; with a `database_url` a server of somebody else's is used.

    `hook_hosts` are the hosts and networks that messages may be sent to, none by default;
    `phone_url` is where phones reach this server, `url` where people do (empty: where it was
    asked); `residents` how far the page is open where they report: to this machine alone, to
    anybody, or not at all. `sign_in`: `required`, or from the first account on; `city` is the
    city's own sign-on; `metrics` is the token that figures are told for, `log` the form of the log.
    """

    home: Path
    database_url: str | None = None
    door: Door = field(default_factory=Door)
    hook_hosts: str = ""
    phone_url: str = ""
    residents: Opening = "local"
    url: str = ""
    sign_in: SignIn = "accounts"
    city: CitySignOn | None = None
    metrics: str = field(default="", repr=False)
    log: Form = "json"


def is_https(url: str) -> bool:
    """Tell whether an address is reached by https."""
    return url.startswith("https:")


def settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that the environment names: `JINGWEI_HOME` and those of the README.

    Raises
    ------
    BadOptionError
        When `JINGWEI_OPEN311`, `_RESIDENTS`, `_SIGN_IN` or `_LOG` says none of what it may, or part
        of what the city's sign-on needs is missing.

    >>> settings({"JINGWEI_HOME": "/srv/jingwei"}).home
    PosixPath('/srv/jingwei')
    >>> settings({"JINGWEI_OPEN311": "off"}).door.opening
    'off'
    """
    values = os.environ if environment is None else environment
    home = Path(values.get("JINGWEI_HOME") or DEFAULT_HOME)
    hosts = values.get("JINGWEI_HOOK_HOSTS", "")
    phones = values.get("JINGWEI_PHONE_URL", "")
    database = values.get("JINGWEI_DATABASE_URL") or None
    return Settings(
        home.absolute(),
        database,
        _door(values),
        hosts,
        phones,
        _one_of("JINGWEI_RESIDENTS", OPENINGS, values),
        values.get("JINGWEI_URL", ""),
        _one_of("JINGWEI_SIGN_IN", SIGN_INS, values),
        _city(values),
        values.get("JINGWEI_METRICS", ""),
        _one_of("JINGWEI_LOG", FORMS, values),
    )


def _one_of(name: str, known: tuple[Chosen, ...], values: Mapping[str, str]) -> Chosen:
    """Return which of the known words a variable says; the first where it says nothing."""
    found = values.get(name) or known[0]
    chosen = next((word for word in known if word == found), None)
    if chosen is None:
        raise BadOptionError(option=name, found=found, expected=", ".join(known))
    return chosen


def _city(values: Mapping[str, str]) -> CitySignOn | None:
    """Return the city's sign-on, its secret from the environment or a file it names."""
    told = {
        name: values.get(f"JINGWEI_OIDC_{name.upper()}", "")
        for name in ("issuer", "client_id", "claim", "authority")
    }
    secret = values.get("JINGWEI_OIDC_CLIENT_SECRET", "")
    if not secret and (path := values.get("JINGWEI_OIDC_CLIENT_SECRET_FILE")):
        secret = _line_of(path)
    if not told["issuer"]:
        return None
    if not (told["client_id"] and secret):
        expected = "JINGWEI_OIDC_CLIENT_ID, JINGWEI_OIDC_CLIENT_SECRET(_FILE)"
        raise BadOptionError(option="JINGWEI_OIDC_ISSUER", found=told["issuer"], expected=expected)
    return CitySignOn(**(told | {"claim": told["claim"] or "sub"}), client_secret=secret)


def _line_of(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        name = "JINGWEI_OIDC_CLIENT_SECRET_FILE"
        raise BadOptionError(option=name, found=path, expected="a file to read") from error


def _door(values: Mapping[str, str]) -> Door:
    told = {
        name: values.get(f"JINGWEI_OPEN311_{name.upper()}") or getattr(Door, name)
        for name in ("jurisdiction", "contact", "url")
    }
    keys = (key.strip() for key in values.get("JINGWEI_OPEN311_KEYS", "").split(","))
    opening = _one_of("JINGWEI_OPEN311", OPENINGS, values)
    return Door(opening=opening, keys=frozenset(filter(None, keys)), **told)


def photo_folder(chosen: Settings) -> Path:
    """Return where photos are kept, beside the private database or where there would be one."""
    return chosen.home / "photos"
