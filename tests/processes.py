"""Processes of the tests' own, to be killed: forked from one that has loaded the program."""

from __future__ import annotations

import multiprocessing
import socket

SPAWN = multiprocessing.get_context("forkserver")
SPAWN.set_forkserver_preload(["api.app", "api.outgoing.working", "uvicorn"])


def held_port() -> socket.socket:
    """Return what keeps a free port of this machine for a process of ours, while it is open.

    It does not listen: nobody else is given its port, and a server of ours binds it beside.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held
