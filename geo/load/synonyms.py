"""The words planners use for columns and values, from `columns.toml` and `sources.csv`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, TypeAlias

from geo.load.findings import Noun
from geo.reference import boundary_file, sources

Words: TypeAlias = Mapping[str, tuple[str, ...]]

# With the end where there is one: what has none is looked through once, however often it begins.
_UNIT: Final = re.compile(r"[(\[【][^)\]】]*([)\]】]?)")
_BLANKS: Final = re.compile(r"[\s_\-./:：*]+")


def folded(word: str) -> str:
    """Return a heading or a cell as it is compared.

    >>> folded(" 户数（户） "), folded("Created_Date"), folded("ｃｏｄｅ"), folded("[a")
    ('户数', 'createddate', 'code', '[a')
    """
    plain = unicodedata.normalize("NFKC", word).lower()
    bare = _UNIT.sub(lambda found: "" if found[1] else found[0], plain)
    return _BLANKS.sub("", bare) or _BLANKS.sub("", plain)


def column_words(noun: Noun) -> Words:
    """Return contract column → folded words for it, best first; positions are among them."""
    table = _tables()
    chapter = "areas" if noun == "lanes" else noun
    return MappingProxyType(dict(table["shared"]) | dict(table[chapter]))


def known_headings() -> frozenset[str]:
    """Return every folded word for a column, of any noun."""
    chapters = [chapter for name, chapter in _tables().items() if not name.startswith("values.")]
    return frozenset(word for c in chapters for words in c.values() for word in words)


def value_words(name: str) -> Mapping[str, str]:
    """Return folded word in a cell → our identifier, of one list ("source", "kind", "yes", …)."""
    pairs = {word: meant for meant, words in _tables()[f"values.{name}"].items() for word in words}
    return MappingProxyType(pairs)


@cache
def _tables() -> Mapping[str, Words]:
    with boundary_file("columns.toml").open("rb") as file:
        read = tomllib.load(file)
    values = read.pop("values")
    values["source"] = {code: list(source.synonyms) for code, source in sources().items()}
    chapters = read | {f"values.{name}": words for name, words in values.items()}
    return MappingProxyType({name: _folded_words(words) for name, words in chapters.items()})


def _folded_words(words: Mapping[str, list[str]]) -> Words:
    return MappingProxyType({k: tuple(map(folded, v)) for k, v in words.items()})
