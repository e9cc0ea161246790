"""Work for everybody in the demonstration: each role finds something on its screens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, NamedTuple

from geo.issues import Order
from geo.store.database import Connection, Store, transaction
from geo.store.net.people import cast_around
from geo.store.working.alone import NewTask, new_task
from geo.store.working.handling import act

_REVIEW_DAYS: Final = 30
_AWAY_M: Final = 40.0  # how far from the issue a department says it is on the spot
_FIELD: Final = ("grid_leader", "grid_worker", "street_manager")
# What was done about what, and whether its reporter calls it solved, and is satisfied.
_WORDS: Final = (
    (True, True, "已修好，现场看过"),
    (True, True, "已清理干净"),
    (True, True, "已劝离，加强巡查"),
    (True, False, "已处理，等了三天"),
    (False, False, "已报物业排期"),
    (True, True, "已协调双方"),
)


class Post(NamedTuple):
    """Somebody of the cast: the person who acts, and the party that tasks are sent to."""

    person: str
    party: str


class Scene(NamedTuple):
    """One issue: whom it is sent to, and who then does what with it."""

    to: str
    steps: tuple[tuple[str, Order], ...] = ()


Cast = dict[str, Post]


def cast_at(conn: Connection, scope: str) -> Cast:
    """Return who plays: the desks and field workers of a subdistrict, a department, an agency."""
    found = cast_around(conn, scope)
    field = found[found["role"].isin(_FIELD) | (found["area"] == scope)]
    cast = {row.role: Post(row.party, row.party) for row in field.itertuples()}
    offices = found[found["role"] == "department"]
    for name, letter in (("department", "D"), ("agency", "A")):
        one = offices[offices["area"].str.startswith(letter)].iloc[0]
        cast[name] = Post(one["party"], one["area"])
    return cast


def scenes(cast: Cast, today: date) -> tuple[Scene, ...]:
    """Return what is played: sent, taken, finished, returned, whistled, on the spot, appealed."""
    review = today + timedelta(days=_REVIEW_DAYS)
    take, finish = Order(step="take"), Order(step="finish", result="已到现场处理完毕")
    hold = Order(step="ask_hold", reason="等材料到货", review_on=review)
    more = Order(step="ask_extend", reason="需要会同物业", days=3)
    back = Order(step="return", reason="不属于本单位职责")
    appeal = Order(step="appeal", reason="诉求人已撤回")
    whistle = Order(step="whistle", reason="需要部门到场", parties=(cast["department"].party,))
    both = replace(whistle, parties=(cast["department"].party, cast["agency"].party))
    at_once = replace(whistle, reason="有人受伤，先到场", emergency=True)
    there = Order(step="arrive", away_m=_AWAY_M)
    came = (("department", take), ("department", there))
    return (
        Scene("grid_worker"),
        Scene("grid_worker", (("grid_worker", take),)),
        Scene("grid_worker", (("grid_worker", take), ("grid_worker", hold))),
        Scene("grid_worker", (("grid_worker", take), ("grid_worker", finish))),
        Scene("grid_leader"),
        Scene("street_manager"),
        Scene("street_manager", (("street_manager", take),)),
        Scene("department"),
        Scene("department", (("department", take), ("department", more))),
        Scene("department", (("department", take), ("department", finish))),
        Scene("agency", (("agency", back),)),
        Scene("agency", (("agency", take), ("agency", appeal))),
        Scene("agency", (("agency", take), ("dispatcher", whistle))),
        Scene("grid_worker", (("dispatcher", both), ("approver", Order(step="sign")))),
        Scene("grid_worker", (("dispatcher", at_once),)),
        Scene("street_manager", (("dispatcher", both),)),
        Scene("grid_leader", (("dispatcher", at_once), *came)),
        Scene(
            "grid_worker",
            (("dispatcher", both), ("approver", Order(step="sign")), *came, ("department", finish)),
        ),
        *(_called_back(who, word) for who in _FIELD for word in _WORDS),
    )


def _called_back(who: str, word: tuple[bool, bool, str]) -> Scene:
    """Return what somebody in the field settles, and what the reporter says of it."""
    solved, satisfied, result = word
    happy = solved and satisfied
    heard = Order(step="pass" if happy else "fail", solved=solved, satisfied=satisfied)
    heard = heard if happy else replace(heard, reason="诉求人回访时说没办好")
    done = Order(step="finish", result=result)
    return Scene(who, ((who, Order(step="take")), (who, done), ("dispatcher", heard)))


def play(store: Store, scope: str, issues: Sequence[int], *, today: date) -> None:
    """Send issues that are new to the cast, who do what the scenes say; one issue a scene."""
    with transaction(store.owner, "importer") as conn:
        cast = cast_at(conn, scope)
    for issue, scene in zip(issues, scenes(cast, today), strict=False):
        sent = Order(step="send", party=cast[scene.to].party)
        _acted(store, cast, issue, (("dispatcher", sent), *scene.steps))
    with transaction(store.app, cast["dispatcher"].person) as conn:
        for told in _alone(cast, scope):
            new_task(conn, told)


def _acted(store: Store, cast: Cast, issue: int, steps: Iterable[tuple[str, Order]]) -> None:
    for who, order in steps:
        with transaction(store.app, cast[who].person) as conn:
            act(conn, issue, order)


def _alone(cast: Cast, scope: str) -> tuple[NewTask, ...]:
    worker, leader = cast["grid_worker"].party, cast["grid_leader"].party
    return (
        NewTask(kind="errand", party=worker, area=scope, text="代领养老金"),
        NewTask(kind="visit", party=worker, area=scope, text="走访独居老人"),
        NewTask(kind="mediate", party=leader, area=scope, text="楼上漏水的调解", among=(worker,)),
        NewTask(kind="meeting", party=leader, area=scope, text="加装电梯议事会"),
    )
