"""A merger from files to files: departmental nets in, one net and everybody's tables out."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import geopandas as gpd
import typer

from api.files.barriers import read_barrier_files
from api.files.memory import giving_back
from api.files.mergers import outputs, write_merger
from api.files.nets import (
    ESTATE,
    OWN,
    PLACES,
    WITHIN,
    NetFile,
    Read,
    Systems,
    brief,
    net_file,
    read_net,
    read_places,
)
from api.files.redrawing import said_of_rows
from geo.errors import BadOptionError, SameFileError
from geo.names import counted
from geo.nets import Merged, Watch, merge
from geo.nets.inputs import check_names
from geo.nets.loads import demand_places
from geo.nets.merging import check_asked
from geo.redraw import Quality
from geo.redraw.columns import Columns
from geo.redraw.drawing import check_search
from geo.redraw.remarks import remarks_ahead
from geo.rules import Rules, barrier_rules

_SHOWN: Final = 8
_BARE_M2: Final = 1_000.0  # less ground left out by a net is only in the report
# What the importer only mentions and a merger depends on.
_TOLD: Final = ("codes-made", "code-joined", "overlap", "gap")


class Known(NamedTuple):
    """What is known beside the nets; `within` is a file of communities or a column of the first."""

    places: NetFile | None
    within: str | None
    weight: str
    groups: str | None
    previous: str | None
    barriers: tuple[Path, ...] = ()


class How(NamedTuple):
    """How to merge: see `geo.nets.merge`."""

    rules: Rules
    tolerance: float
    seed: int
    quality: Quality
    threads: int | None


class Job(NamedTuple):
    """What to merge and how, apart from where it goes."""

    nets: tuple[NetFile, ...]
    said: Systems
    known: Known
    how: How


def run(job: Job, out: Path, working: Watch) -> None:
    """Read, merge, write, and say on standard error what came of it; `working` shows each step."""
    working = giving_back(working)
    _check(job)
    _refuse_same(job, out)
    read, within, places = _read(job, working)
    nets = {net.name: read[net.name].frame for net in job.nets}
    if within is None:
        _say_ahead([*nets.values()] if places is None else [places], job)
    roads = None
    if job.known.barriers:
        first, rules = nets[job.nets[0].name], barrier_rules(job.how.rules)
        roads = read_barrier_files(job.known.barriers, first, rules)
    estates = job.known.groups and ESTATE  # the column is called so once it is read
    given = {"places": places, "within": within, "groups": estates, "barriers": roads}
    merged = merge(
        nets,
        **job.how._asdict(),
        **{**job.known._asdict(), **given},
        watch=working,
    )
    with working("写出", "Writing"):
        write_merger(merged, {name: brief(net) for name, net in read.items()}, out)
    for say in (_say, _say_nets, _say_plan):
        say(merged)
    files = "、".join(path.name for path in outputs(out))
    typer.echo(f"已写入 {out.parent} 中的 {files}。Written.", err=True)


def _check(job: Job) -> None:
    """Raise where something was asked that cannot be, before anything is read."""
    names = [net.name for net in job.nets]
    check_search(job.how.seed, job.how.quality, job.how.threads)
    check_names(names)
    check_asked(names, job.known.previous, job.how.tolerance)
    _check_columns(job.known)


def _say_ahead(frames: list[gpd.GeoDataFrame], job: Job) -> None:
    """Say before all is drawn as one community that it will have too many grids, where so."""
    weight = job.known.weight
    for known in (frame.dropna(subset=[weight]) for frame in frames if weight in frame):
        for line in said_of_rows(remarks_ahead(known, Columns(weight), job.how.rules)):
            typer.echo(line, err=True)


def _check_columns(known: Known) -> None:
    """Raise where the weight would take the place of a net's own column, or estates have no file.

    Raises
    ------
    BadOptionError
        Which option.
    """
    if known.weight.lower() in OWN:
        expected = f"户数列 a column of households, none of {', '.join(OWN)}"
        raise BadOptionError(option="--weight", found=known.weight, expected=expected)
    demand_places(known.groups, given=known.places is not None)


def _refuse_same(job: Job, out: Path) -> None:
    given = [net.path for net in job.nets] + ([job.known.places.path] if job.known.places else [])
    given += (
        [Path(job.known.within)] if job.known.within and Path(job.known.within).exists() else []
    )
    for path in outputs(out):
        if path.exists() and any(path.samefile(file) for file in given):
            raise SameFileError(path=path)


def _read(
    job: Job, working: Watch
) -> tuple[dict[str, Read], gpd.GeoDataFrame | str | None, gpd.GeoDataFrame | None]:
    """Return the files read by name; communities and places."""
    towns = _towns_file(job.known.within)
    column = job.known.within if towns is None else None
    read: dict[str, Read] = {}
    for number, file in enumerate(job.nets):
        with working(f"读取 {file.name}", f"Reading {file.name}"):
            read[file.name] = read_net(file, job.said, job.known.weight, None if number else column)
        _say_read(file.name, read[file.name])
    within: gpd.GeoDataFrame | str | None = WITHIN if column is not None else None
    if towns is not None:
        read[WITHIN] = read_net(towns, job.said, job.known.weight)
        within = read[WITHIN].frame
    if job.known.places is None:
        return read, within, None
    with working("读取楼栋", "Reading places"):
        read[PLACES] = read_places(job.known.places, job.said, job.known.weight, job.known.groups)
    _say_read(PLACES, read[PLACES])
    return read, within, read[PLACES].frame


def _towns_file(within: str | None) -> NetFile | None:
    """Return the file of communities; None where `within` is a column, or nothing."""
    if within is None or not (Path(within).exists() or ":" in within):
        return None
    file = net_file(within)
    return NetFile(WITHIN, file.path, file.layer)


def _say_read(name: str, read: Read) -> None:
    report = read.report
    told = sorted(
        {
            f.code
            for f in report.findings
            if f.severity in ("repaired", "quarantined") or f.code in _TOLD
        }
    )
    more = f"（{', '.join(told)}）" if told else ""
    typer.echo(
        f"{name}：读 read {report.read}，用 used {report.used}，修 repaired {report.repaired}，"
        f"隔离 quarantined {report.quarantined}{more}",
        err=True,
    )


def _say(merged: Merged) -> None:
    """Sum up on standard error what the figures rest on."""
    facts = merged.facts
    if facts.source == "net":
        typer.echo(
            f"没有楼栋，户数取自“{facts.net}”，按面积摊到地块。\n"
            f"No places: households are those of '{facts.net}', spread by area.",
            err=True,
        )
    if facts.source == "ground":
        typer.echo(
            "按面积计：凡写“户”的数字都是公顷。\n"
            "By ground: every figure that says households is hectares.",
            err=True,
        )
    for net, codes in facts.swallowed.items():
        shown = "、".join(codes[:_SHOWN]) + (" …" if len(codes) > _SHOWN else "")
        typer.echo(
            f"“{net}”有 {len(codes):,} 个单元窄于容差或被同网单元盖住，没有地块：{shown}。\n"
            f"{len(codes):,} units of '{net}' are narrower than the tolerance or wholly under "
            "others of the net: no atom is theirs. A smaller --tolerance may help.",
            err=True,
        )
    for net, (households, area) in facts.bare.items():
        if area >= _BARE_M2:
            typer.echo(
                f"“{net}”没有覆盖 {area / 1e6:,.3f} km²、{households:,.0f} 户。\n"
                f"'{net}' leaves out {area / 1e6:,.3f} km² and {households:,.0f} households.",
                err=True,
            )
    if facts.outside > 0:
        typer.echo(
            f"{facts.outside:,.0f} 户不在任何单元或社区里，没有计入。\n"
            f"{facts.outside:,.0f} households lie in no unit or community: not counted.",
            err=True,
        )


def _say_nets(merged: Merged) -> None:
    """Say where nets disagree, and what was kept of the borders of each."""
    for row in merged.matrix.to_dict("records"):
        typer.echo(
            f"  {row['net_a']} × {row['net_b']}：分歧 {row['conflict']:,.0f} 户"
            f"（{row['conflict_share']:.1%}），{row['area_conflict'] / 1e6:,.2f} km²；"
            f"共同边界 borders shared {row['borders_a']:.0%} / {row['borders_b']:.0%}",
            err=True,
        )
    for kept in merged.kept:
        typer.echo(
            f"  {kept.net}：保留边界 borders kept {_share(kept.kept, kept.metres)}"
            f"（不求保留时 unasked {_share(kept.unasked, kept.metres)}，"
            f"上限 at most {_share(kept.most, kept.metres)}）",
            err=True,
        )
    late = [kept.net for kept in merged.kept if kept.behind > 0]
    if late:
        nets = "、".join(late)
        typer.echo(
            f"  ! “{nets}”保留的边界比不求保留时还少：别的网与它少有相同的边界。"
            "要多保留，可提高规则 [merge] 的 behind。\n"
            f"  ! Of '{nets}' fewer borders are kept than come unasked: other nets share few of "
            "them. For more, raise `behind` in [merge] of the rules.",
            err=True,
        )


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.0%}" if whole > 0 else "–"


def _say_plan(merged: Merged) -> None:
    grids = merged.drawn.grids
    own, along = merged.own
    typer.echo(
        f"{len(grids):,} 个网格，{int(grids['in_band'].sum()):,} 个达标；"
        f"新边界 {_share(along, own)} 沿用原边界，平均紧凑度 {grids['compactness'].mean():.3f}。\n"
        f"{counted(len(grids), 'grid')}, {int(grids['in_band'].sum()):,} in band; "
        f"{_share(along, own)} of their borders are old ones, "
        f"mean compactness {grids['compactness'].mean():.3f}.",
        err=True,
    )
    share = merged.chosen.kept
    typer.echo(
        f"各网边界合计保留 {share:.0%}；达到户数下限的方案不超过 {merged.most:.0%}（松弛上界）。\n"
        f"{share:.0%} of all nets' borders kept; no plan whose grids reach the band keeps more "
        f"than {merged.most:.0%} (an upper bound of a relaxation).",
        err=True,
    )
    table = merged.drawn.report.communities
    out = table.loc[~table["in_band"]]
    for row in out.head(_SHOWN).itertuples():
        typer.echo(f"  {row.within}：{row.zh}。{row.en}.", err=True)
    if len(out) > _SHOWN:
        typer.echo(f"  …共 {len(out)} 个社区，见报告。{len(out)} in all, see the report.", err=True)
