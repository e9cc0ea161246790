"""The server's secret, and with it the key of who reported an issue."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import pandas as pd
from fastapi import Depends, Request

from api.settings import Settings, settings
from geo.issues.reporters import reporter_key

VARIABLE: Final = "JINGWEI_REPORTER_SECRET"
_FILE: Final = "reporter.key"
_BYTES: Final = 32

Keyed: TypeAlias = Callable[[str | None], str | None]


def reporter_secret(chosen: Settings, environment: Mapping[str, str] | None = None) -> bytes:
    """Return the secret that reporters' keys are made with: `JINGWEI_REPORTER_SECRET`, or a file.

    The file `reporter.key` in the data folder is made at first need, readable by its owner alone.
    It belongs into the backup: with another secret nobody is recognised any more.
    """
    values = os.environ if environment is None else environment
    if named := values.get(VARIABLE):
        return named.encode()
    path = chosen.home / _FILE
    if not path.exists():
        _make(path)
    return path.read_bytes()


def keyed_rows(rows: pd.DataFrame, key: Keyed | None = None) -> pd.DataFrame:
    """Return issues of a file with keys in place of telephones and accounts: none is stored.

    Parameters
    ----------
    key
        What makes the keys; by default with the secret of the settings.
    """
    if "reporter" not in rows.columns or not rows["reporter"].notna().any():
        return rows
    if key is None:
        key = partial(reporter_key, secret=reporter_secret(settings()))
    keys = {contact: key(contact) for contact in rows["reporter"].dropna().unique()}
    return rows.assign(reporter=rows["reporter"].map(keys).astype("str"))


def _make(path: Path) -> None:
    """Write a fresh secret; of several that do so at once one wins, and nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_BYTES))
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


async def _keyed(request: Request) -> Keyed:
    """Return what makes a key of a telephone or an account; the secret is read when one comes."""
    state = request.app.state

    def key(contact: str | None) -> str | None:
        if not contact:
            return None
        if state.reporter_secret is None:
            state.reporter_secret = reporter_secret(settings())
        return reporter_key(contact, state.reporter_secret)

    return key


ReporterKey: TypeAlias = Annotated[Keyed, Depends(_keyed)]
