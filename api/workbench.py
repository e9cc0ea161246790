"""Drafts being edited, in memory: a cache of what the database holds, and the answer to an edit.

An edit is made in the transaction that asks for it, on the plan's locked row: whoever comes second
is answered from the state the first has left, or told that it is another than was seen.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock as Mutex
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from api.households import households_on
from geo.edits import (
    Answer,
    Draft,
    Edit,
    GridFigures,
    Lock,
    Recount,
    Redo,
    Special,
    Undo,
    Unlock,
    answer,
    begin,
    kept,
    look,
    restored,
)
from geo.edits.draft import Count, Step
from geo.errors import BadDraftError
from geo.plan import grid_name
from geo.redraw.inputs import Columns
from geo.rules import load_rules
from geo.store.database import Connection
from geo.store.net.areas import read_areas
from geo.store.net.ground import barriers_of
from geo.store.net.places import read_loads
from geo.store.planning import editing
from geo.store.planning.drafts import SPECIAL_RULE
from geo.store.planning.editing import Drawn
from geo.store.planning.plans import read_atoms
from geo.versions import Seen

_COLUMNS: Final = Columns("households", "within", "estate", "previous")
# Drafts kept in memory, and atoms of them together: 5,000 take about 20 MB.
_MOST: Final = 8
_MOST_ATOMS: Final = 40_000
_NAMES: Final = {Undo: "undo", Redo: "redo", Lock: "lock", Unlock: "unlock"}


class Once:
    """Bytes that whoever asks first makes, for all who ask."""

    def __init__(self) -> None:
        self._mutex, self._made = Mutex(), b""

    def get(self, make: Callable[[], bytes]) -> bytes:
        """Return them; those who ask while they are being made wait for it."""
        with self._mutex:
            self._made = self._made or make()
            return self._made


@dataclass(frozen=True, eq=False)
class Bench:
    """A draft as the database has it.

    Parameters
    ----------
    stored
        Code of each atom's grid in the database, None where it has none: the draft's own, but for
        estates that lie in several grids until an edit writes them down.
    households, shapes
        Of each atom.
    communities
        Name and rule by code.
    state
        Version of the plan and number of its newest event: what the database must still say.
    ground_packed
        What is told of its ground: the same in every state, for no edit but a recount changes it.
    """

    draft: Draft
    stored: NDArray[np.object_]
    households: NDArray[np.int64]
    shapes: NDArray[np.object_]
    communities: Mapping[str, tuple[str, str | None]]
    state: tuple[int, int]
    ground_packed: Once = field(default_factory=Once)


class Done(NamedTuple):
    """What an edit did or a look shows: what is told of the draft, and the draft itself."""

    version: int
    answer: Answer
    bench: Bench

    def placed(self) -> list[str | None]:
        """Return the code of the grid of each atom that changed grid, None: in none now."""
        rows = [self.bench.draft.ground.row[name] for name in self.answer.atoms]
        grids: list[str | None] = self.bench.draft.assignment.to_numpy(object)[rows].tolist()
        return grids

    def name_of(self, grid: GridFigures) -> str:
        """Return the name a grid of the draft bears."""
        name, _ = self.bench.communities.get(grid.within, ("", None))
        return self.bench.draft.special.get(grid.code) or grid_name(name, grid.code)


@dataclass(frozen=True, eq=False)
class Workbench:
    """The drafts lately edited or looked at: at most so many, of at most so many atoms."""

    most: int = _MOST
    most_atoms: int = _MOST_ATOMS
    kept: OrderedDict[int, Bench] = field(default_factory=OrderedDict)
    mutex: Mutex = field(default_factory=Mutex)
    reading: dict[int, Mutex] = field(default_factory=dict)

    def edit(self, conn: Connection, plan: int, edit: Edit, *, version: Seen) -> Done:
        """Return what an edit of a draft did; it is kept in this transaction.

        Parameters
        ----------
        version
            The version of the plan the editor has seen; None: whatever it is.

        Raises
        ------
        MissingError, NotAllowedError, PlanStepError, PlanChangedError
            When the draft is not to be edited by the acting person, or not as it was seen.
        BadDraftError
            When nothing has been drawn in it.
        JingweiError
            Whatever `geo.edits.answer` refuses.
        """
        row = editing.locked_draft(conn, plan, version)
        return self._made(conn, row, self._bench(conn, row), edit)

    def recount(self, conn: Connection, plan: int, *, version: Seen) -> Done:
        """Return what it did to give a draft's atoms the households its buildings have now.

        A step like any other: it can be taken back. Where nothing differs there is none.

        Raises
        ------
        MissingError, NotAllowedError, PlanStepError, PlanChangedError, BadDraftError
            As for an edit.
        """
        row = editing.locked_draft(conn, plan, version)
        bench = self._bench(conn, row)
        now = households_on(bench.shapes, read_loads(conn, kind="building", scope=row["scope"]))
        names = bench.draft.ground.atoms.names.tolist()
        edit = Recount(dict(zip(names, now.tolist(), strict=True)))
        return self._made(conn, row, bench, edit)

    def _made(self, conn: Connection, row: Mapping[str, Any], bench: Bench, edit: Edit) -> Done:
        """Return what an edit of a locked draft did, kept in the database and here."""
        after, told = answer(bench.draft, edit)
        if _changed(bench.draft, after):
            bench = _kept(conn, row, bench, after, edit)
            self._keep(row["id"], bench)
        return _done(bench, told)

    def look(self, conn: Connection, plan: int) -> Done:
        """Return the figures of all grids of a plan the acting person may see.

        Raises
        ------
        MissingError, BadDraftError
            When there is no such plan, or nothing has been drawn in it.
        """
        bench = self.read(conn, plan)
        return _done(bench, look(bench.draft))

    def read(self, conn: Connection, plan: int) -> Bench:
        """Return a plan the acting person may see as it is kept in memory.

        Raises
        ------
        MissingError, BadDraftError
            When there is no such plan, or nothing has been drawn in it.
        """
        return self._bench(conn, editing.seen_plan(conn, plan))

    def _bench(self, conn: Connection, row: Mapping[str, Any]) -> Bench:
        state = row["version"], editing.newest_event(conn, row["id"])
        known = self._known(row["id"], state)
        if known is None:
            # A page asks for a draft's ground and figures at once: it is read for one of them.
            with self._reading(row["id"]):
                known = self._known(row["id"], state) or _read(conn, row, state)
                self._keep(row["id"], known)
            with self.mutex:
                self.reading.pop(row["id"], None)
        return known

    def _known(self, plan: int, state: tuple[int, int]) -> Bench | None:
        with self.mutex:
            known = self.kept.get(plan)
            if known is None or known.state != state:
                return None
            self.kept.move_to_end(plan)
            return known

    def _reading(self, plan: int) -> Mutex:
        with self.mutex:
            return self.reading.setdefault(plan, Mutex())

    def _keep(self, plan: int, bench: Bench) -> None:
        # What an edit left that is undone with its transaction is of a state no plan is ever in.
        with self.mutex:
            self.kept[plan] = bench
            self.kept.move_to_end(plan)
            while len(self.kept) > 1 and self._is_full():
                self.kept.popitem(last=False)

    def _is_full(self) -> bool:
        atoms = sum(len(bench.shapes) for bench in self.kept.values())
        return len(self.kept) > self.most or atoms > self.most_atoms


def _read(conn: Connection, row: Mapping[str, Any], state: tuple[int, int]) -> Bench:
    """Return a draft made anew from the database."""
    atoms = read_atoms(conn, row["id"])
    if atoms.empty:
        raise BadDraftError(
            reason="nothing is drawn in it", reason_zh="方案里还没有地块", codes=row["id"]
        )
    areas = read_areas(conn, net="admin", kind="community", scope=row["scope"])
    rules = areas["rule"].astype("object").where(areas["rule"].notna(), None)
    communities = dict(zip(areas["code"], zip(areas["name"], rules, strict=True), strict=True))
    frame = atoms.rename(columns={"code": "atom"})
    frame["rule"] = frame["within"].map(areas.set_index("code")["rule"])
    ever = editing.codes_ever(conn, row)
    lines = barriers_of(conn, row["scope"])
    begun = begin(frame, _COLUMNS, load_rules(), plan=frame["grid"], taken=ever, barriers=lines)
    steps = editing.read_steps(conn, row["id"])
    draft = restored(begun, steps.past, steps.future, steps.locked, steps.special)
    stored = frame["grid"].astype("object").where(frame["grid"].notna(), None).to_numpy(object)
    households = frame["households"].to_numpy(np.int64)
    return Bench(draft, stored, households, frame.geometry.to_numpy(), communities, state)


def _kept(
    conn: Connection, row: Mapping[str, Any], bench: Bench, after: Draft, edit: Edit
) -> Bench:
    """Return a draft after an edit that the database now holds as well."""
    now = after.assignment.to_numpy(object)
    rows = np.flatnonzero(now != bench.stored)
    if len(rows):
        touched = {code for code in (*now[rows], *bench.stored[rows]) if code is not None}
        names = after.ground.atoms.names[rows].tolist()
        given = dict(zip(names, now[rows].tolist(), strict=True))
        editing.keep_grids(conn, row["id"], given, _areas(bench, after, touched), touched)
    if after.ground is not bench.draft.ground:
        bench = _counted(conn, row["id"], bench, after)
    name = _NAMES.get(type(edit), "edit")
    state = editing.keep_edit(conn, row, name, _detail(bench, after, edit))
    return replace(bench, draft=after, stored=now, state=state)


def _counted(conn: Connection, plan: int, bench: Bench, after: Draft) -> Bench:
    """Return a draft with other households that the database now holds as well."""
    households = after.ground.atoms.weight.astype(np.int64)
    rows = np.flatnonzero(households != bench.households)
    names = after.ground.atoms.names[rows].tolist()
    given = dict(zip(names, households[rows].tolist(), strict=True))
    touched = set(after.assignment.to_numpy(object)[rows]) - {None}
    editing.keep_counts(conn, plan, given, touched)
    return replace(bench, households=households, ground_packed=Once())


def _changed(before: Draft, after: Draft) -> bool:
    moved = after.labels is not before.labels or after.ground is not before.ground
    return moved or after.locked != before.locked


def _detail(bench: Bench, after: Draft, edit: Edit) -> dict[str, Any]:
    """Return what an event tells of an edit: all that making it again would need."""
    if isinstance(edit, Lock | Unlock):
        return {"grids": sorted(bench.draft.locked ^ after.locked)}
    step = bench.draft.past[-1] if isinstance(edit, Undo) else after.past[-1]
    names = kept(after if not isinstance(edit, Undo) else bench.draft, step)
    homes = np.unique(after.ground.home[_nodes(after, step)]).tolist()
    told = {"communities": [after.ground.community(home).name for home in homes]}
    if isinstance(edit, Undo | Redo):
        return told
    called = {"name": edit.name} if isinstance(edit, Special) else {}
    return {**told, "kind": type(edit).__name__.lower(), **called, **names._asdict()}


def _nodes(draft: Draft, step: Step | Count) -> NDArray[np.int64]:
    """Return the nodes a step is of."""
    if isinstance(step, Count):
        found = draft.ground.problems.node[step.rows]
        return found[found >= 0]
    return step.nodes


def _areas(bench: Bench, after: Draft, touched: set[str]) -> list[Drawn]:
    """Return the areas of those of some grids of a draft that hold an atom."""
    known = [after.grids.number[code] for code in sorted(touched) if code in after.grids.number]
    numbers = [number for number in known if (after.labels == number).any()]
    return [_area(bench, after, number) for number in numbers]


def _area(bench: Bench, after: Draft, number: int) -> Drawn:
    """Return the area of a grid, dissolved from its atoms."""
    rows = after.ground.rows(np.flatnonzero(after.labels == number))
    code = after.grids.codes[number]
    parent = after.ground.community(after.grids.homes[number]).name
    name, rule = bench.communities[parent]
    own = after.special.get(code)
    households = int(bench.households[rows].sum())
    shape: bytes = shapely.to_wkb(_union(bench.shapes[rows]))
    if own is not None:
        return Drawn(
            code, own, parent, SPECIAL_RULE, special=True, households=households, shape=shape
        )
    called = grid_name(name, code)
    return Drawn(code, called, parent, rule, special=False, households=households, shape=shape)


def _union(shapes: NDArray[np.object_]) -> shapely.Geometry:
    # As a draft saved whole is dissolved: a coverage's union is exact.
    if shapely.coverage_is_valid(shapes):
        return shapely.coverage_union_all(shapes)
    return shapely.union_all(shapes)


def _done(bench: Bench, told: Answer) -> Done:
    return Done(bench.state[0], told, bench)
