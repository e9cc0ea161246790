"""An address taken apart: divisions, road and number, name of the place, building, what is near."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from geo.gazetteer.wording import plain

LEVELS: Final = ("city", "district", "subdistrict", "community")
_LONGEST: Final = 14  # letters of a name of a road or a division
_MOST: Final = 120  # letters that are read: what is longer is a story, not an address
_PROVINCE: Final = re.compile(r"^(?:中国|中华人民共和国)?(?:[\u4e00-\u9fff]{2,7}?(?:省|自治区))")
# A city or a county that is none of ours; 超市 and 菜市 are shops.
_FOREIGN: Final = re.compile(
    r"^[\u4e00-\u9fff]{2,6}?(?<![超菜夜早集门城])(?:市(?!场|政|民|中)|自治州|县|盟)"
    r"(?:[\u4e00-\u9fff]{1,6}?[区县市旗])?"
)
_ROAD: Final = r"(?:快速路|大街|大道|胡同|小区路|环路|路|街|巷|里|道|弄|条)"
_NUMBER: Final = (
    r"(?P<number>[甲乙丙丁]?\d+(?:[-之]\d+)*(?:[甲乙丙丁])?)"
    r"(?:号院|号弄|号大院|号(?!楼|公寓)|弄|院|#院|$)"
)
_DOOR: Final = re.compile(_NUMBER)
_UNKNOWN_DOOR: Final = re.compile(rf"^(?P<road>[\u4e00-\u9fff]{{1,9}}?{_ROAD}){_NUMBER}")
ROADLIKE: Final = re.compile(rf"[\u4e00-\u9fff]{{1,9}}?{_ROAD}")
_BUILDING: Final = re.compile(
    r"^(?P<name>.*?)第?(?P<building>[a-z]?\d+|[a-z]|[甲乙丙丁])"
    r"(?:号楼|#楼|号公寓|栋|幢|座|#|楼(?=$|[\d东西中-])|号(?=$|[\d东西中-]))"
    r"(?P<rest>.*)$"
)
_DASHED: Final = re.compile(r"^(?P<name>.*?[^\d-])(?P<building>\d+)-\d+(?:-\d+)?(?:室|号)?$")
# A unit, a floor, a room: what is smaller than a building.
_INSIDE: Final = re.compile(  # possessive: a text of digits must not be cut in every way
    r"^(?:(?:地下室|负\d层|顶楼|楼道)|-|"
    r"[\da-z东西中南北]{1,4}+(?:单元|门|梯|层|楼|室|户|号)?+)*+$"
)
_LOOSE_ROOM: Final = re.compile(r"(?:[\d东西中]单元|\d{1,2}[层楼]|(?<=[^\d])\d{3,4}室?)+$")
_FIRM: Final = (
    r"(?:门口|门前|门外|大门|院内|院里|楼下|楼上|楼前|楼后|里面|内|处|这里|这边|正门|"
    r"[东西南北前后侧]门|大厅|地下车库|停车场)"
)
_BLURRED: Final = (
    r"(?:附近|旁边|旁|边上|对面|对过|斜对面|周边|周围|一带|路段|沿线|沿街|以[东西南北]|"
    r"[往向][东西南北]|(?:东|西|南|北|东南|东北|西南|西北)(?:侧|边|面|头|首|端|段|邻)|路边|"
    r"约?\d+(?:米|m|公里))"
)
_ASIDE: Final = re.compile(rf"(?P<blurred>(?:的)?{_BLURRED})|(?:的)?{_FIRM}")
_ENDING: Final = re.compile(rf"(?:的)?(?:{_BLURRED}|{_FIRM})(?:的)?$")
_MIDDLE: Final = re.compile(
    r"(?:的)?(?:附近|旁边|对面|对过|斜对面|以[东西南北]|[往向][东西南北](?!路|街|巷))"
)
_BETWEEN: Final = re.compile(r"^(?:与|和|及|跟|同|交|到|-)")
_CORNER: Final = re.compile(
    r"^(?:的)?(?:十字|丁字)?(?:交叉路口|交叉口|交叉点|交叉|交汇处|交汇口|交汇|路口|交口|交界处|交界|"
    r"相交处|口)(?:的)?(?:[东西南北]{1,2}角|[东西南北]{1,2}侧|[东西南北]{1,2}边|处)?$"
)


class Vocabulary(NamedTuple):
    """What names mean: of divisions (word → level and codes), and of roads; as `plain` writes."""

    divisions: Mapping[str, tuple[str, frozenset[str]]]
    roads: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Address:
    """What an address says; blank where it says nothing.

    Parameters
    ----------
    divisions
        Level → the codes its word may mean, and the words themselves in `words`.
    building
        Its label: "3" of 3号楼, "a" of A座.
    blurred
        Whether it says only near what it is: 附近, 对面, 以东 …
    foreign
        A city or county that is none of ours.
    corner
        Two roads that meet.
    """

    divisions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    road: str = ""
    number: str = ""
    name: str = ""
    building: str = ""
    blurred: bool = False
    foreign: str = ""
    corner: tuple[str, str] | None = None


def parsed(text: str, vocabulary: Vocabulary) -> Address:
    """Return an address taken apart.

    >>> roads = frozenset(["文化东路", "青石巷"])
    >>> words = Vocabulary({"历下区": ("district", frozenset(["370102"]))}, roads)
    >>> a = parsed("山东省历下区青石巷５号富强悦府三栋2单元501室", words)
    >>> a.road, a.number, a.name, a.building
    ('青石巷', '5', '富强悦府', '3')
    >>> parsed("文化东路与青石巷交叉口", words).corner
    ('文化东路', '青石巷')
    """
    divisions, words, foreign, rest = _divided(plain(text)[:_MOST], vocabulary)
    said: dict[str, object] = {"divisions": divisions, "words": words, "foreign": foreign}
    corner = _corner(rest, vocabulary)
    if corner is not None:
        return Address(corner=corner, **said)  # type: ignore[arg-type]
    rest, blurred = _unblurred(rest)
    corner = _corner(rest, vocabulary) if blurred else None
    if corner is not None:  # 路口东北角100米: near two roads that meet
        return Address(corner=corner, blurred=True, **said)  # type: ignore[arg-type]
    road, number, rest = _door(rest, vocabulary)
    name, building = _named(rest)
    return Address(road=road, number=number, name=name, building=building, blurred=blurred, **said)  # type: ignore[arg-type]


def label_of(name: str) -> str:
    """Return the label of a building from its own name.

    >>> label_of("3号楼"), label_of("Ａ座"), label_of("教学楼1"), label_of("12号")
    ('3', 'a', '教学楼1', '12')
    """
    met = _BUILDING.fullmatch(plain(name))
    return met["building"] if met and not met["name"] and not met["rest"] else plain(name)


def _divided(
    text: str, vocabulary: Vocabulary
) -> tuple[dict[str, frozenset[str]], tuple[str, ...], str, str]:
    """Return the divisions at the head of an address, one not ours, and the rest of it."""
    rest = _PROVINCE.sub("", text)
    found: dict[str, frozenset[str]] = {}
    words: list[str] = []
    while (word := _division(rest, vocabulary, found)) is not None:
        level, codes = vocabulary.divisions[word]
        found[level] = codes
        words.append(word)
        rest = rest[len(word) :].lstrip("-与")
    foreign = "" if words else _foreign(rest, vocabulary)
    return found, tuple(words), foreign, rest[len(foreign) :]


def _division(text: str, vocabulary: Vocabulary, found: Mapping[str, object]) -> str | None:
    """Return the longest word at the head that names a division below those found."""
    deepest = max((LEVELS.index(level) for level in found), default=-1)
    for length in range(min(_LONGEST, len(text)), 1, -1):
        word = text[:length]
        known = vocabulary.divisions.get(word)
        if known is None or LEVELS.index(known[0]) <= deepest:
            continue
        if not _is_road(text, length, vocabulary):
            return word
    return None


def _is_road(text: str, length: int, vocabulary: Vocabulary) -> bool:
    """Tell whether a longer name of a road begins where the word does: 历下 in 历下路5号."""
    longer = range(length + 1, min(_LONGEST, len(text)) + 1)
    return any(text[:end] in vocabulary.roads for end in longer)


def _foreign(text: str, vocabulary: Vocabulary) -> str:
    met = _FOREIGN.match(text)
    return met[0] if met and _road_at(text, vocabulary) is None else ""


def _corner(text: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Return the two roads of a corner: both known, or with a word between and 口 at the end."""
    first = _road_at(text, vocabulary)
    rest = text[len(first or "") :]
    joined = _BETWEEN.sub("", rest)
    second = _road_at(joined, vocabulary)
    if first is None or second is None or second == first:
        return _unknown_corner(text)
    tail = joined[len(second) :]
    met = _CORNER.match(tail) or (joined != rest and not tail)
    return (first, second) if met else _unknown_corner(text)


def _unknown_corner(text: str) -> tuple[str, str] | None:
    """Return the roads of a corner of which one at least is written as we do not know it."""
    head, between, tail = (
        re.split(r"(与|和|及|跟|同|交)", text, maxsplit=1)[:3]
        if re.search(r"(与|和|及|跟|同|交)", text)
        else (text, "", "")
    )
    met = re.match(rf"^([\u4e00-\u9fff]{{1,9}}?{_ROAD})(.*)$", tail)
    if not between or met is None or not ROADLIKE.fullmatch(head):
        return None
    return (head, met[1]) if _CORNER.match(met[2]) else None


def _unblurred(text: str) -> tuple[str, bool]:
    """Return an address without what is said beside the place, and whether that blurs it."""
    middle = _MIDDLE.search(text)
    blurred = middle is not None and middle.start() > 1
    if middle is not None and blurred:
        text = text[: middle.start()]
    while (met := _ENDING.search(text)) is not None and met.start() > 1:
        aside = _ASIDE.match(met[0])
        blurred = blurred or bool(aside and aside["blurred"])
        text = text[: met.start()]
    return text, blurred


def _road_at(text: str, vocabulary: Vocabulary) -> str | None:
    """Return the longest known road that a text begins with."""
    for length in range(min(_LONGEST, len(text)), 1, -1):
        if text[:length] in vocabulary.roads:
            return text[:length]
    return None


def _door(text: str, vocabulary: Vocabulary) -> tuple[str, str, str]:
    """Return road and number, and what is left: a known road wherever it is, else one by its look.

    A road with a number comes before one without.
    """
    bare: tuple[str, str, str] | None = None
    for start in range(len(text)):
        road = _road_at(text[start:], vocabulary)
        if road is None:
            continue
        after = text[start + len(road) :]
        met = _DOOR.match(after)
        if met:
            return road, met["number"], text[:start] + after[met.end() :]
        if start == 0:
            bare = (road, "", after)
    met = _UNKNOWN_DOOR.match(text)
    if bare is None and met:
        return met["road"], met["number"], text[met.end() :]
    return bare or ("", "", text)


def _named(text: str) -> tuple[str, str]:
    """Return the name of the place and the label of the building in it."""
    met = _BUILDING.match(text)
    if met and _INSIDE.match(met["rest"]):
        return met["name"], met["building"]
    met = _DASHED.match(text) or re.match(r"^(?P<name>)(?P<building>\d+)-\d+(?:-\d+)?室?$", text)
    if met:
        return met["name"], met["building"]
    bare = _LOOSE_ROOM.sub("", text)
    return (bare or text), ""
