"""The main job, end to end, on the small city: import, plan, publish, assign, handle."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import geopandas as gpd
import pandas as pd

from api.demo_cast import play
from api.gazetteers import placed_rows
from api.persons import holder
from api.proposals import atoms_of, propose
from geo.city import build, write
from geo.city.nets import DEPARTMENTS
from geo.errors import OpenQuestionsError
from geo.frames import DUTIES, PARTIES, conform
from geo.load import ReadOptions, read
from geo.load.findings import Noun
from geo.redraw import Quality, warm
from geo.rules import load_rules
from geo.store import imports
from geo.store.database import CITY_TIME, Connection, Store, transaction
from geo.store.net.areas import call_net, departmental_nets, read_areas
from geo.store.net.gazetteer import read_gazetteer
from geo.store.net.ground import barriers_of
from geo.store.net.people import read_services
from geo.store.net.revisions import today
from geo.store.planning import plans
from geo.store.working.issues import read_issues, send

SEED: Final = 7
TITLE: Final = "2026 年秋季调整"
# In the order of the flow: parents before children, people before their duties.
FILES: Final[tuple[tuple[Noun, str], ...]] = (
    ("areas", "areas.gpkg"),
    ("lanes", "lanes.gpkg"),
    ("places", "places.gpkg"),
    ("parties", "parties.csv"),
    ("services", "services.csv"),
    ("duties", "duties.csv"),
)
_OPTIONS: Final = ReadOptions(all_layers=True, datum="wgs84", timezone="Asia/Shanghai")
_STEPS: Final = (
    ("submit", "planner"),
    ("check", "checker"),
    ("approve", "approver"),
    ("publish", "approver"),
)
_SENT: Final = 60
AUDITOR: Final = ("AUDITOR", "审计员")
# Services that a rule sends, and how many of the newest issues come in after it was made.
BY_RULE: Final = ("F0106", "F0107", "F0201", "F0302", "F0601")
_AFTER_RULE: Final = 120
# After how many days the city is done with an issue, but for one in so many.
_OLD_DAYS: Final = 7
_ONE_LEFT: Final = 60
_ONE_NOWHERE: Final = 6  # of so many without a position one without an address, too

# Called with the names of a step in two languages; entered for as long as it takes.
Progress: TypeAlias = Callable[[str, str], AbstractContextManager[object]]


@dataclass(frozen=True)
class Shown:
    """What the demo leaves to be looked at."""

    scope: str
    plan: int
    issues: int
    unclaimed: int


def run(store: Store, folder: Path, *, say: Progress, quality: Quality = "best") -> Shown:
    """Return what there is to see, once the whole flow has been through the store.

    What an earlier run has done is left as it is. Once there is a plan nothing is imported again:
    the files hold the grids and the rules of before it.

    Parameters
    ----------
    folder
        Where the city's files are, or are written: with the issues of the ninety days until now.
    quality
        How long the redraw may search.
    """
    with say("生成一座小城", "Making a small city"):
        _city(folder)
    if not _is_planned(store):
        for noun, name in FILES:
            with say(f"导入 {name}", f"Importing {name}"):
                import_file(store, noun, folder / name)
        _auditor(store)
        _nets_called(store)
    scope = _scope(store)
    plan = _published(store, scope, say, quality)
    with say("导入诉求并派到网格", "Importing issues and assigning them"):
        fresh = _issues_taken_in(store, folder / "issues.csv")
    with say("按归属派单", "Sending issues by their route"):
        return _sent(store, scope, plan, fresh=fresh)


def _city(folder: Path) -> None:
    """Write the city's files unless they are there; what was left half written is begun again."""
    if (folder / "issues.csv").is_file():
        return
    made = folder.with_name(f"{folder.name}.new")
    write(build("small", SEED, pd.Timestamp.now(CITY_TIME).floor("h")), made)
    shutil.rmtree(folder, ignore_errors=True)
    made.rename(folder)


def import_file(store: Store, noun: Noun, path: Path) -> None:
    """Import one file of the generator, all its layers, all or nothing.

    Raises
    ------
    OpenQuestionsError
        When the file is not clean; the generator's are.
    """
    _kept(store, noun, _rows(noun, path), path.name)


def _rows(noun: Noun, path: Path) -> gpd.GeoDataFrame:
    layers = read(path, noun, _OPTIONS)
    if asked := sum(len(layer.report.questions) for layer in layers):
        raise OpenQuestionsError(count=asked)
    return pd.concat([layer.frame for layer in layers], ignore_index=True)


def _kept(store: Store, noun: Noun, rows: pd.DataFrame, name: str) -> None:
    with transaction(store.owner, "importer") as conn:
        _committed(conn, noun, rows, name)


def _committed(conn: Connection, noun: Noun, rows: pd.DataFrame, name: str) -> None:
    imports.COMMITS[noun](conn, rows, imports.open_batch(conn, noun, file=name))


def _auditor(store: Store) -> None:
    """Add somebody who reads what happened in the whole city, and belongs to no office in it."""
    with transaction(store.owner, "importer") as conn:
        whole = str(read_areas(conn, net="admin", kind="city")["code"].iloc[0])
    person = {"code": AUDITOR[0], "kind": "person", "name": AUDITOR[1]}
    duty = {"party": AUDITOR[0], "role": "auditor", "net": "admin", "area": whole}
    _kept(store, "parties", conform(pd.DataFrame([person]), PARTIES), "auditor")
    _kept(store, "duties", conform(pd.DataFrame([duty]), DUTIES), "auditor")


def _nets_called(store: Store) -> None:
    """Call departments' nets as people do."""
    with transaction(store.owner, "importer") as conn:
        known = {each["net"]: each["name"] for each in departmental_nets(conn)}
        for each in DEPARTMENTS:
            if known[each.net] != each.title:
                call_net(conn, each.net, each.title)


def _issues_taken_in(store: Store, path: Path) -> bool:
    """Tell whether issues are new: the old are done with, the newest are sent by rule."""
    rows = _rows("issues", path).sort_values("reported_at", ignore_index=True)
    rows = without_addresses(done_with(rows))
    with transaction(store.owner, "importer") as conn:
        if imports.last_issue(conn):
            return False
        rows = placed_rows(conn, rows, read_gazetteer)
        _committed(conn, "issues", rows.iloc[:-_AFTER_RULE], path.name)
        services = read_services(conn)
        ruled = services["code"].isin(BY_RULE) | services["auto_send"]
        _committed(conn, "services", services.assign(auto_send=ruled), "services.csv")
        _committed(conn, "issues", rows.iloc[-_AFTER_RULE:], path.name)
    return True


def done_with(issues: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return issues, the oldest first, as a hotline has them: it is done with most of the old."""
    old = issues["reported_at"] < issues["reported_at"].max() - pd.Timedelta(days=_OLD_DAYS)
    nth = pd.Series(range(len(issues)), issues.index)
    closed = issues["reported_at"] + pd.to_timedelta(1 + nth % (_OLD_DAYS - 1), "D")
    return issues.assign(closed_at=closed.where(old & (nth % _ONE_LEFT > 0)))


def without_addresses(issues: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return issues of which some say nothing of where they are: those wait to be claimed."""
    nowhere = issues.geometry.isna()
    return issues.assign(
        address=issues["address"].mask(nowhere & (nowhere.cumsum() % _ONE_NOWHERE == 0), "")
    )


def _is_planned(store: Store) -> bool:
    with transaction(store.owner, "importer") as conn:
        return len(plans.read_plans(conn)) > 0


def _scope(store: Store) -> str:
    with transaction(store.owner, "importer") as conn:
        return str(read_areas(conn, net="admin", kind="subdistrict")["code"].iloc[0])


def _published(store: Store, scope: str, say: Progress, quality: Quality) -> int:
    """Return the plan in force: drafted, handed on by whoever holds each role, and published."""
    with transaction(store.owner, "importer") as conn:
        known = plans.read_plans(conn, state="in_force")
        who = {role: holder(conn, role, scope) for _, role in _STEPS}
    if len(known):
        return int(known["id"].iloc[0])
    with say("准备计算核心（首次较慢）", "Readying the search (slow the first time)"):
        warm()
    with say("划分网格", "Redrawing the grids"), transaction(store.app, who["planner"]) as conn:
        plan = plans.create(conn, net="grid", scope=scope, title=TITLE)
        lines = barriers_of(conn, scope)
        propose(
            conn, plan, atoms_of(conn, scope), rules=load_rules(), quality=quality, barriers=lines
        )
    with say("提交、审核、批准、公布", "Submitting, checking, approving, publishing"):
        for step, role in _STEPS:
            with transaction(store.app, who[role]) as conn:
                plans.move(conn, plan, step)
    return plan


def _sent(store: Store, scope: str, plan: int, *, fresh: bool) -> Shown:
    """Return what there is to see, with the newest issues that no rule sent sent by their route."""
    with transaction(store.owner, "importer") as conn:
        dispatcher = holder(conn, "dispatcher", scope)
    with transaction(store.app, dispatcher) as conn:
        seen = read_issues(conn)
        waiting = _sendable(seen) if fresh else []
        for issue in waiting[:_SENT]:
            send(conn, issue)
        day = today(conn)
    unclaimed = seen["subdistrict"].isna() & (seen["state"] != "closed")
    if fresh:
        play(store, scope, waiting[_SENT:], today=day)
    return Shown(scope, plan, len(seen), int(unclaimed.sum()))


def _sendable(issues: pd.DataFrame) -> list[int]:
    """Return the issues that wait in a grid, the newest first."""
    waiting = issues[issues["grid"].notna() & (issues["state"] == "new")]
    located = waiting.sort_values("reported_at", ascending=False)
    return [int(number) for number in located["id"]]
