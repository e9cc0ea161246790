"""Whether the outbox loses or doubles anything when its worker is killed between claim and send.

    python -m benchmarks.outbox [--kills 100] [--wave 5]

Each time an event happens, a worker in a process of its own takes its two deliveries on a lease, is
held there (its next question waits for a table that is locked), and gets SIGKILL. After each wave a
worker that nobody kills finishes. Every message must arrive at both receivers, none of those killed
for may have been sent before, and the lease of each must be taken back within 60 s. Else status 1.
A wave is shorter than the postings under way at once for one receiver: what a later worker takes
back from an earlier one counts among them, and would leave no room for its own.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from sqlalchemy import text

from api.outgoing.secrets import made_secret
from geo.outbox import limits
from geo.store.database import open_home, transaction
from geo.store.events import record
from geo.store.outgoing import hooks
from geo.store.outgoing.hooks import Hook
from geo.store.private import cluster
from tests.store import toy
from tests.store.outbox.receiver import Receiver, receiving
from tests.store.outbox.workers import Bench, count, start, until

LEASE_S: Final = 60.0  # within which what a killed worker held is taken back
_WAIT_S: Final = 300.0
_PICKED: Final = """
    select count(*) from queue.pgqueuer as q
        join delivery as d on q.dedupe_key = 'delivery/' || d.id
    where d.event = {event} and q.status = 'picked'
"""
# What a worker holds: also what it took back from those killed before it.
_HELD: Final = """
    select d.hook, d.event from queue.pgqueuer as q
        join delivery as d on q.dedupe_key = 'delivery/' || d.id
    where q.status = 'picked' and q.heartbeat >= :since
"""
_LEFT: Final = """
    select (select count(*) from delivery where state = 'pending')
        + (select count(*) from queue.pgqueuer)
"""


class Message(NamedTuple):
    """A message: of which hook, of which event."""

    hook: int
    event: int

    @property
    def name(self) -> str:
        """What it is called, however often it is sent."""
        return f"msg_{self.hook}_{self.event}"


Receivers = dict[int, Receiver]
Killed = dict[Message, float]  # when the worker that held it was killed


@contextmanager
def bench() -> Iterator[tuple[Bench, Receivers]]:
    """Yield the toy city with the limits of the product, and two receivers by their hooks."""
    with tempfile.TemporaryDirectory(prefix="jw-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        store = open_home(home, durable=False)
        try:
            toy.load(store)
            with (
                receiving(made_secret(home, "one")) as one,
                receiving(made_secret(home, "two")) as two,
            ):
                made = Bench(store, home, limits())
                yield made, {hooked(made, "one", one): one, hooked(made, "two", two): two}
        finally:
            store.close()
            cluster.stop(home)


def hooked(made: Bench, name: str, to: Receiver) -> int:
    """Return the hook that tells a receiver of all that happens to issues."""
    with transaction(made.store.owner, "approver") as conn:
        return hooks.add(conn, Hook(name, "3701", url=to.url, nouns=("issue",)))


def happened(made: Bench) -> int:
    """Return the number of an event that has just happened."""
    with transaction(made.store.owner, "dispatcher") as conn:
        record(conn, "issue", 1, "urge", path=("3701", "370102"))
        return int(conn.execute(text("select max(id) from event")).scalar_one())


def killed(made: Bench, receivers: Receivers) -> Killed:
    """Return what a worker held, and had not sent, when it was killed."""
    event = happened(made)
    with transaction(made.store.owner, "benchmark", commit=False) as conn:
        conn.execute(text("lock table event in access exclusive mode"))
        since = conn.execute(text("select clock_timestamp()")).scalar_one()
        worker = start(made)
        asked = _PICKED.format(event=event)
        until(lambda: count(made.store, asked) == len(receivers), _WAIT_S)
        worker.kill()
        worker.join()
        at = time.monotonic()
        held = conn.execute(text(_HELD), {"since": since})
        return {Message(hook, number): at for hook, number in held}


def finished(made: Bench, receivers: Receivers, held: Killed) -> list[float]:
    """Return how many seconds after the kill each message arrived, by a worker that lives."""
    early = [one.name for one in held if receivers[one.hook].tries[one.name]]
    if early:
        raise SystemExit(f"sent before the kill: {early}")
    worker, arrived = start(made), dict[Message, float]()

    def all_there() -> bool:
        now = time.monotonic()
        for one, at in held.items():
            if one.name in receivers[one.hook].effects:
                arrived.setdefault(one, now - at)
        return len(arrived) == len(held)

    until(all_there, _WAIT_S)
    until(lambda: count(made.store, _LEFT) == 0, _WAIT_S)
    worker.terminate()
    worker.join()
    return list(arrived.values())


def main() -> None:
    """Kill, finish, count, and say what came of it."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--wave", type=int, default=5)
    given, waited = asked.parse_args(), list[float]()
    with bench() as (made, receivers):
        for begun in range(0, given.kills, given.wave):
            wave = range(min(given.wave, given.kills - begun))
            held: Killed = {}
            for _ in wave:
                held |= killed(made, receivers)
            waited += finished(made, receivers, held)
            print(f"{begun + len(wave):>4} killed, longest {max(waited):.1f} s", flush=True)
        tries = [n for to in receivers.values() for n in to.tries.values()]
        effects = sum(len(to.effects) for to in receivers.values())
    print(f"{given.kills} workers killed with {len(waited)} messages claimed and not sent")
    print(
        f"effects {effects}, postings {sum(tries)}, sent more than once {sum(n > 1 for n in tries)}"
    )
    print(
        f"from the kill to the receiver: median {median(waited):.1f} s, longest {max(waited):.1f} s"
    )
    if effects != 2 * given.kills or max(waited) > LEASE_S:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
