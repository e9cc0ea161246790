"""A second server on a test's database, as a process of its own.

It is told by standard input which database, says its address, and goes when the input ends.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.plugins.database import Databases


@contextmanager
def another(databases: Databases, name: str, person: str) -> Iterator[str]:
    """Return the address of another server of a database, where a person is signed in."""
    line = [sys.executable, "-m", "tests.store.second_server"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(line, **pipes) as server:  # type: ignore[call-overload]  # noqa: S603 (ours)
        pickle.dump((databases, name, person), server.stdin)
        server.stdin.flush()
        try:
            yield server.stdout.readline().decode().strip()
        finally:
            server.stdin.close()
            assert server.wait(30) == 0, "the second server did not end in order"


def main() -> None:
    """Serve until the input ends."""
    from api.app import create_app  # noqa: PLC0415 the parent needs none of it
    from tests.serving import served  # noqa: PLC0415 as above

    databases, name, person = pickle.load(sys.stdin.buffer)  # noqa: S301 our own parent's
    store = databases.open(name)
    with served(create_app(store, person=person)) as address:
        print(address, flush=True)  # noqa: T201 that is how it is told
        sys.stdin.buffer.read()
    store.close()


if __name__ == "__main__":
    main()
