"""Contrast after WCAG 2, and how far apart colours look, to normal and to colour-blind eyes.

Source: Machado, Oliveira, Fernandes 2009, severity 1, in linear RGB; Sharma, Wu, Dalal 2005 for
CIEDE2000.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

EYES: dict[str, Vector] = {
    "normal": np.eye(3),
    "deuteranopic": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopic": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
) / np.array([[0.9505], [1.0], [1.089]])


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance."""
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def linear(colour: str) -> Vector:
    """Linear RGB of `#RRGGBB`."""
    encoded = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def least_distance(colours: Sequence[str]) -> float:
    """The least CIEDE2000 difference of any two colours, for any of the three kinds of eye."""
    pairs = itertools.combinations(colours, 2)
    return min(difference(lab(a, eye), lab(b, eye)) for a, b in pairs for eye in EYES.values())


def lab(colour: str, eye: Vector) -> Vector:
    """CIELAB of a colour as an eye sees it."""
    xyz = TO_XYZ @ np.clip(eye @ linear(colour), 0, 1)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: Vector, other: Vector) -> float:
    """CIEDE2000 of two CIELAB colours."""
    (l1, c1, h1), (l2, c2, h2) = _polar(one, other)
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = (h1 + h2) if c1 * c2 == 0 else (h1 + turn / 2) % 360
    scale_l = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    scale_c, scale_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * _hue_weight(hue)
    by_l, by_c, by_h = (l2 - l1) / scale_l, (c2 - c1) / scale_c, dh / scale_h
    return float(np.sqrt(by_l**2 + by_c**2 + by_h**2 + _rotation(chroma, hue) * by_c * by_h))


def _polar(one: Vector, other: Vector) -> list[tuple[float, float, float]]:
    """Lightness, adjusted chroma and hue in degrees of both."""
    mean = (np.hypot(*one[1:]) + np.hypot(*other[1:])) / 2
    grow = 1.5 - 0.5 * np.sqrt(mean**7 / (mean**7 + 25.0**7))
    seen = [(lab_[0], lab_[1] * grow, lab_[2]) for lab_ in (one, other)]
    return [
        (float(light), float(np.hypot(a, b)), float(np.degrees(np.arctan2(b, a)) % 360))
        for light, a, b in seen
    ]


def _hue_weight(hue: float) -> float:
    terms = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.2, 4, -63))
    return 1 + sum(size * float(np.cos(np.radians(n * hue + at))) for size, n, at in terms)


def _rotation(chroma: float, hue: float) -> float:
    angle = 60 * np.exp(-(((hue - 275) / 25) ** 2))
    return float(-2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * np.sin(np.radians(angle)))
