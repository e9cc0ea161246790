"""What this machine has: PostGIS, a browser, a Chinese font, apt and the right to use it."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bootstrap.progress import ROOT

# Chromium without windows: a page takes it a third less of the processor.
LIGHT_BROWSER: Final = "chromium-headless-shell"
BROWSERS: Final = (
    *(LIGHT_BROWSER, "google-chrome", "google-chrome-stable", "chromium", "chromium-browser"),
)
_FONT_FOLDERS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_CHINESE_FONT: Final = re.compile(
    r"cjk|wqy|noto.*sc|sourcehan|droidsansfallback|uming|ukai", re.IGNORECASE
)
# Ubuntu's chromium package is a stub that fetches a snap: no use to a test, none in a container.
_STUB_MARK: Final = b"snap"
_STUB_BYTES: Final = 4096


def answer(command: Sequence[str | Path]) -> str | None:
    """Return what a program printed, stripped; nothing when it is not there or failed."""
    try:
        done = subprocess.run(  # noqa: S603 (fixed commands, no shell)
            [*map(str, command)],
            cwd=ROOT,
            env={**os.environ, "LC_ALL": "C.UTF-8"},  # apt speaks the language of the machine
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def has_postgis() -> bool:
    """Whether some PostgreSQL server here has PostGIS, or a server elsewhere is to be used."""
    if os.environ.get("JINGWEI_DATABASE_URL"):
        return True
    shares = [Path(p) for p in (answer([c, "--sharedir"]) for c in _configs()) if p]
    debian = Path("/usr/share/postgresql").glob("*/extension/postgis.control")
    servers = {p.parent.parent.name for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")}
    if any(path.parent.parent.name in servers for path in debian):
        return True
    return any((share / "extension" / "postgis.control").is_file() for share in shares)


def _configs() -> list[Path]:
    """Return the `pg_config` of servers outside Debian's folders: of `PG_BIN`, on the `PATH`."""
    named, found = os.environ.get("PG_BIN"), shutil.which("pg_config")
    folders = [Path(named)] if named else []
    folders += [Path(found).parent] if found and shutil.which("initdb") else []
    return [folder / "pg_config" for folder in folders]


def chosen_browser() -> str | None:
    """Return the browser that somebody named."""
    return os.environ.get("JINGWEI_CHROMIUM")


def browser() -> Path | None:
    """Return a Chromium that a test can start: named in `JINGWEI_CHROMIUM`, or a usual one."""
    if named := chosen_browser():
        return Path(named)
    found = [Path(path) for path in map(shutil.which, BROWSERS) if path]
    return next((path for path in found if not _is_stub(path)), None)


def _is_stub(path: Path) -> bool:
    real = path.resolve()
    small = real.stat().st_size < _STUB_BYTES
    return real.is_relative_to("/snap") or (small and _STUB_MARK in real.read_bytes())


def has_chinese_font() -> bool:
    """Whether a font with Chinese characters is installed."""
    listed = answer(["fc-list", ":lang=zh-cn", "file"])
    if listed:
        return True
    files = (path for folder in _FONT_FOLDERS for path in folder.rglob("*.[to]t[fc]"))
    return any(_CHINESE_FONT.search(path.name) for path in files)


def has_atomics() -> bool:
    """Return whether the library is here that the program behind playwright is linked against."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def is_ubuntu() -> bool:
    """Whether this is Ubuntu, or made from it."""
    release = Path("/etc/os-release")
    text = release.read_text("utf-8") if release.is_file() else ""
    return re.search(r"^ID(_LIKE)?=.*ubuntu", text, re.MULTILINE) is not None


def has_apt() -> bool:
    """Whether packages come through apt here."""
    return shutil.which("apt-get") is not None


def becoming_root() -> list[str] | None:
    """Return what to put before a command to run it as root; `None` when that is not allowed."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and answer([sudo, "-n", "true"]) is not None:
        return [sudo, "-n"]
    return None


def can_make_environments() -> bool:
    """Whether this Python makes virtual environments that have pip (Debian packs that apart)."""
    return answer([sys.executable, "-c", "import ensurepip, venv"]) is not None


def has_pip() -> bool:
    """Whether this Python has pip."""
    return answer([sys.executable, "-m", "pip", "--version"]) is not None
