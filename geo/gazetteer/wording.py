"""Addresses in one way of writing: half-width, Arabic numbers before 号, 栋, 单元 …, no blanks."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DIGITS: Final = {word: n for n, word in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_WHOLE: Final = "".join(_DIGITS) + "十百"
# Only what is counted: 经十路 and 二环东路 are names.
_COUNTED: Final = re.compile(rf"[{_WHOLE}]+(?=(?:号|栋|幢|座|单元|层|楼|室|弄|#))")
_CJK: Final = re.compile(r"[\u3400-\u9fff]")
_QUIET: Final = re.compile(r"[\s()（）\[\]【】<>《》「」“”\"'‘’`~·•.,，。;；:：!！?？|_]+")
_ROOM_GAP: Final = re.compile(r"(?<=\d)[\s/\\—–~]+(?=\d)")
_POSTCODE: Final = re.compile(r"(?<=\D)\s\d{5}(?:-\d{4})?$")
_SHORT: Final = {
    "street": "st", "avenue": "ave", "av": "ave", "boulevard": "blvd", "drive": "dr", "road": "rd",
    "place": "pl", "lane": "ln", "court": "ct", "terrace": "ter", "highway": "hwy",
    "north": "n", "south": "s", "east": "e", "west": "w",
}  # fmt: skip
_BESIDE: Final = re.compile(r"[/\\&、+]")
# Traditional characters of addresses: 區 is 区. Those of names proper are not all here.
_SIMPLE: Final = str.maketrans(
    "區號樓單東門園莊灣廣場學醫興華國龍鳳黃開車業聯團農鎮鄉縣濟歷馬無銀體環義慶寧蘭橋溝嶺燈馳長強悅愛書畫爾達黨實幾機場錦緯經綠鐵時",
    "区号楼单东门园庄湾广场学医兴华国龙凤黄开车业联团农镇乡县济历马无银体环义庆宁兰桥沟岭灯驰长强悦爱书画尔达党实几机场锦纬经绿铁时",
)


def plain(text: str) -> str:
    """Return an address as it is compared.

    Texts without Chinese characters keep one blank between words, usual words shortened and a
    postcode at the end left away.

    >>> plain("歷下區 文化東路８８號　（北区）三號樓 二單元"), plain("5-1-301")
    ('历下区文化东路88号北区3号楼2单元', '5-1-301')
    >>> plain("2111 West Bellevue  Avenue, 90026"), plain("2111 W BELLEVUE AVE")
    ('2111 w bellevue ave', '2111 w bellevue ave')
    >>> plain("经十路与二环东路"), plain("十二号院")
    ('经十路与二环东路', '12号院')
    """
    folded = unicodedata.normalize("NFKC", text).lower().translate(_SIMPLE)
    if not _CJK.search(folded):
        words = _POSTCODE.sub("", _QUIET.sub(" ", folded).strip()).split()
        return " ".join(_SHORT.get(word, word) for word in words)
    joined = _ROOM_GAP.sub("-", folded)
    counted = _COUNTED.sub(lambda met: str(_number(met[0])), _QUIET.sub("", joined))
    return _BESIDE.sub("与", counted)


def _number(words: str) -> int:
    """Return a number written in Chinese; digits one after another are read as such.

    >>> [_number(words) for words in ("十二", "一百零三", "二十", "一零三", "九")]
    [12, 103, 20, 103, 9]
    """
    if not re.search("[十百]", words):
        return int("".join(str(_DIGITS[word]) for word in words))
    total, last = 0, None
    for word in words:
        if word in "十百":
            size = 10 if word == "十" else 100
            total, last = total + (1 if last is None else last) * size, None
        else:
            last = _DIGITS[word] or None
    return total + (last or 0)
