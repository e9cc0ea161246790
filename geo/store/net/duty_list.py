"""The responsibility list as stored: its rows, and those that cannot be evaluated."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from geo.store.answers import question, rows_of


def read_list(conn: Connection, *, scope: str | None = None) -> pd.DataFrame:
    """Return the rows of the responsibility list that hold, or will, by number.

    Returns
    -------
    DataFrame
        `row_number, service, service_name, net, area, area_name`; `leads, assists` (lists of
        codes), `lead_names, assist_names` (words, those of parties nobody knows among them);
        `basis, valid_from, valid_to` (the first day it no longer holds); `faults` (a list, of
        `geo.responsibility.FAULTS`): why it cannot be evaluated, in whole or in part.

    Parameters
    ----------
    scope
        Code of an area: the rows on it and inside it.
    """
    return rows_of(conn, question("list_rows"), scope=scope, day=None)


def list_problems(conn: Connection, *, scope: str | None = None) -> pd.DataFrame:
    """Return the rows of the responsibility list with something wrong: see `read_list`."""
    rows = read_list(conn, scope=scope)
    return rows[rows["faults"].map(len) > 0].reset_index(drop=True)
