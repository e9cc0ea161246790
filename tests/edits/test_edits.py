"""Each edit of a draft: what it answers, what it offers, what it refuses."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo import errors as e
from geo.edits import (
    Draft,
    Edit,
    Lock,
    Merge,
    Move,
    Recount,
    Redo,
    Redraw,
    Split,
    Undo,
    Unlock,
    answer,
    begin,
    look,
)
from geo.redraw.inputs import Columns
from geo.rules import one_band
from tests.redraw.toy import town

HOME, OTHER = "370102001001", "370102001002"
A, B, C, D = (f"{HOME}{n:03d}" for n in (1, 2, 3, 4))
FAR = f"{OTHER}001"
RULES = one_band(100, 300)
NAMES = Columns("households", "within", "estate", "grid", "lock")

# Six columns of four atoms, in grids of two columns each; an estate and a special grid among them.
GROUND = """
......
.aa...
......
.....#
"""


def ground() -> gpd.GeoDataFrame:
    near, far = town(GROUND, 30), town("..", 30, OTHER)
    near["grid"] = [f"{HOME}{1 + int(x // 200):03d}" for x in near.geometry.centroid.x]
    near.loc[near["special"], "grid"] = f"{HOME}901"
    far["grid"], far["atom"] = FAR, ["far0", "far1"]
    far.geometry = far.geometry.translate(700, 0)
    atoms = pd.concat([near, far], ignore_index=True)
    return atoms.assign(lock=False)


def draft(**columns: object) -> Draft:
    return begin(ground().assign(**columns), NAMES, RULES)


def after(start: Draft, *edits: Edit) -> Draft:
    for edit in edits:
        start, _ = answer(start, edit)
    return start


def at(column: int, row: int) -> str:
    """Return the name of an atom of the ground, rows from the top."""
    atoms = ground()
    middle = atoms.geometry.centroid
    here = (middle.x // 100 == column) & (middle.y // 100 == 4 - row)
    return str(atoms.loc[here, "atom"].iloc[0])


def test_a_draft_begins_where_today_is_and_an_estate_in_one_grid() -> None:
    start = draft()
    today = ground().set_index("atom")["grid"]
    begun = start.assignment.set_axis(today.index)
    differ = begun.index[begun != today]
    assert set(differ) < {at(1, 1), at(2, 1)}
    assert begun[at(1, 1)] == begun[at(2, 1)]
    assert [grid.code for grid in look(start).grids] == [A, B, C, FAR]


def test_a_moved_atom_is_answered_with_the_two_grids_it_touches() -> None:
    start = draft()
    end, told = answer(start, Move((at(4, 0),), B))
    assert [grid.code for grid in told.grids] == [B, C]
    before = {grid.code: grid.households for grid in look(start).grids}
    assert told.grids[0].households == before[B] + 30
    assert told.atoms == (at(4, 0),)
    assert told.households == 30
    assert told.grids[1].broken == 0
    assert end.assignment.iloc[4] == B
    assert start.assignment.iloc[4] == C


def test_a_recount_tells_what_falls_out_of_band_and_is_taken_back_with_its_figures() -> None:
    start = after(draft(), Lock((C,)))
    before, heavy = look(start).grids, at(4, 0)
    end, told = answer(start, Recount({heavy: 300, at(5, 0): 30}))
    assert told.counts == ((heavy, 300.0),), "what has not changed is not told"
    assert ([grid.code for grid in told.grids], told.fallen) == ([C], (C,))
    assert told.grids[0].households == before[2].households + 270, "a lock is of atoms"
    assert (told.atoms, end.assignment.equals(start.assignment)) == ((), True)
    back, undone = answer(end, Undo())
    assert look(back).grids == before
    assert (undone.counts, undone.fallen) == (((heavy, 30.0),), ())
    assert look(answer(back, Redo())[0]).grids == look(end).grids
    same, nothing = answer(start, Recount({heavy: 30}))
    assert (same is start, nothing.grids) == (True, ())
    for odd, refused in (({"?": 1}, e.UnknownAtomError), ({heavy: -1}, e.BadWeightError)):
        with pytest.raises(refused):
            answer(start, Recount(odd))


def test_an_estate_moves_as_one() -> None:
    _, told = answer(draft(), Move((at(1, 1),), C))
    assert set(told.atoms) == {at(1, 1), at(2, 1)}


def test_a_move_to_no_grid_makes_one_with_a_code_of_its_own() -> None:
    end, told = answer(draft(), Move((at(5, 0), at(4, 0)), None))
    assert [grid.code for grid in told.grids] == [C, D]
    assert answer(end, Merge((C, D)))[1].gone == (D,)


def test_the_last_atoms_moved_out_of_a_grid_end_it() -> None:
    start = draft()
    atoms = tuple(ground()["atom"][start.assignment == C])
    end, told = answer(start, Move(atoms, B))
    assert told.gone == (C,)
    assert look(end).gone == ()
    with pytest.raises(e.UnknownGridError, match=C):
        answer(end, Lock((C,)))


def test_a_broken_piece_is_offered_to_the_neighbour_that_stays_in_band() -> None:
    start = draft()
    cut, told = answer(start, Move((at(4, 1), at(5, 1)), B))
    broken = next(grid for grid in told.grids if grid.code == C)
    assert broken.broken == 1
    assert [offer.code for offer in told.offers] == [C]
    mended, told = answer(cut, told.offers[0].edit)
    assert [grid.broken for grid in told.grids] == [0, 0]
    assert len(mended.past) == 2


def test_no_offer_gives_a_piece_to_a_locked_grid() -> None:
    locked = after(draft(), Move((at(4, 1), at(5, 1)), B), Lock((B,)))
    told = look(locked)
    assert {grid.code: grid.broken for grid in told.grids}[C] == 1
    assert told.offers == ()


def test_a_bent_line_parts_a_grid_and_the_larger_side_keeps_the_code() -> None:
    line = shapely.LineString([(390, 320), (510, 310), (490, 90)])
    end, told = answer(draft(), Split(C, line))
    assert [(grid.code, grid.atoms) for grid in told.grids] == [(C, 5), (D, 2)]
    assert (end.assignment == D).sum() == 2


def test_a_line_in_parts_or_over_a_corner_and_back_cuts_once_for_each_face() -> None:
    comb = shapely.LineString([(350, 300), (650, 300), (650, 400), (350, 400)])
    _, told = answer(draft(), Split(C, comb))
    assert [(grid.atoms, grid.broken) for grid in told.grids] == [(5, 1), (2, 0)]
    assert len(told.offers) == 1


@pytest.mark.parametrize(
    "line",
    [
        shapely.LineString([(0, 0), (1, 1)]),
        shapely.LineString([(380, 300), (450, 300)]),
        shapely.LineString([(395, 480), (450, 499)]),
        shapely.LineString([(400, 0), (400, 900)]),
        shapely.LineString([(401, 0), (401, 900)]),
    ],
)
def test_a_line_that_parts_no_atoms_is_refused(line: shapely.LineString) -> None:
    with pytest.raises(e.LineCutsNothingError, match=C):
        answer(draft(), Split(C, line))


@pytest.mark.parametrize(
    "line",
    [
        None,
        shapely.Point(1, 1),
        shapely.box(0, 0, 1, 1),
        shapely.LineString(),
        shapely.LineString([(0, 0), (0, 0)]),
        shapely.LineString([(0, 0), (1e300, 1)]),
        shapely.LineString([(0, 0), (1e-9, 0)]),
    ],
)
def test_what_is_no_line_is_refused(line: shapely.LineString) -> None:
    with pytest.raises(e.BadLineError):
        answer(draft(), Split(C, line))


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        (Move(("nobody",), A), e.UnknownAtomError),
        (Move((at(0, 0),), "no grid"), e.UnknownGridError),
        (Move((at(0, 0),), FAR), e.OtherCommunityError),
        (Move((at(0, 0), "far0"), None), e.OtherCommunityError),
        (Move((at(5, 3),), A), e.SpecialAtomError),
        (Move((at(0, 0),), f"{HOME}901"), e.UnknownGridError),
        (Merge((A, FAR)), e.OtherCommunityError),
        (Merge((A, A)), e.MergeNeedsTwoError),
        (Merge(()), e.MergeNeedsTwoError),
        (Merge((A, "")), e.UnknownGridError),
        (Split("", shapely.LineString([(0, 0), (1, 1)])), e.UnknownGridError),
        (Lock(("?",)), e.UnknownGridError),
        (Redraw("37010"), e.UnknownAreaError),
        (Redraw(HOME, seed=-1), e.BadOptionError),
        (Undo(), e.NothingToUndoError),
        (Redo(), e.NothingToRedoError),
    ],
)
def test_an_edit_of_what_is_not_there_is_refused(edit: Edit, error: type[e.JingweiError]) -> None:
    with pytest.raises(error) as refused:
        answer(draft(), edit)
    assert refused.value.sentence_zh


@pytest.mark.parametrize(
    "edit",
    [
        Move((at(4, 0),), B),
        Move((at(4, 0),), None),
        Move((at(3, 0),), C),
        Merge((B, C)),
        Merge((C, B)),
        Split(C, shapely.LineString([(300, 300), (700, 300)])),
    ],
)
def test_a_locked_grid_gains_and_loses_nothing(edit: Edit) -> None:
    locked = after(draft(), Lock((C,)))
    with pytest.raises(e.GridLockedError, match=C):
        answer(locked, edit)
    assert answer(after(locked, Unlock()), edit)[1].atoms


def test_undo_respects_a_lock_set_since() -> None:
    locked = after(draft(), Move((at(4, 0),), B), Lock())
    with pytest.raises(e.GridLockedError):
        answer(locked, Undo())
    undone = after(locked, Unlock((B, C)), Undo())
    pd.testing.assert_series_equal(undone.assignment, draft().assignment)
    assert undone.locked == {A, FAR}


def test_an_edit_after_undo_ends_what_could_be_redone() -> None:
    undone = after(draft(), Merge((B, C)), Undo(), Move((at(4, 0),), B))
    with pytest.raises(e.NothingToRedoError):
        answer(undone, Redo())


def test_an_edit_that_changes_nothing_is_no_step() -> None:
    start = draft()
    end, told = answer(start, Move((at(4, 0),), C))
    assert end is start
    assert [grid.code for grid in told.grids] == [C]
    assert told.atoms == ()
    assert answer(start, Move((), None))[0] is start


def test_an_atom_locked_in_the_input_stays_and_keeps_the_code_of_its_side() -> None:
    lock = [name == at(4, 0) for name in ground()["atom"]]
    start = draft(lock=lock)
    for edit in (Move((at(4, 0),), B), Merge((B, C))):
        with pytest.raises(e.AtomFixedError, match=C):
            answer(start, edit)
    line = shapely.LineString([(300, 400), (700, 400)])
    end, _ = answer(start, Split(C, line))
    assert (end.assignment == C).sum() == 2
    assert after(start, Merge((C, B))).assignment.iloc[4] == C
    drawn = after(start, Redraw(HOME))
    assert drawn.assignment.iloc[4] == C


def test_a_redraw_leaves_locked_grids_alone_and_crosses_none() -> None:
    start = after(draft(), Merge((A, C)), Lock((B,)))
    end, told = answer(start, Redraw("370102001"))
    kept = start.assignment == B
    pd.testing.assert_series_equal(end.assignment[kept], start.assignment[kept])
    assert not (end.assignment[~kept] == B).any()
    assert all(grid.broken == 0 for grid in look(end).grids)
    assert B not in {grid.code for grid in told.grids}
    again = answer(start, Redraw("370102001"))[0]
    pd.testing.assert_series_equal(again.assignment, end.assignment)


def test_a_redraw_starts_from_todays_grids_whatever_was_done_before() -> None:
    start = draft()
    drawn = [answer(after(start, *edits), Redraw(HOME))[0] for edits in ([], [Merge((A, C))])]
    groups = [each.assignment.groupby(each.assignment).groups.values() for each in drawn]
    assert {frozenset(rows) for rows in groups[0]} == {frozenset(rows) for rows in groups[1]}


def test_a_redraw_parts_along_a_road() -> None:
    atoms = town("........\n" * 6).assign(within=HOME)
    road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 305), (900, 305)])], crs=atoms.crs)
    columns, rules = Columns("households", "within"), one_band(300, 500)
    parted = []
    for lines in (road, None):
        start = begin(atoms, columns, rules, barriers=lines)
        plans = [after(start, Redraw(HOME, seed=seed)).assignment for seed in range(1, 9)]
        parted.append(sum(not set(codes.iloc[:32]) & set(codes.iloc[32:]) for codes in plans))
    assert parted[0] >= 4
    assert parted[1] == 0


def test_a_redraw_gives_a_grid_to_atoms_that_have_none() -> None:
    atoms = ground()
    atoms.loc[atoms["within"] == HOME, "grid"] = None
    start = begin(atoms, NAMES, RULES)
    assert [grid.code for grid in look(start).grids] == [FAR]
    end = after(start, Redraw(HOME))
    assert end.assignment[~atoms["special"]].notna().all()
    assert all(grid.in_band for grid in look(end).grids if grid.within == HOME)
    undone = after(end, Undo())
    assert undone.assignment[atoms["within"] == HOME].isna().all()


def test_households_moved_are_those_not_in_todays_grid() -> None:
    start = begin(ground(), NAMES, RULES, plan=draft().assignment)
    base = look(start).moved_households
    end, told = answer(start, Move((at(4, 0), at(4, 1)), B))
    assert told.moved_households == 60
    assert look(end).moved_households == base + 60


def test_a_code_of_two_communities_stays_with_the_one_that_has_most() -> None:
    atoms = ground().assign(grid="G")
    grids = {grid.within: grid.code for grid in look(begin(atoms, NAMES, RULES)).grids}
    assert grids == {HOME: "G", OTHER: FAR}


def test_names_that_repeat_and_a_plan_of_other_rows_are_refused() -> None:
    with pytest.raises(e.RepeatedAtomError, match="twice"):
        begin(ground().assign(atom="twice"), NAMES, RULES)
    with pytest.raises(e.BadFrameError, match="plan"):
        begin(ground(), NAMES, RULES, plan=draft().assignment.iloc[1:])


def test_a_line_in_degrees_cuts_atoms_in_degrees() -> None:
    atoms = ground()
    west, south = 117.0, 36.6
    degrees = [
        shapely.transform(each, lambda xy: np.asarray([west, south]) + xy / 100_000)
        for each in atoms.geometry
    ]
    frame = atoms.set_geometry(gpd.GeoSeries(degrees, crs=4326))
    line = shapely.LineString([(west + 0.003999, south + 0.003), (west + 0.006, south + 0.003)])
    _, told = answer(begin(frame, NAMES, RULES), Split(C, line))
    assert sorted(grid.atoms for grid in told.grids) == [3, 4]
