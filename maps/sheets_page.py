"""A sheet of A4 for each grid of a plan: for public notice (公示), or for its hand-over (移交).

Everything stands in the page as it is served: map, bounds in words, buildings, whom to ask. Its
script only asks the browser to print. Text of people is escaped, never read as markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from string import ascii_uppercase
from typing import Final, Literal, NamedTuple

import geopandas as gpd
import shapely
from branca.element import Figure

from maps.chrome import Shell, dress
from maps.offline import Page, inline_page, page
from maps.site_plan import site_plan
from maps.threads import Thread
from maps.words import Lang, word

Purpose = Literal["notice", "handover"]
_SIGNED: Final = {
    "notice": ("sheets.posted", "sheets.until", "sheets.remarks"),
    "handover": ("sheets.gives", "sheets.takes", "sheets.witness"),
}


class Contact(NamedTuple):
    """Who is asked about a grid: `of` names the lanes of it that are theirs.

    `coming` tells of a grid to come that it is whoever has most of it today.
    """

    role: str
    name: str
    of: str = ""
    coming: bool = False


@dataclass(frozen=True, eq=False)
class Sheet:
    """One grid on paper.

    Parameters
    ----------
    places
        Names of the areas above it, from the top down.
    figures
        Key of a word, and the value beside it.
    bounds
        Its four sides in words (四至).
    buildings
        In the order of their numbers: `name`, `households`, `people`, and their points.
    beside, ground
        What the map shows around it, as `maps.site_plan` takes them.
    said
        What was said about places of it while it was drawn: for a hand-over alone.
    """

    code: str
    name: str
    places: Sequence[str]
    figures: Sequence[tuple[str, str]]
    bounds: str
    buildings: gpd.GeoDataFrame
    contacts: Sequence[Contact]
    shape: shapely.Geometry
    beside: gpd.GeoDataFrame
    ground: gpd.GeoDataFrame
    said: Sequence[Thread] = ()


@dataclass(frozen=True, eq=False)
class Sheets:
    """The sheets of a plan; `state` is that of the plan, `standing` what is said of it and when.

    `code` is the QR code (SVG) that leads to the address `way`; both are '' where there is none.
    """

    plan: int
    title: str
    state: str
    standing: str
    purpose: Purpose
    sheets: Sequence[Sheet]
    way: str = ""
    code: str = ""


def sheets_page(
    told: Sheets, *, lang: Lang = "zh-CN", who: Mapping[str, str] | None = None
) -> Page:
    """Return the page of the sheets, as it is served."""
    return page(_figure(told, lang, {"who": who}, linked=True), lang=lang)


def sheets_file(told: Sheets, *, lang: Lang = "zh-CN") -> str:
    """Return the same sheets as one file that needs nothing else."""
    return inline_page(_figure(told, lang, {"who": None}, linked=False), lang=lang)


def _figure(told: Sheets, lang: Lang, config: Mapping[str, object], *, linked: bool) -> Figure:
    figure = Figure()
    sheets = "".join(_sheet(told, each, lang) for each in told.sheets)
    top = (
        f'<header class="sheets-head unprinted"><h1>{word(f"sheets.{told.purpose}", lang)}</h1>'
        f"<span>{escape(told.title)} · {word('sheets.n', lang, n=len(told.sheets))}</span>"
        f'<button type="button" class="button main" id="print">{word("one.print", lang)}</button>'
        "</header>"
    )
    body = f'<main id="panel" class="sheets" tabindex="-1">{top}{sheets}</main>'
    shell = Shell("sheets", f"sheets.{told.purpose}", config, body, linked, ("page", "sheets"))
    dress(figure, shell, lang=lang)
    return figure


def _sheet(told: Sheets, sheet: Sheet, lang: Lang) -> str:
    in_force = told.state == "in_force"
    tag = "" if in_force else f'<b class="tag">{word(f"plan-state.{told.state}", lang)}</b>'
    drawn, unplaced = site_plan(
        sheet.shape, sheet.beside, sheet.ground, sheet.buildings,
        title=word("sheets.map", lang, name=sheet.name),
        marks=[(mark, each.lon, each.lat) for mark, each in _marked(sheet.said)],
    )  # fmt: skip
    return (
        f'<section class="grid-sheet" id="g-{escape(sheet.code)}" '
        f'aria-label="{escape(sheet.name)}">'
        f"{_way(told, lang)}"
        f"<p class=sheet-kind>{word(f'sheets.{told.purpose}', lang)}{tag}</p>"
        f"<h2>{escape(sheet.name)}</h2>"
        f"<p class=note>{escape(' › '.join(sheet.places))} · {escape(sheet.code)}</p>"
        f"{drawn}{_unplaced(sheet.buildings, unplaced, lang)}"
        f"{_facts(sheet, lang)}{_contacts(sheet.contacts, lang)}{_said(sheet.said, lang)}"
        f"{_buildings(sheet.buildings, told.purpose, lang)}{_signed(told.purpose, lang)}"
        f"<p class=note>{escape(sheet.name)} · {escape(told.title)} · {escape(told.standing)}</p>"
        "</section>"
    )


def _unplaced(buildings: gpd.GeoDataFrame, numbers: Sequence[int], lang: Lang) -> str:
    """Return the key of what stands as a dot alone: too many buildings stand around it."""
    if not numbers:
        return ""
    names = buildings["name"].tolist()
    # Each by itself: what is written from the right would take the next number with it.
    listed = "、".join(f"{number} <bdi>{escape(names[number - 1])}</bdi>" for number in numbers)
    return f"<p class=note>{word('sheets.unplaced', lang, listed=listed)}</p>"


def _way(told: Sheets, lang: Lang) -> str:
    if not told.code:
        return ""
    words = word(f"sheets.way-{told.purpose}", lang)
    drawn = f"{told.code}<figcaption>{words}</figcaption>"
    return f'<figure class=way title="{escape(told.way)}">{drawn}</figure>'


def _facts(sheet: Sheet, lang: Lang) -> str:
    figures = "".join(
        f"<div><dt>{word(key, lang)}</dt><dd>{escape(value)}</dd></div>"
        for key, value in sheet.figures
    )
    bounds = escape(sheet.bounds) or word("none", lang)
    return (
        f"<dl class=figures>{figures}</dl>"
        f"<p class=bounds><b>{word('one.bounds', lang)}</b> {bounds}</p>"
    )


def _contacts(contacts: Sequence[Contact], lang: Lang) -> str:
    if not contacts:
        return f"<p class=note>{word('sheets.nobody', lang)}</p>"
    items = "".join(
        f"<li>{word(f'role.{each.role}', lang)} <b>{escape(each.name)}</b>"
        f"{word('sheets.coming', lang) if each.coming else ''} {escape(each.of)}</li>"
        for each in contacts
    )
    return f"<ul class=contacts>{items}</ul>"


def _marked(threads: Sequence[Thread]) -> list[tuple[str, Thread]]:
    """Return threads with the letter that stands at their place on the map: A to Z, A1, B1, …."""
    rounds = ((divmod(at, len(ascii_uppercase)), each) for at, each in enumerate(threads))
    return [(f"{ascii_uppercase[at]}{again or ''}", each) for (again, at), each in rounds]


def _said(threads: Sequence[Thread], lang: Lang) -> str:
    if not threads:
        return ""
    items = "".join(
        f"<li><b>{mark}</b> {_thread(each, lang)}</li>" for mark, each in _marked(threads)
    )
    return f"<h3>{word('sheets.said', lang)}</h3><ul class=said-there>{items}</ul>"


def _thread(thread: Thread, lang: Lang) -> str:
    tag = f' <b class="tag">{word("comment.is-settled", lang)}</b>' if thread.is_settled else ""
    lines = "".join(
        f"<p>{escape(each.text)} <span class=note>{escape(each.name)} {escape(each.at)}</span></p>"
        for each in thread.said
    )
    return f"<div>{lines}{tag}</div>"


def _buildings(buildings: gpd.GeoDataFrame, purpose: Purpose, lang: Lang) -> str:
    if buildings.empty:
        return f"<p class=note>{word('sheets.no-buildings', lang)}</p>"
    people = purpose == "handover"  # how many live behind a door is nothing for a notice board
    heads = ["sheets.no", "sheets.building", "sheets.households", *["sheets.people"] * people]
    columns = ["name", "households", *["people"] * people]
    cells = [buildings[column].tolist() for column in columns]
    rows = "".join(
        f"<tr><td>{number}</td>{''.join(f'<td>{escape(str(v))}</td>' for v in row)}</tr>"
        for number, row in enumerate(zip(*cells, strict=True), 1)
    )
    head = "".join(f'<th scope="col">{word(key, lang)}</th>' for key in heads)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<div class=building-list>{table}</div>"


def _signed(purpose: Purpose, lang: Lang) -> str:
    lines = "".join(f"<span>{word(key, lang)}</span>" for key in _SIGNED[purpose])
    return f"<p class=signed>{lines}</p>"
