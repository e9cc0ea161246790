"""Processes of the tests' own, to be killed: forked from one that has loaded the program."""

from __future__ import annotations

import multiprocessing

SPAWN = multiprocessing.get_context("forkserver")
SPAWN.set_forkserver_preload(["api.app", "api.outgoing.working", "uvicorn"])
