"""How many people reported what lies in a cell, as kept, is a plain count of the issues there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from geo.store.answers import rows_of
from geo.store.database import Store, transaction
from geo.store.shown.heat import CELLS, FINEST, Heard, cells_of_tile, fold, heat
from tests.plugins.database import Databases
from tests.store import toy

# Of a subdistrict, another of the same district, another district; of a city alone; of nobody.
CHAINS: Final[tuple[list[str], ...]] = (
    ["3701", "370102", toy.SUBDISTRICT],
    ["3701", "370102", "370102002"],
    ["3701", "370103", "370103001"],
    ["3701"],
    [],
)
A, B = "a" * 32, "b" * 32
# Who sees which of them: a whole level, or parts of several.
SEEN: Final = {
    "mayor": "true",
    "auditor": "path[1] = '3701'",
    "approver": "'370102' = any (path)",
    "dispatcher": f"'{toy.SUBDISTRICT}' = any (path) or path = '{{}}'",
}
WHOLE: Final = {"mayor", "auditor", "approver"}
DUTIES: Final = """insert into duty (party, role, net, area) values
    ('leader', 'dispatcher', 'admin', '3701'), ('stranger', 'approver', 'admin', '3701')"""
PARTIES: Final = {"mayor": "leader", "auditor": "stranger"}
CHANGES: Final = {
    "in": """insert into issue (source, reference, reporter, geom, path, subdistrict,
            grid_revision, admin_revision, received_by)
        values (:source, gen_random_uuid()::text, :who, ST_Point(:lon, :lat, 4326), :path,
            (cast(:path as text[]))[3], 1, 1, 'tests')""",
    "close": "update issue set state = 'closed', outcome = 'solved' where id % 3 = :n",
    "merge": """update issue set state = 'closed', outcome = 'merged',
            merged_into = (select min(id) from issue)
        where id % 3 = :n and id > (select min(id) from issue)""",
    "reopen": "update issue set state = 'new', outcome = null where id % 3 = :n",
    "move": "update issue set geom = ST_Point(:lon, :lat, 4326) where id % 3 = :n",
    "lose": "update issue set geom = null where id % 3 = :n",
    "claim": """update issue set path = :path, subdistrict = (cast(:path as text[]))[3]
        where id % 3 = :n""",
    "erase": "update issue set reporter = null where reporter = :who",
    "out": "delete from issue where id % 3 = :n and merged_into is null",
}
PLAIN: Final = """
    select cell_x(geom, :level) as x, cell_y(geom, :level) as y,
        count(distinct coalesce(reporter, id::text))::integer as n
    from issue
    where ({seen}) and geom is not null
        and (cast(:source as text) is null or source = :source)
        and (cast(:scope as text) is null or :scope = any (path))
        and (cast(:state as text) is null or (state = 'closed') = (:state = 'closed'))
    group by 1, 2
    order by 2, 1"""
# In one cell of the finest level, of some coarser one, or of the coarsest alone.
APART: Final = st.sampled_from((0.0, 0.0002, 0.003, 0.02, 0.3))
CHANGE: Final = st.fixed_dictionaries(
    {
        "what": st.sampled_from(("in", "in", "in", *CHANGES, "fold")),
        "n": st.integers(0, 2),
        "who": st.sampled_from((A, B, None)),
        "source": st.sampled_from(("web", "hotline")),
        "path": st.sampled_from(CHAINS),
        "lon": APART.map(lambda step: toy.WEST + step),
        "lat": APART.map(lambda step: toy.SOUTH + step),
    }
)
ASKED: Final = st.tuples(
    st.sampled_from(sorted(SEEN)),
    st.integers(0, FINEST - CELLS),
    st.builds(
        Heard,
        scope=st.sampled_from((None, "3701", "370102", toy.SUBDISTRICT)),
        source=st.sampled_from((None, "web")),
        state=st.sampled_from((None, "open", "closed")),
        reporters=st.just(value=True),
    ),
)


@pytest.fixture(scope="module")
def store(databases: Databases, toy_database: str) -> Iterator[Store]:
    name, made = databases.make(toy_database)
    with transaction(made.owner, "tests") as conn:
        conn.execute(text("delete from duty where party in ('leader', 'stranger')"))
        conn.execute(text(DUTIES))
    yield made
    made.close()
    databases.drop(name)


def changed(store: Store, changes: list[dict[str, Any]]) -> None:
    """Begin anew and let changes happen."""
    with transaction(store.owner, "tests") as conn:
        conn.execute(text("update issue set merged_into = null"))
        conn.execute(text("delete from issue"))
        for change in changes:
            if change["what"] == "fold":
                fold(conn)
            else:
                conn.execute(text(CHANGES[change["what"]]), change)


def told(store: Store, person: str, zoom: int, heard: Heard) -> tuple[pd.DataFrame, bool]:
    """Return what heat tells over all tiles, and whether by counts that are kept."""
    side = (1 << zoom) - 1
    cells = cells_of_tile(zoom, 0, 0)._replace(x1=(side << CELLS) + 63, y1=(side << CELLS) + 63)
    with transaction(store.app, PARTIES.get(person, person)) as conn:
        kind = func.heat_kind(heard.scope, heard.source, heard.state)
        kept = conn.execute(select(kind)).scalar_one() is not None
        return heat(conn, cells, heard), kept


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    changes=st.lists(CHANGE, min_size=3, max_size=14),
    asked=st.lists(ASKED, min_size=4, max_size=6),
)
def test_people_of_a_cell_are_a_plain_count_whatever_came_and_went(
    store: Store, changes: list[dict[str, Any]], asked: list[tuple[str, int, Heard]]
) -> None:
    changed(store, changes)
    for person, zoom, heard in asked:
        values = {**asdict(heard), "level": zoom + CELLS}
        with transaction(store.owner, "tests") as conn:
            plain = rows_of(conn, text(PLAIN.format(seen=SEEN[person])), **values)
        found, kept = told(store, person, zoom, heard)
        pd.testing.assert_frame_equal(found, plain, check_dtype=False)
        assert kept or plain.empty or person not in WHOLE or heard.scope == toy.SUBDISTRICT


def test_nobody_is_named_by_what_is_kept_once_it_is_added_up(store: Store) -> None:
    rows = [{"what": "in", "who": A, "source": "web", "path": CHAINS[0],
             "lon": toy.WEST, "lat": toy.SOUTH}] * 3  # fmt: skip
    changed(store, [*rows, {"what": "fold"}])
    with transaction(store.owner, "tests") as conn:
        counted = "select issues, again[1] from heat_cell where level = 18"
        assert conn.execute(text(counted)).all() == [(3, 2)]
        conn.execute(text(CHANGES["erase"]), {"who": A})
        fold(conn)
        assert conn.execute(text(counted)).all() == [(3, 0)]
        assert conn.execute(text("select count(*) from heat_change")).scalar_one() == 0
