"""Hooks: who outside hears of which events, or is handed the tasks of which party."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from geo.errors import HookNameError, HookTakenError, MissingError
from geo.store.answers import rows_of
from geo.store.events import record
from geo.store.net.areas import ancestry
from geo.store.schema.tables import DELIVERY, HOOK, PARTY

_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SHOWN: Final = ("name", "kind", "url", "nouns", "names", "area", "party", "rests_until", "made_at")


@dataclass(frozen=True)
class Hook:
    """What is asked for: events of these nouns and names (none: of all) within an area.

    With a `party` it is no news but a hand-over: every task sent to that party goes there. A hook
    on the top area also hears of what lies in no area.
    """

    name: str
    area: str
    kind: str = "webhook"
    url: str = ""
    nouns: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    party: str | None = None


def add(conn: Connection, hook: Hook) -> int:
    """Return the number of a new hook: it hears of what happens from now on.

    Raises
    ------
    HookNameError
        When its name is not plain.
    HookTakenError
        When there is one of that name.
    MissingError
        When its area or its party is not there.
    """
    if not _PLAIN.fullmatch(hook.name):
        raise HookNameError(name=hook.name[:80])
    path = ancestry(conn, hook.area)
    if hook.party is not None and not _one(conn, select(PARTY.c.code), PARTY.c.code == hook.party):
        raise MissingError(noun="party", noun_zh="主体", key=hook.party)
    told = asdict(hook) | {"nouns": list(hook.nouns), "names": list(hook.names), "path": path}
    # Before the hook is there: it hears of what comes after it.
    record(conn, "hook", hook.name, "add", {"kind": hook.kind, "party": hook.party}, path=path)
    person = func.coalesce(func.acting_person(), "")
    # A hook that the acting person may not see has its name too: the index knows it.
    made = insert(HOOK).values(**told, made_by=person).on_conflict_do_nothing()
    number = conn.execute(made.returning(HOOK.c.id)).scalar()
    if number is None:
        raise HookTakenError(name=hook.name)
    return int(number)


def remove(conn: Connection, name: str) -> None:
    """End a hook; what still waits for it is dropped, what was delivered stays on record.

    Raises
    ------
    MissingError
        When there is none of that name, or not for the acting person to see.
    """
    number = demand_hook(conn, name)
    conn.execute(update(HOOK).where(HOOK.c.id == number).values(removed_at=func.now()))
    waits = (DELIVERY.c.hook == number, DELIVERY.c.state.in_(("pending", "dead")))
    conn.execute(update(DELIVERY).where(*waits).values(state="dropped"))
    path = conn.execute(select(HOOK.c.path).where(HOOK.c.id == number)).scalar_one()
    record(conn, "hook", name, "remove", path=path)


def read_hooks(conn: Connection) -> pd.DataFrame:
    """Return the hooks there are, by name, with how many deliveries wait and have failed.

    Columns name, kind, url, nouns, names, area, party, rests_until, made_at, pending, dead.
    """
    counted = [
        select(func.count())
        .where(DELIVERY.c.hook == HOOK.c.id, DELIVERY.c.state == state)
        .scalar_subquery()
        .label(state)
        for state in ("pending", "dead")
    ]
    asked = select(*(HOOK.c[name] for name in _SHOWN), *counted)
    return rows_of(conn, asked.where(HOOK.c.removed_at.is_(None)).order_by(HOOK.c.name))


def hook_id(conn: Connection, name: str) -> int | None:
    """Return the number of the hook of a name, None where there is none."""
    found = _one(conn, select(HOOK.c.id), HOOK.c.name == name, HOOK.c.removed_at.is_(None))
    return None if found is None else int(found)


def demand_hook(conn: Connection, name: str) -> int:
    """Return the number of the hook of a name.

    Raises
    ------
    MissingError
        When there is none, or not for the acting person to see.
    """
    number = hook_id(conn, name)
    if number is None:
        raise MissingError(noun="hook", noun_zh="订阅", key=name[:80])
    return number


def read_hook(conn: Connection, name: str) -> Hook:
    """Return one hook.

    Raises
    ------
    MissingError
        When there is none, or not for the acting person to see.
    """
    columns = [HOOK.c[name] for name in ("name", "area", "kind", "url", "nouns", "names", "party")]
    row = conn.execute(select(*columns).where(HOOK.c.id == demand_hook(conn, name))).mappings()
    told: dict[str, Any] = dict(row.one())
    return Hook(**told | {"nouns": tuple(told["nouns"]), "names": tuple(told["names"])})


def _one(conn: Connection, asked: Any, *where: Any) -> Any:  # noqa: ANN401 a value of any column
    return conn.execute(asked.where(*where)).scalar()
