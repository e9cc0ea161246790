"""Why a program of the server failed, and what to do about it, by what it wrote last."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# What the server's log says at every start and stop, and of no fault.
_USUAL: Final = re.compile(r"LOG:\s+(?:starting |listening |database system |shutting down)")
_SHOWN: Final = 3


class Mend(NamedTuple):
    """What to do where a program of the server wrote one of some words."""

    words: tuple[str, ...]
    zh: str
    en: str

    def suits(self, said: str) -> bool:
        """Tell whether one of the words was written."""
        return any(word in said for word in self.words)


# The first that suits is told; the words are PostgreSQL's own, of the versions 14 to 18.
MENDS: Final = (
    Mend(
        ("No space left on device", "Disk quota exceeded"),
        "磁盘已满：请先腾出空间，再运行 jingwei db start，已保存的都还在",
        "The disk is full: make room, then run jingwei db start; all that was kept is there",
    ),
    Mend(
        ("shared memory", "Cannot allocate memory", "out of memory"),
        "内存不够，或上一个进程还占着：请关掉别的程序，再运行 jingwei db start",
        "Memory is short, or held by a process that ended: close others, then run jingwei db start",
    ),
    Mend(
        ("Permission denied", "invalid permissions", "wrong ownership", "Read-only file system"),
        "数据库进不去自己的目录：请把数据目录里的 db 还给原来的账号，db/data 权限设为 0700",
        "The server may not enter its folder: give db in the data folder back to its account, with"
        " mode 0700 on db/data",
    ),
    Mend(
        ("recovery ended before configured recovery target",),
        "归档的日志到不了那个时刻：请在 db/data/postgresql.auto.conf 里把 recovery_target_time"
        " 改早，或删掉这一行（恢复到归档的最后），再运行 jingwei db start",
        "The archive ends before that moment: name an earlier recovery_target_time in db/data/"
        "postgresql.auto.conf, or none (up to the archive's end), then run jingwei db start",
    ),
    Mend(
        ("configuration parameter", "invalid value for parameter", "configuration file"),
        "设置有误：请改正 db/data/postgresql.auto.conf 中上述的那一行，再运行 jingwei db start",
        "A setting is wrong: mend that line of db/data/postgresql.auto.conf, then run jingwei db"
        " start",
    ),
    Mend(
        ("already in use", "another postmaster", "lock file"),
        "另一个数据库还在用这个目录：请先停掉它，再运行 jingwei db start",
        "Another server still uses this folder: stop it, then run jingwei db start",
    ),
    Mend(
        ("checkpoint record", "invalid page", "control file", "PANIC"),
        "数据已损坏：请原样另存整个 db 目录，再用 jingwei restore 把备份恢复到新的数据目录",
        "The data are damaged: keep a copy of the folder db as it is, then restore a backup into a"
        " new data folder by jingwei restore",
    ),
)  # fmt: skip
_OTHERWISE: Final = Mend(
    (),
    "请看日志最后几行，改正后再运行 jingwei db start",
    "Read the last lines of the log, mend what they name, then run jingwei db start",
)


def mend_for(said: str) -> Mend:
    """Return what to do about what a program of the server wrote.

    >>> mend_for("FATAL: could not write lock file: No space left on device").en[:16]
    'The disk is full'
    """
    return next((mend for mend in MENDS if mend.suits(said)), _OTHERWISE)


def reason_of(said: str) -> str:
    r"""Return in one line why a program of the server failed.

    >>> reason_of("1 UTC FATAL:  no room\n2 UTC LOG:  database system is shut down\n")
    '1 UTC FATAL:  no room'
    """
    lines = said.strip().splitlines()
    telling = [line for line in lines if not _USUAL.search(line)] or lines
    return " / ".join(telling[-_SHOWN:]) or "?"
