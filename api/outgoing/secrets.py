"""Secrets of hooks: in the environment, or in files of the data folder; never in the database.

`JINGWEI_HOOK_SECRET_NAME` (hyphens as underscores), else `hooks/NAME.secret`: one secret a line, as
Standard Webhooks writes them (`whsec_…`). With two, both sign: that is how one is changed.
"""

from __future__ import annotations

import binascii
import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Final

from geo.errors import HookSecretError

_PREFIX: Final = "whsec_"
_BYTES: Final = 32
_LEAST, _MOST = 24, 64  # bytes, as Standard Webhooks has it


def secrets_of(home: Path, name: str) -> list[str]:
    """Return the secrets of a hook, the newest last.

    Raises
    ------
    HookSecretError
        Where it should be, when it is not there, is not readable or is none.
    """
    variable = f"JINGWEI_HOOK_SECRET_{name.upper().replace('-', '_')}"
    file = _file(home, name)
    told = os.environ.get(variable)
    try:
        lines = (file.read_text("ascii") if told is None else told).split()
    except (OSError, UnicodeDecodeError) as error:
        raise HookSecretError(name=name, place=f"{variable}, {file}") from error
    if not lines or not all(map(_sound, lines)):
        raise HookSecretError(name=name, place=variable if told is not None else file)
    return lines


def made_secret(home: Path, name: str) -> str:
    """Return a fresh secret of a hook, kept in the data folder for the program's account alone."""
    secret = _PREFIX + b64encode(secrets.token_bytes(_BYTES)).decode()
    file = _file(home, name)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.unlink(missing_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as kept:
        kept.write(secret + "\n")
    return secret


def forget_secret(home: Path, name: str) -> None:
    """Remove the secret of a hook that is gone."""
    _file(home, name).unlink(missing_ok=True)


def _file(home: Path, name: str) -> Path:
    return home / "hooks" / f"{name}.secret"


def _sound(secret: str) -> bool:
    try:
        key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return False
    return secret.startswith(_PREFIX) and _LEAST <= len(key) <= _MOST
