"""The catalogue of 12345 services, and who answers for what: one table, read by all parts.

A leaf says how often it comes, when and where, which department leads, which assist, which agency
of the subdistrict acts, and how people put it. `{p}` is the place, `{n}` a number.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import pandas as pd

from geo.city.forms import form_of
from geo.frames import SERVICES, conform


class Leaf(NamedTuple):
    """One service people ask for."""

    group: str
    name: str
    kind: str
    weight: float
    when: str  # day, evening, night, rush, any
    where: str  # use of land, or estate, lane
    lead: str
    assist: tuple[str, ...]
    agency: str
    texts: tuple[str, ...]


DEPARTMENTS: Final = (
    "城市管理局", "住房和城乡建设局", "公安分局", "交警大队", "生态环境分局", "市场监督管理局",
    "交通运输局", "园林和林业绿化局", "民政局", "人力资源和社会保障局", "教育和体育局",
    "卫生健康局", "农业农村局", "水务局", "应急管理局", "消防救援大队", "供热服务中心",
    "自然资源局", "文化和旅游局", "司法局",
)  # fmt: skip
AGENCIES: Final = (
    "派出所", "综合行政执法队", "市场监管所", "司法所", "环卫所", "社区卫生服务中心",
    "物业管理办公室", "便民服务中心", "农业综合服务中心", "应急消防站",
)  # fmt: skip

SECTIONS: Final = {"department": ("综合科", "一中队"), "agency": ("一组",)}  # of each of them

_CITY, _HOUSE, _POLICE, _TRAFFIC, _ECO, _MARKET = DEPARTMENTS[:6]
_TRANSPORT, _GREEN, _CIVIL, _LABOUR, _SCHOOL, _HEALTH = DEPARTMENTS[6:12]
_FARM, _WATER, _SAFETY, _FIRE, _HEAT, _LAND, _CULTURE, _LAW = DEPARTMENTS[12:]
_BEAT, _SQUAD, _TRADE, _LEGAL, _CLEAN, _CLINIC, _HOMES, _DESK, _RURAL, _RESCUE = AGENCIES

GROUPS: Final = (
    "城市管理", "环境卫生", "物业管理", "交通出行", "噪声扰民", "供水供热供气",
    "市场监管", "民政社保", "教育医疗", "农业农村", "公共安全", "房屋建设",
)  # fmt: skip

LEAVES: Final = tuple(
    Leaf(*row)
    for row in (
        ("城市管理", "占道经营", "complaint", 5.0, "evening", "lane", _CITY, (_MARKET,), _SQUAD,
         ("{p}有{n}个摊位占道，人走不过去。", "{p}路口晚上摆摊，把盲道占满了。")),
        ("城市管理", "夜市扰民", "complaint", 3.2, "night", "market", _CITY, (_MARKET, _ECO),
         _SQUAD, ("{p}的夜市到半夜还在吆喝，油烟也大。", "{p}烧烤摊天天到{n}点，睡不了觉。")),
        ("城市管理", "违法建设", "report", 1.6, "day", "estate", _CITY, (_LAND,), _SQUAD,
         ("{p}一楼住户在公共绿地上盖房子。", "{p}楼顶加盖了{n}间，请来看看。")),
        ("城市管理", "店外经营", "complaint", 2.2, "day", "shop", _CITY, (), _SQUAD,
         ("{p}门店把货摆到人行道上，{n}家都这样。",)),
        ("城市管理", "户外广告破损", "report", 0.7, "day", "shop", _CITY, (), _SQUAD,
         ("{p}的招牌松了，刮风就晃，怕砸到人。",)),
        ("城市管理", "路灯不亮", "request", 2.4, "evening", "lane", _CITY, (_TRANSPORT,), _SQUAD,
         ("{p}有{n}盏路灯不亮，晚上很黑。", "{p}路灯坏了好几天没人修。")),
        ("城市管理", "井盖缺失破损", "report", 2.0, "day", "lane", _CITY, (_WATER,), _SQUAD,
         ("{p}的井盖塌了，车一压就响。", "{p}少了一个井盖，只插了根树枝。")),
        ("城市管理", "道路破损", "request", 2.8, "day", "lane", _CITY, (_TRANSPORT,), _SQUAD,
         ("{p}路面有坑，大约{n}米长，下雨全是水。", "{p}挖开以后没有填平。")),
        ("城市管理", "共享单车乱停", "complaint", 1.8, "rush", "shop", _CITY, (_TRANSPORT,), _SQUAD,
         ("{p}共享单车堆了{n}排，把路口堵了。",)),
        ("环境卫生", "垃圾清运不及时", "complaint", 4.0, "day", "estate", _CITY, (), _CLEAN,
         ("{p}垃圾桶满了{n}天没人收。", "{p}的垃圾点味道大，请及时清运。")),
        ("环境卫生", "建筑垃圾乱堆", "complaint", 2.6, "day", "estate", _CITY, (_HOUSE,), _SQUAD,
         ("{p}装修垃圾堆在楼下{n}天了。", "有人在{p}倒渣土。")),
        ("环境卫生", "公厕脏乱", "complaint", 1.0, "day", "park", _CITY, (), _CLEAN,
         ("{p}的公厕没水，地上很脏。",)),
        ("环境卫生", "道路清扫", "request", 1.4, "day", "lane", _CITY, (), _CLEAN,
         ("{p}落叶没人扫，堵了雨水口。",)),
        ("环境卫生", "河道污染", "report", 0.7, "day", "park", _WATER, (_ECO,), _CLEAN,
         ("{p}旁边的河水发黑，有味道。",)),
        ("环境卫生", "除四害", "request", 0.6, "day", "courtyard", _HEALTH, (), _CLINIC,
         ("{p}老鼠多，请来投药。",)),
        ("物业管理", "漏水维修", "request", 4.4, "any", "slab", _HOUSE, (), _HOMES,
         ("{p}楼上漏水，家里墙皮掉了一片。", "{p}屋顶漏雨，报物业{n}次没人管。")),
        ("物业管理", "电梯故障", "request", 3.4, "any", "tower", _MARKET, (_HOUSE,), _HOMES,
         ("{p}电梯又停了，{n}层的老人下不来。", "{p}电梯这个月坏了{n}次。")),
        ("物业管理", "物业收费", "complaint", 2.0, "day", "tower", _HOUSE, (_MARKET,), _HOMES,
         ("{p}物业涨价没有公示。", "{p}物业费的账目请公开。")),
        ("物业管理", "物业服务差", "complaint", 2.6, "day", "slab", _HOUSE, (), _HOMES,
         ("{p}门禁坏了{n}天，物业一直推。", "{p}楼道灯不亮，物业说等通知。")),
        ("物业管理", "飞线充电", "report", 2.2, "evening", "slab", _FIRE, (_HOUSE,), _RESCUE,
         ("{p}有人从{n}楼拉线给电动车充电。", "{p}楼道里停电动车充电。")),
        ("物业管理", "楼道堆物", "complaint", 2.0, "day", "slab", _FIRE, (), _RESCUE,
         ("{p}{n}单元楼道堆满纸箱。",)),
        ("物业管理", "业委会选举", "inquiry", 0.6, "day", "tower", _HOUSE, (), _HOMES,
         ("{p}想成立业委会，请问找谁？",)),
        ("物业管理", "加装电梯", "inquiry", 0.9, "day", "slab", _HOUSE, (_LAND,), _HOMES,
         ("{p}想加装电梯，一楼不同意怎么办？",)),
        ("交通出行", "违法停车", "complaint", 5.4, "rush", "lane", _TRAFFIC, (_CITY,), _BEAT,
         ("{p}两边停满车，消防车进不来。", "{p}有{n}辆车停在人行道上。")),
        ("交通出行", "小区停车难", "request", 3.0, "evening", "estate", _HOUSE, (_TRAFFIC,), _HOMES,
         ("{p}下班回来没有车位，请想想办法。",)),
        ("交通出行", "信号灯故障", "report", 1.0, "rush", "shop", _TRAFFIC, (), _BEAT,
         ("{p}路口红绿灯不亮。", "{p}的左转灯只有{n}秒，过不去。")),
        ("交通出行", "公交线路", "suggestion", 1.2, "rush", "tower", _TRANSPORT, (), _DESK,
         ("希望{p}门口增加一班公交，早上等{n}分钟。",)),
        ("交通出行", "接送学生拥堵", "complaint", 1.6, "rush", "school", _TRAFFIC, (_SCHOOL,),
         _BEAT,
         ("{p}放学时车停三排，过不去。",)),
        ("噪声扰民", "施工噪声", "complaint", 3.6, "night", "construction", _ECO, (_CITY, _HOUSE),
         _SQUAD, ("{p}的工地夜里{n}点还在浇灌。", "{p}工地渣土车一夜不停。")),
        ("噪声扰民", "广场舞噪声", "complaint", 1.6, "evening", "park", _POLICE, (_CITY,), _BEAT,
         ("{p}广场舞音响太大，到{n}点不散。",)),
        ("噪声扰民", "邻里噪声", "complaint", 2.2, "night", "slab", _POLICE, (), _BEAT,
         ("{p}楼上半夜拖家具，说了{n}次不改。",)),
        ("噪声扰民", "商铺音响", "complaint", 1.4, "day", "shop", _ECO, (_CITY,), _SQUAD,
         ("{p}的店整天放喇叭。",)),
        ("噪声扰民", "工厂异味噪声", "report", 0.9, "night", "industry", _ECO, (), _SQUAD,
         ("{p}厂子夜里有刺鼻的味道。",)),
        ("供水供热供气", "暖气不热", "request", 6.0, "heating", "estate", _HEAT, (_HOUSE,), _HOMES,
         ("{p}家里只有 1{n} 度，暖气不热。", "{p}整栋楼暖气片都是凉的。",
          "{p}供暖管道漏水，停了{n}天。")),
        ("供水供热供气", "停水", "inquiry", 1.8, "any", "estate", _WATER, (), _HOMES,
         ("{p}停水了，什么时候来水？", "{p}水压低，{n}楼以上没水。")),
        ("供水供热供气", "下水道堵塞", "request", 2.4, "any", "courtyard", _WATER, (_CITY,), _CLEAN,
         ("{p}下水道堵了，污水流到院里。", "{p}污水井往外冒，已经{n}天。")),
        ("供水供热供气", "燃气安全", "request", 0.9, "any", "slab", _HOUSE, (_SAFETY,), _RESCUE,
         ("{p}闻到煤气味，请来检查。",)),
        ("供水供热供气", "停电", "inquiry", 1.4, "any", "urban_village", _SAFETY, (), _DESK,
         ("{p}又停电了，这周第{n}次。",)),
        ("市场监管", "消费纠纷", "complaint", 2.8, "day", "shop", _MARKET, (), _TRADE,
         ("在{p}办的卡，店关门了不退钱。", "{p}买的东西坏了不给换。")),
        ("市场监管", "食品安全", "report", 2.0, "day", "market", _MARKET, (_HEALTH,), _TRADE,
         ("{p}卖的熟食变质。", "在{p}吃饭后{n}个人拉肚子。")),
        ("市场监管", "缺斤短两", "complaint", 1.0, "day", "market", _MARKET, (), _TRADE,
         ("{p}菜摊的秤不准，少{n}两。",)),
        ("市场监管", "无证经营", "report", 0.9, "day", "urban_village", _MARKET, (_CITY,), _TRADE,
         ("{p}有一家没有执照的作坊。",)),
        ("市场监管", "预付卡退费", "complaint", 1.2, "day", "office", _MARKET, (_CULTURE,), _TRADE,
         ("{p}的健身房跑路了，卡里还有{n}千元。",)),
        ("民政社保", "社保办理", "inquiry", 1.8, "day", "office", _LABOUR, (), _DESK,
         ("请问{p}附近哪里能办社保转移？",)),
        ("民政社保", "低保救助", "request", 0.8, "day", "courtyard", _CIVIL, (), _DESK,
         ("{p}邻居生活困难，请社区看看。",)),
        ("民政社保", "养老服务", "inquiry", 0.9, "day", "slab", _CIVIL, (_HEALTH,), _DESK,
         ("{p}老人想订助餐，怎么报名？",)),
        ("民政社保", "拖欠工资", "complaint", 1.6, "day", "construction", _LABOUR, (_HOUSE,),
         _LEGAL,
         ("{p}工地欠{n}个月工资。",)),
        ("民政社保", "流浪救助", "request", 0.4, "night", "shop", _CIVIL, (_POLICE,), _BEAT,
         ("{p}门口有人露宿，天冷了。",)),
        ("教育医疗", "入学咨询", "inquiry", 1.0, "day", "school", _SCHOOL, (), _DESK,
         ("请问{p}属于哪个学区？",)),
        ("教育医疗", "校园周边", "complaint", 0.8, "rush", "school", _SCHOOL, (_MARKET, _POLICE),
         _BEAT,
         ("{p}门口卖三无零食。",)),
        ("教育医疗", "就医服务", "complaint", 1.1, "day", "hospital", _HEALTH, (), _CLINIC,
         ("{p}排队{n}小时，窗口只开一个。",)),
        ("教育医疗", "疫苗接种", "inquiry", 0.6, "day", "hospital", _HEALTH, (), _CLINIC,
         ("{p}周末能打疫苗吗？",)),
        ("农业农村", "村内道路硬化", "request", 1.6, "day", "village", _FARM, (_TRANSPORT,), _RURAL,
         ("{p}门前的路没有硬化，下雨出不去。",)),
        ("农业农村", "土地承包纠纷", "complaint", 1.2, "day", "village", _FARM, (_LAW,), _LEGAL,
         ("{p}家的地边界有争议，少了{n}分。",)),
        ("农业农村", "宅基地审批", "inquiry", 1.0, "day", "village", _LAND, (_FARM,), _RURAL,
         ("{p}翻建老屋怎么申请？",)),
        ("农业农村", "秸秆焚烧", "report", 0.9, "evening", "village", _ECO, (_FARM,), _RURAL,
         ("{p}村边有人烧秸秆，烟很大。",)),
        ("农业农村", "灌溉用水", "request", 0.8, "day", "village", _WATER, (_FARM,), _RURAL,
         ("{p}机井坏了{n}天，麦子浇不上。",)),
        ("农业农村", "村务公开", "complaint", 0.8, "day", "village", _CIVIL, (_FARM,), _RURAL,
         ("{p}村里的账今年没有贴出来。",)),
        ("公共安全", "消防通道堵塞", "report", 1.6, "evening", "estate", _FIRE, (_TRAFFIC,),
         _RESCUE,
         ("{p}消防通道停了{n}辆车。",)),
        ("公共安全", "犬只扰民", "complaint", 1.8, "evening", "estate", _POLICE, (_CITY,), _BEAT,
         ("{p}有人遛大狗不拴绳。", "{p}流浪狗{n}只，孩子害怕。")),
        ("公共安全", "治安隐患", "report", 1.0, "night", "urban_village", _POLICE, (), _BEAT,
         ("{p}出租屋半夜人来人往。", "{p}电动车一周丢了{n}辆。")),
        ("公共安全", "烟花燃放", "complaint", 0.4, "night", "estate", _POLICE, (_SAFETY,), _BEAT,
         ("{p}半夜有人放炮。",)),
        ("房屋建设", "房屋质量", "complaint", 1.2, "day", "tower", _HOUSE, (), _HOMES,
         ("{p}新房墙面裂缝{n}处，开发商不修。",)),
        ("房屋建设", "老旧小区改造", "suggestion", 1.4, "day", "courtyard", _HOUSE, (), _HOMES,
         ("{p}什么时候改造？管线老化了。", "{p}改造干了一半停了{n}个月。")),
        ("房屋建设", "拆迁安置", "inquiry", 0.9, "day", "urban_village", _LAND, (_HOUSE,), _DESK,
         ("{p}拆迁{n}年了，回迁房什么时候交？",)),
        ("房屋建设", "工地扬尘", "complaint", 1.2, "day", "construction", _ECO, (_HOUSE,), _SQUAD,
         ("{p}工地没有盖网，满天是土。",)),
    )
)  # fmt: skip


# About persons rather than places: not shown to anybody who asks.
_PERSONAL: Final = frozenset({"低保救助", "流浪救助", "治安隐患", "邻里噪声", "拖欠工资"})


def leaf_codes() -> list[str]:
    """Return the code of every leaf, in order: F, two digits of its group, two of its own.

    >>> leaf_codes()[:2]
    ['F0101', 'F0102']
    """
    groups = pd.Series([leaf.group for leaf in LEAVES])
    number = groups.groupby(groups).cumcount() + 1
    return [f"F{GROUPS.index(g) + 1:02d}{n:02d}" for g, n in zip(groups, number, strict=True)]


def services() -> pd.DataFrame:
    """Return the catalogue by the contract of services: groups, then leaves under them."""
    groups = pd.DataFrame(
        {"code": [f"F{n:02d}" for n in range(1, len(GROUPS) + 1)], "name": GROUPS}
    )
    codes = leaf_codes()
    leaves = pd.DataFrame(
        {
            "code": codes,
            "name": [leaf.name for leaf in LEAVES],
            "kind": [leaf.kind for leaf in LEAVES],
            "parent": [code[:3] for code in codes],
            "default_role": [
                "street_manager" if leaf.where == "lane" else "grid_worker" for leaf in LEAVES
            ],
            "form": [form_of(leaf.name) for leaf in LEAVES],
            "public": [leaf.name not in _PERSONAL for leaf in LEAVES],
        }
    )
    return conform(pd.concat([groups, leaves], ignore_index=True), SERVICES)
