"""How hard each quality of search tries: its stages, starts and choices, as one table."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

Quality: TypeAlias = Literal["draft", "fast", "best", "proven"]


class Stage(NamedTuple):
    """So many plans go on, the best ones, with so many flips a grid."""

    keep: int
    flips: int


class Effort(NamedTuple):
    """How hard to try: stages where nobody has grids yet, and from today's grids.

    New ground `along` which barriers run takes longer: a plan that begins elsewhere has far to go
    to a road. On other new ground each plan begins with the best of so many `diagrams`. Where
    there are more grids today than wanted, so many `choices` of those to keep are tried. `rescue`
    are the searches more where a grid is still out of band, each by the stages `again`.
    """

    diagrams: int
    new: tuple[Stage, ...]
    along: tuple[Stage, ...]
    home: tuple[Stage, ...]
    again: tuple[Stage, ...]
    rescue: int
    choices: int


_SEARCH: Final[dict[Quality, Effort]] = {
    # While a planner moves a slider: a fifth of the time of `fast`, no worse in form than METIS.
    "draft": Effort(
        diagrams=2,
        new=(Stage(1, 300),),
        along=(Stage(1, 300),),
        home=(Stage(1, 400),),
        again=(Stage(1, 1_250),),
        rescue=3,
        choices=1,
    ),
    "fast": Effort(
        diagrams=1,
        new=(Stage(6, 150), Stage(2, 300), Stage(1, 800)),
        along=(Stage(6, 400), Stage(2, 800), Stage(1, 2_000)),
        home=(Stage(3, 1_250),),
        again=(Stage(1, 1_250),),
        rescue=3,
        choices=3,
    ),
    "best": Effort(
        diagrams=2,
        new=(Stage(24, 1_000), Stage(6, 4_000), Stage(2, 12_000)),
        along=(Stage(24, 1_000), Stage(6, 4_000), Stage(2, 12_000)),
        home=(Stage(12, 1_500), Stage(4, 5_500)),
        again=(Stage(1, 11_000),),
        rescue=6,
        choices=8,
    ),
}
EFFORTS: Final[dict[Quality, Effort]] = {**_SEARCH, "proven": _SEARCH["best"]}
