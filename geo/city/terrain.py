"""The lie of the land: where the city ends, where it is dense, old, or hilly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.city.lattice import local_metres, seats_metres
from geo.city.noise import Bools, Ints, Noise, Reals, noise, stream
from geo.city.sizes import Seat, Size

# The outline: where the anchors' influences add up to this (1 at an anchor, 0.37 at its radius).
_EDGE = 0.38


@dataclass(frozen=True)
class Terrain:
    """Fields over the plane; places are metres from the city's middle."""

    size: Size
    seats: tuple[tuple[float, float, Seat], ...]
    anchors: tuple[Reals, Reals, Reals]  # x, y, radius
    shape: Noise  # bends the outline and the districts' borders
    relief: Noise
    patches: Noise  # what is built of what, in patches of a few blocks

    def inside(self, x: Reals, y: Reals) -> Bools:
        """Tell which places lie in the city."""
        ax, ay, radius = self.anchors
        bend, power = self.shape.at(x, y), self.size.squareness
        near = np.zeros(x.shape)
        for k in range(len(ax)):
            far = (
                np.abs((x - ax[k]) / radius[k]) ** power + np.abs((y - ay[k]) / radius[k]) ** power
            )
            near += np.exp(-far)
        return near + 0.14 * bend > _EDGE

    def anchor(self, x: Reals, y: Reals) -> Ints:
        """Return the anchor each place belongs to: a power diagram with bent borders."""
        ax, ay, radius = self.anchors
        bend = 0.12 * np.median(radius) * self.shape.at(y, x)
        x, y = x + bend, y - bend
        power = [(x - ax[k]) ** 2 + (y - ay[k]) ** 2 - radius[k] ** 2 for k in range(len(ax))]
        found: Ints = np.argmin(np.array(power), axis=0)
        return found

    def urban(self, x: Reals, y: Reals) -> Reals:
        """Return how urban places are: 1 in a seat, a third at the edge of its built-up area."""
        most = np.zeros(x.shape)
        for seat_x, seat_y, seat in self.seats:
            far = np.hypot(x - seat_x, y - seat_y) / (seat.urban * 1000.0)
            most = np.maximum(most, np.exp(-1.1 * far**2))
        return most

    def old(self, x: Reals, y: Reals) -> Bools:
        """Tell which places lie in an old town."""
        found = np.zeros(x.shape, bool)
        for seat_x, seat_y, seat in self.seats:
            far = np.hypot(x - seat_x, y - seat_y) / (seat.old * 1000.0)
            found |= far + 0.18 * self.shape.at(4.0 * x, 4.0 * y) < 1.0
        return found

    def hilly(self, x: Reals, y: Reals) -> Bools:
        """Tell which places lie in the hills of the south."""
        height = self.size.rows * self.size.cell
        south = np.clip(-y / (0.5 * height) - 0.06, -0.4, 0.36)
        return self.relief.at(x, y) + 3.4 * south > 0.62 + 1.2 * self.urban(x, y) ** 2


def terrain(size: Size, seed: int) -> Terrain:
    """Return the terrain of a size and a seed."""
    rng = stream(seed, "terrain")
    lon, lat = (np.array([a[k] for a in size.anchors]) for k in (1, 2))
    x, y = local_metres(size, lon, lat)
    radius = np.array([a.radius for a in size.anchors]) * 1000.0
    typical = float(np.median(radius))
    return Terrain(
        size,
        tuple(seats_metres(size)),
        (x, y, radius),
        noise(rng, ((1.9 * typical, 1.0), (0.7 * typical, 0.5))),
        noise(rng, ((0.16 * size.rows * size.cell, 0.9), (0.05 * size.rows * size.cell, 0.5))),
        noise(rng, ((1400.0, 1.0), (500.0, 0.5))),
    )
