"""Names that sound right: roads, estates, schools, people. Made up, drawn from short lists."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.city.noise import Bools, Ints

_PLACES: Final = (
    "文庙", "泉涌", "柳岸", "建国", "钟楼", "旧城", "县学", "南园", "青石", "湖滨", "解放",
    "历山", "明湖", "泺源", "泉城", "佛山", "燕翅", "浆水", "司里", "县东", "县西", "芙蓉",
    "曲水", "榜棚", "珍池", "王府", "鞭指", "高都司", "将军", "贡院", "后宰门", "按察",
    "大梁隅", "黑虎", "正觉", "和平", "文化", "经纬", "花园", "山大", "洪楼", "闵子骞", "二环",
    "工业", "旅游", "奥体", "新泺", "舜华", "凤凰", "龙奥", "转山", "辛祠", "体育", "青年",
    "共青团", "民生", "民权", "建设", "英雄", "六里", "七里", "济微", "刘长", "南辛", "腊山",
    "张庄", "匡山", "北园", "堤口", "无影", "济泺", "药山", "清河", "顺河", "标山", "师范",
    "水屯", "航运", "小清", "西苑", "东苑", "金牛", "银座", "翠屏", "五峰", "清河南", "长清",
    "大学", "紫薇", "丁香", "海棠", "玉函", "舜耕", "马鞍", "千佛", "伟东", "洪山", "华信",
    "华能", "祝舜", "祝甸", "坤顺", "全福", "大桥", "黄台", "港西", "凤鸣", "飞跃", "经十",
    "世纪", "唐冶", "春晖", "科嘉", "科航", "工程", "会展", "颖秀", "天辰", "新宇", "崇华",
    "康虹", "草山", "龙鼎", "姚家", "丁家", "开源", "富强", "团结", "胜利", "光明", "振兴",
    "新华", "人民", "东风", "朝阳", "向阳", "幸福", "平安", "兴隆", "永安", "长春", "太平",
    "迎宾", "汇泉", "泉星", "百合", "银杏", "梧桐", "槐荫", "柳行", "荷花", "莲池", "清风",
    "明德", "崇文", "尚德", "至善", "求是", "育才", "学府", "书院",
)  # fmt: skip
_TURNS: Final = ("", "东", "西", "南", "北", "中", "前", "后", "一", "二", "三", "新")
_ROAD_ENDS: Final = (
    ("快速路",),
    ("路", "大街", "大道", "路"),
    ("路", "路", "街"),
    ("街", "路", "街"),
    ("巷", "巷", "胡同", "里", "小区路", "街"),
)
_LYING, _STANDING = "东西", "南北"
_ESTATE_ENDS: Final = (
    ("国际", "悦府", "华府", "名郡", "新城", "城", "广场", "天地", "公馆", "壹号院"),
    ("小区", "花园", "家园", "佳苑", "新村", "宿舍", "苑", "新区", "南区", "北区"),
    ("大院", "老院", "宿舍", "院"),
)
_FAMILY: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
    "程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
)
_GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红建国文志"
    "春晓东海燕云峰雪梅宁浩然欣怡子涵思雨晨阳博"
)


def _drawn(pool: tuple[str, ...], count: int, rng: np.random.Generator) -> NDArray[np.object_]:
    return np.array(pool, object)[rng.integers(0, len(pool), count)]


def road_names(rank: Ints, upright: Bools, rng: np.random.Generator) -> NDArray[np.object_]:
    """Return a name for every road; `rank` is its position in `streets.CLASSES`."""
    name = _drawn(_PLACES, len(rank), rng)
    turn = _drawn(_TURNS, len(rank), rng)
    turn[(rank < 2) | (rng.random(len(rank)) < 0.45)] = ""  # noqa: PLR2004 main roads; plain names
    end = np.empty(len(rank), object)
    for number, pool in enumerate(_ROAD_ENDS):
        own = rank == number
        end[own] = _drawn(pool, int(own.sum()), rng)
    side = np.where(
        upright, _drawn(tuple(_LYING), len(rank), rng), _drawn(tuple(_STANDING), len(rank), rng)
    )
    ring: NDArray[np.object_] = np.where(rank == 0, "二环" + side.astype(object), name + turn)
    found: NDArray[np.object_] = ring + end
    return found


def estate_names(kind: Ints, rng: np.random.Generator) -> NDArray[np.object_]:
    """Return a name for every estate; `kind` is 0 for towers, 1 for slabs, 2 for old courtyards."""
    end = np.empty(len(kind), object)
    for number, pool in enumerate(_ESTATE_ENDS):
        own = kind == number
        end[own] = _drawn(pool, int(own.sum()), rng)
    places = _drawn(tuple(p for p in _PLACES if len(p) == 2), len(kind), rng)  # noqa: PLR2004
    found: NDArray[np.object_] = places + end
    return found


def person_names(count: int, rng: np.random.Generator) -> NDArray[np.object_]:
    """Return names of people, one or two characters after the family name."""
    first = _drawn(tuple(_GIVEN), count, rng)
    second = _drawn(tuple(_GIVEN), count, rng)
    second[rng.random(count) < 0.22] = ""  # noqa: PLR2004 share of two-character names
    found: NDArray[np.object_] = _drawn(tuple(_FAMILY), count, rng) + first + second
    return found


def numbered(prefix: list[str], number: Ints, suffix: str) -> list[str]:
    """Return prefix, number and suffix joined, row by row.

    >>> numbered(["文庙社区"], np.array([3]), "网格")
    ['文庙社区3网格']
    """
    frame = pd.Series(prefix, dtype="str") + pd.Series(number).astype("str") + suffix
    return list(frame)
