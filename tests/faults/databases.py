"""What happens to a database: it is stopped at once, as by a power cut, and begun again."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from geo.store.private.cluster import Cluster, start, status
from tests.faults.callers import until


def restarted(cluster: Cluster) -> None:
    """Stop a server without a word to anybody (pg_ctl's `immediate`), and start it."""
    folder = cluster.home.folder
    pid = status(folder).pid
    assert pid is not None
    os.kill(pid, signal.SIGQUIT)
    until(lambda: not Path(f"/proc/{pid}").exists() or status(folder).pid is None)
    start(folder, durable=False)
