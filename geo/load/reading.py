"""A file read whole: its layers listed, the wanted ones taken, each brought to the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from geo.errors import (
    EmptyFileError,
    ImportRefusedError,
    UnknownLayerError,
)
from geo.load import ledgers, osm, parquet, repeats, siblings, tables, vectors
from geo.load.advice import beyond
from geo.load.endings import reckoned
from geo.load.files import Source, opened
from geo.load.findings import Finding, Loaded, Noun, RawLayer, ReadOptions
from geo.load.outlines import joined
from geo.load.reasons import unreadable
from geo.load.stages import Origin, empty, loaded

_TABLES: Final[Mapping[str, Callable[[Source, str], RawLayer]]] = {
    "csv": tables.read_csv,
    "parquet": parquet.read_parquet,
}
# Each takes some 40 ms, however small, and is held against all others. A city's subdistricts, each
# in a file of its own, are some 160.
_MOST_LAYERS: Final = 200


class _Layer(NamedTuple):
    """A layer that can be read: its name for a person, and how."""

    name: str
    source: Source
    spatial: bool
    read: Callable[[], RawLayer]


def read(path: Path, noun: Noun, options: ReadOptions) -> tuple[Loaded, ...]:
    """Return what a file holds of a noun, one result a layer taken.

    Of several layers none is taken in silence: without `options.layers` or `all_layers` the one
    result is a question that lists them.

    Raises
    ------
    ImportRefusedError
        When the file cannot be read at all, or an option names what is not there.
    """
    with opened(path) as sources:
        safe = map(reckoned, sources)
        layers = [layer for source in safe for layer in _layers(source, noun, len(sources))]
        taken = _taken(path.name, layers, options)
        if not taken:
            return (_which(path.name, noun, layers),)
        ignored = _ignored(layers, taken)
        found = tuple(
            _empty(path.name, layer, noun)
            if raw is None
            else _one(path.name, layer, raw, noun, options)
            for layer, raw in _read(path.name, taken, ignored)
        )
        if noun in ("areas", "lanes"):
            return siblings.settled(repeats.once(found, options), options)
        return joined(found) if noun == "places" else found


def together(layers: tuple[Loaded, ...], noun: Noun, options: ReadOptions) -> tuple[Loaded, ...]:
    """Return the layers of several files, areas that appear in more than one of them told once."""
    return repeats.once(layers, options) if noun in ("areas", "lanes") else layers


def _layers(source: Source, noun: Noun, sources: int) -> list[_Layer]:
    """Return the layers of one source; one of several sources gives them its own name."""
    stem = Path(source.name).stem if sources == 1 else str(Path(source.name).with_suffix(""))
    if source.format in ("csv", "parquet"):
        stem = Path(source.name).name.split(".")[0] if sources == 1 else stem
        reader = partial(_TABLES[source.format], source, stem)
        return [_Layer(stem, source, spatial=True, read=reader)]
    if source.format == "xlsx":
        named = [
            (name, True, partial(ledgers.read_sheet, source, sheet))
            for name, sheet in ledgers.sheets(source).items()
        ]
    elif source.format == "osm" and noun == "places":
        named = [(osm.BUILDINGS, True, partial(osm.read_buildings, source))]
    else:
        named = [
            (_shown(layer.name, source), layer.spatial, partial(vectors.read, source, layer.name))
            for layer in vectors.layers(source)
        ]
    if not named:
        raise _nothing_in(source)
    single = len(named) == 1 and sources > 1
    shown = [stem if single else name if sources == 1 else f"{stem}/{name}" for name, _, _ in named]
    return [_Layer(n, source, s, r) for n, (_, s, r) in zip(shown, named, strict=True)]


def _shown(layer: str, source: Source) -> str:
    """Return a layer's name; one that is only a file's private name is the file's own."""
    return Path(source.name).stem if layer == source.path.stem else layer


def _nothing_in(source: Source) -> ImportRefusedError:
    if source.format == "xlsx":
        return EmptyFileError(file=source.name)
    left = [str(said.values["names"]) for said in source.findings if said.code == "views-ignored"]
    if not left:
        return unreadable(source.name, "no layer", "里面没有图层")
    en = f"nothing but views that call functions we do not know, or do not take: {left[0]}"
    return unreadable(source.name, en, f"里面只有视图，用了不认识或不接受的函数：{left[0]}")


def _taken(file: str, layers: Sequence[_Layer], options: ReadOptions) -> list[_Layer]:
    """Return the layers to read; none when that is still to be asked."""
    known = {layer.name: layer for layer in layers}
    unknown = [name for name in options.layers if name not in known]
    if unknown:
        raise UnknownLayerError(file=file, layer=unknown[0], known="、".join(known))
    spatial = [layer for layer in layers if layer.spatial] or list(layers)
    every = spatial if options.all_layers or len(spatial) == 1 else []
    taken = [known[name] for name in options.layers] or every
    if len(taken) > _MOST_LAYERS:
        raise beyond("layers", file, found=len(taken), most=_MOST_LAYERS)
    return taken


def _which(file: str, noun: Noun, layers: Sequence[_Layer]) -> Loaded:
    names = [layer.name for layer in layers]
    values = {"count": len(layers), "names": "、".join(names), "choices": names}
    return empty(Origin(file), noun, Finding("several-layers", values=values))


def _ignored(layers: Sequence[_Layer], taken: Sequence[_Layer]) -> tuple[Finding, ...]:
    names = [layer.name for layer in layers if not layer.spatial and layer not in taken]
    if not names or not any(layer.spatial for layer in layers):
        return ()
    return (Finding("layers-ignored", values={"names": "、".join(names)}),)


def _read(
    file: str, taken: Sequence[_Layer], ignored: tuple[Finding, ...]
) -> Iterator[tuple[_Layer, RawLayer | None]]:
    """Give each layer as it was read, None for an empty one beside others.

    Raises
    ------
    EmptyFileError
        When the only layer is empty.
    """
    for layer in taken:
        raw = _whole(layer, file, alone=len(taken) == 1)
        if raw is None:
            yield layer, None
            continue
        said = (*layer.source.findings, *ignored, *raw.findings)
        yield layer, replace(raw, name=layer.name, findings=said)


def _whole(layer: _Layer, file: str, *, alone: bool) -> RawLayer | None:
    """Return a layer as it was read, None when it is empty and not the only one."""
    try:
        raw = layer.read()
    except EmptyFileError:
        if alone:
            raise
        return None
    blank = raw.frame.empty and not raw.findings and not len(raw.frame.index)
    if blank and alone:
        raise EmptyFileError(file=f"{file}（{layer.name}）")
    return None if blank else raw


def _empty(file: str, layer: _Layer, noun: Noun) -> Loaded:
    said = Finding("layer-empty", values={"layer": layer.name})
    return empty(Origin(file), noun, said, layer=layer.name)


def _one(file: str, layer: _Layer, raw: RawLayer, noun: Noun, options: ReadOptions) -> Loaded:
    return loaded(raw, noun, options, Origin(file, layer.source.format))
