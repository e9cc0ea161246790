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
# Traditional characters of addresses, each before its simple one: 區区. Of names not all are here.
_PAIRS: Final = (
    "區区號号樓楼單单東东門门園园莊庄灣湾廣广場场學学醫医興兴華华國国龍龙鳳凤黃黄開开車车業业"
    "聯联團团農农鎮镇鄉乡縣县濟济歷历馬马無无銀银體体環环義义慶庆寧宁蘭兰橋桥溝沟嶺岭燈灯馳驰"
    "長长強强悅悦愛爱書书畫画爾尔達达黨党實实幾几機机錦锦緯纬經经綠绿鐵铁時时棟栋後后裏里裡里"
    "臺台灘滩澤泽線线處处邊边點点廠厂寶宝貢贡陽阳陰阴萬万豐丰禮礼聖圣樂乐麗丽熱热電电飛飞凱凯"
    "圍围圖图館馆藝艺術术職职衛卫診诊護护養养療疗倉仓庫库輪轮漁渔鹽盐紅红藍蓝齊齐魯鲁濼泺堯尧"
    "賢贤鋼钢蔭荫層层廳厅內内側侧對对間间與与匯汇頭头頂顶風风順顺連连運运進进遠远觀观誠诚諧谐"
    "財财貿贸貨货質质輝辉軍军鄰邻錢钱鏡镜閣阁隊队陸陆際际雲云雙双離离靜静驛驿鴻鸿鵲鹊鶴鹤壽寿"
    "奧奥婦妇孫孙宮宫島岛師师帶带張张彎弯恆恒揚扬擴扩數数暢畅會会棗枣楊杨榮荣構构標标樹树橫横"
    "歐欧氣气漢汉潔洁潤润濱滨爐炉牆墙獅狮當当盧卢礦矿種种穩稳築筑糧粮紀纪紡纺統统結结絲丝維维"
    "網网總总績绩織织羅罗習习聲声葉叶蘇苏裝装製制見见規规設设貝贝賓宾趙赵躍跃轉转辦办還还邁迈"
    "郵邮鑄铸關关魚鱼駐驻騰腾驗验"
)
_SIMPLE: Final = str.maketrans(dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)))


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
