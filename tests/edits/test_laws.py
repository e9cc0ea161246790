"""Laws of every sequence of edits, over random little cities."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.atoms import adjacency
from geo.edits import (
    Answer,
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
    kept,
    look,
    restored,
)
from geo.errors import JingweiError
from geo.redraw.inputs import Columns
from geo.rules import one_band
from tests.deep import cases
from tests.edits.test_edits import NAMES
from tests.redraw.toy import town

RULES = one_band(60, 100)
ROOMY = one_band(100, 400)
WIDTH, HEIGHT = 7, 5


class City(NamedTuple):
    """A random city and a draft of it."""

    atoms: gpd.GeoDataFrame
    draft: Draft


@st.composite
def cities(draw: st.DrawFn) -> City:
    signs = st.sampled_from([".", ".", ".", ".", "a", "b", "#", " "])
    rows = [
        "".join(draw(st.lists(signs, min_size=WIDTH, max_size=WIDTH))) for _ in range(HEIGHT - 1)
    ]
    atoms = town("\n".join([*rows, "." * WIDTH]))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    atoms["households"] = rng.integers(0, draw(st.sampled_from([1, 40, 150])), len(atoms))
    atoms["within"] = [f"37010200100{1 + (x > 450)}" for x in atoms.geometry.centroid.x]
    atoms["grid"] = rng.choice(["A", "B", "C", "D", ""], len(atoms))
    atoms["grid"] = atoms["grid"].where(atoms["grid"] != "").mask(atoms["special"], "S")
    atoms["lock"] = rng.random(len(atoms)) < draw(st.sampled_from([0, 0, 0.1]))
    atoms["lock"] &= atoms["estate"].isna() & atoms["grid"].notna()
    return City(atoms, begin(atoms, NAMES, RULES))


def lines(draw: st.DrawFn) -> shapely.LineString:
    places = st.tuples(st.integers(-50, 750), st.integers(0, 650))
    return shapely.LineString(draw(st.lists(places, min_size=2, max_size=4)))


def edit_of(draw: st.DrawFn, city: City, draft: Draft) -> Edit:
    """Return an edit, most often one that can be made."""
    codes = [draft.grids.codes[number] for number in draft.present()] or ["?"]
    names = city.atoms["atom"].tolist()
    code, name = st.sampled_from(codes), st.sampled_from(names)
    some = tuple(draw(st.lists(code, min_size=2, max_size=3)))
    atoms = tuple(draw(st.lists(name, max_size=4)))
    kinds: list[Edit] = [
        Move(atoms[:1], some[0]),
        Move(atoms, some[0]),
        Move(atoms, None),
        Split(some[0], lines(draw)),
        Merge(some),
        Lock(some[:1]),
        Unlock(),
        Undo(),
        Redo(),
        Redraw("370102001001"),
        Recount(dict.fromkeys(atoms, draw(st.integers(0, 150)))),
    ]
    return draw(st.sampled_from(kinds))


def made(draft: Draft, edit: Edit) -> tuple[Draft, Answer | None]:
    """Return the draft after an edit, or as it was where the edit is refused."""
    try:
        return answer(draft, edit)
    except JingweiError:
        return draft, None


def counted(city: City, draft: Draft, code: str) -> tuple[float, int, float, int]:
    """Return households, atoms, compactness and broken pieces of a grid, from the polygons."""
    ground, atoms = draft.ground, city.atoms
    links = ground.problems.links
    mine = (draft.assignment == code).to_numpy() & ~atoms["special"].to_numpy()
    rows = np.flatnonzero(mine)
    shape = shapely.union_all(atoms.geometry.to_numpy()[rows])
    touching = adjacency(atoms.geometry.to_numpy())
    left, right = np.r_[touching.left, links.left], np.r_[touching.right, links.right]
    whole = touching._replace(left=left, right=right, metres=np.zeros(len(left)))
    piece = whole.where(mine[left] & mine[right]).components(len(atoms))[rows]
    form = 4 * np.pi * shape.area / shape.length**2
    return float(ground.atoms.weight[rows].sum()), len(rows), form, len(np.unique(piece)) - 1


@settings(max_examples=cases(10), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), cities())
def test_touched_grids_are_as_counted_anew_and_nothing_is_lost(
    data: st.DataObject, city: City
) -> None:
    draft = city.draft
    for _ in range(data.draw(st.integers(1, 6))):
        before = draft
        edit = data.draw(st.composite(edit_of)(city, draft))
        draft, told = made(draft, edit)
        if told is None:
            continue
        for grid in told.grids:
            load, count, form, broken = counted(city, draft, grid.code)
            assert (grid.households, grid.atoms, grid.broken) == (load, count, broken)
            assert np.isclose(grid.compactness, form)
        _check_untouched(city, (before, draft), told, edit)
    assert (city.draft.labels == begin_again(city).labels).all()


def begin_again(city: City, plan: pd.Series | None = None) -> Draft:
    return begin(city.atoms, NAMES, RULES, plan=plan)


def _check_untouched(city: City, drafts: tuple[Draft, Draft], told: Answer, edit: Edit) -> None:
    """Check what holds after every edit: codes, communities, estates, locks."""
    was, now = (draft.assignment for draft in drafts)
    differ = (was != now) & ~(was.isna() & now.isna())
    assert set(city.atoms["atom"][differ]) <= set(told.atoms)
    touched = {grid.code for grid in told.grids} | set(told.gone)
    assert set(was[differ].dropna()) | set(now[differ].dropna()) <= touched
    assert not set(told.gone) & set(now.dropna())
    assert not touched & drafts[0].locked or isinstance(edit, Lock | Unlock) or told.counts
    assert not (told.counts and differ.any())
    assert not (differ & city.atoms["lock"]).any()
    assert not (differ & city.atoms["special"]).any()
    if not isinstance(edit, Undo):
        assert not (was.notna() & now.isna()).any()
    ordinary = city.atoms[~city.atoms["special"]].assign(now=now)
    assert ordinary[["now", "within"]].dropna().drop_duplicates()["now"].is_unique
    estates = ordinary.dropna(subset="estate")[["within", "estate", "now"]].drop_duplicates()
    assert not estates.duplicated(["within", "estate"]).any()


@settings(max_examples=cases(8), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), cities())
def test_undone_and_redone_to_the_end_gives_every_draft_again_even_from_what_was_kept(
    data: st.DataObject, city: City
) -> None:
    drafts = [city.draft]
    for _ in range(data.draw(st.integers(1, 8))):
        edit = data.draw(st.composite(edit_of)(city, drafts[-1]))
        if isinstance(edit, Lock | Undo | Redo):
            continue
        after, told = made(drafts[-1], edit)
        drafts += [after] if told is not None and len(after.past) > len(drafts[-1].past) else []
    for started in (drafts[-1], begun_from_what_was_kept(city, drafts[-1])):
        draft = started
        for wanted in drafts[-2::-1]:
            draft, _ = answer(draft, Undo())
            pd.testing.assert_series_equal(draft.assignment, wanted.assignment)
        draft = begun_from_what_was_kept(city, draft)
        for wanted in drafts[1:]:
            draft, _ = answer(draft, Redo())
            pd.testing.assert_series_equal(draft.assignment, wanted.assignment)
            # Offers rank equals by the numbers of grids, which those begun anew may not share.
            told, as_before = look(draft), look(wanted)
            assert told.grids == as_before.grids
            assert told.moved_households == as_before.moved_households


def begun_from_what_was_kept(city: City, draft: Draft) -> Draft:
    counted_now = city.atoms.assign(households=draft.ground.atoms.weight)
    begun = begin(counted_now, NAMES, RULES, plan=draft.assignment)
    past, future = ([kept(draft, step) for step in steps] for steps in (draft.past, draft.future))
    return restored(begun, past, future, draft.locked)


@settings(max_examples=cases(8), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cities())
def test_offers_taken_in_order_leave_fewer_pieces(city: City) -> None:
    draft = city.draft
    told = look(draft)
    broken = sum(grid.broken for grid in told.grids)
    for offer in told.offers:
        draft, step = answer(draft, offer.edit)
        assert step.households == offer.households
    left = sum(grid.broken for grid in look(draft).grids)
    assert left <= broken - len(told.offers)
    assert len(draft.past) == len(told.offers)


@settings(max_examples=cases(10), deadline=None)
@given(st.integers(0, 500), st.integers(1, 6))
def test_merged_and_split_by_the_old_border_gives_the_old_grids(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    points = shapely.multipoints(rng.uniform(0, 1000, (60, 2)))
    square = shapely.box(0, 0, 1000, 1000)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=square))
    atoms = gpd.GeoDataFrame({"households": rng.integers(1, 60, len(cells))}, geometry=cells)
    start, _ = answer(begin(atoms, Columns("households"), ROOMY), Redraw("", seed=seed))
    shapes = atoms.dissolve(start.assignment.to_numpy()).geometry
    pairs = adjacency(shapes.to_numpy())
    for one, other in list(zip(pairs.left, pairs.right, strict=True))[:count]:
        a, b = shapes.index[one], shapes.index[other]
        border = shapely.line_merge(shapely.intersection(*(shapes[c].boundary for c in (a, b))))
        lines = [g for g in shapely.get_parts(border) if g.geom_type == "LineString"]
        split, _ = answer(answer(start, Merge((a, b)))[0], Split(a, shapely.MultiLineString(lines)))
        old = start.assignment.groupby(start.assignment).groups
        new = split.assignment.groupby(split.assignment).groups
        assert {frozenset(rows) for rows in old.values()} == {frozenset(r) for r in new.values()}
