"""A responsibility list written: its rows keep their numbers, what has changed ends and begins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, RowMapping, func, insert, select, text, update

from geo.responsibility import ListRow
from geo.store.answers import question
from geo.store.events import record
from geo.store.schema.tables import DUTY

_ROLE: Final = "department"
_NEXT: Final = text("select nextval('duty_row_number') from generate_series(1, :count)")
# What a row answers for: its service, and its area or the words of one nobody knows.
_Key = tuple[str, str | None, str | None, str]


class Kept(NamedTuple):
    """What became of a list, in rows; `services` are those that something changed for."""

    new: int
    changed: int
    same: int
    ended: int
    services: tuple[str, ...] = ()


class _Stored(NamedTuple):
    """A row of the list as it stands."""

    number: int
    key: _Key
    content: tuple[Any, ...]
    begins: date
    ids: tuple[int, ...]
    within: frozenset[str]


def keep_list(
    conn: Connection, rows: Sequence[ListRow], *, scope: str | None = None, batch: int | None = None
) -> Kept:
    """Write rows of a responsibility list from today on, and tell what became of them.

    A row is known by its number, else by its service and area (two that lead there are two rows).
    One that differs ends today and goes on under its number; rows whose period cannot be read are
    left out.

    Parameters
    ----------
    scope
        Code of an area: these are all the rows inside it, the others there end.
    batch
        The import it came with, for history.
    """
    stored = _stored(conn)
    pairs = _matched([row for row in rows if "period-unread" not in row.faults], stored)
    today = conn.execute(select(func.current_date())).scalar_one()
    differing = [(row, old) for row, old in pairs if old is None or _differs(row, old)]
    gone = _beyond(stored, [old for _, old in pairs if old is not None], scope)
    replaced = [old for _, old in differing if old is not None]
    _end(conn, [*replaced, *gone])
    _begin(conn, differing, today)
    services = {row.service for row, _ in differing} | {old.key[0] for old in (*replaced, *gone)}
    new = sum(old is None for _, old in differing)
    counts = (new, len(replaced), len(pairs) - len(differing), len(gone))
    kept = Kept(*counts, tuple(sorted(services)))
    record(conn, "list", batch or scope or "", "keep", kept._asdict())
    return kept


def add_row(conn: Connection, row: ListRow, *, basis: str = "{basis}") -> int:
    """Return the number of a row added to the list from today on.

    Parameters
    ----------
    basis
        How its basis reads: `{number}` is the row's own, `{basis}` the words it came with.
    """
    number = int(conn.execute(_NEXT, {"count": 1}).scalar_one())
    today = conn.execute(select(func.current_date())).scalar_one()
    said = replace(row, basis=basis.format(number=number, basis=row.basis))
    conn.execute(insert(DUTY), _duties(said, number, today))
    record(conn, "list", number, "add", {"service": row.service, "area": row.area})
    return number


def end_rows(conn: Connection, numbers: Sequence[int]) -> None:
    """End rows of the list today, by their numbers."""
    stored = _stored(conn)
    _end(conn, [stored[number] for number in numbers if number in stored])


def _stored(conn: Connection) -> dict[int, _Stored]:
    groups: dict[int, list[RowMapping]] = defaultdict(list)
    for duty in conn.execute(question("list_duties")).mappings():
        groups[duty["row_number"]].append(duty)
    return {number: _of(number, duties) for number, duties in groups.items()}


def _of(number: int, duties: Sequence[RowMapping]) -> _Stored:
    first = duties[0]
    key = (first["service"], first["net"] if first["area"] else None, first["area"],
           first["area_said"])  # fmt: skip
    who = frozenset((duty["party"], duty["party_said"], duty["lead"]) for duty in duties)
    content = (who, first["basis"], first["valid_to"])
    ids = tuple(duty["id"] for duty in duties)
    return _Stored(number, key, content, first["valid_from"], ids, frozenset(first["within"]))


def _key(row: ListRow) -> _Key:
    return row.service, row.net, row.area, row.area_said


def _content(row: ListRow) -> tuple[Any, ...]:
    return frozenset(_who(row)), row.basis, row.ends


def _who(row: ListRow) -> list[tuple[str | None, str, bool]]:
    """Return who leads and who assists: a code, or words nobody knows; nobody leads: blank."""
    leads = [(one.code, "" if one.code else one.words, True) for one in row.leads]
    assists = [(one.code, "" if one.code else one.words, False) for one in row.assists]
    return [*(leads or [(None, "", True)]), *assists]


def _differs(row: ListRow, old: _Stored) -> bool:
    begins = row.begins is not None and row.begins != old.begins
    return _key(row) != old.key or _content(row) != old.content or begins


def _matched(
    rows: Sequence[ListRow], stored: Mapping[int, _Stored]
) -> list[tuple[ListRow, _Stored | None]]:
    """Return each row with the one it goes on from, if any; no row goes on twice."""
    by_key: dict[_Key, list[_Stored]] = defaultdict(list)
    for old in stored.values():
        by_key[old.key].append(old)
    free, found = dict(stored), dict[int, _Stored]()
    for way, (at, row) in product(_WAYS, enumerate(rows)):
        like = [old for old in way(row, stored, by_key) if old.number in free]
        if at not in found and like:
            found[at] = free.pop(like[0].number)
    return [(row, found.get(at)) for at, row in enumerate(rows)]


_ByKey = Mapping[_Key, Sequence[_Stored]]


def _numbered(row: ListRow, stored: Mapping[int, _Stored], _: _ByKey) -> list[_Stored]:
    return [stored[row.number]] if row.number is not None and row.number in stored else []


def _led_alike(row: ListRow, _: Mapping[int, _Stored], by_key: _ByKey) -> list[_Stored]:
    return [old for old in _alike(row, {}, by_key) if _leads(row) == _leads_of(old)]


def _alike(row: ListRow, _: Mapping[int, _Stored], by_key: _ByKey) -> list[_Stored]:
    """Return the rows on its service and area; of words that nobody knows, those of its list."""
    known = by_key.get(_key(row), ())
    return [old for old in known if row.area or not row.scope or row.scope in old.within]


# How a row is known again, the surest way first.
_WAYS: Final = (_numbered, _led_alike, _alike)


def _leads(row: ListRow) -> frozenset[Any]:
    return frozenset((code, said) for code, said, lead in _who(row) if lead)


def _leads_of(old: _Stored) -> frozenset[Any]:
    return frozenset((code, said) for code, said, lead in old.content[0] if lead)


def _beyond(
    stored: Mapping[int, _Stored], kept: Iterable[_Stored], scope: str | None
) -> list[_Stored]:
    """Return the rows of an area that the list says nothing of any more."""
    if scope is None:
        return []
    numbers = {old.number for old in kept}
    return [old for old in stored.values() if scope in old.within and old.number not in numbers]


def _end(conn: Connection, olds: Sequence[_Stored]) -> None:
    """End rows today; one whose time was still to come never holds."""
    ids = [number for old in olds for number in old.ids]
    if ids:
        last = func.greatest(DUTY.c.valid_from, func.current_date())
        conn.execute(update(DUTY).where(DUTY.c.id.in_(ids)).values(valid_to=last))


def _begin(conn: Connection, pairs: Sequence[tuple[ListRow, _Stored | None]], today: date) -> None:
    fresh = [row for row, old in pairs if old is None]
    numbers = iter(conn.execute(_NEXT, {"count": len(fresh)}).scalars().all())
    duties = [
        duty
        for row, old in pairs
        for duty in _duties(row, next(numbers) if old is None else old.number, today)
    ]
    if duties:
        conn.execute(insert(DUTY), duties)


def _duties(row: ListRow, number: int, today: date) -> list[dict[str, Any]]:
    about = {
        "role": _ROLE, "net": row.net, "area": row.area, "service": row.service,
        "basis": row.basis, "valid_from": row.begins or today, "valid_to": row.ends,
        "row_number": number,
    }  # fmt: skip
    said = {"area": row.area_said, "scope": row.scope if not row.area else ""}
    return [
        about
        | {"party": code, "lead": lead}
        | {"said": {k: v for k, v in {**said, "party": words}.items() if v}}
        for code, words, lead in _who(row)
    ]
