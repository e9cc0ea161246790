"""What is over is not read to show what waits: rows are counted, not time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import numpy as np
import pandas as pd
from sqlalchemy import text

from geo.store.database import Connection, Store, transaction
from geo.store.working.board import (
    Sight,
    arrivals,
    count_board,
    listed_on_board,
    people_of_board,
)
from geo.store.working.fallback import held_ledger
from geo.store.working.inbox import read_inbox
from geo.store.working.leading import read_waiting
from geo.store.working.rates import read_rates
from tests.store.test_succession import reads

NOW: Final = datetime(2026, 11, 27, 4, tzinfo=UTC)
SINCE: Final = datetime(2026, 11, 15, 3, tzinfo=UTC)
LATELY: Final = Sight("3701", since=SINCE, until=NOW)
FEW: Final = 100
WAITING: Final = 3
# Issues of a city, each with its task: many that are over, of many parties, and few that wait.
MADE: Final = """
with told as (
    insert into issue (source, reference, path, received_by, grid_revision, admin_revision,
        reported_at, due_at, state, outcome)
    select 'web', :state || n, array['3701', '370102'], '', 1, 1,
        case :state when 'closed' then timestamptz '2026-11-01' else '2026-11-20' end, '2026-11-03',
        :state, case :state when 'closed' then 'solved' end
    from generate_series(1, :many) as n
    returning id, path
)
insert into task (issue, kind, net, area, path, state, made_by, party, sent_at, due_at, lead)
select id, 'handle', 'admin', '370102', path, :state, '',
    case :state when 'closed' then 'unit-' || (1 + id % 4000) else 'stranger' end,
    now(), '2026-11-03', true
from told
"""
PARTIES: Final = """
insert into party (code, kind, name)
select 'unit-' || n, 'organisation', '处' from generate_series(1, 4000) as n
"""
SEES: Final = "insert into duty (party, role, net, area) values"
HELD: Final = "update task set state = 'held', held_at = now() where state = 'sent'"
CALLED: Final = """
insert into task (issue, kind, net, area, path, state, made_by, party, sent_at, due_at, lead)
select issue, 'whistle', net, area, path, 'taken', '', 'unit-1', '2026-11-20', '2026-11-21', false
from task where state = 'held'
"""
ORDERS: Final = (PARTIES, f"{SEES} ('stranger', 'dispatcher', 'admin', '3701')")
# What is asked, and the tables of which nothing that is over is read.
SHOWN: Final[dict[str, tuple[Callable[[Connection], pd.DataFrame | list[int]], list[str]]]] = {
    "due soon": (
        lambda conn: listed_on_board(conn, Sight("3701", queue="soon"), NOW, limit=60),
        ["issue"],
    ),
    "a board's period": (
        lambda conn: [*range(int(count_board(conn, LATELY, NOW)["n"].sum()))],
        ["issue", "task"],
    ),
    "people of a period": (
        lambda conn: [*range(people_of_board(conn, LATELY, NOW))],
        ["issue", "task"],
    ),
    "rates of a period": (
        lambda conn: [*range(int(read_rates(conn, since=SINCE, until=NOW)["issues"].sum()))],
        ["issue", "task"],
    ),
    "for a leader": (
        lambda conn: read_waiting(conn, "3701", limit=60),
        ["issue", "task"],
    ),
    "called": (
        lambda conn: [*range(int(arrivals(conn, "3701", SINCE)["called"].sum()))],
        ["task"],
    ),
    "held": (held_ledger, ["issue", "task"]),
    "for somebody": (
        lambda conn: read_inbox(conn, subdistrict=None, limit=60),
        ["issue", "task"],
    ),
}


def test_a_list_of_what_waits_reads_nothing_of_what_is_over(toy_store: Store) -> None:
    with transaction(toy_store.owner, "audit") as conn:
        for order in ORDERS:
            conn.execute(text(order))
        for state, many in (("closed", 4_000), ("sent", WAITING)):
            conn.execute(text(MADE), {"state": state, "many": many})
        for order in (HELD, CALLED, "analyze issue", "analyze task"):
            conn.execute(text(order))
    for name, (shown, tables) in SHOWN.items():
        with transaction(toy_store.app, "stranger") as conn:
            conn.execute(text("set local enable_seqscan = off"))  # as of a table of a million
            before = [reads(conn, table)[1] for table in tables]  # of earlier transactions, too
            assert len(shown(conn)) == WAITING, name
            read = [reads(conn, table)[1] for table in tables]
        assert max(np.subtract(read, before)) < FEW, (name, before, read)
