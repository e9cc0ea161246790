"""How long an edit of a draft takes to be answered, in a subdistrict of about 5,000 atoms.

    python -m benchmarks.edits [--atoms 5000] [--communities 36 1] [--times 300]

Medians and the slowest in a hundred, in milliseconds. Kernels are loaded first. Trust ratios, not
absolutes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np
import shapely

from benchmarks.redraw_city import city
from geo.edits import Draft, Edit, Merge, Move, Redraw, Split, Undo, answer, begin, look
from geo.redraw import warm
from geo.redraw.inputs import Columns
from geo.rules import one_band

ATOMS_A_GRID = 15
COLUMNS = Columns("households", within="within")


def drawn(atoms: int, communities: int) -> tuple[Draft, float]:
    """Return a draft with grids drawn in every community, and the seconds it took to begin it."""
    frame = city(round(atoms / ATOMS_A_GRID), communities, ATOMS_A_GRID, 1)
    frame["within"] = "370102001" + frame["within"].str[-3:]
    began = perf_counter()
    draft = begin(frame, COLUMNS, one_band(300, 500))
    seconds = perf_counter() - began
    return answer(draft, Redraw("370102001"))[0], seconds


def rim_moves(draft: Draft, rng: np.random.Generator) -> Iterator[Edit]:
    """Return moves of one atom at a border to the grid next to it."""
    ground, assignment = draft.ground, draft.assignment.to_numpy()
    left, right, _ = ground.problems.borders
    rim = np.flatnonzero(assignment[left] != assignment[right])
    for pair in rng.permutation(rim):
        yield Move((ground.atoms.names[left[pair]],), assignment[right[pair]])


def merges(draft: Draft, rng: np.random.Generator) -> Iterator[Edit]:
    """Return merges of two neighbours."""
    for move in rim_moves(draft, rng):
        assert isinstance(move, Move)
        row = draft.ground.row[move.atoms[0]]
        yield Merge((str(move.grid), draft.assignment.iloc[row]))


def splits(draft: Draft, rng: np.random.Generator) -> Iterator[Edit]:
    """Return splits of grids by a bent line through the middle."""
    grids = draft.assignment.to_numpy()
    for code in rng.permutation(np.unique(grids.astype(str))):
        rows = np.flatnonzero(grids == code)
        x, y = draft.ground.atoms.forms.x[rows].mean(), draft.ground.atoms.forms.y[rows].mean()
        bent = [(x - 2000, y - 40), (x, y), (x + 2000, y + 40)]
        yield Split(str(code), shapely.LineString(bent))


def redraws(draft: Draft, rng: np.random.Generator) -> Iterator[Edit]:
    """Return redraws of one community, of a seed each."""
    names = [problem.name for problem in draft.ground.problems.each]
    for seed, name in enumerate(rng.permutation(names)):
        yield Redraw(str(name), seed)


def timed(draft: Draft, edits: Iterator[Edit], times: int) -> tuple[list[float], list[float]]:
    """Return the milliseconds of so many edits of one draft, and of taking each back."""
    there, back = [], []
    for edit, _ in zip(edits, range(times), strict=False):
        began = perf_counter()
        after, _ = answer(draft, edit)
        there.append((perf_counter() - began) * 1000)
        if after.past != draft.past:
            began = perf_counter()
            answer(after, Undo())
            back.append((perf_counter() - began) * 1000)
    return there, back


def row(name: str, milliseconds: list[float]) -> None:
    """Print a line of the table."""
    middle, slow = np.percentile(milliseconds, [50, 99])
    print(f"| {name} | {middle:.2f} | {slow:.2f} | {len(milliseconds)} |")


def table(draft: Draft, times: int) -> None:
    """Print how long each kind of edit took."""
    print("| edit | median ms | p99 ms | times |\n|---|---|---|---|")
    kinds: dict[str, Callable[[Draft, np.random.Generator], Iterator[Edit]]] = {
        "one atom moved": rim_moves,
        "two grids merged": merges,
        "a grid split by a bent line": splits,
        "one community drawn anew": redraws,
    }
    undone: list[float] = []
    for name, edits in kinds.items():
        there, back = timed(draft, edits(draft, np.random.default_rng(0)), times)
        row(name, there)
        undone += back
    row("any of them undone", undone)
    began = perf_counter()
    look(draft)
    print(f"all figures at once: {(perf_counter() - began) * 1000:.1f} ms")


def main() -> None:
    """Time the edits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--atoms", type=int, default=5000)
    parser.add_argument("--communities", type=int, nargs="+", default=[36, 1])
    parser.add_argument("--times", type=int, default=300)
    asked = parser.parse_args()
    print(f"kernels loaded: {warm():.1f} s")
    for communities in asked.communities:
        draft, seconds = drawn(asked.atoms, communities)
        atoms, grids = len(draft.ground.row), len(draft.present())
        print(
            f"\n{communities} communities, {atoms} atoms, {grids} grids; begun in {seconds:.2f} s"
        )
        table(draft, asked.times)


if __name__ == "__main__":
    main()
