"""The server's secret, the key of who reported an issue made with it, and repeated calls."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

import pandas as pd

from api.settings import Settings, settings
from geo.issues.policy import intake_policy
from geo.issues.reporters import reporter_key
from geo.store.database import Connection
from geo.store.working.issues import calls_of_reporter

VARIABLE: Final = "JINGWEI_REPORTER_SECRET"
_FILE: Final = "reporter.key"
_BYTES: Final = 32

Keyed: TypeAlias = Callable[[str | None], str | None]


def reporter_secret(chosen: Settings, environment: Mapping[str, str] | None = None) -> bytes:
    """Return the secret that reporters' keys are made with: `JINGWEI_REPORTER_SECRET`, or a file.

    The file `reporter.key` in the data folder is made at first need, readable by its owner alone.
    It is kept apart from backups: with another secret nobody is recognised any more.
    """
    values = os.environ if environment is None else environment
    return kept_secret(chosen.home / _FILE, values.get(VARIABLE))


def kept_secret(path: Path, named: str | None) -> bytes:
    """Return a secret of this server: the one named, or a file's, made at first need."""
    if named:
        return named.encode()
    if not path.exists():
        _make(path)
    return path.read_bytes()


def keyed_rows(rows: pd.DataFrame, key: Keyed | None = None) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return issues of a file with keys in place of telephones and accounts, and these by key.

    Parameters
    ----------
    key
        What makes the keys; by default with the secret of the settings.
    """
    if "reporter" not in rows.columns or not rows["reporter"].notna().any():
        return rows, {}
    if key is None:
        key = partial(reporter_key, secret=reporter_secret(settings()))
    keys = {contact: key(contact) for contact in rows["reporter"].dropna().unique()}
    reached = {known: contact for contact, known in reversed(keys.items()) if known}
    return rows.assign(reporter=rows["reporter"].map(keys).astype("str")), reached


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


def repeated(conn: Connection, issue: int) -> dict[str, Any] | None:
    """Return which call of its reporter an issue is, without who that is; None: nobody known."""
    days = int(intake_policy().reporter.days)
    nth = calls_of_reporter(conn, issue, days)
    if nth == 0:
        return None
    zh = f"同一来电人 · {days} 天内第 {nth} 次"
    en = f"the same caller: number {nth} within {days} days"
    return {"nth": nth, "days": days, "zh": zh, "en": en}
