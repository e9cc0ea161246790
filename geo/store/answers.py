"""Questions asked of the database, and their answers as frames."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import Connection, Executable, TextClause, text

from geo.crs import WGS84

_FOLDER: Final = Path(__file__).parent / "sql"


@cache
def question(name: str) -> TextClause:
    """Return the question kept in `sql/<name>.sql`, with its bound parameters."""
    return text((_FOLDER / f"{name}.sql").read_text("utf-8"))


@cache
def of_each(name: str, **kinds: str) -> TextClause:
    """Return the question kept in `sql/<name>.sql`, asked of each of many things at once.

    Parameters
    ----------
    kinds
        Parameters of the question that differ from thing to thing, with their types: bound as a
        list each, `<parameter>_of_each`. The column `nth` of the answer counts them from 1.
    """
    own = question(name).text
    for parameter in kinds:
        own = re.sub(rf"(?<!:):{parameter}\b", f"each.{parameter}", own)
    lists = ", ".join(f"cast(:{one}_of_each as {kind}[])" for one, kind in kinds.items())
    return text(
        f"select each.nth, told.* from unnest({lists}) with ordinality"
        f" as each ({', '.join(kinds)}, nth) cross join lateral (\n{own}\n) as told"
    )


def rows_of(conn: Connection, asked: Executable, **values: Any) -> pd.DataFrame:  # noqa: ANN401 bound values are of any type
    """Return the answer as a frame, columns named as in the question."""
    answer = conn.execute(asked, values)
    # Plain tuples: a frame of rows that know their names takes twice as long to make.
    return pd.DataFrame(list(map(tuple, answer.all())), columns=list(answer.keys()))


def shapes_of(rows: pd.DataFrame, *names: str) -> gpd.GeoDataFrame:
    """Return the frame with well-known bytes in columns turned into shapes, the first active."""
    shaped = rows.assign(**{name: shapely.from_wkb(rows[name].to_numpy(object)) for name in names})
    return gpd.GeoDataFrame(shaped, geometry=names[0], crs=WGS84)


def said(error: BaseException) -> str:
    r"""Return what went wrong in one line; the name of an error that says nothing.

    >>> said(ValueError("no such host\nis it up?")), said(TimeoutError())
    ('no such host', 'TimeoutError')
    """
    return str(error).strip().partition("\n")[0] or type(error).__name__


def run_parts(conn: Connection, name: str, **values: Any) -> None:  # noqa: ANN401 bound values are of any type
    """Run the statements of `sql/<name>.sql` one by one, each with the values it names."""
    for part in question(name).text.split(";\n"):
        statement = text(part)
        named = statement.compile().params
        conn.execute(statement, {key: value for key, value in values.items() if key in named})
