"""Issues of several people taken in by one transaction, each as if it had come alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final, NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from geo.errors import ConflictError, DatabaseAwayError, JingweiError
from geo.issues import Issue
from geo.store.database import act_as, give_up_after, transaction
from geo.store.incoming.intake import Known, Receipt, receive_all

# All that come meanwhile wait for this one: longer than the last step of a large publication.
_PATIENCE_S: Final = 20.0


class Delivery(NamedTuple):
    """An issue, and the person who hands it in."""

    person: str
    issue: Issue


def receive_together(
    engine: Engine, deliveries: Sequence[Delivery], known: Known | None = None
) -> list[Receipt | Exception]:
    """Return what becomes of each delivery: its receipt once it is kept, or why it is not.

    All are kept by one commit. Where one of them spoils that, each is tried by itself, so that no
    failure is anybody's but its own.
    """
    try:
        return [*_by_one_commit(engine, deliveries, known)]
    except (JingweiError, SQLAlchemyError) as error:
        return [error] if len(deliveries) == 1 else _one_by_one(engine, deliveries, known)


def _by_one_commit(
    engine: Engine, deliveries: Sequence[Delivery], known: Known | None
) -> list[Receipt | ConflictError]:
    found: dict[int, Receipt | ConflictError] = {}
    order = sorted(range(len(deliveries)), key=lambda n: deliveries[n].person)
    first = deliveries[order[0]].person
    with transaction(engine, first) as conn:
        give_up_after(conn, _PATIENCE_S)
        for person, numbers in groupby(order, key=lambda n: deliveries[n].person):
            chosen = [*numbers]
            if person != first:
                act_as(conn, person)
            answers = receive_all(conn, [deliveries[n].issue for n in chosen], known)
            found |= dict(zip(chosen, answers, strict=True))
    return [found[n] for n in range(len(deliveries))]


def _one_by_one(
    engine: Engine, deliveries: Sequence[Delivery], known: Known | None
) -> list[Receipt | Exception]:
    answers: list[Receipt | Exception] = []
    for delivery in deliveries:
        # Of a database that is away everybody hears at once, not after a wait for each.
        away = answers[-1] if answers and isinstance(answers[-1], DatabaseAwayError) else None
        try:
            answers += [away] if away else _by_one_commit(engine, [delivery], known)
        except (JingweiError, SQLAlchemyError) as error:
            answers.append(error)
    return answers
