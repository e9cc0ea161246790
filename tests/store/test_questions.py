"""Questions find what they ask for by an index under row-level security too.

They are planned, not run, on an empty database, for values that are not known yet.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text

from geo.store import answers
from geo.store.database import Store, transaction

QUESTIONS: Final = {
    path.stem: path.read_text("utf-8")
    for path in sorted((Path(answers.__file__).parent / "sql").glob("*.sql"))
}
# What is named in a header with underscores: indexes, tables, columns of the question.
NAMED: Final = re.compile(r"(?<![.\w])[a-z]+(?:_[a-z]+)+\b(?!\.sql)")
HEADER: Final = re.compile(r"Index used:(.*\n(?:--   .*\n)*)")
ASIDE: Final = re.compile(r"--.*")
BOUND: Final = re.compile(r"(?<![:\w]):(\w+)")
# Other questions that one is put together of.
WITHIN: Final = re.compile(r"\{(\w+)\}")
KEEPS: Final = re.compile(r"create temporary table (?:pg_temp\.)?(\w+) on commit drop as\s")
PLANNABLE: Final = re.compile(rf"select|with|insert|update|delete|\(|{KEEPS.pattern}")
NUMBERS: Final = count()
# Nothing but indexes, row by row: what none of them finds is left over as a filter.
NO_OTHER_WAY: Final = ("seqscan", "hashjoin", "mergejoin", "bitmapscan", "memoize", "material")
# A column held against what is reckoned of another row: a default, a cast, a wider box. Such
# arithmetic may tell of a row in an error, so it waits until the policy was asked of each row.
RECKONED: Final = re.compile(
    r"""Filter:.*?\((?:\w+\.)?\w+\ (?:
        =\ (?:COALESCE\(\w+\.\w+|\(\w+\.\w+\)::)
        |&&\ st_\w+\(\w+\.
    ).*""",
    re.VERBOSE,
)
FOUND_SO: Final = {
    "keep_counts": "as keep_edit",
    "keep_edit": "two texts of different collations are compared: by the index of atom or hashed",
    "tell_late": "asked by the owner's role, which no policy binds",
}
# Asked of tables that are made beside them, or put together in Python of pieces; or the type of a
# value is known by the value alone.
UNPLANNED: Final = frozenset(
    {
        "areas_around_touched",
        "areas_astray",
        "areas_at",
        "base_of_scope",
        "board_chosen",
        "gather_unlocated",
        "insert_located",
        "insert_sent",
        "issues_in_conflict",
        "make_tasks",
        "move_untaken_tasks",
        "nearby_issues",
        "receive_issues",
        "refresh_paths",
        "shape_of_scope",
        "shapes_fresh",
        "waiting_tasks",
    }
)


def parts_of(name: str) -> Iterator[str]:
    """The statements of a question that have plans, without what is said about them."""
    told = QUESTIONS[name]
    before = QUESTIONS["board_chosen"] if name.startswith("board_") and " chosen" in told else ""
    whole = WITHIN.sub(lambda found: QUESTIONS.get(found[1], found[0]), before + told)
    parts = (part.strip(" ;\n") for part in ASIDE.sub("", whole).split(";\n"))
    return filter(PLANNABLE.match, parts)


def planned(cursor: psycopg.Cursor[Any], part: str) -> str:
    """How the database would answer a statement whose values it does not know."""
    asked = f"asked_{next(NUMBERS)}"
    names = list(dict.fromkeys(BOUND.findall(part)))
    numbered = BOUND.sub(lambda found: f"${names.index(found[1]) + 1}", part)
    kept = KEEPS.match(numbered)
    given = f"({', '.join(['null'] * len(names))})" if names else ""
    cursor.execute(f"prepare {asked} as {numbered[kept.end() :] if kept else numbered}".encode())
    answer = cursor.execute(f"explain execute {asked}{given}".encode())
    plan = "\n".join(line for (line,) in answer)
    if kept:  # for the statements after it
        made = f"create temporary table if not exists {kept[1]} as execute {asked}{given}"
        cursor.execute(made.encode())
    return plan


def plans_of(cursor: psycopg.Cursor[Any]) -> tuple[Mapping[str, list[str]], set[str]]:
    """The plans by question, and the questions that are not planned and not the owner's."""
    plans, left = defaultdict(list), set()
    cursor.execute("set local plan_cache_mode = force_generic_plan")
    for way in NO_OTHER_WAY:
        cursor.execute(f"set local enable_{way} = off".encode())
    for name in sorted(QUESTIONS, key=lambda name: (not KEEPS.search(QUESTIONS[name]), name)):
        for part in parts_of(name):
            cursor.execute("savepoint before")
            try:
                plans[name].append(planned(cursor, part))
            except psycopg.ProgrammingError as error:
                cursor.execute("rollback to before")
                if not isinstance(error, InsufficientPrivilege):
                    left.add(name)
    return plans, left


@pytest.fixture(scope="module")
def plans(store: Store) -> Mapping[str, list[str]]:
    with transaction(store.app, "clerk", commit=False) as conn:
        line = conn.connection.driver_connection
        assert isinstance(line, psycopg.Connection)
        with line.cursor() as cursor:
            made, left = plans_of(cursor)
    assert left == UNPLANNED
    return made


def test_no_column_is_held_against_what_is_reckoned_of_another_row(
    plans: Mapping[str, list[str]],
) -> None:
    found = {name: RECKONED.findall("\n".join(made)) for name, made in plans.items()}
    assert {name: lines for name, lines in found.items() if lines and name not in FOUND_SO} == {}
    assert {name for name, lines in found.items() if lines} == set(FOUND_SO)


def test_what_a_header_names_as_an_index_is_there(store: Store) -> None:
    with transaction(store.app, "clerk", commit=False) as conn:
        there = conn.execute(text("select relname from pg_class union select proname from pg_proc"))
        known = set(there.scalars())
    for name, told in QUESTIONS.items():
        header = HEADER.search(told)
        assert header, name
        assert {word for word in NAMED.findall(header[1]) if word not in known} <= {"pg_temp"}, name
