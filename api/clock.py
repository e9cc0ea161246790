"""The clock: plans come into force on their day, cards fall, heat is added up, paths are sorted."""

from __future__ import annotations

from datetime import date

from geo.store.database import Store, transaction
from geo.store.line import at_leisure, for_people
from geo.store.net.revisions import today
from geo.store.planning.scheduling import Outcome, come_due, waiting
from geo.store.shown.heat import fold
from geo.store.shown.shapes import make_edition
from geo.store.working.cards import MOST, tell_cards
from geo.store.working.paths import sort_paths


def put_due_in_force(
    store: Store, *, now: date | None = None, commit: bool = True
) -> list[Outcome]:
    """Return what became of each scheduled plan whose day has come, one transaction a plan.

    Each acts in the name of whoever scheduled it. Any number of processes may run this at once.

    Parameters
    ----------
    now
        Today; by default the city's, by the database's clock.
    commit
        False: a dry run.
    """
    with transaction(for_people(store.owner), "clock") as conn:
        day = now or today(conn)
        due = waiting(conn, day)
    outcomes = []
    for plan, person in due:
        with transaction(at_leisure(store.owner), person, commit=commit) as conn:
            outcomes.append(come_due(conn, plan, now=day))
    return [outcome for outcome in outcomes if outcome is not None]


def tell_due(store: Store) -> int:
    """Return how many tasks were told that they are due soon or overdue, some at a time."""
    told = 0
    while True:
        with transaction(for_people(store.owner), "clock") as conn:
            fallen = tell_cards(conn)
        told += fallen
        if fallen < MOST:
            return told


def add_up_heat(store: Store) -> int:
    """Return how many cells of the heat were brought up to date with what came and went."""
    with transaction(store.owner, "clock") as conn:
        return fold(conn)


def sort_new_paths(store: Store) -> int:
    """Return how many pages of what is new in the indexes of paths were sorted into them."""
    with transaction(at_leisure(store.owner), "clock") as conn:
        return sort_paths(conn)


def draw_anew(store: Store) -> None:
    """Make the shapes that tiles draw of the nets in force, unless they are there."""
    with transaction(at_leisure(store.owner), "clock") as conn:
        make_edition(conn)
