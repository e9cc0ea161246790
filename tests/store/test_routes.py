"""What is remembered of routing gives each issue the answer it would get by itself."""

from __future__ import annotations

from itertools import product
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.routing import Holding, Spot, by_place, route
from geo.store.locating import Located
from geo.store.rules.routes import Asked, Desk, Listed

# city > one of two districts > a subdistrict > a grid, the first of which is special; and a lane.
PATHS: Final = [
    ("city", district, f"{district}-s", f"{district}-g{n}", f"lane:{n}")
    for district, n in product("ab", range(2))
]
SERVICES: Final = {
    "lamp": Listed(("lamp",), "grid_worker", auto_send=True, circle=False),
    "tree": Listed(("tree", "lamp"), "alley_steward", auto_send=True, circle=False),
}
HOLDINGS: Final = st.builds(
    Holding,
    party=st.sampled_from(["p", "q", None]),
    role=st.sampled_from(
        [
            "grid_worker",
            "grid_leader",
            "alley_steward",
            "street_manager",
            "department",
            "dispatcher",
        ]
    ),
    area=st.sampled_from(sorted({*(code for path in PATHS for code in path), ""})),
    service=st.sampled_from(["lamp", "tree", None]),
    lead=st.booleans(),
    row=st.just(1),
    fault=st.sampled_from([None, None, None, "party-ended"]),
)


def asked_of(path: tuple[str, ...]) -> list[Asked]:
    here = Located(path[3], None, path[2], path[4].removeprefix("lane:"), path)
    return [Asked(here, code, bad) for code in ("lamp", "tree", None) for bad in (None, "p", "?")]


@settings(max_examples=60)
@given(st.lists(HOLDINGS, max_size=12))
def test_what_is_remembered_is_what_each_would_be_told_alone(holdings: list[Holding]) -> None:
    desk = Desk(SERVICES, by_place(holdings), frozenset({"a-g0"}), {"p": frozenset({"p"})})
    every = [asked for path in PATHS for asked in asked_of(path)]
    together = [desk.route(asked) for asked in every]
    fresh = [
        Desk(SERVICES, by_place(holdings), frozenset({"a-g0"}), desk.below).route(asked)
        for asked in every
    ]
    assert together == fresh
    for asked, found in zip(every, together, strict=True):
        if asked.service and asked.against is None:
            known = SERVICES[asked.service]
            special = asked.here.grid if asked.here.grid == "a-g0" else None
            spot = Spot(asked.here.path, special, asked.here.subdistrict)
            here = [h for h in holdings if h.area in (*asked.here.path, "")]
            assert found == route(spot, known.chain, known.role, here)
