"""What a plan moves beyond what counting asks for: which grids that is told by.

Some grids are *sources*: they have more households than the band lets them keep, or the others
lack more than come from nowhere. So many must leave the sources, or come to the others, and a plan
moves exactly these and, on top: who comes into a source, who leaves a grid that is none (who does
both counts twice), and by how much the sources stay below the upper bound or the others come above
the lower one. It is the dual of sending households from grid to grid at prices of 0 and 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.redraw.exact.network import Network
from geo.redraw.state import Ints


class Account(NamedTuple):
    """The sources, as bits; whether it is the others that need households; how many move on top."""

    sources: int
    needed: bool
    more: int


def account_of(network: Network, loads: Ints, nowhere: int, most: int) -> Account:
    """Return the account that leaves the fewest households to move on top.

    Parameters
    ----------
    loads
        Households (units) that each grid has today.
    nowhere
        Those that are in none of them.
    most
        Those that may move, beside these.
    """
    sets = np.arange(1 << len(loads))
    inside = (sets[:, None] >> np.arange(len(loads))) & 1
    left_over = inside @ (loads - network.high)
    lacking = (1 - inside) @ (network.low - loads) - nowhere
    needed = bool(lacking.max() > left_over.max())
    counted = lacking if needed else left_over
    return Account(int(counted.argmax()), needed, most - int(counted.max()))
