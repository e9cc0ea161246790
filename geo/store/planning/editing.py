"""Edits of a draft kept one by one: what moved, the areas it touched, the steps to take back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from sqlalchemy import Connection, RowMapping, select, text

from geo.errors import MissingError, PlanChangedError
from geo.plan import no_step
from geo.store.answers import question, rows_of, run_parts
from geo.store.events import record
from geo.store.planning.drafts import special_grids
from geo.store.planning.standing import locked_plan, touch
from geo.store.schema.tables import AREA, PLAN
from geo.store.working.tasks import demand_duty
from geo.versions import Seen, is_seen, seen_in_words

if TYPE_CHECKING:
    from geo.edits import AnyKept

# After these an atom's grid may be called otherwise: nothing before them is taken back.
_ANEW: Final = ["create", "save", "submit", "rebase"]
_LOCKS: Final = ("lock", "unlock")
_EDITS: Final = ("edit", "undo", "redo", *_LOCKS)


Row: TypeAlias = Mapping[str, Any]


class Drawn(NamedTuple):
    """The area of a grid of a draft; `shape` as well-known bytes, EPSG:4326."""

    code: str
    name: str
    parent: str
    rule: str | None
    special: bool
    households: int
    shape: bytes


class Steps(NamedTuple):
    """What has been done to a draft since it was last saved as a whole.

    Parameters
    ----------
    past, future
        Steps that can be taken back and made again, the next one last.
    locked
        Codes of grids that are locked.
    special
        Name of each special grid cut out, by code; those whose cut was taken back, too.
    last
        Number of the newest event of the plan: with its version it names one state of the draft,
        since numbers of events that were undone with their transaction are not given again.
    """

    past: tuple[AnyKept, ...]
    future: tuple[AnyKept, ...]
    locked: frozenset[str]
    special: Mapping[str, str]
    last: int


def locked_draft(conn: Connection, plan: int, version: Seen) -> Row:
    """Return the row of a draft to be edited, which nobody else edits until the transaction ends.

    Parameters
    ----------
    version
        The version that the editor has seen; None: whatever it is.

    Raises
    ------
    MissingError, NotAllowedError, PlanStepError
        When the plan is not to be seen, the acting person plans elsewhere, or it is no draft.
    PlanChangedError
        When it is of another version by now.
    """
    row = locked_plan(conn, plan)
    demand_duty(conn, ["planner"], row["path"])
    if row["state"] != "draft":
        raise no_step(row["state"], "edit")
    _demand(row, version)
    return _named(row)


def demand_version(conn: Connection, plan: int, version: Seen) -> None:
    """Refuse unless a plan, from now on locked, is of the version that was seen; None: any.

    Raises
    ------
    MissingError
        When there is no such plan that the acting person may see.
    PlanChangedError
        When it is of another version by now.
    """
    _demand(locked_plan(conn, plan), version)


def _demand(row: RowMapping, version: Seen) -> None:
    if not is_seen(row["version"], version):
        raise PlanChangedError(plan=row["id"], version=row["version"], seen=seen_in_words(version))


def seen_plan(conn: Connection, plan: int) -> Row:
    """Return the row of a plan in whatever state.

    Raises
    ------
    MissingError
        When there is none that the acting person may see.
    """
    found = conn.execute(select(PLAN).where(PLAN.c.id == plan)).mappings().one_or_none()
    if found is None:
        raise MissingError(noun="plan", noun_zh="方案", key=plan)
    return _named(found)


def is_edited(conn: Connection, plan: int) -> bool:
    """Tell whether a draft has been edited since it was last saved as a whole."""
    edits = rows_of(conn, question("edits_of_plan"), subject=str(plan), anew=_ANEW)
    return len(edits) > 0


def newest_event(conn: Connection, plan: int) -> int:
    """Return the number of the newest event of a plan."""
    asked = text("select max(id) from event where noun = 'plan' and subject = :subject")
    return int(conn.execute(asked, {"subject": str(plan)}).scalar() or 0)


def read_steps(conn: Connection, plan: int) -> Steps:
    """Return the steps of a draft since it was last saved as a whole."""
    found = rows_of(conn, question("edits_of_plan"), subject=str(plan), anew=_ANEW)
    past: list[AnyKept] = []
    future: list[AnyKept] = []
    locked: frozenset[str] = frozenset()
    special = special_grids(conn, plan)
    for name, detail in zip(found["name"], found["detail"], strict=True):
        match name:
            case "edit":
                past, future = [*past, _kept(detail)], []
                special |= _cut_out(detail)
            case "undo":
                past, future = past[:-1], [*future, past[-1]]
            case "redo":
                past, future = [*past, future[-1]], future[:-1]
            case _:
                locked = _locked(locked, name, detail)
    return Steps(tuple(past), tuple(future), locked, special, newest_event(conn, plan))


def locks_of(conn: Connection, plan: int) -> frozenset[str]:
    """Return the codes of the grids of a draft that are locked."""
    locked: frozenset[str] = frozenset()
    found = rows_of(conn, question("edits_of_plan"), subject=str(plan), anew=_ANEW)
    for name, detail in zip(found["name"], found["detail"], strict=True):
        if name in _LOCKS:
            locked = _locked(locked, name, detail)
    return locked


def _locked(locked: frozenset[str], name: str, detail: Mapping[str, Any]) -> frozenset[str]:
    codes = frozenset(detail["grids"])
    return locked | codes if name == "lock" else locked - codes


def codes_ever(conn: Connection, plan: Row) -> set[str]:
    """Return every code a grid of the plan's ground has borne: none of them is given again."""
    ever = select(AREA.c.code).where(
        AREA.c.net == plan["net"], AREA.c.path.contains([plan["scope"]])
    )
    return set(conn.execute(ever.distinct()).scalars())


def keep_edit(conn: Connection, plan: Row, name: str, detail: Mapping[str, Any]) -> tuple[int, int]:
    """Return the version of a locked draft after an edit, and the number of the event of it.

    Parameters
    ----------
    name
        One of edit, undo, redo, lock and unlock.
    detail
        What was done: of an edit `atoms`, `before` and `after` (`Kept`), of locks `grids`.
    """
    if name not in _EDITS:
        raise no_step(plan["state"], name)
    touch(conn, plan["id"])
    record(conn, "plan", plan["id"], name, detail, path=plan["path"])
    return plan["version"] + 1, newest_event(conn, plan["id"])


def keep_grids(
    conn: Connection,
    plan: int,
    given: Mapping[str, str | None],
    areas: Sequence[Drawn],
    touched: Collection[str],
) -> None:
    """Give atoms of a draft other grids, and put the areas of the touched grids in place of theirs.

    Parameters
    ----------
    given
        Code of the grid (None: none) by code of the atom.
    areas
        Those of the touched grids that remain.
    """
    columns = zip(*areas, strict=True) if areas else [()] * len(Drawn._fields)
    run_parts(
        conn,
        "keep_edit",
        plan=plan,
        atoms=list(given),
        grids=list(given.values()),
        touched=sorted(touched),
        **{
            f"area_{name}": list(column)
            for name, column in zip(Drawn._fields, columns, strict=True)
        },
    )


def keep_counts(
    conn: Connection, plan: int, given: Mapping[str, int], touched: Collection[str]
) -> None:
    """Give atoms of a draft, by code, other households, and the areas of their grids theirs.

    Parameters
    ----------
    touched
        Codes of the grids that these atoms are in.
    """
    run_parts(
        conn,
        "keep_counts",
        plan=plan,
        atoms=list(given),
        households=list(given.values()),
        touched=sorted(touched),
    )


def _named(row: RowMapping) -> Row:
    return {str(name): value for name, value in row.items()}


def _cut_out(detail: Mapping[str, Any]) -> dict[str, str]:
    """Return the special grid that an edit cut out, name by code; of other edits nothing."""
    return {detail["after"][0]: detail["name"]} if detail["kind"] == "special" else {}


def _kept(detail: Mapping[str, Any]) -> AnyKept:
    from geo.edits import Kept, KeptCount  # noqa: PLC0415 with it come the compiler and its kernels

    kind = KeptCount if detail["kind"] == "recount" else Kept
    return kind(*(tuple(detail[name]) for name in kind._fields))
