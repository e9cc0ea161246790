"""`jingwei import`: files in, a report out; rows into the store only with `--commit`."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple, cast

import geopandas as gpd
import pandas as pd
import typer

from api.clashes import clashes_line
from api.cli.calendars import take_calendar
from api.cli.findings_screen import show
from api.cli.progress import working
from api.contacts import contacts_of
from api.importing import (
    ASKING,
    CLEAN,
    Origin,
    Outcome,
    check_answers,
    column_pairs,
    known_areas,
    written,
    zone,
)
from api.opening import open_store
from api.settings import Settings, settings
from geo.crs import parse_datum
from geo.errors import ImportRefusedError, OpenQuestionsError
from geo.load import Loaded, ReadOptions, read, together
from geo.load.exports import write, write_csv
from geo.load.findings import Noun
from geo.store.database import transaction
from geo.store.imports import Counts
from geo.store.net import areas
from geo.store.net.gazetteer import read_gazetteer
from geo.store.private import cluster

app = typer.Typer(name="import", no_args_is_help=True)

_WORDS_SHOWN: Final = 10
_DRY: Final = "只是试读，没有写入；加 --commit 写入。A dry run: nothing written; --commit writes."
_FATES: Final = {  # of new issues
    "by_address": ("按地址定位", "placed by address"),
    "sent": ("按规则派出", "sent by rule"),
    "closed": ("来源已办结", "closed by their source"),
    "unclaimed": ("待认领", "unclaimed"),
}


class _Option(NamedTuple):
    """One option of every import command."""

    name: str
    kind: Any
    help: str
    default: Any = None


_OPTIONS: Final = (
    _Option("layer", list[str] | None, "图层或工作表，可重复 A layer or sheet, may be repeated"),
    _Option("all_layers", bool, "全部图层 Every layer", default=False),
    _Option("crs", str | None, "坐标系，如 EPSG:4548 The coordinate system"),
    _Option("datum", str | None, "坐标基准 wgs84|cgcs2000|gcj02|bd09|measured"),
    _Option("net", str | None, "区域属于哪张网：admin|grid|lane|estate|base|dept-… The net"),
    _Option("kind", str | None, "类别：district, grid, building… The kind of area or place"),
    _Option("source", str | None, "诉求来源：hotline|wechat|patrol|… The source of issues"),
    _Option("column", list[str] | None, "列的对应，如 code=网格号，可重复 Our column=its column"),
    _Option("accept", list[str] | None, "同意建议，可重复 Carry a proposal out, may be repeated"),
    _Option("reject", list[str] | None, "拒绝建议，其行隔离 Set a proposal's rows aside"),
    _Option("timezone", str | None, "没有时区的时间，如 Asia/Shanghai Zone of times"),
    _Option("known", Path | None, "已知区域的文件，供判断坐标基准 A file of named areas"),
    _Option("report", Path | None, "报告写成 JSON Write the report as JSON"),
    _Option("map", Path | None, "问题写成地图网页 Write the defects as a map page"),
    _Option("quarantine", Path | None, "隔离的行写成 CSV Write the rows set aside as CSV"),
    _Option("out", Path | None, "可用的行写成文件（默认 GeoPackage）Write the usable rows"),
    _Option("json", bool, "只在屏幕输出 JSON Print JSON only", default=False),
    _Option("commit", bool, "写入数据库 Write to the database", default=False),
    _Option("as", str, "以谁的身份写入 The acting person", default="importer"),
)


@dataclass(frozen=True)
class _Asked:
    """One import: what is read, how, and where results go."""

    noun: Noun
    files: tuple[Path, ...]
    options: ReadOptions
    given: Mapping[str, Any]


def _command(noun: Noun, help_text: str) -> None:
    """Add the command of a noun; all have the same options, from one list."""

    def run(**given: Any) -> None:  # noqa: ANN401 the list of options gives the types
        _run(noun, given)

    hints = {"files": Annotated[list[Path], typer.Argument(help="文件，可多个 One file or more")]}
    defaults: dict[str, Any] = {"files": Parameter.empty}
    for option in _OPTIONS:
        flag = f"--{option.name.replace('_', '-')}"
        hints[_safe(option.name)] = Annotated[option.kind, typer.Option(flag, help=option.help)]
        defaults[_safe(option.name)] = option.default
    parameters = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=defaults[name], annotation=hint)
        for name, hint in hints.items()
    ]
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = dict(hints)
    app.command(noun, help=help_text)(run)


def _safe(name: str) -> str:
    """Return an option's name as a parameter: none may be a word of the language."""
    return f"{name}_" if name in ("as", "json", "map") else name


def _run(noun: Noun, given: Mapping[str, Any]) -> None:
    asked = _Asked(noun, tuple(given["files"]), _options(noun, given), given)
    outcome = _read_all(asked)
    try:
        if outcome.status == CLEAN and (given["commit"] or _is_tried(noun)):
            outcome = _written(asked, outcome)
    finally:  # rows the store refuses do not hide what the files hold
        _write_files(asked, outcome)
        _say(asked, outcome)
    raise typer.Exit(outcome.status)


def _options(noun: Noun, given: Mapping[str, Any]) -> ReadOptions:
    """Return what the person has said, checked."""
    datum = given["datum"]
    if datum is not None and datum != "measured":
        datum = parse_datum(datum)
    check_answers((*(given["accept"] or ()), *(given["reject"] or ())))
    return ReadOptions(
        layers=tuple(given["layer"] or ()),
        all_layers=given["all_layers"],
        crs=given["crs"],
        datum=datum,
        accept=frozenset(given["accept"] or ()),
        reject=frozenset(given["reject"] or ()),
        columns=column_pairs(given["column"] or ()),
        timezone=zone(given["timezone"]),
        net=given["net"],
        kind=given["kind"],
        source=given["source"],
        known=_known(given["known"], noun),
    )


def _known(path: Path | None, noun: Noun) -> gpd.GeoDataFrame | None:
    """Return areas already known: a file's, or those of a database that runs; else None."""
    if path is None:
        return _stored(noun)
    said = ReadOptions(all_layers=True, datum="wgs84", kind="district")
    frames = [layer.frame for layer in read(path, "areas", said) if len(layer.frame)]
    return pd.concat(frames, ignore_index=True) if frames else None


def _stored(noun: Noun) -> gpd.GeoDataFrame | None:
    """Return the areas in force, if a database runs; none is started for a dry run.

    Duties lie on areas of any net; positions are looked for in the tiling ones.
    """
    chosen = settings()
    if not _is_running(chosen):
        return None
    store = open_store(chosen)
    try:
        with transaction(store.owner, "importer") as conn:
            if noun == "duties":
                return known_areas(conn, areas.net_names(conn))
            return known_areas(conn)
    finally:
        store.close()


def _is_running(chosen: Settings) -> bool:
    return chosen.database_url is not None or cluster.status(chosen.home).state == "running"


def _is_tried(noun: Noun) -> bool:
    """Tell whether a dry run counts against the database: of issues, where one runs."""
    return noun == "issues" and _is_running(settings())


def _read_all(asked: _Asked) -> Outcome:
    """Return every layer of every file; a file that is refused stops none of the others."""
    layers: list[Loaded] = []
    refused: list[ImportRefusedError] = []
    for path in asked.files:
        try:
            with working(f"读取并检查 {path.name}", f"Reading and checking {path.name}"):
                layers += read(path, asked.noun, asked.options)
        except ImportRefusedError as error:
            refused.append(error)
    with working("各图层互相核对", "Holding the layers against each other"):
        held = together(tuple(layers), asked.noun, asked.options)
    return Outcome(held, tuple(refused))


def _written(asked: _Asked, outcome: Outcome) -> Outcome:
    """Return the outcome with what was written: all rows in one transaction, or none.

    A dry run is the real thing, taken back.
    """
    commit = bool(asked.given["commit"])
    count = sum(len(layer.frame) for layer in outcome.layers)
    if not count:
        return outcome
    origin = Origin(", ".join(path.name for path in asked.files), _digest(asked.files))
    store = open_store(settings())
    zh, en = ("写入", "Writing") if commit else ("试写", "Trying")
    doing, who = working(f"{zh} {count:,} 行", f"{en} {count:,} rows"), str(asked.given["as_"])
    try:
        with doing, transaction(store.owner, who, commit=commit) as conn:
            contacts = contacts_of(store, settings().home)
            done = written(conn, asked.noun, outcome, origin, read_gazetteer, contacts=contacts)
            return replace(done, trial=not commit)
    finally:
        store.close()


def _digest(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    whole = [sorted(path.rglob("*")) if path.is_dir() else [path] for path in files]
    for path in (path for paths in whole for path in paths if path.is_file()):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _write_files(asked: _Asked, outcome: Outcome) -> None:
    given = asked.given
    if given["report"]:
        given["report"].write_text(_json(outcome), encoding="utf-8")
    if given["map_"]:
        from maps.defect_page import defect_page  # noqa: PLC0415 start-up time

        given["map_"].write_text(defect_page(outcome.reports, _drawn(asked, outcome)), "utf-8")
    if given["quarantine"]:
        aside = [layer.quarantined.assign(file=layer.report.file) for layer in outcome.layers]
        whole = pd.concat(aside, ignore_index=True) if aside else pd.DataFrame()
        write_csv(whole, given["quarantine"])
    frames = [layer.frame for layer in outcome.layers if len(layer.frame)]
    if given["out"] and frames:
        for finding in write(pd.concat(frames, ignore_index=True), given["out"], asked.noun):
            sys.stderr.write(f"{finding.zh}\n{finding.en}\n")


def _drawn(asked: _Asked, outcome: Outcome) -> gpd.GeoDataFrame | None:
    """Return what the findings are laid on: the file's own areas, else the areas known."""
    frames = [x.frame for x in outcome.layers if isinstance(x.frame, gpd.GeoDataFrame)]
    shapes = [frame for frame in frames if asked.noun in ("areas", "lanes") and len(frame)]
    return pd.concat(shapes, ignore_index=True) if shapes else asked.options.known


def _json(outcome: Outcome) -> str:
    return json.dumps(outcome.to_json(), ensure_ascii=False, indent=1, default=str)


def _say(asked: _Asked, outcome: Outcome) -> None:
    for error in outcome.refused:
        sys.stderr.write(f"{error.sentence_zh}\n{error.sentence_en}\n")
    if asked.given["json_"]:
        sys.stdout.write(_json(outcome) + "\n")
        return
    show(outcome.reports)
    typer.echo(_last_line(asked, outcome))
    if asked.given["commit"] and outcome.status == ASKING:
        error = OpenQuestionsError(count=outcome.questions)
        sys.stderr.write(f"{error.sentence_zh}\n{error.sentence_en}\n")


def _last_line(asked: _Asked, outcome: Outcome) -> str:
    if outcome.counts is not None:
        told = f"{_counted(outcome, outcome.counts)}{clashes_line(outcome.counts.clashes)}"
        return f"{told}{_unknown(outcome.unknown)}" + (f"\n{_DRY}" if outcome.trial else "")
    if outcome.status == CLEAN and not asked.given["commit"]:
        return _DRY
    return "没有写入。Nothing was written."


def _counted(outcome: Outcome, counts: Counts) -> str:
    """Return what was written, or would be, and what became of the new issues."""
    zh, en = ("若写入", "Would be written") if outcome.trial else ("已写入", "Written")
    zh += f"：新增 {counts.new}，改动 {counts.changed}，不变 {counts.same}"
    en += f": {counts.new} new, {counts.changed} changed, {counts.same} the same"
    for name, (fate_zh, fate_en) in _FATES.items():
        if name in outcome.fates:
            zh += f"；{fate_zh} {outcome.fates[name]}"
            en += f"; {outcome.fates[name]} {fate_en}"
    return f"{zh}。{en}."


def _unknown(words: Mapping[str, int]) -> str:
    """Return the line about services that the catalogue does not have."""
    if not words:
        return ""
    shown = "、".join(f"{word}（{n}）" for word, n in list(words.items())[:_WORDS_SHOWN])
    zh = f"事项目录里没有的类别 {len(words)} 种：{shown}"
    return f"\n{zh}。Services that the catalogue does not have: {len(words)}."


for _noun, _help in (
    ("areas", "区划、网格、小区等面 Areas of any net"),
    ("places", "楼栋、站点 Buildings and other places"),
    ("lanes", "街巷 Lanes"),
    ("issues", "诉求工单 Issues"),
    ("parties", "人员和单位 Persons and organisations"),
    ("duties", "职责 Duties"),
    ("services", "事项目录 The catalogue of services"),
):
    _command(cast("Noun", _noun), _help)
app.command("calendar")(take_calendar)
