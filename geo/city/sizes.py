"""What each size of city is: which divisions, where, how fine, how much of everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple


class Seat(NamedTuple):
    """A centre that people live around: the lattice is finer there.

    `pull` is the share by which cells shrink at the centre, `reach` how far that is felt;
    `old` and `urban` are the radii of the old town and of the built-up area (kilometres).
    """

    lon: float
    lat: float
    pull: float
    reach: float
    old: float
    urban: float


class Anchor(NamedTuple):
    """Roughly where a district lies and how far it extends (kilometres); `code` is the district."""

    code: str
    lon: float
    lat: float
    radius: float


@dataclass(frozen=True)
class Size:
    """One size of city; lengths in metres unless named otherwise."""

    name: str
    scope: str  # the division that is built, by code
    columns: int
    rows: int
    cell: float
    lon: float
    lat: float
    buildings: int
    issues: int
    mesh_cells: int  # mean distance of main roads, in cells
    octaves: tuple[tuple[float, float], ...]  # wavelength and amplitude of the lattice's bends
    anchors: tuple[Anchor, ...]
    seats: tuple[Seat, ...]
    rivers: tuple[tuple[str, float, float], ...]  # name, place (share of the height), half width
    rail: float  # place, as a share of the width
    slant: float  # how much lattice rows near the middle rise towards the east
    lake: bool
    squareness: float  # of the outline: 2 is round, more is squarer


# Centres and radii: general knowledge of where Jinan's districts lie, rounded.
_ANCHORS: Final = (
    Anchor("370102", 117.075, 36.65, 6.2),
    Anchor("370103", 116.97, 36.60, 8.6),
    Anchor("370104", 116.87, 36.67, 8.1),
    Anchor("370105", 116.96, 36.76, 9.5),
    Anchor("370112", 117.20, 36.55, 18.1),
    Anchor("370113", 116.72, 36.44, 20.1),
    Anchor("370114", 117.49, 36.68, 22.0),
    Anchor("370115", 117.12, 36.97, 18.6),
    Anchor("370116", 117.63, 36.32, 22.0),
    Anchor("370117", 117.82, 36.10, 12.4),
    Anchor("370124", 116.45, 36.24, 16.2),
    Anchor("370126", 117.15, 37.29, 19.1),
    Anchor("370176", 117.22, 36.72, 9.1),
)
_SEATS: Final = (
    Seat(117.02, 36.663, 0.56, 13.0, 2.2, 13.0),
    Seat(116.75, 36.55, 0.42, 3.6, 0.4, 2.6),
    Seat(117.53, 36.71, 0.42, 3.6, 0.5, 3.2),
    Seat(117.21, 36.98, 0.42, 3.2, 0.3, 2.2),
    Seat(117.66, 36.21, 0.42, 3.8, 0.5, 3.4),
    Seat(117.81, 36.06, 0.38, 2.8, 0.3, 2.0),
    Seat(116.45, 36.29, 0.38, 2.6, 0.3, 1.8),
    Seat(117.15, 37.31, 0.40, 2.8, 0.3, 2.0),
    Seat(117.23, 36.68, 0.30, 3.5, 0.1, 3.0),
)

SIZES: Final = {
    size.name: size
    for size in (
        Size(
            name="small",
            scope="370102001",
            columns=52,
            rows=46,
            cell=33.0,
            lon=117.035,
            lat=36.662,
            buildings=1500,
            issues=3000,
            mesh_cells=11,
            octaves=((1500.0, 62.0), (520.0, 19.0), (210.0, 3.0)),
            anchors=(Anchor("370102", 117.035, 36.662, 0.69),),
            seats=(Seat(117.0315, 36.6635, 0.22, 0.5, 0.42, 3.0),),
            rivers=(("护城河", 0.78, 11.0),),
            rail=0.94,
            slant=0.06,
            lake=False,
            squareness=4.0,
        ),
        Size(
            name="medium",
            scope="370102",
            columns=216,
            rows=208,
            cell=60.0,
            lon=117.075,
            lat=36.65,
            buildings=28_000,
            issues=20_000,
            mesh_cells=13,
            octaves=((6500.0, 300.0), (2300.0, 85.0), (800.0, 18.0)),
            anchors=(
                Anchor("370102", 117.045, 36.668, 3.9),
                Anchor("370102", 117.10, 36.64, 5.4),
            ),
            seats=(Seat(117.035, 36.665, 0.36, 2.4, 1.1, 6.0),),
            rivers=(("小清河", 0.83, 24.0), ("全福河", 0.36, 7.0)),
            rail=0.63,
            slant=0.10,
            lake=True,
            squareness=3.4,
        ),
        Size(
            name="city",
            scope="3701",
            columns=1400,
            rows=1580,
            cell=112.0,
            lon=117.10,
            lat=36.68,
            buildings=1_000_000,
            issues=300_000,
            mesh_cells=15,
            octaves=((42_000.0, 1500.0), (11_000.0, 380.0), (3_600.0, 95.0), (1_400.0, 16.0)),
            anchors=_ANCHORS,
            seats=_SEATS,
            rivers=(("黄河", 0.585, 170.0), ("小清河", 0.515, 28.0), ("大汶河", 0.235, 45.0)),
            rail=0.44,
            slant=0.42,
            lake=True,
            squareness=2.3,
        ),
    )
}
