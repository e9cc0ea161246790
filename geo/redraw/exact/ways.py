"""Ways over ground where nobody lives, and which of them cross.

A piece of such ground is a disc with a rim: the nodes around it in order (several rims where nodes
lie inside it). Two grids that join places of one rim over it, in turn, would cross. Nodes that
meet in one corner of the ground lie on one rim, as nothing passes between them; so do those along
the edge of the community. Left out is how many ways a narrow ground has room for, unless what
lets only one grid pass is asked for as nodes.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations, groupby, pairwise
from types import ModuleType
from typing import Final, NamedTuple

from geo.errors import MissingSolversError
from geo.redraw.exact.network import Network, parts_of
from geo.redraw.exact.solvers import Expression

_NO_RIM: Final = -1
_THREE: Final = 3  # nodes that all border on each other leave no corner between them


class Place(NamedTuple):
    """Where a node lies on a rim of a piece of ground: its turn among those on it."""

    ground: int
    rim: int
    turn: int
    node: int


class Way(NamedTuple):
    """Two places of one piece of ground that a grid may join over it."""

    one: Place
    other: Place

    @property
    def inside(self) -> bool:
        """Whether both places are on one rim."""
        return self.one.rim == self.other.rim != _NO_RIM


class Ground(NamedTuple):
    """The nodes that a model knows, and the ways over what is left between them.

    Nodes with households or fixed; also those where the ground is so narrow that one grid passes,
    where that was asked for.
    """

    nodes: frozenset[int]
    ways: tuple[Way, ...]


def ground_of(network: Network, *, narrow: bool = False) -> Ground:
    """Return the nodes and the ways between those that do not border on each other.

    Where the neighbours make no plane (bridges may pass over each other) no way crosses another.
    `narrow` ground as nodes is nearer to the truth, and harder to solve.

    Raises
    ------
    MissingSolversError
        When the extra is not installed.
    """
    near = network.all_near
    plane = _plane(near)
    nodes = {node for node, must in enumerate(network.terminal) if must}
    empty = set(range(len(near))) - nodes
    if plane is not None and narrow:
        single = {node for node in empty if near[node] and _passes(plane, node, nodes) > 1}
        nodes, empty = nodes | single, empty - single
    ways: list[Way] = []
    for nth, ground in enumerate(parts_of(near, empty)):
        rims = _rims(near, ground, plane) if plane is not None else _loose(near, ground)
        places = [
            Place(nth, rim if plane is not None else _NO_RIM, turn, node)
            for rim, around in enumerate(rims)
            for turn, node in enumerate(around)
        ]
        ways += [
            Way(one, other)
            for one, other in combinations(places, 2)
            if one.node != other.node and one.node not in near[other.node]
        ]
    return Ground(frozenset(nodes), tuple(ways))


def _passes(plane: Expression, node: int, nodes: Collection[int]) -> int:
    """Return into how many parts nodes and their corners divide the ground around one."""
    shut: list[bool] = []
    for beside in plane.neighbors_cw_order(node):
        corner = plane.traverse_face(node, beside)
        shut += [beside in nodes, len(corner) > _THREE and any(n in nodes for n in corner)]
    return sum(here and not then for here, then in pairwise([*shut, shut[0]]))


def cross(one: Way, other: Way) -> bool:
    """Tell whether two ways from rim to the same rim cross, whatever the grids."""
    alike = one.one[:2] == other.one[:2] and one.inside and other.inside
    return alike and _between(one, other.one.turn, other.other.turn)


def parted(through: Way, one: Way, other: Way) -> bool:
    """Tell whether a way parts two others that lead from both its sides to one other rim."""
    if not through.inside or one.one.ground != other.one.ground or one.inside or other.inside:
        return False
    ends = [_leaving(through, way) for way in (one, other)]
    if None in ends:
        return False
    (near, far), (next_, away) = (end for end in ends if end is not None)
    return far.rim == away.rim and _between(through, near.turn, next_.turn)


def _leaving(through: Way, way: Way) -> Way | None:
    """Return a way that leaves the rim of another, from that rim; None if it does not."""
    for near, far in (way, way[::-1]):
        if near[:2] == through.one[:2] and far.rim != near.rim:
            return Way(near, far)
    return None


def _between(way: Way, one: int, other: int) -> bool:
    """Tell whether a way has one of two turns on each side."""
    first, last = way.one.turn, way.other.turn
    if len({first, last, one, other}) < len((first, last, one, other)):
        return False
    return (first < one < last) != (first < other < last)


def _plane(near: tuple[frozenset[int], ...]) -> Expression | None:
    """Return how the neighbours lie around each node in the plane; None if they cannot."""
    graphs = _graphs()
    graph = graphs.Graph()
    graph.add_nodes_from(range(len(near)))
    graph.add_edges_from((a, b) for a, beside in enumerate(near) for b in sorted(beside) if a < b)
    flat, found = graphs.check_planarity(graph)
    return found if flat else None


def _graphs() -> ModuleType:
    try:
        import networkx  # noqa: ICN001, PLC0415 an optional extra, and slow to load
    except ImportError as error:
        raise MissingSolversError(package="networkx") from error
    module: ModuleType = networkx
    return module


def _rims(
    near: tuple[frozenset[int], ...], ground: Collection[int], plane: Expression
) -> list[list[int]]:
    """Return the nodes around a piece of ground in order, a list for each rim.

    From a node onto the ground, along it to the next node in the same corner, and from there onto
    the ground again: so each rim closes.
    """
    steps = {(out, node) for node in ground for out in near[node] if out not in ground}
    rims = []
    while steps:
        step, nodes = min(steps), []
        while step in steps:
            steps.discard(step)
            nodes.append(step[0])
            step = _along(step, ground, plane)
        runs = [node for node, _ in groupby(nodes)]
        rims.append(runs[:-1] if len(runs) > 1 and runs[0] == runs[-1] else runs)
    return rims


def _along(step: tuple[int, int], ground: Collection[int], plane: Expression) -> tuple[int, int]:
    """Return the next step onto the ground in a corner, from the node it leads to."""
    ahead = step
    while ahead[1] in ground:
        ahead = plane.next_face_half_edge(*ahead)
    return ahead[1], ahead[0]


def _loose(near: tuple[frozenset[int], ...], ground: Collection[int]) -> list[list[int]]:
    """Return the nodes around a piece of ground in any order."""
    return [sorted({out for node in ground for out in near[node] if out not in ground})]
