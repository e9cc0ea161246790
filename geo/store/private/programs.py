"""Where the programs of a PostgreSQL server with PostGIS are on this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.errors import NoClientError, NoServerError

_DEBIAN: Final = Path("/usr/lib/postgresql")
_OTHERS: Final = (Path("/usr/pgsql-18/bin"), Path("/usr/pgsql-17/bin"), Path("/opt/homebrew/bin"))


@dataclass(frozen=True)
class Programs:
    """A folder of server programs and the major version they are of."""

    folder: Path
    major: int

    @property
    def has_postgis(self) -> bool:
        """Whether PostGIS is installed for this server."""
        return (_share(self) / "extension" / "postgis.control").is_file()


def server_programs(*, major: int | None = None) -> Programs:
    """Return the newest server programs that have PostGIS; of one major version when it is given.

    Looked for in `PG_BIN`, then in Debian's folders, newest first, then on the `PATH`.

    Raises
    ------
    NoServerError
        When there are none; the sentence carries the command that installs them.
    """
    found = [_programs(folder) for folder in _folders() if (folder / "initdb").is_file()]
    fitting = [p for p in found if p.has_postgis and major in {None, p.major}]
    if fitting:
        return fitting[0]
    listed = ", ".join(str(p.folder) for p in found) or "initdb: -"
    raise NoServerError(found=listed, command=_install_command(found, major))


def _folders() -> list[Path]:
    named = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    debian = sorted(_DEBIAN.glob("*/bin"), key=_major_of_folder, reverse=True)
    on_path = shutil.which("initdb")
    last = [Path(on_path).resolve().parent] if on_path else []
    return [*named, *debian, *_OTHERS, *last]


def _major_of_folder(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _programs(folder: Path) -> Programs:
    said = _answer(folder / "initdb", "--version")
    major = re.search(r"(\d+)", said.rpartition(") ")[2])
    return Programs(folder, int(major[1]) if major else 0)


def _share(programs: Programs) -> Path:
    config = programs.folder / "pg_config"
    if config.is_file():
        return Path(_answer(config, "--sharedir"))
    return Path("/usr/share/postgresql") / str(programs.major)


def _answer(program: Path, question: str) -> str:
    done = subprocess.run(  # noqa: S603 a list, no shell, a program just found
        [program, question], capture_output=True, text=True, check=False, cwd="/"
    )
    return done.stdout.strip()


def _install_command(found: list[Programs], major: int | None) -> str:
    version = major or max((p.major for p in found), default=0)
    package = f"postgresql-{version}-postgis-3" if version else "postgresql-postgis"
    return f"apt-get install {package}"


def client_program(name: str, major: int) -> Path:
    """Return a program that talks to a server of a major version: as new as it, or newer.

    Raises
    ------
    NoClientError
        When there is none; the sentence carries the command that installs it.
    """
    on_path = shutil.which(name)
    beside = [folder / name for folder in _folders() if (folder / name).is_file()]
    found = [*beside, *([Path(on_path)] if on_path else [])]
    fitting = [path for path in found if _major_of(path) >= major]
    if fitting:
        return min(fitting, key=_major_of)
    raise NoClientError(
        program=name,
        major=major,
        found=", ".join(map(str, found)) or "-",
        command=f"apt-get install postgresql-client-{major}",
    )


def _major_of(program: Path) -> int:
    found = re.search(r"(\d+)", _answer(program, "--version").rpartition(") ")[2])
    return int(found[1]) if found else 0
