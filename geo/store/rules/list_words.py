"""The words of a responsibility list looked up: parties, areas, services as people name them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, or_, select

from geo.frames import LIST_ROWS, conform
from geo.responsibility import ListRow, Named, day_of, names_in, period_of
from geo.store.net.duty_list import read_list
from geo.store.schema.tables import AREA, PARTY, SERVICE

_NETS: Final = ("admin", "grid")  # an area is looked for in this order
_WHOLE: Final = ("全市", "全区", "全县", "全域", "全辖区", "辖区", "本区", "本街道", "")
_Cells = Mapping[str, str]
_Known = Mapping[str, Any]  # a row of the list as it stands


class _Party(NamedTuple):
    code: str
    is_person: bool
    ended: bool


@dataclass(frozen=True)
class _Book:
    """What the words of one list may mean, each word looked up once for all rows."""

    parties: Mapping[str, Sequence[_Party]]
    areas: Mapping[str, Sequence[tuple[str, str]]]  # net and code
    services: Mapping[str, Sequence[str]]
    known: Mapping[int, _Known]  # rows of the list as they stand, inside the scope
    scope: tuple[str, str] | None  # code and name of the area whose list it is


def looked_up(conn: Connection, frame: pd.DataFrame, *, scope: str | None = None) -> list[ListRow]:
    """Return the rows of a list by the contract LIST_ROWS, their words looked up.

    Parties and areas are named by code or by name, parties without the name of the district too
    ("区城管局"). What cannot be told is kept as it was said, and is a fault of its row.

    Parameters
    ----------
    frame
        Its index is the line of the file.
    scope
        Code of the area whose list it is: areas are looked for inside it, a row without any is on
        it as a whole.
    """
    rows = conform(frame, LIST_ROWS).fillna("")
    book = _book(conn, rows, scope)
    lines = [
        (int(line), row) for line, row in zip(rows.index, rows.to_dict("records"), strict=True)
    ]
    return [
        row
        for line, cells in lines
        for word in _services_in(cells["service"], book)
        for row in _rows(line, {**cells, "service": word}, book)
    ]


def _told(cell: str) -> list[str]:
    """Return what a cell may name: all of it one thing, or several."""
    return [cell, cell.strip(), *names_in(cell)]


def _services_in(cell: str, book: _Book) -> list[str]:
    """Return the services that a cell lists: several, where one of them is known by itself."""
    several = names_in(cell)
    listed = len(several) > 1 and not book.services.get(cell.strip())
    return several if listed and any(book.services.get(word) for word in several) else [cell]


def _book(conn: Connection, rows: pd.DataFrame, scope: str | None) -> _Book:
    within = None
    if scope is not None:
        asked = select(AREA.c.code, AREA.c.name).where(
            AREA.c.code == scope, AREA.c.valid_to.is_(None)
        )
        found = conn.execute(asked.order_by(AREA.c.net)).first()
        within = (found.code, found.name) if found else (scope, scope)
    named = {word for cell in (*rows["lead"], *rows["assists"]) for word in names_in(cell)}
    wanted = {word: _variants(word, within[1] if within else "") for word in named}
    places = {word for cell in rows["areas"] for word in names_in(cell)} | set(rows["areas"])
    return _Book(
        parties=_parties(conn, wanted),
        areas=_areas(conn, places, scope),
        services=_services(conn, {word for cell in rows["service"] for word in _told(cell)}),
        known=_known(conn, scope) if (rows["row"] != "").any() else {},
        scope=within,
    )


def _known(conn: Connection, scope: str | None) -> dict[int, _Known]:
    rows = read_list(conn, scope=scope).astype("object")
    plain = rows.where(rows.notna(), None).to_dict("records")
    return {row["row_number"]: row for row in plain}


def _variants(word: str, district: str) -> tuple[str, ...]:
    """Return how a party may be called in full, what it is called first.

    >>> _variants("区城管局", "历下区")
    ('区城管局', '历下区城管局', '历下区区城管局')
    """
    if not district:
        return (word,)
    bare = word[1:] if word[:1] in ("区", "县", "市") else word
    return tuple(dict.fromkeys((word, district + bare, district + word)))


def _parties(
    conn: Connection, wanted: Mapping[str, tuple[str, ...]]
) -> dict[str, Sequence[_Party]]:
    words = sorted({name for names in wanted.values() for name in names})
    columns = (PARTY.c.code, PARTY.c.name, PARTY.c.kind)
    over = func.coalesce(PARTY.c.ended_on <= func.current_date(), False).label("ended")
    asked = select(*columns, over).where(or_(PARTY.c.code.in_(words), PARTY.c.name.in_(words)))
    found: dict[str, list[_Party]] = defaultdict(list)
    for row in conn.execute(asked.order_by(PARTY.c.code)):
        party = _Party(row.code, row.kind == "person", row.ended)
        for word in {row.code, row.name}:
            found[word].append(party)
    return {
        word: next((found[name] for name in names if name in found), ())
        for word, names in wanted.items()
    }


def _areas(
    conn: Connection, words: Iterable[str], scope: str | None
) -> dict[str, Sequence[tuple[str, str]]]:
    asked = select(AREA.c.net, AREA.c.code, AREA.c.name).where(
        AREA.c.net.in_(_NETS),
        AREA.c.valid_to.is_(None),
        or_(AREA.c.code.in_(sorted(words)), AREA.c.name.in_(sorted(words))),
    )
    if scope is not None:
        asked = asked.where(AREA.c.path.contains([scope]))
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in conn.execute(asked.order_by(AREA.c.net, AREA.c.code)):
        for word in {row.code, row.name}:
            found[word].append((row.net, row.code))
    return dict(found)


def _services(conn: Connection, words: Iterable[str]) -> dict[str, Sequence[str]]:
    named = or_(SERVICE.c.code.in_(sorted(words)), SERVICE.c.name.in_(sorted(words)))
    found: dict[str, list[str]] = defaultdict(list)
    for row in conn.execute(select(SERVICE.c.code, SERVICE.c.name).where(named)):
        for word in {row.code, row.name}:
            found[word].append(row.code)
    return dict(found)


def _rows(line: int, cells: _Cells, book: _Book) -> list[ListRow]:
    """Return the rows that a line makes of one service: one for each area it names."""
    number, same, faults = _numbered(cells["row"], book)
    service, wrong = _service(cells["service"], book, same)
    leads, unled = _named(cells["lead"], book, same, "lead_names", "leads")
    assists, unknown = _named(cells["assists"], book, same, "assist_names", "assists")
    begins, ends, unread = _period(cells)
    row = ListRow(
        line=line,
        number=number,
        service=service,
        leads=leads,
        assists=tuple(one for one in assists if one not in leads),
        basis=cells["basis"].strip(),
        begins=begins,
        ends=ends,
        scope=book.scope[0] if book.scope else "",
        faults=(*faults, *wrong, *unled, *unknown, *unread),
    )
    row = row if leads else replace(row, faults=(*row.faults, "lead-missing"))
    words = names_in(cells["areas"]) or [""]
    placed = [_area(word, book, same) for word in words]
    return [_on(row, area, word) for area, word in zip(placed, words, strict=True)]


def _on(row: ListRow, found: tuple[str | None, str | None, tuple[str, ...]], word: str) -> ListRow:
    net, code, faults = found
    said = "" if code else word
    wrong = tuple(dict.fromkeys((*row.faults, *faults)))
    return replace(row, net=net, area=code, area_said=said, faults=wrong)


def _numbered(cell: str, book: _Book) -> tuple[int | None, _Known | None, tuple[str, ...]]:
    """Return the number that a line names, and the row of the list it has been until now."""
    if not cell.strip():
        return None, None, ()
    number = int(cell) if cell.strip().isdecimal() else -1
    row = book.known.get(number)
    return (None, None, ("row-unknown",)) if row is None else (number, row, ())


def _service(cell: str, book: _Book, same: _Known | None) -> tuple[str, tuple[str, ...]]:
    word = cell.strip()
    if same is not None and word in (same["service_name"], same["service"]):
        return str(same["service"]), ()
    found = sorted(set(book.services.get(word, ())))
    if word in found:
        return word, ()
    if len(found) == 1:
        return found[0], ()
    return word, ("service-ambiguous" if found else "service-unknown",)


def _named(
    cell: str, book: _Book, same: _Known | None, names: str, codes: str
) -> tuple[tuple[Named, ...], tuple[str, ...]]:
    """Return the parties that a cell names; unchanged words mean whom they meant before."""
    words = names_in(cell)
    if (
        same is not None
        and words == names_in(str(same[names] or ""))
        and len(words) == len(same[codes])
    ):
        return tuple(Named(code, word) for code, word in zip(same[codes], words, strict=True)), ()
    found = [_party(word, book) for word in words]
    return tuple(one for one, _ in found), tuple(fault for _, faults in found for fault in faults)


def _party(word: str, book: _Book) -> tuple[Named, tuple[str, ...]]:
    found = book.parties.get(word, ())
    exact = [party for party in found if party.code == word]
    units = exact or [party for party in found if not party.is_person] or list(found)
    if not units:
        return Named(None, word), ("party-unknown",)
    if len(units) > 1:
        return Named(None, word), ("party-ambiguous",)
    return Named(units[0].code, word), ("party-ended",) if units[0].ended else ()


def _area(
    word: str, book: _Book, same: _Known | None
) -> tuple[str | None, str | None, tuple[str, ...]]:
    if same is not None and word and word in (same["area_name"], same["area"]) and same["area"]:
        return same["net"], same["area"], ()
    found = book.areas.get(word, ())
    if word in _WHOLE and book.scope is not None:
        return "admin", book.scope[0], ()
    exact = [one for one in found if one[1] == word]
    admin = [one for one in found if one[0] == "admin"]
    picked = exact or admin or list(found)
    if not picked:
        return None, None, ("area-unknown",)
    if len(picked) > 1:
        return None, None, ("area-ambiguous",)
    return *picked[0], ()


def _period(cells: _Cells) -> tuple[Any, Any, tuple[str, ...]]:
    """Return the first day, the day after the last, and whether they cannot be read."""
    whole = period_of(cells["period"])
    first, last = (day_of(cells[name]) for name in ("valid_from", "valid_to"))
    unread = any(
        cells[name].strip() and day_of(cells[name]) is None for name in ("valid_from", "valid_to")
    )
    if whole is None or unread:
        return None, None, ("period-unread",)
    begins, ends = whole
    after = last + pd.Timedelta(days=1) if last else None
    begins, ends = begins or first, ends or after
    crossed = begins is not None and ends is not None and begins >= ends
    return (None, None, ("period-unread",)) if crossed else (begins, ends, ())
