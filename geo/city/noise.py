"""Smooth noise and named random streams: the same seed gives the same city."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Reals: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

_WAVES_AN_OCTAVE = 7


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the random stream of one part of the city, independent of every other part's.

    >>> stream(7, "roads").integers(100) == stream(7, "roads").integers(100)
    np.True_
    """
    return np.random.default_rng([seed, crc32(name.encode())])


@dataclass(frozen=True)
class Noise:
    """A sum of plane waves: smooth, cheap on a lattice, and its slope has a known bound."""

    east: Reals
    north: Reals
    phase: Reals
    size: Reals

    def on(self, x: Reals, y: Reals) -> Reals:
        """Return the noise on the lattice of all y (rows) by all x (columns), metres."""
        angle_x, angle_y = np.outer(self.east, x) + self.phase[:, None], np.outer(self.north, y)
        sized_sin, sized_cos = np.sin(angle_x).T * self.size, np.cos(angle_x).T * self.size
        grid: Reals = np.cos(angle_y).T @ sized_sin.T + np.sin(angle_y).T @ sized_cos.T
        return grid

    def at(self, x: Reals, y: Reals) -> Reals:
        """Return the noise at points (metres)."""
        total = np.zeros(np.broadcast(x, y).shape)
        for east, north, phase, size in zip(
            self.east, self.north, self.phase, self.size, strict=True
        ):
            total += size * np.sin(east * x + north * y + phase)
        return total


def noise(rng: np.random.Generator, octaves: tuple[tuple[float, float], ...]) -> Noise:
    """Return noise of the given octaves: pairs of wavelength and amplitude (metres).

    The amplitude is that of the octave as a whole, about two standard deviations.
    """
    parts = []
    for wavelength, amplitude in octaves:
        turn = rng.uniform(0.0, 2.0 * np.pi, _WAVES_AN_OCTAVE)
        number = 2.0 * np.pi / (wavelength * rng.uniform(0.75, 1.5, _WAVES_AN_OCTAVE))
        phase = rng.uniform(0.0, 2.0 * np.pi, _WAVES_AN_OCTAVE)
        size = np.full(_WAVES_AN_OCTAVE, amplitude / np.sqrt(2.0 * _WAVES_AN_OCTAVE))
        parts.append((number * np.cos(turn), number * np.sin(turn), phase, size))
    east, north, phase, size = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Noise(east, north, phase, size)
