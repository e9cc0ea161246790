"""What a private server is told to be: by its version, and by the machine it runs on."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

# What plans are made by, and each session says for itself, on whoever's server: parallel plans need
# shared memory that containers do not have; compiling a short query costs more than it saves.
SESSION: Final = {
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "random_page_cost": "1.1",
    "jit": "off",
}
# Statements and row contents stay out of the log, for they hold personal data.
_ALWAYS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    **SESSION,
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# What a program that was killed had asked is not worked on to its end, nor its locks held.
_SINCE: Final = {14: {"client_connection_check_interval": "5s"}}
_NOT_DURABLE: Final = {
    **dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off"),
    "shared_buffers": "256MB",  # all of it is looked through for each database that is dropped
    "shared_preload_libraries": "postgis-3",  # not by each of the thousands of connections of tests
}
# A city that is published writes to most pages of its tasks: with less they leave and come again.
_SHARE: Final = 16
_LEAST_MB, _MOST_MB = 256, 1024
_LIMIT: Final = Path("/sys/fs/cgroup/memory.max")


def settings(major: int, *, durable: bool) -> dict[str, str]:
    """Return the settings of a server of a version; without promises of a crash unless durable."""
    later = (more for since, more in _SINCE.items() if major >= since)
    chosen = {"shared_buffers": f"{buffers_mb(memory_mb(_LIMIT))}MB"}
    for told in (_ALWAYS, *later, {} if durable else _NOT_DURABLE):
        chosen |= told
    return chosen


def buffers_mb(memory: int) -> int:
    """Return a sixteenth of a machine's memory, in bounds; all in MB."""
    return min(max(memory // _SHARE, _LEAST_MB), _MOST_MB)


def memory_mb(limit: Path) -> int:
    """Return the memory of the machine in MB, or of the container if that has less."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # not in a container, or in one without a limit
        whole = min(whole, int(limit.read_text("ascii")))
    return whole >> 20
