"""What decides whose an issue is and when it is due, kept in memory while nothing of it changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from geo.store.net.revisions import Mark, mark_of
from geo.store.rules.deadlines import Ruler, ruler
from geo.store.rules.routes import Desk, Listed, listed, routing_over

_EVERY_SERVICE: Final = text("select code from service order by code")
# Answers that a desk remembers at most: some hundred bytes each.
_MOST_REMEMBERED: Final = 50_000


class KeptRules(NamedTuple):
    """The catalogue, all duties over the areas in force, and working time; good at `mark` alone."""

    mark: Mark
    services: Mapping[str, Listed]
    routing: Desk
    ruler: Ruler

    def desk(self) -> Desk:
        """Return what it takes to route issues against nobody; and remembers answers."""
        if len(self.routing.known) > _MOST_REMEMBERED:
            self.routing.known.clear()
        return self.routing


def rules_in_force(conn: Connection, places: Collection[str], special: frozenset[str]) -> KeptRules:
    """Return the rules as they are now, read anew where something changed meanwhile.

    Parameters
    ----------
    places
        All codes that a path may have.
    special
        Codes of the special grids.
    """
    mark, found = mark_of(conn), None
    while found is None or found.mark != mark:
        services = listed(conn, conn.execute(_EVERY_SERVICE).scalars())
        routing = routing_over(conn, places, services, special)
        found = KeptRules(mark, services, routing, ruler(conn))
        mark = mark_of(conn)
    return found
