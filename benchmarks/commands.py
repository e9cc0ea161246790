"""Whether an issue stays within its law: random commands by random people, on real PostGIS.

    python -m benchmarks.commands [--commands 100000] [--issues 500] [--races 1000] [--seed 7]

Issues of the small city are handled by whoever holds the roles there, by departments, by people
with nothing to do with them; most orders make sense, many do not. A tenth of all are no steps of
issues: rulings, reviews, tasks of no issue. Afterwards the events of each issue and
task are replayed, held against its rows, and each step against the state it was taken in. Then two
people change one issue at once, each by the version it saw: of each pair one must win and the other
be told. Any breach ends with status 1. Ctrl+C ends the commands; those given are audited.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from signal import SIGINT, signal
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter, process_time
from typing import Any, Final

import pandas as pd
from sqlalchemy import text

from api.demo import FILES, import_file
from api.persons import holder
from benchmarks.commands_beside import (
    FORGOTTEN,
    UNOWNED,
    Beside,
    People,
    acting_as,
    breaches_beside,
    one_beside,
)
from geo.city import build, write
from geo.errors import JingweiError, StaleIssueError
from geo.issues import EDGES, ISSUE_STATES, Case, IssueEdge, Order, Work, allowed_steps, replayed
from geo.issues.edges import state_of
from geo.store import events
from geo.store.database import Connection, Store, open_home, transaction
from geo.store.making import plain
from geo.store.net.areas import read_areas
from geo.store.private import cluster
from geo.store.working.handling import act, look

BATCH: Final = 200  # commands in one transaction
ODD: Final = 0.15  # share of commands whose step, person or order is anything at all
FINAL: Final = ("answered", "cancelled", "merged")  # outcomes that no task leads to
ROLES: Final = ("dispatcher", "checker", "approver")
BESIDE: Final = 0.1  # share of commands that are no steps of issues
FORGETTING: Final = 25  # batches after which the rulings' rows end, so that there is more to rule
_INSIDE: Final = "select id from issue where subdistrict = :scope order by id limit :most"
_LOST: Final = "select id from issue where path = '{}' order by id limit :most"
_SPOTS: Final = """
    select ST_X(geom), ST_Y(geom) from issue
    where subdistrict = :scope and geom is not null order by id limit 20
"""
_PUT: Final = """
    select grid, community, subdistrict, lane, located_as, located_score,
        ST_X(geom) as lon, ST_Y(geom) as lat
    from issue where id = :issue
"""
# Steps that end an issue or go back are taken less often, so that others are reached at all.
ASSISTED: Final = ("send", "whistle")
SELDOM: Final = ("answer", "cancel", "merge", "withdraw", "decline", "return")


RACER: Final = "racer"
NEWCOMER: Final = (
    "insert into party (code, kind, name) values (:code, 'person', :code)",
    """insert into duty (party, role, net, area)
    select :code, 'dispatcher', 'admin', subdistrict from issue where id = :issue""",
)


@dataclass
class Tally:
    """What became of the commands."""

    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def count(self, taken: str, refused: str) -> None:
        """Count one command."""
        if refused:
            self.refused[refused] += 1
        else:
            self.taken[taken] += 1


@contextmanager
def city(issues: int) -> Iterator[tuple[Store, People]]:
    """Yield a store with the small city in it, and who may act there."""
    with TemporaryDirectory(prefix="jw-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        store = open_home(folder / "home", durable=False)
        try:
            write(build("small", 7), folder)
            for noun, file in (*FILES, ("issues", "issues.csv")):
                import_file(store, noun, folder / file)
            yield store, town(store, issues)
        finally:
            store.close()
            cluster.stop(folder / "home")


def town(store: Store, issues: int) -> People:
    """Return who there is, with a third of the services open to closing on the spot."""
    with transaction(store.owner, "benchmark") as conn:
        spot = "update service set self_close = true where right(code, 1) in ('1', '4')"
        conn.execute(text(spot))
        scope = str(read_areas(conn, net="admin", kind="subdistrict")["code"].iloc[0])
        roles = {role: holder(conn, role, scope) for role in ROLES}
        roles |= {"verifier": roles["checker"], "district": holder(conn, "approver", scope[:6])}
        departments = _codes(conn, "select code from party where kind = 'department' order by code")
        people = _codes(conn, "select code from party where kind = 'person' order by code")
        for told in UNOWNED:
            conn.execute(text(told))
        lost = issues // 10
        numbers = [
            *conn.execute(text(_INSIDE), {"scope": scope, "most": issues - lost}).scalars(),
            *conn.execute(text(_LOST), {"most": lost}).scalars(),
        ]
        spots = [(lon, lat) for lon, lat in conn.execute(text(_SPOTS), {"scope": scope})]
        return People(roles, departments, people, numbers, scope, [*spots, (0.0, 0.0)])


def _codes(conn: Connection, asked: str) -> list[str]:
    return list(conn.execute(text(asked)).scalars())


def commanded(store: Store, there: People, number: int, draw: random.Random) -> Tally:
    """Return what became of so many commands, some hundreds in each transaction."""
    tally, seen, beside, told_to_stop = Tally(), dict[int, Case](), Beside(), Event()
    signal(SIGINT, lambda *_: told_to_stop.set())
    for begun in range(0, number, BATCH):
        if told_to_stop.is_set():
            break
        with transaction(store.app, "benchmark") as conn:
            for _ in range(min(BATCH, number - begun)):
                if draw.random() < BESIDE:
                    tally.count(*one_beside(conn, there, beside, draw))
                else:
                    one(conn, there, seen, tally, draw)
        if begun % (BATCH * FORGETTING) == 0:
            with transaction(store.owner, "benchmark") as conn:
                conn.execute(text(FORGOTTEN))
            print(f"{begun:>7} {sum(tally.taken.values()):>7} taken", flush=True)
    return tally


def one(
    conn: Connection, there: People, seen: dict[int, Case], tally: Tally, draw: random.Random
) -> None:
    """Give one command; what is refused has written nothing."""
    issue = draw.choice(there.issues)
    person, order = command(seen.get(issue, Case(id=issue, source="")), there, draw)
    acting_as(conn, person)
    try:
        seen[issue] = act(conn, issue, order)
    except JingweiError as error:
        tally.count("", type(error).__name__)
    else:
        tally.count(order.step, "")


def command(case: Case, there: People, draw: random.Random) -> tuple[str, Order]:
    """Return who orders what: mostly a step that there is, by somebody who may take it."""
    offers: list[tuple[IssueEdge, Work | None]] = [(e, None) for e in allowed_steps(case.state)]
    offers += [(edge, work) for work in case.tasks for edge in allowed_steps(work.state, on="task")]
    if not offers or draw.random() < ODD:
        offers = [(edge, None) for edge in EDGES]
    weights = [0.15 if edge.name in SELDOM else 1.0 for edge, _ in offers]
    edge, work = draw.choices(offers, weights)[0]
    person = there.roles.get(draw.choice(edge.who), "")
    if not person and case.tasks and draw.random() > ODD:
        person = (work or draw.choice(case.tasks)).party
    if not person or draw.random() < ODD / 3:
        person = there.anybody(draw)
    called = draw.choice([(), case.uncalled, case.uncalled])
    made = order(edge.name, work.id if work else None, there, draw)
    return person, replace(made, called=called)


def order(step: str, task: int | None, there: People, draw: random.Random) -> Order:
    """Return an order of a step, with most of what it needs and some that it does not."""
    some = draw.sample(there.departments, 3)
    nobody = [None] * (8 if step == "send" else 2)  # then it goes by its route
    helpers = [(), (), tuple(some[1:2]), tuple(draw.sample(there.departments, 2))]
    lon, lat = draw.choice(there.spots) if step == "place" else (None, None)
    area = draw.choice([None, None, there.scope, "nowhere"]) if step == "place" else None
    return Order(
        step=step,
        task=task if draw.random() > ODD / 3 else draw.choice([None, 10**9]),
        party=draw.choice([*nobody, *some, draw.choice(there.strangers), "nobody"]),
        reason=draw.choice(["", *["不属我处"] * 5]),
        result=draw.choice(["", *["已清运"] * 5]),
        days=draw.choice([None, 2.0, 6.0]),
        review_on=draw.choice([None, date(2040, 1, 3)]),
        into=draw.choice([None, draw.choice(there.issues)]),
        solved=draw.choice([None, True, True, False]),
        satisfied=draw.choice([None, True, True]),
        parties=draw.choice([(), tuple(some[:1]), tuple(some[1:])]),
        assists=draw.choice(helpers if step in ASSISTED else helpers[:1] * 19 + helpers),
        emergency=draw.choice([True, False, False]),
        away_m=draw.choice([None, 30.0, 30.0, 4000.0]),
        lon=None if area else lon,
        lat=None if area else lat,
        area=area,
    )


def breaches(store: Store, there: People) -> list[str]:
    """Return every breach of the law: an illegal state, or rows that the events do not tell."""
    found = []
    with transaction(store.owner, "audit") as conn:
        for issue in there.issues:
            case = look(conn, issue).case
            put = dict(conn.execute(text(_PUT), {"issue": issue}).mappings().one())
            told = events.history(conn, "issue", issue)
            wrong = [*astray(told), *faults(case, put, *replayed(told["detail"]))]
            found += [f"issue {issue}: {fault}" for fault in wrong]
    return [*found, *breaches_beside(store)]


def astray(told: pd.DataFrame) -> Iterator[str]:
    """Yield the steps that the events tell of out of a state which has none of them."""
    for n, (name, detail) in enumerate(zip(told["name"], told["detail"], strict=True)):
        edge = next((edge for edge in EDGES if edge.name == name), None)
        issue, tasks = replayed(told["detail"].iloc[:n])
        states = {issue.get("state", "new")} if edge and edge.on == "issue" else set()
        if edge and edge.on == "task":
            moved = {int(task) for task in detail.get("tasks", {})} & tasks.keys()
            states = {tasks[task]["state"] for task in moved or tasks.keys()}
        passed_on = name == "urge" and "merged" in detail
        if edge and not passed_on and not states & set(edge.sources):
            yield f"step {n} {name} out of {sorted(states)}"


def faults(
    case: Case, put: dict[str, Any], issue: dict[str, Any], tasks: dict[int, dict[str, Any]]
) -> Iterator[str]:
    """Yield what is wrong with an issue, given where it was put and what its events leave."""
    rows = {work.id: plain(asdict(work)) for work in case.tasks}
    names = {name: "into" if name == "merged_into" else name for name in issue}
    kept = {name: put[n] if n in put else getattr(case, n) for name, n in names.items()}
    if kept != issue:
        yield f"row {kept}, events {issue}"
    if rows != tasks:
        yield f"tasks {rows}, events {tasks}"
    if case.state not in ISSUE_STATES or (case.state == "closed") != (case.outcome is not None):
        yield f"state {case.state}, outcome {case.outcome}"
    leading = tuple(work.state for work in case.tasks if work.lead)
    if case.outcome not in FINAL and case.state != state_of(leading):
        yield f"state {case.state}, its leading tasks {leading}"
    for work in case.tasks:
        if case.state == "closed" and work.is_open:
            yield f"closed with task {work.id} {work.state}"
        if (work.state == "held") != (work.held_at is not None):
            yield f"task {work.id} {work.state} held at {work.held_at}"


def raced(store: Store, there: People, races: int) -> Counter[str]:
    """Return how pairs of people fared who changed one issue at once by the version they saw."""
    outcomes: Counter[str] = Counter()
    number = there.issues[0]
    with ThreadPoolExecutor(2) as pool:
        for race in range(races):
            with transaction(store.owner, "audit") as conn:
                version = look(conn, number).version
            urging = partial(urged, store, number=number, version=version)
            answers = sorted(pool.map(urging, (race * 2, race * 2 + 1)))
            with transaction(store.owner, "audit") as conn:
                grown = look(conn, number).version - version
            outcomes[f"{answers[0]} + {answers[1]}, version +{grown}"] += 1
    return outcomes


def urged(store: Store, reason: int, *, number: int, version: int) -> str:
    """Return how urging an issue at a version went."""
    urge = Order(step="urge", reason=str(reason))
    try:
        with transaction(store.app, RACER) as conn:
            act(conn, number, urge, version=version)
    except StaleIssueError:
        return "told"
    return "won"


def ready_to_race(store: Store, there: People) -> None:
    """See that the first issue can be urged, by somebody for the races."""
    with transaction(store.owner, "benchmark") as conn:
        for told in NEWCOMER:
            conn.execute(text(told), {"issue": there.issues[0], "code": RACER})
    with transaction(store.owner, there.roles["dispatcher"]) as conn:
        state = look(conn, there.issues[0]).case.state
        if state in ("new", "closed"):
            step = "send" if state == "new" else "reopen"
            act(conn, there.issues[0], Order(step=step, reason="-", party=there.departments[0]))


def main() -> None:
    """Give the commands, audit, race, and say what came of it."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--commands", type=int, default=100_000)
    asked.add_argument("--issues", type=int, default=500)
    asked.add_argument("--races", type=int, default=1_000)
    asked.add_argument("--seed", type=int, default=7)
    given = asked.parse_args()
    with city(given.issues) as (store, there):
        clock, cpu = perf_counter(), process_time()
        tally = commanded(store, there, given.commands, random.Random(given.seed))  # noqa: S311 no secret
        spent, ours = perf_counter() - clock, process_time() - cpu
        done = tally.taken.total() + tally.refused.total()
        print(f"{done} commands on {len(there.issues)} issues: {spent:.0f} s on the clock")
        print(f"{ours:.0f} s of CPU beside the database's")
        print(f"taken {sum(tally.taken.values())}: {dict(tally.taken.most_common())}")
        print(f"refused {sum(tally.refused.values())}: {dict(tally.refused.most_common())}")
        found = breaches(store, there)
        print(f"breaches: {len(found)}", *found[:10], sep="\n")
        ready_to_race(store, there)
        outcomes = raced(store, there, given.races)
        print(f"races: {dict(outcomes)}")
    if found or set(outcomes) - {"told + won, version +1"}:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
