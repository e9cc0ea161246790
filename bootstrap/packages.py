"""Packages of the distribution: which are missing, and how they are installed or asked for."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import Final

from bootstrap import machine
from bootstrap.progress import Step, Stopped, did, must, say

_POSTGIS: Final = re.compile(r"postgresql-(\d+)-postgis-3")
_INSTALL: Final = ("apt-get", "install", "--yes", "--no-install-recommends")
# A machine that has just started often installs updates of its own: wait for its turn.
_QUIET: Final = (
    *("-o", "Dpkg::Use-Pty=0", "-o", "Dpkg::Options::=--force-confold"),
    *("-o", "DPkg::Lock::Timeout=300"),
)
# Debian makes and starts a server on port 5432 when PostgreSQL is first installed. Ours is private,
# so that one is not wanted; the setting goes again, a later installation by hand behaves as ever.
_NO_CLUSTER: Final = """set -eu
folder=/etc/postgresql-common/createcluster.d
mkdir -p "$folder"
printf 'create_main_cluster = false\\n' > "$folder/jingwei.conf"
trap 'rm -f "$folder/jingwei.conf"' EXIT
export DEBIAN_FRONTEND=noninteractive
"$@"
"""


def install_missing(*, with_browser: bool, for_uv: bool) -> None:
    """Install what is missing through apt, in one go.

    Raises
    ------
    Stopped
        When it is not allowed here; carries the exact command.
    """
    wanted = missing(with_browser=with_browser, for_uv=for_uv)
    if not wanted:
        return
    if not machine.has_apt():
        raise _without_apt(wanted)
    prefix = machine.becoming_root()
    if prefix is None:
        raise _not_allowed(wanted)
    if not known("postgresql-postgis") or not all(known(name) for name in wanted if name):
        must(
            Step(
                "更新软件包目录", "Refreshing the list of packages", [*prefix, "apt-get", "update"]
            )
        )
    names = [_CHOSEN[name]() if name in _CHOSEN else name for name in wanted]
    say(f"缺少：{'、'.join(names)}", f"missing: {', '.join(names)}")
    _install(prefix, names)


def install_light_browser() -> None:
    """Install the browser without windows beside another one, where nobody has to be asked.

    Whatever comes of it: the tests of pages pass with the other as well, and take longer.
    """
    light, prefix = machine.LIGHT_BROWSER, machine.becoming_root()
    if machine.chosen_browser() or prefix is None or shutil.which(light) or not known(light):
        return
    zh, en = "安装不开窗口的浏览器（测试页面更快）", "Installing a lighter browser for tests"
    did(Step(zh, en, [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *_INSTALL, *_QUIET, light]))


def _install(prefix: list[str], names: list[str]) -> None:
    line = [*prefix, "sh", "-c", _NO_CLUSTER, "sh", *_INSTALL, *_QUIET, *names]
    zh, en = "用 apt 安装系统软件包（约一分钟）", "Installing packages with apt (about a minute)"
    try:
        must(Step(zh, en, line))
    except Stopped:
        # A list of packages grown old names files that the mirror no longer has.
        again = [*prefix, "apt-get", "update"]
        must(Step("更新软件包目录后重试", "Refreshing the list of packages, then again", again))
        must(Step(zh, en, line))


def missing(*, with_browser: bool, for_uv: bool) -> list[str]:
    """Return the packages that are not here yet, by the names Debian gives them."""
    names = []
    if not machine.has_postgis():
        names.append("postgresql-postgis")
    if for_uv and not machine.can_make_environments() and not machine.has_pip():
        names.append(environment_package(Path(sys.executable), sys.version_info[:2]))
    if with_browser and machine.browser() is None and not machine.is_ubuntu():
        names.append("chromium")
    if with_browser and not machine.has_atomics():
        names.append("libatomic1")
    if with_browser and not machine.has_chinese_font():
        names.append("fonts-wqy-zenhei")
    return names


def environment_package(python: Path, version: tuple[int, int]) -> str:
    """Return the package that lets a Python of the distribution make virtual environments."""
    return (
        f"python{version[0]}.{version[1]}-venv"
        if python.is_relative_to("/usr/bin")
        else "python3-venv"
    )


def known(name: str) -> bool:
    """Whether apt's present list has a package that can be installed."""
    said = machine.answer(["apt-cache", "policy", name])
    return said is not None and "Candidate:" in said and "Candidate: (none)" not in said


def postgis_package() -> str:
    """Return PostGIS for the server that is here, else the distribution's, else the newest."""
    listed = machine.answer(["apt-cache", "search", "--names-only", _POSTGIS.pattern]) or ""
    versions = {int(found[1]) for found in _POSTGIS.finditer(listed)}
    here = {
        int(path.parent.parent.name)
        for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")
        if path.parent.parent.name.isdigit()
    }
    return chosen_postgis(versions, here, metapackage=known("postgresql-postgis"))


def browser_package() -> str:
    """Return Chromium without windows where the distribution has it, else the whole of it."""
    return machine.LIGHT_BROWSER if known(machine.LIGHT_BROWSER) else "chromium"


def chosen_postgis(versions: set[int], here: set[int], *, metapackage: bool) -> str:
    """Return the package's name, from the versions offered and the servers that are here."""
    if versions & here:
        return f"postgresql-{max(versions & here)}-postgis-3"
    if versions and not metapackage:
        return f"postgresql-{max(versions)}-postgis-3"
    return "postgresql-postgis"


# What goes by another name here or there, asked once the list of packages is fresh.
_CHOSEN: Final = {"postgresql-postgis": postgis_package, "chromium": browser_package}


def _not_allowed(names: list[str]) -> Stopped:
    line = f"sudo apt-get update && sudo {shlex.join([*_INSTALL, *names])}"
    return Stopped(
        f"缺少系统软件包，这里无权安装（不是 root，没有免口令的 sudo）。请先运行：\n    {line}",
        "Packages are missing and may not be installed from here (not root, and sudo is absent or "
        f"asks for a password). Run this first, then make again:\n    {line}",
    )


def _without_apt(names: list[str]) -> Stopped:
    return Stopped(
        f"这台机器没有 apt。请用本机的包管理器安装：{'、'.join(names)}（Debian 的包名）。",
        "There is no apt on this machine. Install these with its own package manager (the names "
        f"are Debian's): {', '.join(names)}.",
    )
